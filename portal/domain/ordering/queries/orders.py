"""Orders for pages, as frozen facts: one with its lines and timeline, a buyer's own list, what waits for the worker.

What a line costs the platform is in none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, or_, select

from portal.domain.ordering.access import access_checkout, access_order
from portal.domain.ordering.models import Order, OrderEvent, OrderLine
from portal.domain.ordering.values import (
    CheckoutState,
    CloseReason,
    Happening,
    LineShown,
    OrderShown,
    OrderState,
    Recipient,
)
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

PAGE: Final = 20
SWEEP: Final = 100
S = OrderState


class Tab(StrEnum):
    """The tabs of a buyer's list."""

    ALL = "all"
    UNPAID = "unpaid"
    TO_SHIP = "to_ship"
    ON_THE_WAY = "on_the_way"
    DONE = "done"
    CLOSED = "closed"


TABS: Final[dict[Tab, tuple[OrderState, ...]]] = {
    Tab.ALL: tuple(S),
    Tab.UNPAID: (S.UNPAID,),
    Tab.TO_SHIP: (S.PAID, S.PARTLY),
    Tab.ON_THE_WAY: (S.SHIPPED,),
    Tab.DONE: (S.RECEIVED, S.COMPLETED),
    Tab.CLOSED: (S.CLOSED,),
}


@dataclass(frozen=True)
class EventLine:
    """A line of the timeline. `by` is buyer, merchant, platform or system."""

    kind: Happening
    note: str
    at: datetime
    by: str


@dataclass(frozen=True)
class CheckoutShown:
    """What is paid at once."""

    id: UUID
    intent_id: UUID
    state: CheckoutState
    amount_fen: int
    expires_at: datetime
    orders: tuple[OrderShown, ...]


def order(work: Work, merchant_id: UUID, order_id: UUID) -> OrderShown:
    """One order with its lines, on any face that may see it; the caller asks for the right. Raises NotFound."""
    row = work.session.scalars(
        _fresh(select(Order).where(Order.merchant_id == merchant_id, Order.id == order_id))
    ).one_or_none()
    if row is None:
        raise NotFound
    return shown(work, [row])[0]


def my_order(work: Work, order_id: UUID) -> OrderShown:
    """One of the acting person's own. Raises NotFound."""
    return shown(work, [access_order(work, order_id, may=Permission.ORDER_BUY)])[0]


def timeline(work: Work, merchant_id: UUID, order_id: UUID) -> tuple[EventLine, ...]:
    """What happened to an order, the latest first; the caller asks for the right."""
    query = select(OrderEvent).where(OrderEvent.merchant_id == merchant_id, OrderEvent.order_id == order_id)
    rows = work.session.scalars(query.order_by(OrderEvent.id.desc()))
    return tuple(EventLine(Happening(row.kind), row.note, row.at, row.by_kind) for row in rows)


def checkout(work: Work, checkout_id: UUID) -> CheckoutShown:
    """One of the acting person's own, with its orders. Raises NotFound."""
    work.require(Permission.ORDER_BUY)
    row = access_checkout(work, work.person_id, checkout_id)
    query = select(Order).where(Order.checkout_id == checkout_id, Order.person_id == work.person_id)
    orders = shown(work, list(work.session.scalars(_fresh(query.order_by(Order.id)))))
    assert row.intent_id is not None
    return CheckoutShown(row.id, row.intent_id, CheckoutState(row.state), row.amount_fen, row.expires_at, orders)


def payment_of(work: Work, checkout_id: UUID) -> UUID:
    """Where one of the acting person's own checkouts is paid. Raises NotFound."""
    work.require(Permission.ORDER_BUY)
    intent_id = access_checkout(work, work.person_id, checkout_id).intent_id
    assert intent_id is not None
    return intent_id


def my_orders(
    work: Work, tab: Tab = Tab.ALL, *, words: str = "", after: UUID | None = None
) -> tuple[tuple[OrderShown, ...], bool]:
    """A page of the acting person's orders, the latest first, and whether there are more. `words` are part of a goods'
    or a merchant's name, or of a number.
    """
    work.require(Permission.ORDER_BUY)
    query = select(Order).where(Order.person_id == work.person_id)
    if tab is not Tab.ALL:
        query = query.where(Order.state.in_([state.value for state in TABS[tab]]))
    if words:
        query = query.where(_named(words))
    if after is not None:
        query = query.where(Order.id < after)
    rows = list(work.session.scalars(_fresh(query.order_by(Order.id.desc()).limit(PAGE + 1))))
    return shown(work, rows[:PAGE]), len(rows) > PAGE


def _named(words: str) -> Any:
    part = "%" + words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
    lines = and_(OrderLine.merchant_id == Order.merchant_id, OrderLine.order_id == Order.id)
    goods = exists().where(lines, or_(OrderLine.name.ilike(part), OrderLine.choice.ilike(part)))
    return or_(Order.number.like(part), Order.merchant_name.ilike(part), goods)


def my_counts(work: Work) -> dict[Tab, int]:
    """How many orders each tab holds."""
    work.require(Permission.ORDER_BUY)
    query = select(Order.state, func.count()).where(Order.person_id == work.person_id).group_by(Order.state)
    found = {state: int(number) for state, number in work.session.execute(query).all()}
    return {tab: sum(found.get(state.value, 0) for state in states) for tab, states in TABS.items()}


def shown(work: Work, rows: Sequence[Order]) -> tuple[OrderShown, ...]:
    """Orders with their lines, in the order given, in one statement."""
    if not rows:
        return ()
    lines: dict[UUID, list[LineShown]] = {row.id: [] for row in rows}
    query = select(OrderLine).where(OrderLine.order_id.in_(list(lines)))
    query = query.where(OrderLine.merchant_id.in_({row.merchant_id for row in rows}))
    for line in work.session.scalars(_fresh(query.order_by(OrderLine.order_id, OrderLine.nth))):
        lines[line.order_id].append(line_shown(line))
    return tuple(_shown(row, tuple(lines[row.id])) for row in rows)


def line_shown(row: OrderLine) -> LineShown:
    """A line as pages show it."""
    return LineShown(**{name: getattr(row, name) for name in LineShown.__dataclass_fields__})


_SAME: Final = frozenset(OrderShown.__dataclass_fields__) - {"state", "close_reason", "recipient", "lines"}


def _shown(row: Order, lines: tuple[LineShown, ...]) -> OrderShown:
    return OrderShown(
        state=OrderState(row.state),
        close_reason=CloseReason(row.close_reason) if row.close_reason else None,
        recipient=Recipient(row.recipient, row.phone, row.region_code, tuple(row.region_names), row.detail),
        lines=lines,
        **{name: getattr(row, name) for name in _SAME},
    )


def _fresh(query: Select[Any]) -> Select[Any]:
    return query.execution_options(populate_existing=True)


def due_to_receive(work: Work) -> list[tuple[UUID, UUID]]:
    """(merchant, order) whose time for receiving is over, the oldest first. For the worker."""
    query = select(Order.merchant_id, Order.id).where(Order.state == S.SHIPPED.value, Order.receive_by <= work.now())
    return _due(work, query.where(Order.open_cases == 0).order_by(Order.receive_by))


def due_to_complete(work: Work) -> list[tuple[UUID, UUID]]:
    """(merchant, order) whose time for claims is over, the oldest first. For the worker."""
    query = select(Order.merchant_id, Order.id).where(Order.state == S.RECEIVED.value, Order.claim_until <= work.now())
    return _due(work, query.where(Order.open_cases == 0).order_by(Order.claim_until))


def _due(work: Work, query: Any) -> list[tuple[UUID, UUID]]:
    return [(merchant_id, order_id) for merchant_id, order_id in work.session.execute(query.limit(SWEEP))]
