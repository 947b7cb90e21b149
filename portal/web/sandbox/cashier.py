"""The pretend provider's cashier: what is to be paid to whom, until when; pay, let the bank refuse, or leave it."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.sandbox import actions, queries
from portal.domain.sandbox.values import Trade, TradeWord
from portal.kernel.permissions import ANYONE
from portal.kernel.refusals import Refusal
from portal.kernel.work import Work
from portal.web.locale import said
from portal.web.office import services
from portal.web.pages import Answer, Page, SeeOther, page
from portal.web.sandbox import sandbox

ONCE = "a trade is paid or refused once; a second press finds it over"


@sandbox.get("/pay/<uuid:trade>", may=ANYONE, demo=True)
def cashier_show(work: Work, trade: UUID) -> Page:
    """The cashier of one trade. Whoever has its address may pay, as at any provider."""
    return _show(work, queries.trade(work, trade))


def _show(work: Work, trade: Trade, error: str = "", status: int = 200) -> Page:
    return page(
        "sandbox/cashier/show.html",
        trade=trade,
        open=trade.state is TradeWord.WAITING and trade.expires_at > work.now(),
        back=at_home(trade.return_url),
        error=error,
        status=status,
    )


@sandbox.post("/pay/<uuid:trade>", may=ANYONE, repeats=ONCE, demo=True)
def cashier_pay(work: Work, trade: UUID) -> Answer:
    """Pay it, or have the bank refuse; then back to the merchant."""
    act = actions.fail if request.form.get("act") == "fail" else actions.pay
    shown = queries.trade(work, trade)
    try:
        act(work, trade)
    except Refusal as refusal:
        return _show(work, shown, said(refusal.sentence), 409)
    return SeeOther(at_home(shown.return_url))


def at_home(url: str) -> str:
    """An address of our own without its host, so that the browser stays at the name it came by."""
    base = services().addresses.public_url
    return url.removeprefix(base) if url.startswith(base + "/") else "/"
