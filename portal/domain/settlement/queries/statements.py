"""Statements as both sides see them, and what a merchant can expect of orders that are not settled yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Numeric, cast, func, select

from portal.domain.ordering.models import Order, OrderCost, OrderLine
from portal.domain.ordering.values import OrderState
from portal.domain.settlement import rules
from portal.domain.settlement.models import Settlement, Statement, StatementTerms, StatementWord
from portal.domain.settlement.values import (
    OPEN,
    Cycle,
    Period,
    Spoken,
    StatementShown,
    StatementState,
    Terms,
    Word,
)
from portal.domain.tenants.models import Merchant
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.spoken import local_day
from portal.kernel.work import Work

VIEW = Permission.STATEMENT_VIEW
PAGE = 50
SWEEP = 500
UNSETTLED = (OrderState.PAID, OrderState.PARTLY, OrderState.SHIPPED, OrderState.RECEIVED)


@dataclass(frozen=True)
class Awaited:
    """What paid orders will bring when nothing more is refunded."""

    orders: int
    due_fen: int


def number_of(statement_id: UUID, first: date) -> str:
    """What people call a statement: its first day and the end of its id."""
    return f"DZ{first:%Y%m%d}-{statement_id.hex[-4:].upper()}"


def period_of(row: Statement) -> Period:
    """The days of a statement."""
    return Period(row.first_day, row.last_day)


def due_settlements(work: Work) -> list[tuple[UUID, UUID]]:
    """Completed orders that wait to be settled, the earliest first: (merchant, order). For the worker."""
    query = select(Settlement.merchant_id, Settlement.order_id).where(Settlement.settled_at.is_(None))
    rows = work.session.execute(query.order_by(Settlement.completed_at).limit(SWEEP))
    return [(row[0], row[1]) for row in rows]


def terms_of(work: Work, merchants: Iterable[UUID]) -> dict[UUID, tuple[tuple[date, Cycle], ...]]:
    """For each merchant with terms of its own: from which day which cycle."""
    found: dict[UUID, tuple[tuple[date, Cycle], ...]] = {}
    query = select(StatementTerms).where(StatementTerms.merchant_id.in_(list(merchants)))
    for row in work.session.scalars(query.order_by(StatementTerms.from_day)):
        found[row.merchant_id] = (*found.get(row.merchant_id, ()), (row.from_day, Cycle(row.cycle)))
    return found


def terms(work: Work, merchant_id: UUID) -> tuple[Terms, ...]:
    """What was set for a merchant, the latest first."""
    work.require(VIEW)
    query = select(StatementTerms).where(StatementTerms.merchant_id == merchant_id)
    rows = work.session.scalars(query.order_by(StatementTerms.from_day.desc()))
    return tuple(Terms(row.from_day, Cycle(row.cycle), row.set_at) for row in rows)


def running(work: Work, merchant_id: UUID) -> tuple[Period, Cycle]:
    """The period that runs today, and its cycle."""
    work.require(VIEW)
    known = terms_of(work, [merchant_id]).get(merchant_id, ())
    return rules.period_of(local_day(work.now()), known)


def statements(
    work: Work, *, state: StatementState | None = None, merchant_id: UUID | None = None, after: UUID | None = None
) -> tuple[tuple[StatementShown, ...], bool]:
    """The latest first, and whether there are more; an office sees its own."""
    work.require(VIEW)
    query = _shown().order_by(Statement.id.desc()).limit(PAGE + 1)
    if state is not None:
        query = query.where(Statement.state == state.value)
    if merchant_id is not None:
        query = query.where(Statement.merchant_id == merchant_id)
    if after is not None:
        query = query.where(Statement.id < after)
    rows = work.session.execute(query).all()
    return tuple(_line(row[0], row[1]) for row in rows[:PAGE]), len(rows) > PAGE


def statement(work: Work, statement_id: UUID) -> StatementShown:
    """One with everything that was said. Raises NotFound."""
    work.require(VIEW)
    asked = _shown().where(Statement.id == statement_id)
    if work.scope.merchant_id is not None:
        asked = asked.where(Statement.merchant_id == work.scope.merchant_id)
    found = work.session.execute(asked).one_or_none()
    if found is None:
        raise NotFound
    row, name = found
    query = select(StatementWord).where(
        StatementWord.merchant_id == row.merchant_id, StatementWord.statement_id == row.id
    )
    said = tuple(
        Word(Spoken(one.kind), one.by_kind, one.note, tuple(map(UUID, one.refs)), one.given_fen, one.at)
        for one in work.session.scalars(query.order_by(StatementWord.id))
    )
    return _line(row, name, said)


def waiting_count(work: Work) -> int:
    """How many wait for the one who looks: disputes for the platform, open ones for a merchant."""
    states = OPEN if work.scope.merchant_id is not None else (StatementState.DISPUTED,)
    query = select(func.count()).select_from(Statement).where(Statement.state.in_([one.value for one in states]))
    return int(work.session.scalar(query) or 0)


def awaited(work: Work, merchant_id: UUID) -> Awaited:
    """待结算: what the merchant is due of paid orders whose time for claims is not over, by the rule of settlement."""
    order, line, cost = Order, OrderLine, OrderCost
    supply = cast(cost.supply_fen * line.quantity, Numeric)
    kept = supply - func.coalesce(func.div(supply * line.refunded_goods_fen, func.nullif(line.goods_fen, 0)), 0)
    due = kept + line.freight_fen - line.refunded_freight_fen
    query = (
        select(func.count(func.distinct(order.id)), func.coalesce(func.sum(due), 0))
        .join(line, (line.merchant_id == order.merchant_id) & (line.order_id == order.id))
        .join(cost, (cost.merchant_id == line.merchant_id) & (cost.line_id == line.id))
        .where(order.merchant_id == merchant_id, order.state.in_([one.value for one in UNSETTLED]))
    )
    orders, total = work.session.execute(query).one()
    return Awaited(int(orders), int(total))


def _shown() -> Any:
    return select(Statement, Merchant.name).join(Merchant, Merchant.id == Statement.merchant_id)


def _line(row: Statement, name: str, said: tuple[Word, ...] = ()) -> StatementShown:
    return StatementShown(
        merchant_id=row.merchant_id,
        merchant_name=name,
        id=row.id,
        number=number_of(row.id, row.first_day),
        period=period_of(row),
        cycle=Cycle(row.cycle),
        state=StatementState(row.state),
        issued_at=row.issued_at,
        confirm_by=row.confirm_by,
        ended_at=row.ended_at,
        words=said,
    )
