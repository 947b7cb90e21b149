"""One table's page for the staff: rounds and how they stand, calls and strangers, how many sit there, clearing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, request

from portal.domain.bills import actions as bills
from portal.domain.bills import queries as billed
from portal.domain.bills.values import REASON_MOST
from portal.domain.tabs import actions
from portal.domain.tabs import queries as tabs
from portal.domain.tabs.values import WISHES, MoveKind, Tab
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web.billwords import owed
from portal.web.forms.base import Form
from portal.web.htmx import htmx
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.pages import Answer, Page, see_other
from portal.web.seats import whole
from portal.web.store import store as office
from portal.web.store.pins import PinForm, guesses
from portal.web.store.tabframe import tab_at, tab_page

ORDER, SERVE = Permission.TAB_ORDER, Permission.TAB_SERVE
FEWER = (_l("有客人先走了"), _l("人数填错了"), _l("小孩不收"), _l("老客"))


@office.get("/tabs/<uuid:sitting>", may=ORDER)
def tab_show(work: Work, store: UUID, sitting: UUID) -> Answer:
    """What was ordered and what waits; 204 for a screen that has it all."""
    tab = tab_at(work, store, sitting)
    if htmx.wants_block and request.args.get("since") == str(tab.version):
        return Response(status=204)
    return _show(work, tab, Form(formdata=None))


def _show(work: Work, tab: Tab, form: Form, *, status: int = 200) -> Page:
    held = [line.bill_id for line in tab.lines if line.bill_id is not None]
    shown = billed.bills_of(work, tab.id) if held or tab.closed_at else ()
    return tab_page(
        work,
        tab,
        "store/tab/show.html",
        block="live",
        status=status,
        form=form,
        wishes=WISHES,
        bills={one.id: one for one in shown},
        open_fen=owed(tab.lines, shown),
        moves=tabs.moves(work, tab.id) if work.may(SERVE) else (),
        move_words=move_words(),
    )


def move_words() -> dict[str, str]:
    """What was moved, in words."""
    words = {MoveKind.TABLES: gettext("转台"), MoveKind.MERGE: gettext("并台"), MoveKind.LINES: gettext("拆单")}
    return {kind.value: str(word) for kind, word in words.items()}


def _act(work: Work, store: UUID, sitting: UUID, act: Callable[[], object], done: str) -> Answer:
    """Do it and come back; a refusal stands above the tab."""
    tab_at(work, store, sitting)
    form = Form()
    if form.validate():
        with form.tries(work):
            act()
            return see_other("store.tab_show", sitting=sitting, flash=done)
    return _show(work, tab_at(work, store, sitting), form, status=422)


@office.post("/tabs/<uuid:sitting>/serve", may=SERVE)
def tab_serve(work: Work, store: UUID, sitting: UUID) -> Answer:
    """These stand on the table, or (`back`) that was a mistake."""
    tab = tab_at(work, store, sitting)
    known = {str(line.id): line.id for line in tab.lines}
    chosen = [known[text] for text in request.form.getlist("line") if text in known]
    if not chosen:
        raise NotFound
    served = not request.form.get("back")
    done = gettext("已上桌。") if served else gettext("已撤回。")
    return _act(work, store, sitting, lambda: actions.serve(work, chosen, served=served), done)


@office.post("/tabs/<uuid:sitting>/calls/<uuid:call>/answer", may=SERVE)
def tab_answer(work: Work, store: UUID, sitting: UUID, call: UUID) -> Answer:
    """Somebody goes there."""
    return _act(work, store, sitting, lambda: actions.answer_call(work, sitting, call), gettext("已应答。"))


@office.post("/tabs/<uuid:sitting>/guests/<uuid:guest>/let-in", may=SERVE)
def tab_admit(work: Work, store: UUID, sitting: UUID, guest: UUID) -> Answer:
    """He belongs to them."""
    return _act(work, store, sitting, lambda: actions.let_in(work, sitting, guest), gettext("已让 TA 加入。"))


@office.post("/tabs/<uuid:sitting>/guests/<uuid:guest>/turn-away", may=SERVE)
def tab_refuse(work: Work, store: UUID, sitting: UUID, guest: UUID) -> Answer:
    """He does not."""
    return _act(work, store, sitting, lambda: actions.turn_away(work, sitting, guest), gettext("已拒绝。"))


@office.post("/tabs/<uuid:sitting>/people", may=SERVE, gate=guesses)
def tab_people(work: Work, store: UUID, sitting: UUID) -> Answer:
    """How many sit there; 茶位费 follows. Fewer than are charged: why, and above the limit a manager's PIN."""
    tab_at(work, store, sitting)
    form, entered = PinForm(), request.form
    if form.validate():
        with form.tries(work):
            why = entered.get("reason", "") or entered.get("usual", "")
            bills.set_people(work, sitting, whole("people"), reason=why, pin=entered.get("pin", ""))
            return see_other("store.tab_show", sitting=sitting, flash=gettext("人数已更新。"))
    facts: dict[str, Any] = {"form": form, "entered": entered, "reasons": FEWER, "reason_most": REASON_MOST}
    facts |= {"rules": billed.rules_of(work, store), "manager": work.may(Permission.BILL_ADJUST)}
    return tab_page(work, tab_at(work, store, sitting), "store/tab/people.html", status=422, **facts)


@office.post("/tabs/<uuid:sitting>/rounds/<uuid:course>/release", may=SERVE)
def tab_release(work: Work, store: UUID, sitting: UUID, course: UUID) -> Answer:
    """先付: cook it although it is not paid."""
    return _act(work, store, sitting, lambda: actions.release(work, sitting, course), gettext("已送后厨。"))


@office.post("/tabs/<uuid:sitting>/clear", may=SERVE)
def tab_clear(work: Work, store: UUID, sitting: UUID) -> Answer:
    """清台. What is not paid is said."""
    tab_at(work, store, sitting)
    form = Form()
    if form.validate():
        with form.tries(work):
            bills.clear(work, sitting)
            return see_other("store.floor_board", flash=gettext("已清台，一小时内可以在桌台页恢复。"))
    return _show(work, tab_at(work, store, sitting), form, status=422)
