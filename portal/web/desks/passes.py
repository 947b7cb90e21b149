"""Passes in a merchant's back office: what is sold, who has bought it, every use, giving back and giving more time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import request

from portal.domain.bookings.queries import service_names
from portal.domain.passes import actions, queries
from portal.domain.passes.values import PassState
from portal.domain.stores import queries as stores
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import passmarks
from portal.web.asking import asked_one
from portal.web.forms.base import Form
from portal.web.forms.passes import BackForm, ExtendForm, KindForm, kind_values
from portal.web.forms.tenants import uuid_or_none
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.moneywords import shown_at
from portal.web.office import NavItem, Office
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after

SEE, EDIT = Permission.PASS_VIEW, Permission.PASS_EDIT
NEW = {"uses": 10, "valid_days": 365}
shown_at("pass", _l("次卡"), argument="card", office="passes_card")


def add(office: Office) -> None:
    """Register the desk's pages with an office whose merchant has stores."""
    office.nav.append(NavItem(_l("次卡"), f"{office.name}.passes_list", SEE, group=_l("营销")))
    one, card = "/passes/<uuid:passkind>", "/passes/sold/<uuid:card>"
    for rule, view, may in (
        ("/passes", passes_list, SEE),
        ("/passes/sold", passes_sold, SEE),
        ("/passes/uses", passes_uses, SEE),
        ("/passes/new", passes_new, EDIT),
        (one, passes_show, SEE),
        (f"{one}/edit", passes_edit, EDIT),
        (card, passes_card, SEE),
    ):
        office.get(rule, may=may)(view)
    for rule, act in (
        ("/passes/new", passes_create),
        (f"{one}/edit", passes_save),
        (f"{one}/sell", passes_sell),
        (f"{one}/stop", passes_stop),
        (f"{card}/refund", passes_refund),
        (f"{card}/extend", passes_extend),
    ):
        office.post(rule, may=EDIT)(act)


def passes_list(work: Work) -> Page:
    """What is sold, with figures of all that was."""
    return page("desks/passes/list.html", lines=queries.kinds(work), sums=queries.sums(work), **passmarks.SHOWN)


def passes_new(work: Work) -> Page:
    """An empty form."""
    return _form(work, KindForm(data=NEW), None)


def passes_create(work: Work) -> Answer:
    """Write a draft."""
    form = KindForm().offer(service_names(work, work.merchant_id))
    if form.validate():
        with form.tries(work):
            passkind = actions.draft(work, form.draft())
            return see_other(".passes_show", passkind=passkind, flash=gettext("草稿已保存，看一下再开始卖。"))
    return _form(work, form, None, status=422)


def passes_edit(work: Work, passkind: UUID) -> Page:
    """The form of one."""
    kind = queries.kind(work, passkind)
    return _form(work, KindForm(data=kind_values(kind)), kind)


def passes_save(work: Work, passkind: UUID) -> Answer:
    """Change what is sold from now on."""
    kind = queries.kind(work, passkind)
    form = KindForm().offer(service_names(work, work.merchant_id))
    if form.validate():
        with form.tries(work):
            actions.change(work, passkind, form.draft())
            return see_other(".passes_show", passkind=passkind, flash=gettext("已保存。以前卖出的卡不受影响。"))
    return _form(work, form, kind, status=422)


def _form(work: Work, form: KindForm, kind: queries.KindShown | None, *, status: int = 200) -> Page:
    form.offer(service_names(work, work.merchant_id))
    return page("desks/passes/edit.html", form=form, kind=kind, status=status)


def passes_show(work: Work, passkind: UUID) -> Page:
    """One kind as consumers see it."""
    return _show(work, passkind, Form(formdata=None))


def _show(work: Work, passkind: UUID, form: Form, *, status: int = 200) -> Page:
    kind = queries.kind(work, passkind)
    names = service_names(work, work.merchant_id)
    return page(
        "desks/passes/show.html",
        status=status,
        kind=kind,
        form=form,
        services=[names[one] for one in kind.service_ids if one in names],
        **passmarks.SHOWN,
    )


def passes_sell(work: Work, passkind: UUID) -> Answer:
    """Put it on sale."""
    return _act(work, passkind, actions.put_on_sale, gettext("已开始卖，顾客在门店页能看到。"))


def passes_stop(work: Work, passkind: UUID) -> Answer:
    """Sell no more of it."""
    return _act(work, passkind, actions.stop, gettext("已停售。卖出的卡照常可用。"))


def _act(work: Work, passkind: UUID, act: Callable[[Work, UUID], None], done: str) -> Answer:
    form = Form()
    if form.validate():
        with form.tries(work):
            act(work, passkind)
            return see_other(".passes_show", passkind=passkind, flash=done)
    return _show(work, passkind, form, status=422)


def passes_sold(work: Work) -> Page:
    """All that were bought, by state, kind, number or holder."""
    state, q = asked_one(PassState, "state"), request.args.get("q", "").strip()[:40]
    kind = uuid_or_none(request.args.get("kind"))
    lines, more = queries.sold(work, q=q, kind_id=kind, state=state, after=asked_after())
    return page(
        "desks/passes/sold.html",
        block="rows",
        lines=lines,
        further=lines[-1].id if more else None,
        kinds=[(line.kind.id, line.kind.name) for line in queries.kinds(work)],
        keep={"q": q or None, "kind": kind, "state": state.value if state else None},
        states=[one for one in PassState if one is not PassState.CLOSED],
        names={one: str(word) for one, (word, _tone) in passmarks.STATES.items()},
        now=work.now(),
        **passmarks.SHOWN,
    )


def passes_card(work: Work, card: UUID) -> Page:
    """One that was bought: uses, log, giving back, more time."""
    return _card(work, card)


def passes_refund(work: Work, card: UUID) -> Answer:
    """Give back what is unused."""
    form = BackForm()
    if form.validate():
        with form.tries(work):
            actions.refund(work, card, shown_fen=form.shown_fen(), reason=form.reason.data or "")
            return see_other(".passes_card", card=card, flash=gettext("已退款，原路退回给买卡的人。"))
    return _card(work, card, back=form, status=422)


def passes_extend(work: Work, card: UUID) -> Answer:
    """Give it more days."""
    form = ExtendForm()
    if form.validate():
        with form.tries(work):
            actions.extend(work, card, days=form.days.data or 0)
            return see_other(".passes_card", card=card, flash=gettext("有效期已延长。"))
    return _card(work, card, longer=form, status=422)


def _card(
    work: Work, card: UUID, *, back: BackForm | None = None, longer: ExtendForm | None = None, status: int = 200
) -> Page:
    shown = queries.sold_one(work, card)
    back = back or BackForm(formdata=None)
    back.shown.data = str(shown.line.tally.open_fen)
    return page(
        "desks/passes/card.html",
        status=status,
        shown=shown,
        line=shown.line,
        back=back,
        longer=longer or ExtendForm(formdata=None, days=30),
        now=work.now(),
        **_uses(work),
    )


def passes_uses(work: Work) -> Page:
    """Every use in the stores in reach."""
    rows, more = queries.uses(work, after=asked_after())
    further = rows[-1][0].id if more else None
    return page("desks/passes/uses.html", block="rows", rows=rows, further=further, **_uses(work))


def _uses(work: Work) -> dict[str, Any]:
    """What pages with uses call services and stores."""
    names = {one.id: one.name for one in stores.store_names(work)}
    return {"services": service_names(work, work.merchant_id), "stores": names, **passmarks.SHOWN}
