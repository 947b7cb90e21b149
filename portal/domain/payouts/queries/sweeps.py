"""What waits for the worker."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.payments.queries import waiting_counts
from portal.domain.payouts.models import PayoutAttempt, WithdrawalRow
from portal.domain.payouts.values import OPEN, WithdrawalState
from portal.domain.reference.queries import proposed
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

SWEEP = 100


def waiting_orders(work: Work) -> list[UUID]:
    """Approved withdrawals that are not at the bank yet; their job may have been lost."""
    asked = select(WithdrawalRow.id).where(WithdrawalRow.state == WithdrawalState.APPROVED.value)
    return list(work.session.scalars(asked.order_by(WithdrawalRow.id).limit(SWEEP)))


@dataclass(frozen=True)
class Waiting:
    """What of money waits for people: withdrawals for an approval, proposals for a second person, payments."""

    payouts: int
    terms: int
    payments: int


def waiting(work: Work) -> Waiting:
    """All of it in one question, because every page of the platform asks."""
    work.require(Permission.PAYOUT_VIEW)
    open_now = WithdrawalRow.state.in_([state.value for state in OPEN])
    withdrawals = select(func.count()).select_from(WithdrawalRow).where(open_now).scalar_subquery()
    payouts, terms, *payments = work.session.execute(select(withdrawals, proposed(), *waiting_counts())).one()
    return Waiting(payouts, terms, sum(payments))


def due_attempts(work: Work) -> list[UUID]:
    """Orders the bank is to be asked about, the longest waiting first."""
    asked = select(PayoutAttempt.id).where(PayoutAttempt.ask_at <= work.now())
    return list(work.session.scalars(asked.order_by(PayoutAttempt.ask_at).limit(SWEEP)))
