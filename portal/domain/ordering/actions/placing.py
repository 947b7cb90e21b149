"""From a cart to orders that wait for one payment: all in one transaction, or nothing.

What is bought for how much is worked out here, from the server's own quote; the page only says what it showed, so that
nobody pays what he has not seen. Stock is reserved last: its rows are the hot ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import any_, bindparam, delete
from sqlalchemy.dialects.postgresql import ARRAY, insert

from portal.domain.catalogue import actions as catalogue
from portal.domain.catalogue.values import Wanted
from portal.domain.ledger.values import Business
from portal.domain.ordering import errors
from portal.domain.ordering.actions.cart import take_turns
from portal.domain.ordering.actions.telling import HOUSE
from portal.domain.ordering.events import OrderPlaced
from portal.domain.ordering.models import CartItem, Checkout, Order, OrderCost, OrderEvent, OrderLine
from portal.domain.ordering.queries import cart
from portal.domain.ordering.queries.cart import CartGroup, CartLine, CartQuote
from portal.domain.ordering.queries.costs import Cost, costs_of
from portal.domain.ordering.rules.numbers import new_number
from portal.domain.ordering.values import BUSINESS, NOTE_MOST, CheckoutState, Happening, OrderState, Recipient
from portal.domain.payments import actions as payments
from portal.domain.payments.values import Part
from portal.domain.reference import queries as reference
from portal.domain.reference.values import UNPAID_MINUTES
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Busy
from portal.kernel.rows import add_rows
from portal.kernel.scope import fixed
from portal.kernel.words import say
from portal.kernel.work import Work

RIGHTS: Final = frozenset({Permission.PAYMENT_PAY})
KEPT_LONGER: Final = timedelta(days=1)
"""Stock is kept beyond the payment's time: the payment's own end gives it back, this is for a worker that was down."""
_NUMBERS: Final = 5
_NAMES: Final = 3
_ORDER: Any = Order.__table__
_ITEM: Any = CartItem.__table__.c
_ORDERS: Final = fixed(
    insert(_ORDER).on_conflict_do_nothing(index_elements=["merchant_id", "number"]).returning(_ORDER.c.id)
)
_BOUGHT: Final = fixed(
    delete(CartItem.__table__).where(  # type: ignore[arg-type]
        _ITEM.person_id == bindparam("of_person"),
        _ITEM.sku_id == any_(bindparam("skus", type_=ARRAY(_ITEM.sku_id.type))),
    )
)


def place(
    work: Work, *, recipient: Recipient, shown_fen: int, mark: str = "", notes: Mapping[UUID, str] | None = None
) -> UUID:
    """Order what is chosen in the cart and can be had, one order for each merchant; returns the checkout.

    `shown_fen` and `mark` (`CartQuote.mark`) are what the page showed; `notes` are the buyer's words by merchant.
    Refuses an empty cart, another amount or content than was shown, a place that is not served, and SoldOut.
    """
    work.require(Permission.ORDER_BUY)
    take_turns(work)
    quote = cart.quote(work, region_code=recipient.region_code, only_chosen=True)
    _check(quote, shown_fen, mark)
    words = {
        merchant: clean_line(note, field="note", most=NOTE_MOST, required=False)
        for merchant, note in (notes or {}).items()
    }
    within = timedelta(minutes=reference.value_of(work, UNPAID_MINUTES))
    faults.point(work, "ordering.place.checked")
    with borrowed(work, HOUSE, RIGHTS):
        return _write(work, quote, recipient, words, within)


def _check(quote: CartQuote, shown_fen: int, mark: str) -> None:
    if quote.refusals:
        raise errors.NotServed(quote.refusals[0])
    if quote.total_fen == shown_fen and (not mark or mark == quote.mark):
        if not quote.pieces:
            raise errors.CartEmpty
        return
    if quote.troubled:
        raise errors.NotToBuy("、".join(line.name for line in quote.troubled[:_NAMES]))
    if not quote.pieces:
        raise errors.CartEmpty
    if quote.total_fen != shown_fen:
        raise errors.PriceMoved(shown_fen, quote.total_fen)
    raise errors.ContentMoved


def _write(work: Work, quote: CartQuote, recipient: Recipient, notes: Mapping[UUID, str], within: timedelta) -> UUID:
    """On the worker's face: the orders, their payment, the stock; the cart keeps what was not bought."""
    checkout_id, until = new_id(), work.now() + within
    bought = [line for line in quote.lines if line.counts]
    costs = costs_of(work, [(line.merchant_id, line.sku_id) for line in bought])
    orders = [
        _order(work, group, checkout_id, recipient, notes.get(group.merchant_id, ""))
        for group in quote.groups
        if any(line.counts for line in group.lines)
    ]
    _number(work, orders)
    _add_lines(work, quote, orders, costs)
    intent_id = payments.ask(
        work,
        business=Business(BUSINESS, checkout_id),
        title=_title(bought),
        amount_fen=quote.total_fen,
        parts=[Part(order["id"], order["total_fen"]) for order in orders],
        expires_at=until,
        return_path=f"/checkouts/{checkout_id}",
        person_id=work.person_id,
    )
    add_rows(work, Checkout, [_checkout(work, checkout_id, intent_id, quote.total_fen, until)])
    work.session.execute(_BOUGHT, {"of_person": work.person_id, "skus": [line.sku_id for line in bought]})
    faults.point(work, "ordering.place.written")
    wanted = [Wanted(line.merchant_id, line.sku_id, line.quantity) for line in bought]
    catalogue.reserve(work, business_id=checkout_id, wanted=wanted, until=until + KEPT_LONGER)
    for order in orders:
        work.publish(OrderPlaced(order["merchant_id"], order["id"], work.person_id))
    return checkout_id


def _checkout(work: Work, checkout_id: UUID, intent_id: UUID, amount_fen: int, until: Any) -> dict[str, Any]:
    return {
        "person_id": work.person_id,
        "id": checkout_id,
        "intent_id": intent_id,
        "state": CheckoutState.OPEN.value,
        "amount_fen": amount_fen,
        "created_at": work.now(),
        "expires_at": until,
        "ended_at": None,
    }


def _title(bought: Sequence[CartLine]) -> str:
    """What the cashier shows."""
    if len(bought) == 1:
        return bought[0].name
    pieces = sum(line.quantity for line in bought)
    return str(say("%(name)s 等 %(count)s 件", name=bought[0].name, count=pieces))


def _order(work: Work, group: CartGroup, checkout_id: UUID, recipient: Recipient, note: str) -> dict[str, Any]:
    return {
        "merchant_id": group.merchant_id,
        "id": new_id(),
        "person_id": work.person_id,
        "checkout_id": checkout_id,
        "merchant_name": group.merchant_name,
        "state": OrderState.UNPAID.value,
        "goods_fen": group.goods_fen,
        "freight_fen": group.freight_fen,
        "total_fen": group.goods_fen + group.freight_fen,
        "refunded_fen": 0,
        "pieces": sum(line.quantity for line in group.lines if line.counts),
        "recipient": recipient.name,
        "phone": recipient.phone,
        "region_code": recipient.region_code,
        "region_names": list(recipient.region_names),
        "detail": recipient.detail,
        "buyer_note": note,
        "open_cases": 0,
        "placed_at": work.now(),
    }


def _number(work: Work, orders: Sequence[dict[str, Any]]) -> None:
    """Write the orders; a number that a merchant has already is drawn anew."""
    missing = list(orders)
    for _attempt in range(_NUMBERS):
        for order in missing:
            order["number"] = new_number(work.now())
        written = set(work.session.execute(_ORDERS, missing).scalars())
        missing = [order for order in missing if order["id"] not in written]
        if not missing:
            return
    raise Busy


def _add_lines(work: Work, quote: CartQuote, orders: Sequence[dict[str, Any]], costs: Mapping[UUID, Cost]) -> None:
    lines: list[dict[str, Any]] = []
    prices: list[dict[str, Any]] = []
    by_merchant = {order["merchant_id"]: order for order in orders}
    for group in quote.groups:
        for nth, line in enumerate((one for one in group.lines if one.counts), 1):
            cost = costs.get(line.sku_id)
            if cost is None:
                raise errors.NotOnSale
            lines.append(_line(work, by_merchant[group.merchant_id]["id"], nth, line, cost))
            prices.append(
                {
                    "merchant_id": line.merchant_id,
                    "line_id": lines[-1]["id"],
                    "order_id": lines[-1]["order_id"],
                    "terms_id": cost.terms_id,
                    "supply_fen": cost.supply_fen,
                }
            )
    add_rows(work, OrderLine, lines)
    add_rows(work, OrderCost, prices)
    add_rows(work, OrderEvent, [_placed(work, order) for order in orders])


def _line(work: Work, order_id: UUID, nth: int, line: CartLine, cost: Cost) -> dict[str, Any]:
    counters = ("shipped", "cancelled", "returned", "blocked", "refunded_goods_fen", "refunded_freight_fen")
    return {
        "merchant_id": line.merchant_id,
        "id": new_id(),
        "order_id": order_id,
        "person_id": work.person_id,
        "nth": nth,
        "product_id": line.product_id,
        "sku_id": line.sku_id,
        "name": line.name,
        "choice": line.choice,
        "picture": line.picture,
        "code": cost.code,
        "grams": line.grams,
        "returnable": line.returnable,
        "quantity": line.quantity,
        "unit_fen": line.unit_fen,
        "goods_fen": line.goods_fen,
        "freight_fen": line.freight_fen,
        **dict.fromkeys(counters, 0),
    }


def _placed(work: Work, order: dict[str, Any]) -> dict[str, Any]:
    return {
        "merchant_id": order["merchant_id"],
        "id": new_id(),
        "order_id": order["id"],
        "person_id": work.person_id,
        "kind": Happening.PLACED.value,
        "note": "",
        "at": work.now(),
        "by_kind": "buyer",
    }
