"""What waits for the platform, and the price list of everything with its margins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from portal.domain.catalogue.access import access_product
from portal.domain.catalogue.models import PriceChange, Product, Revision, Sku, SkuSale
from portal.domain.catalogue.queries.skus import shown, sku_shown
from portal.domain.catalogue.queries.terms import price_now
from portal.domain.catalogue.rules.goods import bigrams
from portal.domain.catalogue.values import ChangeState, Decision, ProductState, SkuShown
from portal.domain.tenants.models import Merchant
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

PAGE = 50
THIN_BP = 1000


@dataclass(frozen=True)
class Waiting:
    """A version in the review queue; `again` when the product was let in before."""

    product_id: UUID
    revision_id: UUID
    name: str
    merchant_name: str
    skus: int
    again: bool
    submitted_at: datetime


def queue(work: Work, *, most: int = 100) -> tuple[Waiting, ...]:
    """What waits for review, longest first."""
    work.require(Permission.PRODUCT_REVIEW)
    rows = work.session.execute(
        select(Revision, Product.approved_at, Merchant.name)
        .join(Product, and_(Product.merchant_id == Revision.merchant_id, Product.id == Revision.product_id))
        .join(Merchant, Merchant.id == Revision.merchant_id)
        .where(Revision.decision == "waiting")
        .order_by(Revision.id)
        .limit(most)
    )
    return tuple(
        Waiting(
            one.product_id, one.id, one.facts["name"], name, len(one.facts["skus"]), again is not None, one.submitted_at
        )
        for one, again, name in rows
    )


@dataclass(frozen=True)
class Version:
    """A version of a product as it was handed in, with the one before it that was let in."""

    id: UUID
    facts: dict[str, Any]
    before: dict[str, Any] | None
    decision: Decision
    submitted_at: datetime
    decided_at: datetime | None
    reason: str


def versions(work: Work, product_id: UUID) -> tuple[Version, ...]:
    """Every version that was handed in, the latest first."""
    product = access_product(work, product_id, may=Permission.PRODUCT_REVIEW)
    query = select(Revision).where(Revision.merchant_id == product.merchant_id, Revision.product_id == product.id)
    found: list[Version] = []
    before: dict[str, Any] | None = None
    for row in work.session.execute(query.order_by(Revision.id)).scalars():
        decision = Decision(row.decision)
        found.append(Version(row.id, row.facts, before, decision, row.submitted_at, row.decided_at, row.reason))
        before = row.facts if decision is Decision.APPROVED else before
    return tuple(reversed(found))


class Margin(StrEnum):
    """Which margins a price list shows; all are measured at the lower of sale and member price."""

    LOSS = "loss"
    THIN = "thin"
    UNSET = "unset"


@dataclass(frozen=True)
class PriceLine:
    """A SKU in the platform's price list."""

    sku: SkuShown
    product: str
    merchant: str
    state: ProductState


@dataclass(frozen=True)
class PricesAsked:
    """Which SKUs a price list shows; `thin_bp` is what THIN stays below, in basis points."""

    merchant_id: UUID | None = None
    category_ids: frozenset[UUID] = frozenset()
    words: str = ""
    margin: Margin | None = None
    thin_bp: int = THIN_BP
    after: UUID | None = None


def price_lines(work: Work, asked: PricesAsked, *, most: int = PAGE) -> tuple[tuple[PriceLine, ...], bool]:
    """A page of SKUs that were let in once or wait for it, the latest first; and whether there is more."""
    work.require(Permission.PRICE_VIEW)
    query = _lines(work)
    if asked.merchant_id is not None:
        query = query.where(Sku.merchant_id == asked.merchant_id)
    if asked.category_ids:
        query = query.where(Product.category_id.in_(asked.category_ids))
    if asked.words:
        query = query.where(Product.search.contains(bigrams(asked.words)))
    if asked.margin is not None:
        query = query.where(_margin(work, asked.margin, asked.thin_bp))
    if asked.after is not None:
        query = query.where(Sku.id < asked.after)
    rows = work.session.execute(query.order_by(Sku.id.desc()).limit(most + 1)).all()
    return tuple(_line(row) for row in rows[:most]), len(rows) > most


def lines_of(work: Work, sku_ids: Sequence[UUID]) -> tuple[PriceLine, ...]:
    """These SKUs, by supplier and product."""
    work.require(Permission.PRICE_VIEW)
    query = _lines(work).where(Sku.id.in_(sku_ids)).order_by(Merchant.name, Product.name, Sku.position, Sku.id)
    return tuple(_line(row) for row in work.session.execute(query.execution_options(populate_existing=True)))


def _lines(work: Work) -> Any:
    return (
        shown(work)
        .add_columns(Product.name.label("product"), Product.state, Merchant.name.label("merchant"))
        .join(Product, and_(Product.merchant_id == Sku.merchant_id, Product.id == Sku.product_id))
        .join(Merchant, Merchant.id == Sku.merchant_id)
        .where(Sku.ended_at.is_(None), Product.state != ProductState.DRAFT.value)
    )


def _line(row: Any) -> PriceLine:
    return PriceLine(sku_shown(row, {}), row.product, row.merchant, ProductState(row.state))


def _margin(work: Work, margin: Margin, thin_bp: int) -> Any:
    if margin is Margin.UNSET:
        return SkuSale.sale_fen.is_(None)
    lowest = func.least(SkuSale.sale_fen, SkuSale.member_fen)
    earned = lowest - func.coalesce(price_now(work.now()), Sku.supply_fen)
    return earned < 0 if margin is Margin.LOSS else earned * 10_000 < lowest * thin_bp


def suppliers(work: Work) -> tuple[tuple[UUID, str], ...]:
    """Merchants that have goods, by name."""
    work.require(Permission.PRICE_VIEW)
    has = select(Product.merchant_id).where(Product.merchant_id == Merchant.id).correlate(Merchant).exists()
    rows = work.session.execute(select(Merchant.id, Merchant.name).where(has).order_by(Merchant.name))
    return tuple((row.id, row.name) for row in rows)


@dataclass(frozen=True)
class ChangeLine:
    """A price change in the platform's list, with the least that the street pays: margins are measured at it."""

    id: UUID
    product_id: UUID
    product: str
    choice: tuple[str, ...]
    merchant: str
    old_fen: int
    new_fen: int
    lowest_fen: int | None
    effective_at: datetime
    asked_at: datetime
    note: str
    state: ChangeState
    reason: str

    @property
    def share_bp(self) -> int:
        """By how much it moves, in basis points of the old price, rounded towards zero."""
        share = abs(self.new_fen - self.old_fen) * 10_000 // self.old_fen
        return share if self.new_fen >= self.old_fen else -share


def changes(
    work: Work, state: ChangeState | None = ChangeState.WAITING, *, after: UUID | None = None, most: int = PAGE
) -> tuple[tuple[ChangeLine, ...], bool]:
    """Price changes in a state (None: all), what waits longest first, else the latest first; and whether more."""
    work.require(Permission.PRICE_VIEW)
    waits = state is ChangeState.WAITING
    of_sku = and_(Sku.merchant_id == PriceChange.merchant_id, Sku.id == PriceChange.sku_id)
    lowest = func.least(SkuSale.sale_fen, SkuSale.member_fen).label("lowest")
    query = (
        select(PriceChange, Sku, Product.name.label("product"), Merchant.name.label("merchant"), lowest)
        .join(Sku, of_sku)
        .join(Product, and_(Product.merchant_id == Sku.merchant_id, Product.id == Sku.product_id))
        .join(Merchant, Merchant.id == Sku.merchant_id)
        .outerjoin(SkuSale, and_(SkuSale.merchant_id == Sku.merchant_id, SkuSale.sku_id == Sku.id))
        .order_by(PriceChange.id if waits else PriceChange.id.desc())
        .limit(most + 1)
    )
    if state is not None:
        query = query.where(PriceChange.state == state.value)
    if after is not None:
        query = query.where(PriceChange.id > after if waits else PriceChange.id < after)
    rows = work.session.execute(query).all()
    return tuple(_change(row) for row in rows[:most]), len(rows) > most


def _change(row: Any) -> ChangeLine:
    one = row.PriceChange
    return ChangeLine(
        id=one.id,
        product_id=row.Sku.product_id,
        product=row.product,
        choice=tuple(row.Sku.choice),
        merchant=row.merchant,
        old_fen=one.old_fen,
        new_fen=one.new_fen,
        lowest_fen=row.lowest,
        effective_at=one.effective_at,
        asked_at=one.asked_at,
        note=one.note,
        state=ChangeState(one.state),
        reason=one.reason,
    )
