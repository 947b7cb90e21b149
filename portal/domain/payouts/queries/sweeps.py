"""What waits for the worker."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.payouts.models import PayoutAttempt, WithdrawalRow
from portal.domain.payouts.values import WithdrawalState
from portal.kernel.work import Work

SWEEP = 100


def waiting_orders(work: Work) -> list[UUID]:
    """Approved withdrawals that are not at the bank yet; their job may have been lost."""
    asked = select(WithdrawalRow.id).where(WithdrawalRow.state == WithdrawalState.APPROVED.value)
    return list(work.session.scalars(asked.order_by(WithdrawalRow.id).limit(SWEEP)))


def due_attempts(work: Work) -> list[UUID]:
    """Orders the bank is to be asked about, the longest waiting first."""
    asked = select(PayoutAttempt.id).where(PayoutAttempt.ask_at <= work.now())
    return list(work.session.scalars(asked.order_by(PayoutAttempt.ask_at).limit(SWEEP)))
