"""Services in a merchant's back office: list, write, offer, stop, put in order, throw away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from portal.domain.bookings import actions, queries
from portal.domain.bookings.values import NEEDS, PREPAYS, ServiceShown, ServiceState
from portal.domain.stores import queries as stores
from portal.domain.stores.values import Picture
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import pictures, visits
from portal.web.forms.base import Form
from portal.web.forms.bookings import ServiceForm, need_words, service_values
from portal.web.forms.stores import PicturesForm
from portal.web.locale import gettext, said
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, Office
from portal.web.pages import Answer, Page, page, see_other

STATES = {
    ServiceState.DRAFT: (_l("草稿"), "draft"),
    ServiceState.OFFERED: (_l("开放预约"), "ok"),
    ServiceState.STOPPED: (_l("已停止"), "quiet"),
}


def add(office: Office) -> None:
    """Register the desk's pages with an office whose merchant has stores."""
    see, write = Permission.CALENDAR_VIEW, Permission.SERVICE_EDIT
    office.nav.append(NavItem(_l("服务项目"), f"{office.name}.services_list", see, group=_l("预约")))
    office.get("/services", may=see)(services_list)
    office.get("/services/<uuid:service>", may=see)(services_show)
    office.get("/services/new", may=write)(services_new)
    office.get("/services/<uuid:service>/edit", may=write)(services_edit)
    for rule, act in (
        ("/services/new", services_create),
        ("/services/arrange", services_arrange),
        ("/services/<uuid:service>/edit", services_save),
        ("/services/<uuid:service>/offer", services_offer),
        ("/services/<uuid:service>/stop", services_stop),
        ("/services/<uuid:service>/remove", services_remove),
        ("/services/<uuid:service>/pictures", services_picture_add),
        ("/services/<uuid:service>/pictures/first", services_picture_first),
        ("/services/<uuid:service>/pictures/remove", services_picture_remove),
    ):
        office.post(rule, may=write)(act)


def services_list(work: Work) -> Page:
    """All services, filtered by state and name."""
    state, q = _asked_state(), request.args.get("q", "")[:60]
    every = queries.services(work)
    shown = [one for one in every if state in (None, one.state) and q.casefold() in one.name.casefold()]
    counts = {one: sum(service.state is one for service in every) for one in ServiceState}
    return page("desks/services/list.html", lines=shown, counts=counts, state=state, q=q, **_words())


def _asked_state() -> ServiceState | None:
    try:
        return ServiceState(request.args.get("state", ""))
    except ValueError:
        return None


def _words() -> dict[str, Any]:
    return {"states": STATES, "prepays": PREPAYS, "length": visits.length, "need_words": need_words}


def services_show(work: Work, service: UUID) -> Page:
    """One service: its rules in words, who does it in which store."""
    return _show(work, service)


def _show(
    work: Work, service: UUID, *, problem: str = "", pictures_form: Form | None = None, status: int = 200
) -> Page:
    shown = queries.service(work, service)
    return page(
        "desks/services/show.html",
        status=status,
        service=shown,
        places=_places(work, shown),
        rules=visits.rule_words(
            shown.draft.prepay, shown.draft.prepay_fen, shown.draft.cancel_minutes, shown.draft.missed
        ),
        problem=problem,
        pictures_form=pictures_form or PicturesForm(formdata=None),
        most=actions.MOST_PICTURES,
        **_words(),
    )


def _places(work: Work, shown: ServiceShown) -> list[tuple[str, str]]:
    """For each store, who and what is named."""
    names = {one.id: one.name for one in stores.store_names(work)}
    found: dict[str, list[str]] = {}
    for one in queries.able_resources(work):
        if one.id in shown.draft.doers:
            found.setdefault(names.get(one.store_id, ""), []).append(one.name)
    return [(store, "、".join(people)) for store, people in found.items()]


def services_new(work: Work) -> Page:
    """An empty form."""
    return _form_page(_with_people(work, ServiceForm(data={"minutes": 60, "needs": ["technician"]})), None)


def services_create(work: Work) -> Answer:
    """Write a draft."""
    form = _with_people(work, ServiceForm())
    if form.validate():
        with form.tries(work):
            made = actions.draft_service(work, draft=form.draft())
            return see_other(".services_show", service=made, flash=gettext("已保存，看一下再开放预约。"))
    return _form_page(form, None, status=422)


def services_edit(work: Work, service: UUID) -> Page:
    """The form of a service."""
    shown = queries.service(work, service)
    return _form_page(_with_people(work, ServiceForm(data=service_values(shown))), shown)


def services_save(work: Work, service: UUID) -> Answer:
    """Change it; what is booked stays as it was agreed."""
    shown = queries.service(work, service)
    form = _with_people(work, ServiceForm())
    if form.validate():
        with form.tries(work):
            actions.change_service(work, service, draft=form.draft())
            return see_other(".services_show", service=service, flash=gettext("已保存。已有的预约不变。"))
    return _form_page(form, shown, status=422)


def _form_page(form: Form, shown: ServiceShown | None, *, status: int = 200) -> Page:
    return page("desks/services/edit.html", form=form, service=shown, status=status)


def _with_people(work: Work, form: ServiceForm) -> ServiceForm:
    """Offer the technicians, rooms and devices in reach, each with its store."""
    names = {one.id: one.name for one in stores.store_names(work)}
    offered = [
        (str(one.id), f"{one.name} · {said(NEEDS[one.kind])} · {names.get(one.store_id, '')}")
        for one in queries.able_resources(work)
    ]
    return form.offer(offered)


def services_offer(work: Work, service: UUID) -> Answer:
    """Let people book it."""
    return _act(work, service, actions.offer_service, gettext("已开放，顾客现在可以预约。"))


def services_stop(work: Work, service: UUID) -> Answer:
    """Take no more bookings."""
    return _act(work, service, actions.stop_service, gettext("已停止预约。已约的照常。"))


def _act(work: Work, service: UUID, action: Any, done: str) -> Answer:
    form = Form()
    with form.tries(work):
        action(work, service)
        return see_other(".services_show", service=service, flash=done)
    return _show(work, service, problem=str(form.form_errors[0]), status=422)


def services_remove(work: Work, service: UUID) -> Answer:
    """Throw away what nobody booked."""
    form = Form()
    with form.tries(work):
        actions.remove_service(work, service)
        return see_other(".services_list", flash=gettext("已删除。"))
    return _show(work, service, problem=str(form.form_errors[0]), status=422)


def services_picture_add(work: Work, service: UUID) -> Answer:
    """Add pictures, drawn anew."""
    form = PicturesForm()
    if form.validate():
        with form.tries(work):
            actions.add_pictures(work, service, pictures=_drawn(form))
            return see_other(".services_show", service=service, flash=gettext("图片已保存。"))
    return _show(work, service, pictures_form=form, status=422)


def _drawn(form: PicturesForm) -> list[Picture]:
    """What was uploaded. Refuses nothing at all, too many, and what is no picture."""
    files = [file for file in form.pictures.data or () if file and file.filename]
    if not files:
        raise Refusal(say("请先选择图片。"), field="pictures")
    if len(files) > actions.MOST_PICTURES:
        raise Refusal(say("一次最多 %(most)s 张图片。", most=actions.MOST_PICTURES), field="pictures")
    return [pictures.keep(file, field="pictures") for file in files]


def services_picture_first(work: Work, service: UUID) -> Answer:
    """Make it the one that rows show."""
    actions.move_picture(work, service, _picture())
    return see_other(".services_show", service=service, flash=gettext("已设为封面。"))


def _picture() -> UUID:
    """The picture a button stands for. Raises NotFound."""
    found = visits.ids_in([request.form.get("picture", "")])
    if not found:
        raise NotFound
    return found[0]


def services_picture_remove(work: Work, service: UUID) -> Answer:
    """Take it away."""
    pictures.forget_later(actions.remove_picture(work, service, _picture()))
    return see_other(".services_show", service=service, flash=gettext("图片已删除。"))


def services_arrange(work: Work) -> Answer:
    """Put one further up or down."""
    ids = [one.id for one in queries.services(work)]
    moved = visits.ids_in([request.form.get("service", "")])
    step = -1 if request.form.get("to") == "up" else 1
    if moved and moved[0] in ids:
        at = ids.index(moved[0])
        ids.insert(max(0, at + step), ids.pop(at))
        actions.arrange_services(work, ids)
    return see_other(".services_list")
