"""The only ways to one earning and to all of one escrow; the worker's face alone."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from portal.domain.earnings.models import Earning
from portal.domain.ledger.values import Business
from portal.kernel.work import Work


def access_turn(work: Work, subject_id: UUID) -> None:
    """Whoever earns from or returns to this escrow as well waits until this Work has ended."""
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"earnings/{subject_id}", 0))))


def access_earning(work: Work, merchant_id: UUID, business: Business, nth: int) -> Earning | None:
    """What was booked for this act, or None."""
    mine = (Earning.merchant_id == merchant_id, Earning.business_type == business.type)
    query = select(Earning).where(*mine, Earning.business_id == business.id, Earning.nth == nth)
    return work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def access_earnings(work: Work, merchant_id: UUID, subject_id: UUID) -> list[Earning]:
    """All that was earned from one escrow, the first one first."""
    query = select(Earning).where(Earning.merchant_id == merchant_id, Earning.subject_id == subject_id)
    query = query.order_by(Earning.earned_at, Earning.id).execution_options(populate_existing=True)
    return list(work.session.scalars(query))
