"""The only ways to one withdrawal and one order at the bank. The withdrawal's row is locked first, always."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.payouts.models import PayoutAttempt, WithdrawalRow
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


def access_withdrawal(work: Work, withdrawal_id: UUID, *, lock: bool = False) -> WithdrawalRow:
    """One withdrawal in sight. Raises NotFound; `lock` is for the worker's face only."""
    query = select(WithdrawalRow).where(WithdrawalRow.id == withdrawal_id).execution_options(populate_existing=True)
    found = work.session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound
    return found


def access_attempt(work: Work, attempt_id: UUID, *, lock: bool = False) -> tuple[WithdrawalRow, PayoutAttempt]:
    """An order at the bank with its withdrawal, both held by the withdrawal's lock. Raises NotFound."""
    withdrawal_id = work.session.scalar(select(PayoutAttempt.withdrawal_id).where(PayoutAttempt.id == attempt_id))
    if withdrawal_id is None:
        raise NotFound
    row = access_withdrawal(work, withdrawal_id, lock=lock)
    query = select(PayoutAttempt).where(PayoutAttempt.merchant_id == row.merchant_id, PayoutAttempt.id == attempt_id)
    return row, work.session.scalars(query.execution_options(populate_existing=True)).one()
