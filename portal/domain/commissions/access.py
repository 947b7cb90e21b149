"""The only ways to one rule and to the entries of one booking or pass."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.commissions.models import CommissionEntry, CommissionRule
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


def access_rule(work: Work, rule_id: UUID) -> CommissionRule:
    """A rule of this office that is in force, held. Raises NotFound, also when its store is out of reach."""
    work.require(Permission.COMMISSION_EDIT)
    query = select(CommissionRule).where(
        CommissionRule.merchant_id == work.merchant_id,
        CommissionRule.id == rule_id,
        CommissionRule.ended_at.is_(None),
    )
    found = work.session.scalars(query.with_for_update()).one_or_none()
    if found is None or (found.store_id is not None and not work.scope.covers_store(found.store_id)):
        raise NotFound
    return found


def access_entry(work: Work, entry_id: UUID) -> CommissionEntry:
    """An entry of this office, of a store in reach. Raises NotFound."""
    work.require(Permission.COMMISSION_EDIT)
    query = select(CommissionEntry).where(
        CommissionEntry.merchant_id == work.merchant_id,
        CommissionEntry.id == entry_id,
        CommissionEntry.reverses.is_(None),
    )
    found = work.session.scalars(query).one_or_none()
    if found is None or not work.scope.covers_store(found.store_id):
        raise NotFound
    return found


def access_group(work: Work, merchant_id: UUID, group_id: UUID) -> list[CommissionEntry]:
    """What a booking or a pass brought anybody, held, in one order; on the worker's face."""
    query = select(CommissionEntry).where(
        CommissionEntry.merchant_id == merchant_id,
        CommissionEntry.group_id == group_id,
        CommissionEntry.reverses.is_(None),
    )
    query = query.order_by(CommissionEntry.id).with_for_update().execution_options(populate_existing=True)
    return list(work.session.scalars(query))
