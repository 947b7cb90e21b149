"""Withdrawals for pages, as frozen facts: the merchant's own, and the platform's queue with what to look at twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.payouts import rules
from portal.domain.payouts.access import access_withdrawal
from portal.domain.payouts.models import PayoutAttempt, StepRow, WithdrawalRow
from portal.domain.payouts.queries.desk import account_since
from portal.domain.payouts.values import (
    OPEN,
    TABS,
    Attempt,
    AttemptState,
    Step,
    StepKind,
    Tab,
    Withdrawal,
    WithdrawalLine,
    WithdrawalState,
)
from portal.domain.tenants.models import Merchant
from portal.domain.tenants.values import MerchantState
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

PAGE = 30
MOST_EXPORTED = 50_000
SEE = Permission.PAYOUT_VIEW


@dataclass(frozen=True)
class Asked:
    """Which withdrawals: by state, by the local days they were asked on (both included), by a merchant's name."""

    states: tuple[WithdrawalState, ...] = ()
    since: date | None = None
    until: date | None = None
    words: str = ""


@dataclass(frozen=True)
class Totals:
    """How many there are in a tab of the queue, and of how much."""

    count: int
    amount_fen: int


def own(work: Work, asked: Asked, *, after: UUID | None, most: int = PAGE) -> tuple[tuple[WithdrawalLine, ...], bool]:
    """Those of the merchant of this office, the latest first, and whether there are more."""
    work.require(Permission.FUNDS_VIEW)
    query = _wanted(select(WithdrawalRow), asked)
    if after is not None:
        query = query.where(WithdrawalRow.id < after)
    rows = list(work.session.scalars(query.order_by(WithdrawalRow.id.desc()).limit(most + 1)))
    return tuple(_line(row, "") for row in rows[:most]), len(rows) > most


def own_one(work: Work, withdrawal_id: UUID) -> Withdrawal:
    """One of his with all that happened; people of the platform stay unnamed. Raises NotFound."""
    work.require(Permission.FUNDS_VIEW)
    row = access_withdrawal(work, withdrawal_id)
    return _whole(work, row, _line(row, ""))


def queue(
    work: Work, asked: Asked, *, after: UUID | None, oldest: bool, most: int = PAGE
) -> tuple[tuple[WithdrawalLine, ...], bool]:
    """The platform's queue: what waits longest first (`oldest`), else the latest; and whether there are more."""
    work.require(SEE)
    query = _wanted(_named(), asked)
    if asked.words:
        query = query.where(Merchant.name.contains(asked.words, autoescape=True))
    if after is not None:
        query = query.where(WithdrawalRow.id > after if oldest else WithdrawalRow.id < after)
    order = WithdrawalRow.id if oldest else WithdrawalRow.id.desc()
    rows = work.session.execute(query.order_by(order).limit(most + 1)).all()
    return _hinted(work, rows[:most]), len(rows) > most


def queue_counts(work: Work) -> dict[Tab, Totals]:
    """How much there is in each tab."""
    work.require(SEE)
    asked = select(WithdrawalRow.state, func.count(), func.sum(WithdrawalRow.amount_fen)).group_by(WithdrawalRow.state)
    found = {WithdrawalState(state): (count, int(total)) for state, count, total in work.session.execute(asked)}
    sums = {tab: [found[state] for state in states if state in found] for tab, states in TABS.items()}
    return {tab: Totals(sum(one[0] for one in some), sum(one[1] for one in some)) for tab, some in sums.items()}


def queue_one(work: Work, withdrawal_id: UUID) -> Withdrawal:
    """One with all that happened and what to look at twice. Raises NotFound."""
    work.require(SEE)
    rows = work.session.execute(_named().where(WithdrawalRow.id == withdrawal_id)).all()
    if not rows:
        raise NotFound
    row, line = rows[0][0], _hinted(work, rows)[0]
    moved = line.open and account_since(work, row.merchant_id) != row.account_since
    return replace(_whole(work, row, line), account_moved=moved)


def _named() -> Any:
    merchant = Merchant.id == WithdrawalRow.merchant_id
    return select(WithdrawalRow, Merchant.name, Merchant.state).join(Merchant, merchant)


def _wanted(query: Any, asked: Asked) -> Any:
    if asked.states:
        query = query.where(WithdrawalRow.state.in_([state.value for state in asked.states]))
    if asked.since is not None:
        query = query.where(WithdrawalRow.asked_at >= _midnight(asked.since))
    if asked.until is not None:
        query = query.where(WithdrawalRow.asked_at < _midnight(asked.until + timedelta(days=1)))
    return query


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def _hinted(work: Work, rows: Sequence[Any]) -> tuple[WithdrawalLine, ...]:
    """Lines with hints, from one question for all of them together."""
    owners = {row[0].merchant_id for row in rows if WithdrawalState(row[0].state) in OPEN}
    past: dict[UUID, list[Any]] = {row[0].merchant_id: [] for row in rows}
    if not owners:
        return tuple(_line(row[0], row[1]) for row in rows)
    ended = (WithdrawalState.PAID.value, WithdrawalState.RETURNED.value)
    asked = (
        select(WithdrawalRow.merchant_id, WithdrawalRow.state, func.count(), func.sum(WithdrawalRow.amount_fen))
        .where(WithdrawalRow.merchant_id.in_(owners), WithdrawalRow.state.in_(ended))
        .group_by(WithdrawalRow.merchant_id, WithdrawalRow.state)
    )
    for owner, *figures in work.session.execute(asked):
        past[owner].append(figures)
    return tuple(_with_hints(work, row[0], row[1], row[2], past[row[0].merchant_id]) for row in rows)


def _with_hints(work: Work, row: WithdrawalRow, name: str, state: str, past: list[Any]) -> WithdrawalLine:
    line = _line(row, name)
    if not line.open:
        return line
    paid = next(((count, int(total)) for ended, count, total in past if ended == WithdrawalState.PAID), (0, 0))
    returned = next((count for ended, count, _total in past if ended == WithdrawalState.RETURNED), 0)
    hints = rules.hints_of(
        row.amount_fen,
        account_age=row.asked_at - row.account_since,
        paid=paid,
        returned=returned,
        active=state == MerchantState.ACTIVE,
    )
    return replace(line, hints=hints, mine_before=row.first_by is not None and row.first_by == work.actor.person_id)


def _line(row: WithdrawalRow, merchant_name: str) -> WithdrawalLine:
    return WithdrawalLine(
        *(row.id, row.merchant_id, merchant_name, WithdrawalState(row.state), row.amount_fen, row.fee_fen),
        *(row.bank_name, row.bank_last4, row.second_needed, row.asked_at, row.ended_at, row.reason),
    )


def _whole(work: Work, row: WithdrawalRow, line: WithdrawalLine) -> Withdrawal:
    steps = select(StepRow).where(StepRow.merchant_id == row.merchant_id, StepRow.withdrawal_id == row.id)
    tries = select(PayoutAttempt).where(
        PayoutAttempt.merchant_id == row.merchant_id, PayoutAttempt.withdrawal_id == row.id
    )
    sent = line.state in (WithdrawalState.ORDERED, WithdrawalState.PAID, WithdrawalState.RETURNED)
    return Withdrawal(
        line,
        row.bank_holder,
        row.account_since,
        row.asked_by,
        tuple(_step(one) for one in work.session.scalars(steps.order_by(StepRow.id))),
        tuple(_attempt(one) for one in work.session.scalars(tries.order_by(PayoutAttempt.nth))) if sent else (),
    )


def _step(row: StepRow) -> Step:
    return Step(StepKind(row.kind), row.at, row.actor_kind, row.actor_id, row.who, row.note)


def _attempt(row: PayoutAttempt) -> Attempt:
    facts = (row.bank_no, row.asked, row.created_at, row.told_at, row.ask_at)
    return Attempt(row.id, row.nth, row.bank, AttemptState(row.state), *facts)
