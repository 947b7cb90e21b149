"""Rules, entries and months for pages. A month is counted from its entries whenever somebody looks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from portal.domain.calendar.models import Resource
from portal.domain.commissions.actions.entries import rule_of
from portal.domain.commissions.models import CommissionEntry, CommissionRule
from portal.domain.commissions.values import EntryLine, Kind, Month, RuleShown, TechnicianTotal
from portal.domain.stores.models import Store
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

SEE = Permission.COMMISSION_VIEW
PAGE = 50
MOST_EXPORTED = 20_000


def this_month(now: datetime) -> Month:
    """The month of now."""
    return Month(now.astimezone(SHANGHAI).date().replace(day=1))


def rules(work: Work) -> tuple[RuleShown, ...]:
    """Rules in force that concern this reader's stores, by kind and range."""
    work.require(SEE)
    query = (
        select(CommissionRule, Store.name)
        .outerjoin(Store, (Store.merchant_id == CommissionRule.merchant_id) & (Store.id == CommissionRule.store_id))
        .where(CommissionRule.merchant_id == work.merchant_id, CommissionRule.ended_at.is_(None))
        .order_by(CommissionRule.kind.desc(), CommissionRule.id)
    )
    if work.scope.store_ids is not None:
        own = CommissionRule.store_id.in_(work.scope.store_ids)
        query = query.where(or_(CommissionRule.store_id.is_(None), own))
    return tuple(RuleShown(rule_of(row), store or "") for row, store in work.session.execute(query))


def totals(work: Work, month: Month, *, store_id: UUID | None = None) -> tuple[TechnicianTotal, ...]:
    """A month by technician, in stores in reach, who got most first."""
    work.require(SEE, store_id=store_id)
    return _totals(work, _of_month(work, month, store_id, None))


def entries(
    work: Work,
    month: Month,
    *,
    store_id: UUID | None = None,
    resource_id: UUID | None = None,
    after: UUID | None = None,
    most: int = PAGE,
) -> tuple[tuple[EntryLine, ...], bool]:
    """The entries of a month, the latest first, and whether there are more."""
    work.require(SEE, store_id=store_id)
    return _entries(work, _of_month(work, month, store_id, resource_id), after, most)


def own(work: Work, month: Month) -> tuple[TechnicianTotal | None, tuple[EntryLine, ...]]:
    """What the one who acts earned himself in a month, as a technician of any of the merchant's stores."""
    work.require(Permission.BOOKING_VIEW)
    mine = select(Resource.id).where(
        Resource.merchant_id == work.merchant_id, Resource.membership_id == work.actor.membership_id
    )
    where = (*_of_month(work, month, None, None), CommissionEntry.resource_id.in_(mine))
    found = _totals(work, where)
    lines, _more = _entries(work, where, None, PAGE)
    return (found[0] if found else None), lines


def _of_month(work: Work, month: Month, store_id: UUID | None, resource_id: UUID | None) -> tuple[Any, ...]:
    where: list[Any] = [
        CommissionEntry.merchant_id == work.merchant_id,
        CommissionEntry.day >= month.first,
        CommissionEntry.day < month.after,
    ]
    if store_id is not None:
        where.append(CommissionEntry.store_id == store_id)
    elif work.scope.store_ids is not None:
        where.append(CommissionEntry.store_id.in_(work.scope.store_ids))
    if resource_id is not None:
        where.append(CommissionEntry.resource_id == resource_id)
    return tuple(where)


def _totals(work: Work, where: tuple[Any, ...]) -> tuple[TechnicianTotal, ...]:
    entry, fresh = CommissionEntry, CommissionEntry.reverses.is_(None)

    def earned(kind: Kind) -> Any:
        return func.coalesce(func.sum(entry.amount_fen).filter(fresh, entry.kind == kind.value), 0)

    total = func.sum(entry.amount_fen)
    query = (
        select(
            entry.resource_id,
            Resource.name,
            Store.name,
            earned(Kind.WORK),
            earned(Kind.CARD_USE),
            earned(Kind.CARD_SALE),
            func.coalesce(func.sum(entry.amount_fen).filter(~fresh), 0),
            func.count().filter(fresh),
            func.count().filter(fresh, entry.requested),
        )
        .join(Resource, (Resource.merchant_id == entry.merchant_id) & (Resource.id == entry.resource_id))
        .join(Store, (Store.merchant_id == entry.merchant_id) & (Store.id == Resource.store_id))
        .where(*where)
        .group_by(entry.resource_id, Resource.name, Store.name)
        .order_by(total.desc(), entry.resource_id)
    )
    return tuple(TechnicianTotal(row[0], row[1], row[2], *(int(one) for one in row[3:])) for row in _rows(work, query))


def _entries(work: Work, where: tuple[Any, ...], after: UUID | None, most: int) -> tuple[tuple[EntryLine, ...], bool]:
    query = (
        select(CommissionEntry, Store.name)
        .join(Store, (Store.merchant_id == CommissionEntry.merchant_id) & (Store.id == CommissionEntry.store_id))
        .where(*where)
        .order_by(CommissionEntry.id.desc())
        .limit(most + 1)
    )
    if after is not None:
        query = query.where(CommissionEntry.id < after)
    found = tuple(_line(row, store) for row, store in _rows(work, query))
    return found[:most], len(found) > most


def _rows(work: Work, query: Any) -> Any:
    return work.session.execute(query).all()


def _line(row: CommissionEntry, store: str) -> EntryLine:
    return EntryLine(
        id=row.id,
        at=row.at,
        day=row.day,
        store=store,
        technician=row.technician,
        kind=Kind(row.kind),
        title=row.title,
        client=row.client,
        requested=row.requested,
        base_fen=row.base_fen,
        amount_fen=row.amount_fen,
        back=row.reverses is not None,
    )


def sellers(work: Work, pass_ids: Collection[UUID]) -> dict[UUID, str]:
    """Who got the commission for selling these passes."""
    work.require(SEE)
    query = select(CommissionEntry.subject_id, CommissionEntry.technician).where(
        CommissionEntry.merchant_id == work.merchant_id,
        CommissionEntry.subject_id.in_(pass_ids),
        CommissionEntry.kind == Kind.CARD_SALE.value,
        CommissionEntry.reverses.is_(None),
    )
    return {row.subject_id: row.technician for row in work.session.execute(query)} if pass_ids else {}
