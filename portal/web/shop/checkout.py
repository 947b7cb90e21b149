"""The checkout: where to, what, how much, one button. And the page to land on when it was paid."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for

from portal.domain.identity import queries as identity
from portal.domain.identity.values import AddressRow
from portal.domain.ordering import actions, queries
from portal.domain.ordering.values import NOTE_MOST, CheckoutState, Recipient
from portal.kernel import phones
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web.forms.base import Form
from portal.web.pages import Answer, Page, page, see_other
from portal.web.shop import shop
from portal.web.shop.cart import as_id, default_place, keep_count

BUY = Permission.ORDER_BUY


@shop.get("/checkout", may=BUY)
def checkout_show(work: Work) -> Answer:
    """What is chosen in the cart, for one address."""
    return _checkout(work, Form(formdata=None), request.args.get("address", ""))


def _checkout(work: Work, form: Form, asked: str, *, status: int = 200) -> Answer:
    places = identity.addresses(work)
    place = default_place(places, asked)
    quote = queries.quote(work, region_code=place.region_code if place else None, only_chosen=True)
    if not quote.lines and status == 200:
        return see_other("shop.cart_show")
    return page(
        "shop/checkout/show.html",
        quote=quote,
        form=form,
        places=places,
        place=place,
        notes={group.merchant_id: request.form.get(f"note-{group.merchant_id}", "") for group in quote.groups},
        note_most=NOTE_MOST,
        here=url_for("shop.checkout_show"),
        show_phone=phones.show,
        status=status,
    )


@shop.post("/checkout", may=BUY)
def checkout_place(work: Work) -> Answer:
    """Order it, and on to the payment. When something moved, the page again with what holds now."""
    form, asked = Form(), request.form.get("address", "")
    if form.validate():
        with form.tries(work):
            checkout = _place(work, asked)
            keep_count(work)
            return see_other("shop.payments_show", payment=queries.payment_of(work, checkout))
    return _checkout(work, form, asked, status=422)


def _place(work: Work, asked: str) -> UUID:
    if not asked:
        raise Refusal(say("请先选一个收货地址。"), field="address")
    notes = {as_id(name[5:]): text for name, text in request.form.items() if name.startswith("note-")}
    return actions.place(
        work,
        recipient=_recipient(identity.address(work, as_id(asked))),
        shown_fen=_shown(),
        mark=request.form.get("mark", "")[:64],
        notes=notes,
    )


def _shown() -> int:
    text = request.form.get("shown", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else 0


def _recipient(row: AddressRow) -> Recipient:
    return Recipient(row.recipient, row.phone, row.region_code, row.region_names, row.detail)


@shop.get("/checkouts/<uuid:checkout>", may=BUY)
def checkouts_show(work: Work, checkout: UUID) -> Page:
    """How one payment over several orders stands."""
    shown = queries.checkout(work, checkout)
    is_open = shown.state is CheckoutState.OPEN and shown.expires_at > work.now()
    return page("shop/checkout/done.html", checkout=shown, open=is_open, paid=shown.state is CheckoutState.PAID)
