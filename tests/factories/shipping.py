"""Parcels and what stands beside them, made by the portal's own acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from portal.domain.shipping import actions, queries
from portal.domain.shipping.actions import Sending, Sent
from portal.domain.shipping.queries import OrderPage
from portal.domain.shipping.values import Answer, ParcelShown, Shortage
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.base import Maker
from tests.factories.ordering import PLACE, MadeOrder, Recipient

ELSEWHERE = Recipient("陈静", "15400010001", "441900107", ("广东省", "东莞市", "东莞市", "石排镇"), "庙边王工业区 2 号")


class Shipping(Maker):
    """Makers of parcels."""

    def tracking(self, at: int = 0) -> str:
        """A number of 顺丰, always another one."""
        return f"SF{1_000_000_000_000 + at * 7 + next(self.numbers) * 10_000}"

    def parcel(
        self, *orders: MadeOrder, number: str = "", carrier: str = "", pieces: Mapping[UUID, int] | None = None
    ) -> UUID:
        """These orders leave in one parcel; its id."""
        with self.work(Face.OFFICE, merchant=orders[0].merchant_id, kind=ActorKind.STAFF) as work:
            ids = [order.id for order in orders]
            return actions.ship(work, ids, number=number or self.tracking(), carrier=carrier, pieces=pieces)

    def sent(self, merchant_id: UUID, rows: Sequence[Sending]) -> Sent:
        """Many rows leave in one go."""
        with self.work(Face.OFFICE, merchant=merchant_id, kind=ActorKind.STAFF) as work:
            return actions.ship_many(work, rows)

    def order_page(self, order: MadeOrder) -> OrderPage:
        """The order as its merchant sees it."""
        with self.work(Face.OFFICE, merchant=order.merchant_id) as work:
            return queries.order_page(work, order.id)

    def parcels(self, order: MadeOrder) -> tuple[ParcelShown, ...]:
        """Its parcels as its buyer sees them."""
        with self.work(Face.PERSON, person=order.person.id) as work:
            return queries.parcels_of(work, [order.id], may=Permission.ORDER_BUY)

    def printed(self, *orders: MadeOrder) -> None:
        """Their labels went to the printer."""
        with self.work(Face.OFFICE, merchant=orders[0].merchant_id) as work:
            actions.mark_printed(work, [order.id for order in orders])

    def address_asked(self, order: MadeOrder, wanted: Recipient = ELSEWHERE, note: str = "搬家了") -> UUID:
        """The buyer wants it sent elsewhere."""
        with self.work(Face.PERSON, person=order.person.id, kind=ActorKind.PERSON) as work:
            return actions.ask_address(work, order.id, wanted=wanted, note=note)

    def short(self, order: MadeOrder, kind: Shortage = Shortage.NEVER, line: int = 0, **how: object) -> UUID:
        """The merchant does not have a line."""
        with self.work(Face.OFFICE, merchant=order.merchant_id, kind=ActorKind.STAFF) as work:
            return actions.report(work, order.id, order.lines[line], kind=kind, **how)  # type: ignore[arg-type]

    def short_answered(self, order: MadeOrder, report: UUID, answer: Answer) -> None:
        """The buyer chooses."""
        with self.work(Face.PERSON, person=order.person.id, kind=ActorKind.PERSON) as work:
            actions.answer_shortage(work, report, answer)


__all__ = ["ELSEWHERE", "PLACE", "Shipping"]
