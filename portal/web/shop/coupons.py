"""Coupons on the street: on a store's page, on their own page, and collecting them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from portal.domain.vouchers import actions, queries
from portal.domain.vouchers.rules import words
from portal.kernel.permissions import ANYONE, Permission
from portal.kernel.work import Work
from portal.web import tickets, ways
from portal.web.forms.base import Form
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, SeeOther, page, see_other
from portal.web.shop import shop

SHOWN: dict[str, Any] = {
    "face": tickets.face,
    "until": tickets.until,
    "days": tickets.days,
    "rules": tickets.rules,
    "words": words,
}


def of_store(work: Work, store_id: UUID) -> dict[str, Any]:
    """The context of `shop/coupons/_of_store.html`: what can be collected at this store now."""
    return {"coupons": queries.on_offer_at(work, store_id), **SHOWN}


@shop.get("/coupons/<uuid:coupon>", may=ANYONE)
def coupons_show(work: Work, coupon: UUID) -> Page:
    """One coupon, to be passed on: what, where, until when."""
    return _show(work, coupon, Form())


@shop.post("/coupons/<uuid:coupon>/collect", may=Permission.COUPON_COLLECT)
def coupons_collect(work: Work, coupon: UUID) -> Answer:
    """Put one into the wallet, and go back to where it was seen."""
    form = Form()
    with form.tries(work):
        actions.collect(work, coupon)
        back = ways.asked_for()
        done = gettext("已领到，在您的券包里。")
        return SeeOther(back, done) if back else see_other("shop.coupons_show", coupon=coupon, flash=done)
    return _show(work, coupon, form, status=422)


def _show(work: Work, coupon: UUID, form: Form, *, status: int = 200) -> Page:
    offer, places = queries.offer(work, coupon)
    problem = form.form_errors[0] if form.form_errors else ""
    return page("shop/coupons/show.html", status=status, offer=offer, stores=places, problem=problem, **SHOWN)
