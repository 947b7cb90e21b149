"""Adds supply terms on the worker's face: the one place where a price comes into force."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from portal.domain.catalogue.models import Sku, SupplyTerms
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work


def agree(
    work: Work, merchant_id: UUID, sku_id: UUID, supply_fen: int, effective_at: datetime, *, reviewed: bool
) -> None:
    """From `effective_at` on the SKU costs this much; what was made later wins where two have begun."""
    work.session.flush()
    with borrowed(work, Scope(Face.JOB)):
        work.session.add(
            SupplyTerms(
                merchant_id=merchant_id,
                id=new_id(),
                sku_id=sku_id,
                supply_fen=supply_fen,
                effective_at=effective_at,
                reviewed=reviewed,
                made_at=work.now(),
                made_by=work.actor.person_id,
            )
        )
        work.session.flush()


def reviewed_fen(work: Work, merchant_id: UUID, sku_id: UUID) -> int | None:
    """The last supply price that somebody of the platform looked at, in fen."""
    query = select(SupplyTerms.supply_fen).where(SupplyTerms.merchant_id == merchant_id, SupplyTerms.sku_id == sku_id)
    query = query.where(SupplyTerms.reviewed).order_by(SupplyTerms.made_at.desc(), SupplyTerms.id.desc()).limit(1)
    return work.session.execute(query).scalar()


def has_terms(work: Work, merchant_id: UUID, sku_id: UUID) -> bool:
    """True once the SKU was let in."""
    query = select(func.count()).select_from(SupplyTerms)
    query = query.where(SupplyTerms.merchant_id == merchant_id, SupplyTerms.sku_id == sku_id)
    return bool(work.session.execute(query).scalar())


def write_asked(work: Work, merchant_id: UUID, sku_id: UUID, supply_fen: int, suggested_fen: int) -> None:
    """Keep what the supplier asks now on the SKU itself."""
    with borrowed(work, Scope(Face.JOB)):
        work.session.execute(
            update(Sku)
            .where(Sku.merchant_id == merchant_id, Sku.id == sku_id)
            .values(supply_fen=supply_fen, suggested_fen=suggested_fen),
            execution_options={"synchronize_session": False},
        )
