"""One resource of a store: what it is, its weekly hours, dated days and blocks to come; add it, put it out of use."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import request

from portal.domain.calendar import actions, queries
from portal.domain.calendar.values import Hours, Kind
from portal.domain.stores.queries.names import store_names
from portal.domain.tenants.queries import staff
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.spoken import Day, local_day
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web.forms.base import Form
from portal.web.forms.calendar import DAYS, KINDS, NAMES, RESTS, ResourceForm, WeekForm, said_of, week_values
from portal.web.locale import current, gettext
from portal.web.office import Office
from portal.web.pages import Answer, Page, page, see_other

SEE, EDIT = Permission.CALENDAR_VIEW, Permission.CALENDAR_EDIT


def add(office: Office) -> None:
    """Register the pages; the desk of the calendar does it."""
    office.get("/calendar/resources", may=SEE)(resources_list)
    office.post("/calendar/resources/order", may=EDIT)(resources_order)
    office.get("/calendar/resources/new", may=EDIT)(resources_new)
    office.post("/calendar/resources/new", may=EDIT)(resources_create)
    office.get("/calendar/resources/<uuid:resource>", may=SEE)(resources_show)
    for rule, act in (
        ("/calendar/resources/<uuid:resource>", resources_change),
        ("/calendar/resources/<uuid:resource>/week", resources_week),
        ("/calendar/resources/<uuid:resource>/retire", resources_retire),
        ("/calendar/resources/<uuid:resource>/restore", resources_restore),
    ):
        office.post(rule, may=EDIT)(act)


def resources_list(work: Work) -> Page:
    """All resources of a store, those out of use as well."""
    return _list(work, Form())


def resources_order(work: Work) -> Answer:
    """One place further up."""
    form = Form()
    if form.validate():
        with form.tries(work):
            store_id = _store(work)
            ids = [str(one.id) for one in _cards(work, store_id)]
            moved = request.form.get("resource", "")
            if moved in ids[1:]:
                at = ids.index(moved)
                ids[at - 1], ids[at] = ids[at], ids[at - 1]
                actions.arrange(work, store_id, [UUID(one) for one in ids])
            return see_other(".resources_list", store=store_id)
    return _list(work, form, status=422)


def resources_new(work: Work) -> Page:
    """An empty form; the kind may be chosen in the address."""
    kind = request.args.get("kind", "")
    return _new(work, ResourceForm(formdata=None, kind=kind if kind in KINDS else Kind.TECHNICIAN.value))


def resources_create(work: Work) -> Answer:
    """Add it and go on to its hours."""
    form = ResourceForm()
    _offer(work, form, _store(work))
    if form.validate():
        with form.tries(work):
            made = actions.add(work, store_id=_store(work), kind=form.kind.data, **form.facts())
            return see_other(".resources_show", resource=made, flash=gettext("已添加。接着填写每周的时间。"))
    return _new(work, form, status=422)


def resources_show(work: Work, resource: UUID) -> Page:
    """What it is and when it is there."""
    return _show(work, queries.hours(work, resource))


def resources_change(work: Work, resource: UUID) -> Answer:
    """Another name, person or capacity."""
    form = ResourceForm()
    shown = queries.hours(work, resource)
    _offer(work, form, shown.resource.store_id)
    form.kind.data = shown.resource.kind
    if form.validate():
        with form.tries(work):
            actions.change(work, resource, **form.facts())
            return see_other(".resources_show", resource=resource, flash=gettext("已保存。"))
    return _show(work, shown, form=form, status=422)


def resources_week(work: Work, resource: UUID) -> Answer:
    """The weekly hours from a day on; or, asked to, the one line spread over the week to look at."""
    form = WeekForm()
    if request.form.get("spread"):
        form.spread()
        return _show(work, queries.hours(work, resource), week=form, status=422)
    if form.validate():
        with form.tries(work):
            if form.since.data is None:
                raise Refusal(say("请选从哪天起。"), field="since")
            actions.set_week(work, resource, form.week(), since=form.since.data)
            done = gettext("每周的时间已保存。已有的预约不会自动改动，请看看有没有要改期的。")
            return see_other(".resources_show", resource=resource, flash=done)
    return _show(work, queries.hours(work, resource), week=form, status=422)


def resources_retire(work: Work, resource: UUID) -> Answer:
    """Out of use."""
    return _flip(work, resource, actions.retire, gettext("已停用，顾客不会再看到。"))


def resources_restore(work: Work, resource: UUID) -> Answer:
    """Back in use."""
    return _flip(work, resource, actions.restore, gettext("已恢复使用。"))


def _flip(work: Work, resource: UUID, act: Any, done: str) -> Answer:
    form = Form()
    if form.validate():
        with form.tries(work):
            act(work, resource)
            return see_other(".resources_show", resource=resource, flash=done)
    return _show(work, queries.hours(work, resource), plain=form, status=422)


def say_week(monday: date) -> str:
    """7 月 6 日 – 7 月 12 日."""
    first, last = Day(monday), Day(monday + timedelta(days=6))
    return f"{first.shown(current())} – {last.shown(current())}"


def _store(work: Work) -> UUID:
    """The store of the address, in reach; the first without one."""
    names, wanted = store_names(work), request.args.get("store", "")
    found = next((one.id for one in names if str(one.id) == wanted or not wanted), None)
    if found is None:
        raise NotFound
    return found


def _cards(work: Work, store_id: UUID) -> list[Any]:
    found = queries.resources(work, store_id, retired=True)
    return sorted((one for one in found if one.kind != Kind.TABLE), key=lambda one: (one.position, one.name))


def _offer(work: Work, form: ResourceForm, store_id: UUID) -> None:
    members = staff.members(work, work.merchant_id)
    form.offer((one.id, one.name) for one in members if one.store_ids is None or store_id in one.store_ids)


def _list(work: Work, form: Form, *, status: int = 200) -> Page:
    store_id = _store(work)
    return page(
        "desks/calendar/resources.html",
        stores=store_names(work),
        store_id=store_id,
        lines=_cards(work, store_id),
        form=form,
        kinds=KINDS,
        status=status,
    )


def _new(work: Work, form: ResourceForm, *, status: int = 200) -> Page:
    store_id = _store(work)
    _offer(work, form, store_id)
    names = {one.id: one.name for one in store_names(work)}
    return page(
        "desks/calendar/new.html", form=form, store_id=store_id, store_name=names[store_id], kinds=KINDS, status=status
    )


def _show(
    work: Work,
    shown: Hours,
    *,
    form: ResourceForm | None = None,
    week: WeekForm | None = None,
    plain: Form | None = None,
    status: int = 200,
) -> Page:
    card, today = shown.resource, local_day(work.now())
    if form is None:
        member = str(card.membership_id or "")
        form = ResourceForm(formdata=None, kind=card.kind, name=card.name, member=member, capacity=card.capacity)
    _offer(work, form, card.store_id)
    last = shown.weeks[-1] if shown.weeks else (today, ())
    week = week or WeekForm(formdata=None, **week_values(last[1], max(today, last[0])))
    return page(
        "desks/calendar/resource.html",
        shown=shown,
        card=card,
        store_name={one.id: one.name for one in store_names(work, closed=True)}.get(card.store_id, ""),
        form=form,
        week=week,
        plain=plain or Form(),
        kinds=KINDS,
        said_of=said_of,
        Day=Day,
        today=today,
        pairs=list(zip(DAYS, RESTS, NAMES, strict=True)),
        status=status,
    )
