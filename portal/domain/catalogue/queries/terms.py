"""What a SKU costs the platform at a moment, and what it did and will cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from portal.domain.catalogue.access import access_sku
from portal.domain.catalogue.models import PriceChange, Sku, SupplyTerms
from portal.domain.catalogue.values import ChangeState, Terms
from portal.kernel.faces import borrowed
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

HISTORY = 30


def terms_at(work: Work, merchant_id: UUID, sku_id: UUID, moment: datetime) -> Terms | None:
    """The terms in force at `moment`, for an order line to freeze; asked on the worker's face.

    The answer never goes to a page of the shop: what is sold for how much is on the card.
    """
    with borrowed(work, Scope(Face.JOB)):
        return in_force(work, merchant_id, sku_id, moment)


def in_force(work: Work, merchant_id: UUID, sku_id: UUID, moment: datetime) -> Terms | None:
    """The same for a face that may see terms: of what had begun, what was made last."""
    query = _latest(moment).where(SupplyTerms.merchant_id == merchant_id, SupplyTerms.sku_id == sku_id)
    row = work.session.execute(query.limit(1)).scalar_one_or_none()
    return None if row is None else _terms(row)


def _latest(moment: datetime) -> Select[Any]:
    query = select(SupplyTerms).where(SupplyTerms.effective_at <= moment)
    return query.order_by(SupplyTerms.made_at.desc(), SupplyTerms.id.desc())


def price_now(moment: datetime) -> Any:
    """The supply price in force, as a column beside `skus`; what is asked for where nothing is in force yet."""
    return (
        select(SupplyTerms.supply_fen)
        .where(SupplyTerms.merchant_id == Sku.merchant_id, SupplyTerms.sku_id == Sku.id)
        .where(SupplyTerms.effective_at <= moment)
        .order_by(SupplyTerms.made_at.desc(), SupplyTerms.id.desc())
        .limit(1)
        .correlate(Sku)
        .scalar_subquery()
    )


def coming(work: Work, sku_ids: Sequence[UUID]) -> dict[UUID, Terms]:
    """The next terms of each SKU that have not begun."""
    query = select(SupplyTerms).where(SupplyTerms.sku_id.in_(sku_ids), SupplyTerms.effective_at > work.now())
    rows = work.session.execute(query.order_by(SupplyTerms.effective_at.desc(), SupplyTerms.id.desc())).scalars()
    return {row.sku_id: _terms(row) for row in rows}


@dataclass(frozen=True)
class PriceStep:
    """A price that was asked for, and what became of it."""

    id: UUID
    old_fen: int
    new_fen: int
    suggested_fen: int
    state: ChangeState
    effective_at: datetime
    asked_at: datetime
    note: str
    reason: str


def price_history(work: Work, sku_id: UUID) -> tuple[PriceStep, ...]:
    """The price changes of a SKU, the latest first."""
    sku = access_sku(work, sku_id)
    query = select(PriceChange).where(PriceChange.merchant_id == sku.merchant_id, PriceChange.sku_id == sku_id)
    rows = work.session.execute(query.order_by(PriceChange.id.desc()).limit(HISTORY)).scalars()
    return tuple(
        PriceStep(
            row.id,
            row.old_fen,
            row.new_fen,
            row.suggested_fen,
            ChangeState(row.state),
            row.effective_at,
            row.asked_at,
            row.note,
            row.reason,
        )
        for row in rows
    )


def _terms(row: SupplyTerms) -> Terms:
    return Terms(row.id, row.sku_id, row.supply_fen, row.effective_at)
