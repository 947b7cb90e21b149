"""A table's bills at the till: raised over lines, taken in cash or otherwise, called off, refunded, printed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for

from portal.domain.bills import actions, queries
from portal.domain.bills.values import REASON_MOST, BillShown, BillState, Division, How
from portal.domain.kitchen import actions as kitchen
from portal.domain.tabs import queries as tabs
from portal.kernel.figures import say_yuan
from portal.kernel.lines import clean_line
from portal.kernel.money import parse_yuan
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web.asking import one_id
from portal.web.billwords import ways
from portal.web.forms.base import Form
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, see_other
from portal.web.store import billpaper
from portal.web.store import store as office
from portal.web.store.pins import PinForm, guesses
from portal.web.store.tabframe import tab_at, tab_page
from portal.web.store.tabmoves import pieces_of

TAKE = Permission.BILL_TAKE


@office.get("/tabs/<uuid:sitting>/bills", may=TAKE)
def bills_tab(work: Work, store: UUID, sitting: UUID) -> Page:
    """What is to be paid of a tab and what was raised of it."""
    return _tab(work, store, sitting, Form(formdata=None))


def _tab(work: Work, store: UUID, sitting: UUID, form: Form, *, status: int = 200) -> Page:
    tab = tab_at(work, store, sitting)
    free = [line for line in tab.lines if line.counts and line.bill_id is None]
    return tab_page(
        work,
        tab,
        "store/bills/tab.html",
        status=status,
        form=form,
        free=free,
        free_fen=sum(line.due_fen for line in free),
        bills=queries.bills_of(work, sitting),
        paid_back=queries.paid_back(work, sitting),
        persons=[(one, sum(line.due_fen for line in free if line.guest_id == one.id)) for one in tab.guests],
        common_fen=sum(line.due_fen for line in free if line.guest_id is None),
        entered=request.form,
        ways=ways(),
    )


@office.post("/tabs/<uuid:sitting>/bills", may=TAKE)
def bills_open(work: Work, store: UUID, sitting: UUID) -> Answer:
    """Raise one: the whole, what some guests ordered, or some lines."""
    tab_at(work, store, sitting)
    form, entered = Form(), request.form
    if form.validate():
        with form.tries(work):
            what = entered.get("what", "whole")
            facts: dict[str, Any] = {"division": Division.WHOLE}
            if what == "person":
                guests = [one_id(text) for text in entered.getlist("guest")]
                common = bool(entered.get("common"))
                facts = {"division": Division.PERSON, "guests": guests, "common": common}
            elif what == "lines":
                lines = [one_id(text) for text in entered.getlist("line")]
                facts = {"division": Division.LINES, "line_ids": lines}
            bill_id = actions.raise_bill(work, sitting, **facts)
            return see_other("store.bills_show", bill=bill_id)
    return _tab(work, store, sitting, form, status=422)


@office.get("/bills/<uuid:bill>", may=TAKE)
def bills_show(work: Work, store: UUID, bill: UUID) -> Page:
    """One bill: take money for it, give it up, give something of it back, print it."""
    return _show(work, store, bill, Form(formdata=None))


def bill_at(work: Work, store: UUID, bill_id: UUID) -> BillShown:
    """A bill of this store. NotFound for another store's."""
    shown = queries.bill(work, bill_id)
    if shown.store_id != store:
        raise NotFound
    return shown


def _show(work: Work, store: UUID, bill_id: UUID, form: Form, *, status: int = 200) -> Page:
    bill = bill_at(work, store, bill_id)
    return tab_page(
        work,
        tabs.tab(work, bill.sitting_id),
        "store/bills/show.html",
        status=status,
        form=form,
        bill=bill,
        refunds=queries.refunds_of(work, bill_id) if bill.refunded_fen else (),
        entered=request.form,
        ways=ways(),
        notes=notes_for(bill.open_fen),
        rules=queries.rules_of(work, store),
        manager=work.may(Permission.BILL_ADJUST),
        reason_most=REASON_MOST,
        back_url=url_for("store.bills_tab", sitting=bill.sitting_id),
    )


def notes_for(open_fen: int) -> list[int]:
    """What people are likely to hand over: the next tens, fifties and hundreds, in fen."""
    found = {-(-open_fen // step) * step for step in (10_00, 50_00, 100_00)} - {0, open_fen}
    return sorted(found)


@office.post("/bills/<uuid:bill>/take", may=TAKE)
def bills_take(work: Work, store: UUID, bill: UUID) -> Answer:
    """Cash with its change, or the store's own terminal."""
    bill_at(work, store, bill)
    form, entered = Form(), request.form
    if form.validate():
        with form.tries(work):
            how = How.OTHER if entered.get("how") == "other" else How.CASH
            amount, tendered = (parse_yuan(entered[name]) if entered.get(name) else None for name in _FIGURES)
            payer = clean_line(entered.get("payer", ""), field="payer", most=20, required=False)
            given = tendered if how is How.CASH else None
            payer = payer or str(gettext("收银台"))
            actions.take(work, bill, how=how, payer=payer, amount_fen=amount, tendered_fen=given)
            return see_other("store.bills_show", bill=bill, flash=gettext("已收款。"))
    return _show(work, store, bill, form, status=422)


_FIGURES = ("amount", "tendered")


@office.post("/bills/<uuid:bill>/shares/<uuid:share>/call-off", may=TAKE)
def bills_call_off(work: Work, store: UUID, bill: UUID, share: UUID) -> Answer:
    """That phone does not pay; late money goes back by itself."""
    shown = bill_at(work, store, bill)
    form = Form()
    if all(one.id != share for one in shown.shares):
        raise NotFound
    if form.validate():
        with form.tries(work):
            actions.call_off(work, share)
            return see_other("store.bills_tab", sitting=shown.sitting_id, flash=gettext("已停掉这一笔手机付款。"))
    return _show(work, store, bill, form, status=422)


@office.post("/bills/<uuid:bill>/give-up", may=TAKE)
def bills_give_up(work: Work, store: UUID, bill: UUID) -> Answer:
    """Its lines are free again."""
    shown = bill_at(work, store, bill)
    form = Form()
    if form.validate():
        with form.tries(work):
            by_hand, done = actions.give_up(work, bill), gettext("已取消这张账单。")
            if by_hand:
                done = gettext("已取消这张账单。请退给客人 %(much)s：怎么收的就怎么退。", much=say_yuan(by_hand))
            return see_other("store.bills_tab", sitting=shown.sitting_id, flash=done)
    return _show(work, store, bill, form, status=422)


@office.post("/bills/<uuid:bill>/refund", may=TAKE, gate=guesses)
def bills_refund(work: Work, store: UUID, bill: UUID) -> Answer:
    """By line and pieces, the way it came."""
    shown = bill_at(work, store, bill)
    form, entered = PinForm(), request.form
    if form.validate():
        with form.tries(work):
            pieces = pieces_of(line.line_id for line in shown.lines)
            actions.refund(work, bill, pieces, reason=entered.get("reason", ""), pin=entered.get("pin", ""))
            return see_other("store.bills_show", bill=bill, flash=gettext("已退款：手机付的原路退回，其余请退现金。"))
    return _show(work, store, bill, form, status=422)


@office.post("/bills/<uuid:bill>/print", may=TAKE)
def bills_print(work: Work, store: UUID, bill: UUID) -> Answer:
    """Count it, and print it by the store's printer or from the page."""
    shown = bill_at(work, store, bill)
    form = Form()
    if form.validate():
        with form.tries(work):
            nth = actions.printed(work, bill)
            if request.form.get("by") != "printer":
                return see_other("store.bills_receipt", bill=bill)
            tab = tabs.tab(work, shown.sitting_id)
            kitchen.print_paper(
                work,
                merchant_id=work.merchant_id,
                store_id=store,
                title=str(gettext("结账单 %(number)s", number=shown.number)),
                lines=billpaper.paper(tab, shown, work.now()),
                about=("bill", bill),
                again=nth > 1,
            )
            return see_other("store.bills_show", bill=bill, flash=gettext("已送去打印。"))
    return _show(work, store, bill, form, status=422)


@office.get("/bills/<uuid:bill>/receipt", may=TAKE)
def bills_receipt(work: Work, store: UUID, bill: UUID) -> Page:
    """The customer's receipt, 58 or 80 mm wide, for the browser's own print."""
    shown = bill_at(work, store, bill)
    if shown.state is not BillState.PAID and shown.printed == 0:
        raise NotFound
    return tab_page(
        work,
        tabs.tab(work, shown.sitting_id),
        "store/bills/receipt.html",
        bill=shown,
        rules=queries.rules_of(work, store),
        ways=ways(),
    )
