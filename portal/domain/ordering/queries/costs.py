"""What a piece costs the platform now, and the supplier's own code: frozen into each line. Never for a buyer's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on

from portal.domain.catalogue.models import Sku, SupplyTerms
from portal.kernel.scope import fixed
from portal.kernel.work import Work


class Cost(NamedTuple):
    """The terms in force, the price of a piece in fen, and what the supplier calls the SKU."""

    terms_id: UUID
    supply_fen: int
    code: str


_COSTS: Any = fixed(
    select(SupplyTerms.sku_id, SupplyTerms.id, SupplyTerms.supply_fen, Sku.code)
    .join(Sku, (Sku.merchant_id == SupplyTerms.merchant_id) & (Sku.id == SupplyTerms.sku_id))
    .where(tuple_(SupplyTerms.merchant_id, SupplyTerms.sku_id).in_(bindparam("skus", expanding=True)))
    .where(SupplyTerms.effective_at <= bindparam("now"))
    .ext(distinct_on(SupplyTerms.sku_id))
    .order_by(SupplyTerms.sku_id, SupplyTerms.made_at.desc(), SupplyTerms.id.desc())
)


def costs_of(work: Work, skus: Sequence[tuple[UUID, UUID]]) -> dict[UUID, Cost]:
    """By SKU, of (merchant, SKU); of what had begun, what was made last. On the worker's face only."""
    rows = work.session.execute(_COSTS, {"skus": list(skus), "now": work.now()})
    return {sku_id: Cost(terms_id, supply_fen, code) for sku_id, terms_id, supply_fen, code in rows}
