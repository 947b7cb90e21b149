"""A store's rules of paying, for acts and pages."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.bills.models import BillRules
from portal.domain.bills.values import Rules
from portal.kernel.work import Work


def rules_of(work: Work, store_id: UUID) -> Rules:
    """What the store has set, or the usual."""
    query = select(BillRules).where(BillRules.merchant_id == work.merchant_id, BillRules.store_id == store_id)
    row = work.session.scalars(query).one_or_none()
    return Rules() if row is None else Rules(row.free_fen, row.paper_mm)
