"""Paying at a table: the bill so far, who pays what of it, the payment on this phone, the receipt.

A guest needs no account; of somebody who is signed in the payment is among his own as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request, url_for

from portal.domain.bills import actions, errors, queries
from portal.domain.bills.rules import equal_parts
from portal.domain.bills.values import BillShown, BillState, Division, ShareState
from portal.domain.menus import queries as menus
from portal.domain.payments.errors import NoProvider
from portal.domain.payments.values import AttemptState, IntentState
from portal.domain.tabs import queries as tabs
from portal.domain.tabs.values import LineShown, Tab
from portal.kernel.money import parse_yuan
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web.asking import one_id
from portal.web.billwords import parts_of, ways
from portal.web.forms.base import Form
from portal.web.htmx import htmx
from portal.web.locale import gettext
from portal.web.office import services
from portal.web.pages import Answer, Page, see_other
from portal.web.table import table
from portal.web.table.frame import here, table_page, unchanged
from portal.web.tabwords import called

ORDER = Permission.TAB_ORDER
CONNECTING = (AttemptState.NEW, AttemptState.UNKNOWN)
UNSETTLED = (*CONNECTING, AttemptState.WAITING)
MOST_PARTS = 40


@table.get("/bill", may=ORDER)
def bills_pay(work: Work) -> Answer:
    """What is to be paid, by whom, what friends pay just now."""
    if (same := unchanged()) is not None:
        return same
    return _bill(work, Form(formdata=None))


def _bill(work: Work, form: Form, *, status: int = 200) -> Answer:
    tab = tabs.tab(work, here(work))
    free = [line for line in tab.lines if line.counts and line.bill_id is None]
    me = work.actor.guest_id
    mine = [line for line in free if line.guest_id == me]
    common = [line for line in free if line.guest_id is None]
    return table_page(
        work,
        "table/bills/pay.html",
        tab=tab,
        block="live",
        status=status,
        form=form,
        bills=queries.bills_of(work, tab.id),
        free=free,
        mine_fen=_sum(mine),
        common_fen=_sum(common),
        free_fen=_sum(free),
        split=max(tab.people, 1),
        parts_of=parts_of,
        payer=_payer(work, tab)[1],
        minutes=menus.table_rules(work, work.merchant_id, tab.store_id).order_minutes if tab.settled_at else 0,
        entered=request.form,
    )


def _sum(lines: Sequence[LineShown]) -> int:
    return sum(line.due_fen for line in lines)


def _payer(work: Work, tab: Tab) -> tuple[str, UUID]:
    """What he is called on the bill, and whom the payment is asked of."""
    me = tab.guest(work.actor.guest_id)
    if me is None:
        raise NotFound
    return called(me), me.person_id or me.id


@table.post("/bill", may=ORDER)
def bills_raise(work: Work) -> Answer:
    """Hold these lines and pay them, or a part of them."""
    form = Form()
    if form.validate():
        with form.tries(work):
            bill_id = _raise(work)
            return _ask(work, queries.bill(work, bill_id))
    return _bill(work, form, status=422)


def _raise(work: Work) -> UUID:
    what, sitting_id = request.form.get("what", "whole"), here(work)
    me = [work.actor.guest_id] if work.actor.guest_id else []
    if what == "lines":
        chosen = [one_id(text) for text in request.form.getlist("line")]
        bill_id = actions.raise_bill(work, sitting_id, division=Division.LINES, line_ids=chosen)
    elif what in ("mine", "mine-common"):
        common = what == "mine-common"
        bill_id = actions.raise_bill(work, sitting_id, division=Division.PERSON, guests=me, common=common)
    else:
        bill_id = actions.raise_bill(work, sitting_id)
    shown, now = request.form.get(f"shown-{what}", ""), queries.bill(work, bill_id).total_fen
    if shown.isascii() and shown.isdigit() and len(shown) < 12 and int(shown) != now:
        raise errors.BillMoved(int(shown), now)
    return bill_id


@table.post("/bills/<uuid:bill>/pay", may=ORDER)
def bills_join(work: Work, bill: UUID) -> Answer:
    """Pay what is left of a bill that somebody has begun, or a part of it."""
    form = Form()
    if form.validate():
        with form.tries(work):
            return _ask(work, queries.bill(work, bill))
    return _bill(work, form, status=422)


def _ask(work: Work, bill: BillShown) -> Answer:
    if bill.state is BillState.PAID:
        return see_other("table.bills_show", bill=bill.id)
    payer, payer_id = _payer(work, tabs.tab(work, here(work)))
    share_id = actions.pay_online(
        work,
        bill.id,
        payer=payer,
        payer_id=payer_id,
        return_path=url_for("table.bills_back", bill=bill.id),
        amount_fen=_amount(bill),
    )
    return see_other("table.shares_show", share=share_id)


def _amount(bill: BillShown) -> int | None:
    """What he wants to pay of it; None is all that is left."""
    how = request.form.get("how", "all")
    if how == "parts":
        text = request.form.get("parts", "").strip()
        parts = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
        if not 2 <= parts <= MOST_PARTS:
            raise Refusal(say("请填平分成几份，2 到 %(most)s。", most=MOST_PARTS))
        amounts, nth = equal_parts(bill.total_fen, parts), len(bill.shares)
        return min(bill.open_fen, amounts[min(nth, parts - 1)])
    if how == "amount":
        return parse_yuan(request.form.get("amount", ""))
    return None


@table.post("/bills/<uuid:bill>/give-up", may=ORDER)
def bills_give_up(work: Work, bill: UUID) -> Answer:
    """Nobody has paid of it: its lines are free again."""
    form = Form()
    if form.validate():
        with form.tries(work):
            actions.give_up(work, bill)
            return see_other("table.bills_pay", flash=gettext("已取消这张账单，可以重新选怎么付。"), tone="info")
    return _bill(work, form, status=422)


@table.get("/bills/<uuid:bill>/back", may=ORDER)
def bills_back(work: Work, bill: UUID) -> Answer:
    """From the cashier: to this phone's share while its payment is under way, else to the bill."""
    _name, payer_id = _payer(work, tabs.tab(work, here(work)))
    shown = queries.bill(work, bill)
    own = [one for one in shown.shares if one.payer_id == payer_id and one.state is ShareState.OPEN]
    if own:
        return see_other("table.shares_show", share=own[-1].id)
    return see_other("table.bills_show", bill=bill)


@table.get("/bills/<uuid:bill>", may=ORDER)
def bills_show(work: Work, bill: UUID) -> Answer:
    """One bill: its lines, who paid what, what went back; the receipt once it is paid."""
    if (same := unchanged()) is not None:
        return same
    shown = queries.bill(work, bill)
    if shown.sitting_id != here(work):
        raise NotFound
    return table_page(
        work,
        "table/bills/show.html",
        block="live",
        bill=shown,
        refunds=queries.refunds_of(work, bill) if shown.refunded_fen else (),
        ways=ways(),
    )


@table.get("/shares/<uuid:share>", may=ORDER)
def shares_show(work: Work, share: UUID) -> Answer:
    """This phone's payment; while it is under way the page asks how it stands."""
    return _share(work, share, Form(formdata=None))


def _share(work: Work, share_id: UUID, form: Form, *, status: int = 200) -> Answer:
    tab = tabs.tab(work, here(work))
    payer_id = _payer(work, tab)[1]
    bill_id, payment = queries.payment_of(work, share_id, payer_id=payer_id)
    is_open = payment.state is IntentState.OPEN and payment.expires_at > work.now()
    latest = payment.latest if payment.latest and payment.latest.state in UNSETTLED else None
    url = _own(latest.url) if latest and latest.url and is_open else ""
    shown: dict[str, Any] = {
        "share": share_id,
        "payment": payment,
        "open": is_open,
        "latest": latest,
        "connecting": bool(latest and latest.state in CONNECTING and not url),
        "url": url,
        "moving": is_open and latest is not None,
        "providers": tuple(services().gateways),
        "go": request.args.get("go", ""),
    }
    answer = table_page(
        work,
        "table/bills/share.html",
        tab=tab,
        block="live",
        status=status,
        form=form,
        bill=queries.bill(work, bill_id),
        **shown,
    )
    if isinstance(answer, Page) and htmx.wants_block:
        _lead_on(answer, url, payment.state, bill_id)
    return answer


def _lead_on(answer: Page, url: str, state: IntentState, bill_id: UUID) -> None:
    """A page that polls goes by itself to the cashier, and when it is paid to the receipt."""
    if state is IntentState.PAID:
        answer.headers["HX-Redirect"] = url_for("table.bills_show", bill=bill_id)
    elif url and request.args.get("go"):
        answer.headers["HX-Redirect"] = url


def _own(url: str) -> str:
    base = services().addresses.public_url
    return url.removeprefix(base) if url.startswith(base + "/") else url


@table.post("/shares/<uuid:share>/pay", may=ORDER)
def shares_pay(work: Work, share: UUID) -> Answer:
    """Begin a try with one provider, or go on with the one that waits."""
    form, name = Form(), request.form.get("provider", "")
    if form.validate():
        with form.tries(work):
            gateway = services().gateways.get(name)
            if gateway is None:
                raise NoProvider
            payer_id = _payer(work, tabs.tab(work, here(work)))[1]
            again = bool(request.form.get("again"))
            number = gateway.merchant_no
            actions.begin(work, share, payer_id=payer_id, provider=name, merchant_no=number, again=again)
            return see_other("table.shares_show", share=share, go=1)
    return _share(work, share, form, status=422)


@table.post("/shares/<uuid:share>/cancel", may=ORDER)
def shares_cancel(work: Work, share: UUID) -> Answer:
    """Not by this phone; others may pay it."""
    form = Form()
    if form.validate():
        with form.tries(work):
            actions.call_off(work, share, payer_id=_payer(work, tabs.tab(work, here(work)))[1])
            return see_other("table.bills_pay", flash=gettext("已取消付款。"), tone="info")
    return _share(work, share, form, status=422)
