"""转台, 并台, 拆单 with their way back, and 退菜, 赠菜, 改价 with a reason and a manager's PIN."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for

from portal.domain.bills import actions as bills
from portal.domain.bills import queries as billed
from portal.domain.bills.values import REASON_MOST, Adjust
from portal.domain.floor import queries as floor
from portal.domain.tabs import actions
from portal.domain.tabs import queries as tabs
from portal.kernel.money import parse_yuan
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web.asking import one_id
from portal.web.forms.base import Form
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.pages import Answer, Page, see_other
from portal.web.store import store as office
from portal.web.store.over import OverForm, asked_why
from portal.web.store.pins import PinForm, guesses
from portal.web.store.tabframe import tab_at, tab_page

SERVE = Permission.TAB_SERVE
REASONS = (_l("上错了"), _l("客人不要了"), _l("太慢"), _l("口味不对"), _l("有异物"), _l("老客"))


@office.get("/tabs/<uuid:sitting>/move", may=SERVE)
def tab_move(work: Work, store: UUID, sitting: UUID) -> Page:
    """Where it may go: free tables, other tabs, some lines of it."""
    return _move(work, store, sitting, Form(formdata=None))


def _move(work: Work, store: UUID, sitting: UUID, form: Form, *, status: int = 200) -> Page:
    tab, plan = tab_at(work, store, sitting), floor.plan(work, store)
    state = tabs.floor_state(work, store)
    taken = {table for one in state for table in one.table_ids}
    names = {table.id: table.name for table in plan.tables}
    here = {table.id for table in tab.tables}
    others = [(one, "、".join(names.get(each, "") for each in one.table_ids)) for one in state if one.id != sitting]
    return tab_page(
        work,
        tab,
        "store/tab/move.html",
        status=status,
        form=form,
        choices=[table for table in plan.in_use if table.id in here or table.id not in taken],
        here=here,
        others=others,
        lines=[line for line in tab.lines if line.counts and line.bill_id is None and line.kind != "cover"],
    )


def _done(work: Work, store: UUID, sitting: UUID, act: Any, done: str) -> Answer:
    tab_at(work, store, sitting)
    form = Form()
    if form.validate():
        with form.tries(work):
            act()
            return see_other("store.tab_show", sitting=sitting, flash=done)
    return _move(work, store, sitting, form, status=422)


@office.post("/tabs/<uuid:sitting>/tables", may=SERVE)
def tab_tables(work: Work, store: UUID, sitting: UUID) -> Answer:
    """转台, also to several tables."""
    tab_at(work, store, sitting)
    form, chosen = OverForm(), [one_id(text) for text in request.form.getlist("table")]
    if form.validate():
        with form.tries(work):
            actions.move_tables(work, sitting, chosen, over=form.reason())
            return see_other("store.tab_show", sitting=sitting, flash=gettext("已转台。"))
        if form.over.errors:
            act, back = (url_for(f"store.tab_{name}", sitting=sitting) for name in ("tables", "move"))
            return asked_why(work, store, form, act, back)
    return _move(work, store, sitting, form, status=422)


@office.post("/tabs/<uuid:sitting>/merge", may=SERVE)
def tab_merge(work: Work, store: UUID, sitting: UUID) -> Answer:
    """并台: everything goes over to the other tab."""
    tab_at(work, store, sitting)
    form, into = Form(), one_id(request.form.get("into", ""))
    if form.validate():
        with form.tries(work):
            actions.merge(work, sitting, into)
            return see_other("store.tab_show", sitting=into, flash=gettext("已并台，可以在这里撤销。"))
    return _move(work, store, sitting, form, status=422)


@office.post("/tabs/<uuid:sitting>/split", may=SERVE)
def tab_split(work: Work, store: UUID, sitting: UUID) -> Answer:
    """拆单: some pieces of some lines go to another tab."""
    tab, to = tab_at(work, store, sitting), one_id(request.form.get("into", ""))
    pieces = pieces_of(f"{line.id}" for line in tab.lines)
    return _done(work, store, sitting, lambda: actions.split_lines(work, sitting, pieces, to), gettext("已拆单。"))


def pieces_of(ids: Any) -> dict[UUID, int]:
    """How many of which line a form names: fields `n-<line>`; what is no number is nothing."""
    found: dict[UUID, int] = {}
    for one in ids:
        text = request.form.get(f"n-{one}", "").strip()
        if text.isascii() and text.isdigit() and 0 < len(text) < 4 and int(text):
            found[UUID(str(one))] = int(text)
    return found


@office.post("/tabs/<uuid:sitting>/moves/<uuid:move>/undo", may=SERVE)
def tab_undo(work: Work, store: UUID, sitting: UUID, move: UUID) -> Answer:
    """Back to where it was."""
    if all(one.id != move for one in tabs.moves(work, sitting)):
        raise NotFound
    return _done(work, store, sitting, lambda: actions.undo(work, move), gettext("已撤销。"))


@office.get("/tabs/<uuid:sitting>/lines/<uuid:item>/adjust", may=SERVE)
def tab_adjust(work: Work, store: UUID, sitting: UUID, item: UUID) -> Page:
    """退菜, 赠菜 or 改价 of one line."""
    return _adjust(work, store, sitting, item, Form(formdata=None))


def _adjust(work: Work, store: UUID, sitting: UUID, item: UUID, form: Form, *, status: int = 200) -> Page:
    tab, entered = tab_at(work, store, sitting), request.form
    line = tabs.line(work, sitting, item)
    return tab_page(
        work,
        tab,
        "store/tab/adjust.html",
        status=status,
        form=form,
        line=line,
        entered=entered,
        kind=entered.get("kind") or request.args.get("kind", "cancel"),
        rules=billed.rules_of(work, store),
        manager=work.may(Permission.BILL_ADJUST),
        reasons=REASONS,
        reason_most=REASON_MOST,
    )


@office.post("/tabs/<uuid:sitting>/lines/<uuid:item>/adjust", may=SERVE, gate=guesses)
def tab_adjust_save(work: Work, store: UUID, sitting: UUID, item: UUID) -> Answer:
    """Take it off; above the limit only with a manager."""
    tab_at(work, store, sitting)
    form = PinForm()
    if form.validate():
        with form.tries(work):
            bills.adjust(work, sitting, item, _kind(), **_facts())
            return see_other("store.tab_show", sitting=sitting, flash=gettext("已处理，记在更正记录里。"))
    return _adjust(work, store, sitting, item, form, status=422)


def _kind() -> Adjust:
    try:
        return Adjust(request.form.get("kind", ""))
    except ValueError:
        raise NotFound from None


def _facts() -> dict[str, Any]:
    entered = request.form
    reason = entered.get("reason", "") or entered.get("usual", "")
    facts: dict[str, Any] = {"reason": reason, "pin": entered.get("pin", "")}
    if _kind() is Adjust.REPRICE:
        return {**facts, "due_fen": parse_yuan(entered.get("due", ""))}
    text = entered.get("quantity", "").strip()
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 4):
        raise Refusal(say("份数请填数字。"))
    return {**facts, "quantity": int(text)}
