"""The coupon wallet: what can still be used, what was used, what is over; and a voucher to hold up at the counter."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.vouchers import queries
from portal.domain.vouchers.rules import words
from portal.domain.vouchers.values import Stage
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import tickets
from portal.web.htmx import htmx
from portal.web.pages import Page, page
from portal.web.periods import asked_after
from portal.web.shop import shop

TABS = (Stage.USABLE, Stage.USED, Stage.EXPIRED)
STOP_POLLING = 286


@shop.get("/wallet", may=Permission.VOUCHER_VIEW)
def wallet(work: Work) -> Page:
    """Tickets by tab; what expires first is on top."""
    tab = _asked_tab()
    vouchers = queries.wallet(work, tab, after=asked_after())
    full = len(vouchers) == queries.WALLET_PAGE and tab is not Stage.USABLE
    return page(
        "shop/wallet/list.html",
        vouchers=vouchers,
        further=vouchers[-1].id if full else None,
        counts=queries.wallet_counts(work),
        tab=tab,
        tabs=TABS,
        face=tickets.face,
        rules=tickets.rules,
        words=words,
    )


def _asked_tab() -> Stage:
    asked = request.args.get("tab", "")
    return next((tab for tab in TABS if tab.value == asked), Stage.USABLE)


@shop.get("/wallet/<uuid:voucher>", may=Permission.VOUCHER_VIEW)
def wallet_show(work: Work, voucher: UUID) -> Page:
    """The voucher with its QR code; the page asks every three seconds whether it was used, until it was."""
    mine, places = queries.wallet_voucher(work, voucher)
    settled = mine.stage in (Stage.USED, Stage.EXPIRED)
    return page(
        "shop/wallet/show.html",
        "live",
        status=STOP_POLLING if settled and htmx.wants_block else 200,
        voucher=mine,
        stores=places,
        settled=settled,
        qr=None if settled else tickets.drawing(mine.qr),
        face=tickets.face,
        rules=tickets.rules,
        days=tickets.days,
        words=words,
    )
