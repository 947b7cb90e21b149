"""Carts and orders, made by the portal's own acts: from the cart to the payment, and on to any state."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, tuple_

from portal.domain.ordering import actions, queries
from portal.domain.ordering.models import Checkout, Order, OrderLine
from portal.domain.ordering.queries.cart import CartQuote
from portal.domain.ordering.values import Recipient
from portal.domain.payments.models import PaymentAttempt
from portal.domain.sandbox.values import MERCHANT_NO
from portal.kernel.database import new_id
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.catalogue import MadeProduct
from tests.factories.payments import Payments
from tests.factories.persons import MadePerson

PLACE = Recipient(
    "陈静", "15400010001", "441900004", ("广东省", "东莞市", "东莞市", "南城街道"), "体育路 8 号 3 栋 602"
)
Wish = tuple[MadeProduct, int] | tuple[MadeProduct, int, int]
"""A product, pieces, and which of its SKUs (the first when nothing is said)."""


@dataclass(frozen=True)
class MadeOrder:
    """An order a test knows; `lines` are the ids of its lines in order."""

    id: UUID
    merchant_id: UUID
    number: str
    person: MadePerson
    checkout_id: UUID
    intent_id: UUID
    total_fen: int
    lines: tuple[UUID, ...]

    def pieces(self, *counts: int) -> dict[UUID, int]:
        """So many of the first line, of the second, …"""
        return dict(zip(self.lines, counts, strict=False))


class Orders(Payments):
    """Makers of carts and orders."""

    def in_cart(self, person: MadePerson, *wishes: Wish) -> CartQuote:
        """These things lie in the person's cart; how it stands."""
        with self.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
            for product, quantity, *which in wishes:
                sku = product.skus[which[0] if which else 0]
                actions.add(work, product_id=product.id, sku_id=sku, quantity=quantity)
            return queries.quote(work)

    def placed(
        self, person: MadePerson, *wishes: Wish, recipient: Recipient = PLACE, note: str = ""
    ) -> tuple[MadeOrder, ...]:
        """Put in, and ordered: one order for each merchant, waiting for the one payment, in the order of the cart."""
        if wishes:
            self.in_cart(person, *wishes)
        with self.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
            quote = queries.quote(work, region_code=recipient.region_code, only_chosen=True)
            notes = {group.merchant_id: note for group in quote.groups} if note else {}
            checkout = actions.place(work, recipient=recipient, shown_fen=quote.total_fen, mark=quote.mark, notes=notes)
        return self.orders_of(person, checkout)

    def orders_of(self, person: MadePerson, checkout_id: UUID) -> tuple[MadeOrder, ...]:
        """The orders of a checkout."""
        with self.work(Face.JOB) as work:
            query = select(Order, Checkout.intent_id).join(Checkout, Checkout.id == Order.checkout_id)
            rows = work.session.execute(query.where(Checkout.id == checkout_id).order_by(Order.id)).all()
            lines: dict[UUID, tuple[UUID, ...]] = {}
            theirs = tuple_(OrderLine.merchant_id, OrderLine.order_id)
            inside = select(OrderLine.order_id, OrderLine.id)
            inside = inside.where(theirs.in_([(order.merchant_id, order.id) for order, _intent in rows]))
            for order_id, line_id in work.session.execute(inside.order_by(OrderLine.nth)):
                lines[order_id] = (*lines.get(order_id, ()), line_id)
            return tuple(
                MadeOrder(
                    order.id,
                    order.merchant_id,
                    order.number,
                    person,
                    checkout_id,
                    intent or checkout_id,
                    order.total_fen,
                    lines[order.id],
                )
                for order, intent in rows
            )

    def last_orders(self, person: MadePerson) -> tuple[MadeOrder, ...]:
        """What the person ordered last, one for each merchant; nothing when he never did."""
        with self.work(Face.JOB) as work:
            newest = select(Checkout.id).where(Checkout.person_id == person.id).order_by(Checkout.id.desc()).limit(1)
            checkout_id = work.session.scalars(newest).one_or_none()
        return self.orders_of(person, checkout_id) if checkout_id else ()

    def pay(self, order: MadeOrder, *, notice: str | None = None) -> str:
        """The payment of this order's checkout succeeds; what became of the notice."""
        with self.work(Face.JOB) as work:
            amount = work.session.scalars(select(Checkout.amount_fen).where(Checkout.id == order.checkout_id)).one()
        return self.told(self.paid_fact(self.attempt(order.person, order.intent_id), amount), notice)

    def pay_late(self, order: MadeOrder) -> str:
        """Money comes after all, by a try that was begun before the payment ended; what became of the notice."""
        with self.work(Face.JOB) as work:
            amount = work.session.scalars(select(Checkout.amount_fen).where(Checkout.id == order.checkout_id)).one()
            attempt = new_id()
            row = PaymentAttempt(
                person_id=order.person.id,
                id=attempt,
                intent_id=order.intent_id,
                nth=99,
                provider="sandbox",
                merchant_no=MERCHANT_NO,
                state="waiting",
                provider_no="",
                asked=0,
                created_at=work.now(),
                ask_at=None,
            )
            work.session.add(row)
        return self.told(self.paid_fact(attempt, amount))

    def orders(self, person: MadePerson, *wishes: Wish, paid: bool = True, **how: object) -> tuple[MadeOrder, ...]:
        """Ordered and, unless said otherwise, paid; one order for each merchant."""
        made = self.placed(person, *wishes, **how)  # type: ignore[arg-type]
        if paid:
            self.pay(made[0])
        return made

    def order(
        self,
        person: MadePerson,
        *wishes: Wish,
        paid: bool = True,
        shipped: bool = False,
        received: bool = False,
        **how: object,
    ) -> MadeOrder:
        """One order of one merchant, brought as far as asked; paid when nothing is said."""
        (made,) = self.orders(person, *wishes, paid=paid, **how)
        if shipped or received:
            self.shipped(made)
        if received:
            self.received(made)
        return made

    def shipped(self, order: MadeOrder, *counts: int) -> None:
        """So many pieces of each line leave; all of them when nothing is said."""
        with self.work(Face.JOB) as work:
            left = {line.id: line.to_ship for line in queries.order(work, order.merchant_id, order.id).lines}
            actions.mark_shipped(work, order.merchant_id, order.id, order.pieces(*counts) if counts else left)

    def received(self, order: MadeOrder) -> None:
        """The buyer says he has it."""
        with self.work(Face.PERSON, person=order.person.id, kind=ActorKind.PERSON) as work:
            actions.confirm_received(work, order.id)

    def completed(self, order: MadeOrder) -> bool:
        """The time for claims passes (the clock moves eight days), and the worker looks."""
        self.clock.advance(days=8)
        with self.work(Face.JOB) as work:
            return actions.complete_due(work, order.merchant_id, order.id)

    def order_now(self, order: MadeOrder) -> queries.OrderShown:
        """How it stands."""
        with self.work(Face.JOB) as work:
            return queries.order(work, order.merchant_id, order.id)
