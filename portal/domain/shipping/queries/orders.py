"""One order as the merchant's people see it: lines at supply prices, the recipient, parcels, what is in the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from portal.domain.ordering.access import access_order
from portal.domain.ordering.models import Order, OrderCost, OrderEvent, OrderLine, OrderMark
from portal.domain.ordering.values import OPEN_STATES, Happening, OrderState, Recipient
from portal.domain.shipping.access import access_change, access_parcel, access_report
from portal.domain.shipping.models import AddressChange, ParcelLine, StockReport
from portal.domain.shipping.queries.parcels import parcels_of
from portal.domain.shipping.rules.standing import is_stale
from portal.domain.shipping.values import AddressShown, AddressState, Answer, ParcelShown, Shortage, ShortageShown
from portal.kernel import phones
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

REACHABLE: Final = (*OPEN_STATES, OrderState.SHIPPED, OrderState.RECEIVED)


@dataclass(frozen=True)
class LineToShip:
    """A line at its supply price."""

    id: UUID
    name: str
    choice: str
    code: str
    picture: str
    quantity: int
    shipped: int
    cancelled: int
    blocked: int
    returned: int
    supply_fen: int

    @property
    def to_ship(self) -> int:
        """Pieces that may leave now."""
        return self.quantity - self.cancelled - self.blocked - self.shipped


@dataclass(frozen=True)
class Marks:
    """What the merchant's people noted."""

    flag: int = 0
    note: str = ""
    picked_at: datetime | None = None
    printed_at: datetime | None = None
    prints: int = 0


@dataclass(frozen=True)
class OrderPage:
    """Everything the order's own page shows."""

    id: UUID
    number: str
    state: OrderState
    person_id: UUID
    recipient: Recipient
    buyer_note: str
    open_cases: int
    freight_fen: int
    placed_at: datetime
    paid_at: datetime | None
    ship_by: datetime | None
    closed_at: datetime | None
    lines: tuple[LineToShip, ...]
    marks: Marks
    events: tuple[tuple[datetime, Happening, str, str], ...]
    parcels: tuple[ParcelShown, ...]
    changes: tuple[AddressShown, ...]
    shortages: tuple[ShortageShown, ...]
    together: tuple[tuple[UUID, str], ...]

    @property
    def supply_fen(self) -> int:
        """What its pieces cost the platform, cancelled ones left out."""
        return sum(line.supply_fen * (line.quantity - line.cancelled) for line in self.lines)

    @property
    def is_open(self) -> bool:
        """Something is still to ship."""
        return self.state in OPEN_STATES

    @property
    def asked(self) -> AddressShown | None:
        """The change of address that waits for an answer."""
        return next((one for one in self.changes if one.state is AddressState.ASKED), None)

    @property
    def stale(self) -> bool:
        """The printed label shows the former address."""
        agreed = [one.decided_at for one in self.changes if one.state is AddressState.AGREED and one.decided_at]
        return is_stale(max(agreed, default=None), self.marks.printed_at)

    @property
    def blocked(self) -> int:
        """Pieces that somebody asks back."""
        return sum(line.blocked for line in self.lines)

    @property
    def to_ship(self) -> int:
        """Pieces that may leave now."""
        return sum(line.to_ship for line in self.lines)


def order_page(work: Work, order_id: UUID) -> OrderPage:
    """One order with everything. Raises NotFound when it is another's. The phone is whole for who ships, while he may
    need it.
    """
    order = access_order(work, order_id, may=Permission.ORDER_VIEW)
    whole = calls_for(order) and work.may(Permission.ORDER_SHIP)
    mark = work.session.scalars(select(OrderMark).where(*_of(OrderMark, order))).one_or_none()
    events = select(OrderEvent.at, OrderEvent.kind, OrderEvent.note, OrderEvent.by_kind).where(*_of(OrderEvent, order))
    rows = work.session.execute(events.order_by(OrderEvent.id)).all()
    return OrderPage(
        id=order.id,
        number=order.number,
        state=OrderState(order.state),
        person_id=order.person_id,
        recipient=recipient_of(order, whole=whole),
        buyer_note=order.buyer_note,
        open_cases=order.open_cases,
        freight_fen=order.freight_fen,
        placed_at=order.placed_at,
        paid_at=order.paid_at,
        ship_by=order.ship_by,
        closed_at=order.closed_at,
        lines=_lines(work, order),
        marks=Marks(mark.flag, mark.note, mark.picked_at, mark.printed_at, mark.prints) if mark else Marks(),
        events=tuple((at, Happening(kind), note, by) for at, kind, note, by in rows),
        parcels=parcels_of(work, [order.id], may=Permission.ORDER_VIEW),
        changes=tuple(
            one if whole else replace(one, before=veiled(one.before), wanted=veiled(one.wanted))
            for one in changes_of(work, order.id, may=Permission.ORDER_VIEW)
        ),
        shortages=shortages_of(work, order.id, may=Permission.ORDER_VIEW),
        together=_together(work, order),
    )


def calls_for(order: Order) -> bool:
    """Whether a courier or a case may call for the whole phone: paid, and not yet over."""
    return order.state in REACHABLE


def recipient_of(order: Order, *, whole: bool) -> Recipient:
    """Who gets it; with the whole phone or a masked one."""
    found = Recipient(order.recipient, order.phone, order.region_code, tuple(order.region_names), order.detail)
    return found if whole else veiled(found)


def veiled(recipient: Recipient) -> Recipient:
    """The same with a masked phone."""
    return replace(recipient, phone=phones.mask(recipient.phone))


def _of(model: Any, order: Order) -> tuple[Any, Any]:
    return model.merchant_id == order.merchant_id, model.order_id == order.id


def _lines(work: Work, order: Order) -> tuple[LineToShip, ...]:
    cost = (OrderCost.merchant_id == OrderLine.merchant_id) & (OrderCost.line_id == OrderLine.id)
    query = select(OrderLine, OrderCost.supply_fen).outerjoin(OrderCost, cost).where(*_of(OrderLine, order))
    return tuple(
        LineToShip(
            id=line.id,
            name=line.name,
            choice=line.choice,
            code=line.code,
            picture=line.picture,
            quantity=line.quantity,
            shipped=line.shipped,
            cancelled=line.cancelled,
            blocked=line.blocked,
            returned=line.returned,
            supply_fen=supply_fen or 0,
        )
        for line, supply_fen in work.session.execute(query.order_by(OrderLine.nth))
    )


def _together(work: Work, order: Order) -> tuple[tuple[UUID, str], ...]:
    """Other orders to ship that go to the same recipient."""
    if order.state not in OPEN_STATES:
        return ()
    query = (
        select(Order.id, Order.number)
        .where(Order.merchant_id == order.merchant_id, Order.phone == order.phone, Order.id != order.id)
        .where(Order.state.in_(OPEN_STATES), Order.person_id == order.person_id, Order.recipient == order.recipient)
        .where(Order.region_code == order.region_code, Order.detail == order.detail)
        .order_by(Order.id)
        .limit(20)
    )
    return tuple((one, number) for one, number in work.session.execute(query))


def twins(work: Work, order_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """The order and the others that may share its parcel, the order first."""
    order = access_order(work, order_id, may=Permission.ORDER_VIEW)
    return (order.id, order.number), *_together(work, order)


def changes_of(work: Work, order_id: UUID, *, may: Permission) -> tuple[AddressShown, ...]:
    """What was asked for, the newest first; in this face's reach."""
    work.require(may)
    query = select(AddressChange).where(AddressChange.order_id == order_id).order_by(AddressChange.id.desc()).limit(20)
    return tuple(
        AddressShown(
            id=row.id,
            order_id=row.order_id,
            state=AddressState(row.state),
            before=Recipient(**{**row.before, "region_names": tuple(row.before["region_names"])}),
            wanted=Recipient(row.recipient, row.phone, row.region_code, tuple(row.region_names), row.detail),
            note=row.note,
            reason=row.reason,
            asked_at=row.asked_at,
            decided_at=row.decided_at,
        )
        for row in work.session.scalars(query)
    )


def shortages_of(work: Work, order_id: UUID, *, may: Permission) -> tuple[ShortageShown, ...]:
    """Reports of goods that are not there, the newest first; in this face's reach."""
    work.require(may)
    query = select(StockReport).where(StockReport.order_id == order_id).order_by(StockReport.id.desc()).limit(40)
    return tuple(
        ShortageShown(
            id=row.id,
            order_id=row.order_id,
            line_id=row.line_id,
            kind=Shortage(row.kind),
            until=row.until,
            pieces=row.pieces,
            note=row.note,
            answer=Answer(row.answer) if row.answer else None,
            reported_at=row.reported_at,
            answered_at=row.answered_at,
            ended_at=row.ended_at,
        )
        for row in work.session.scalars(query)
    )


def order_of_parcel(work: Work, parcel_id: UUID) -> UUID:
    """The first order with pieces in this parcel. Raises NotFound when it is another's."""
    parcel = access_parcel(work, parcel_id, may=Permission.ORDER_VIEW)
    query = select(ParcelLine.order_id).where(
        ParcelLine.merchant_id == parcel.merchant_id, ParcelLine.parcel_id == parcel.id
    )
    return work.session.execute(query.order_by(ParcelLine.order_id).limit(1)).scalar_one()


def order_of_change(work: Work, change_id: UUID, *, may: Permission = Permission.ORDER_VIEW) -> UUID:
    """The order of an asked change of address. Raises NotFound when it is another's."""
    return access_change(work, change_id, may=may).order_id


def order_of_report(work: Work, report_id: UUID, *, may: Permission = Permission.ORDER_VIEW) -> UUID:
    """The order of a report of goods that are not there. Raises NotFound when it is another's."""
    return access_report(work, report_id, may=may).order_id
