"""What a rule would make of sale prices, what became of them, and who changed them when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Text, and_, cast, func, select
from sqlalchemy.orm import aliased

from portal.domain.catalogue.models import Product, SaleChange, Sku, SkuSale
from portal.domain.catalogue.queries.platform import PriceLine, lines_of
from portal.domain.catalogue.queries.terms import price_now
from portal.domain.catalogue.rules.markup import Rule
from portal.domain.catalogue.values import SkuShown
from portal.domain.identity.models import Person
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

HISTORY, BATCHES = 60, 50


@dataclass(frozen=True)
class Move:
    """What a rule makes of one SKU; money in fen. `member_fen` is gone where it would be above the new price."""

    line: PriceLine
    sale_fen: int
    member_fen: int | None

    @property
    def sku(self) -> SkuShown:
        """The SKU as it is now."""
        return self.line.sku

    @property
    def changes(self) -> bool:
        """False for what keeps its prices."""
        return (self.sku.sale_fen, self.sku.member_fen) != (self.sale_fen, self.member_fen)

    @property
    def after(self) -> SkuShown:
        """The SKU as it would be."""
        return self.sku.at(self.sale_fen, self.member_fen)


@dataclass(frozen=True)
class Preview:
    """What a rule makes of several SKUs; `left_out` cannot be priced yet. `mark` names exactly these figures."""

    moves: tuple[Move, ...]
    left_out: tuple[PriceLine, ...]

    @property
    def mark(self) -> str:
        """The same figures, the same mark."""
        facts = [
            (one.sku.id.hex, one.sku.supply_fen, one.sku.sale_fen, one.sku.member_fen, one.sale_fen, one.member_fen)
            for one in self.moves
        ]
        return sha256(repr(facts).encode()).hexdigest()

    @property
    def losses(self) -> int:
        """How many would be sold below supply."""
        return sum(1 for one in self.moves if one.changes and one.after.loses)


def moves(work: Work, sku_ids: Sequence[UUID], rule: Rule) -> Preview:
    """What the rule makes of these SKUs. Raises NotFound when one of them is none."""
    work.require(Permission.PRICE_EDIT)
    lines = lines_of(work, sku_ids)
    if len(lines) != len(set(sku_ids)):
        raise NotFound
    found = []
    for line in (one for one in lines if one.sku.sale_fen is not None):
        sale, member = rule.price(line.sku.supply_fen), line.sku.member_fen
        found.append(Move(line, sale, member if member is not None and member <= sale else None))
    return Preview(tuple(found), tuple(one for one in lines if one.sku.sale_fen is None))


@dataclass(frozen=True)
class Change:
    """One sale price that was set, `by` whom. `undone` when it was taken back; the `now` prices are in force."""

    id: UUID
    batch_id: UUID
    sku_id: UUID
    product_id: UUID
    product: str
    choice: tuple[str, ...]
    old_sale_fen: int | None
    old_member_fen: int | None
    sale_fen: int
    member_fen: int | None
    supply_fen: int
    made_at: datetime
    by: str
    undoes: UUID | None
    undone: bool
    now_sale_fen: int | None
    now_member_fen: int | None
    now_supply_fen: int

    @property
    def stands(self) -> bool:
        """True while nobody has set another price since."""
        return (self.now_sale_fen, self.now_member_fen) == (self.sale_fen, self.member_fen)

    @property
    def can_go_back(self) -> bool:
        """True when the price before it may be put back without a word."""
        if self.undone or not self.stands or self.old_sale_fen is None:
            return False
        return min(self.old_sale_fen, self.old_member_fen or self.old_sale_fen) >= self.now_supply_fen


def sale_history(work: Work, product_id: UUID) -> tuple[Change, ...]:
    """The sale prices of a product's SKUs, the latest first."""
    work.require(Permission.PRICE_VIEW)
    return _changes(work, Sku.product_id == product_id, SaleChange.id.desc())


def batch_rows(work: Work, batch_id: UUID) -> tuple[Change, ...]:
    """What one act changed. Raises NotFound when there is no such act."""
    work.require(Permission.PRICE_VIEW)
    found = _changes(work, SaleChange.batch_id == batch_id, SaleChange.id, most=None)
    if not found:
        raise NotFound
    return found


def _changes(work: Work, which: Any, order: Any, *, most: int | None = HISTORY) -> tuple[Change, ...]:
    later = aliased(SaleChange)
    undone = select(later.id).where(later.merchant_id == SaleChange.merchant_id, later.undoes == SaleChange.id)
    supply = func.coalesce(price_now(work.now()), Sku.supply_fen).label("supply")
    query = (
        select(SaleChange, Sku, Product.name.label("product"), SkuSale, undone.exists().label("undone"), supply)
        .add_columns(Person.name.label("by"))
        .join(Sku, and_(Sku.merchant_id == SaleChange.merchant_id, Sku.id == SaleChange.sku_id))
        .join(Product, and_(Product.merchant_id == Sku.merchant_id, Product.id == Sku.product_id))
        .outerjoin(SkuSale, and_(SkuSale.merchant_id == Sku.merchant_id, SkuSale.sku_id == Sku.id))
        .outerjoin(Person, Person.id == SaleChange.made_by)
        .where(which)
        .execution_options(populate_existing=True)
    )
    query = query.order_by(order) if most is None else query.order_by(order).limit(most)
    return tuple(_change(row) for row in work.session.execute(query))


def _change(row: Any) -> Change:
    one, sale = row.SaleChange, row.SkuSale
    return Change(
        id=one.id,
        batch_id=one.batch_id,
        sku_id=one.sku_id,
        product_id=row.Sku.product_id,
        product=row.product,
        choice=tuple(row.Sku.choice),
        old_sale_fen=one.old_sale_fen,
        old_member_fen=one.old_member_fen,
        sale_fen=one.sale_fen,
        member_fen=one.member_fen,
        supply_fen=one.supply_fen,
        made_at=one.made_at,
        by=row.by or "",
        undoes=one.undoes,
        undone=row.undone,
        now_sale_fen=sale.sale_fen if sale else None,
        now_member_fen=sale.member_fen if sale else None,
        now_supply_fen=row.supply,
    )


@dataclass(frozen=True)
class Batch:
    """An act that changed sale prices, of `product` and others; `undone` counts those that were taken back."""

    id: UUID
    product: str
    made_at: datetime
    made_by: UUID | None
    prices: int
    undone: int
    is_undo: bool


def batches(work: Work, *, after: UUID | None = None) -> tuple[tuple[Batch, ...], bool]:
    """Acts that changed sale prices, the latest first; and whether there is more."""
    work.require(Permission.PRICE_VIEW)
    later = aliased(SaleChange)
    back = and_(later.merchant_id == SaleChange.merchant_id, later.undoes == SaleChange.id)
    moment, whose = func.min(SaleChange.made_at), func.min(cast(SaleChange.made_by, Text))
    query = (
        select(
            SaleChange.batch_id,
            func.min(Product.name).label("product"),
            moment.label("made_at"),
            whose.label("made_by"),
            func.count().label("prices"),
            func.count(later.id).label("undone"),
            func.count(SaleChange.undoes).label("undoes"),
        )
        .join(Sku, and_(Sku.merchant_id == SaleChange.merchant_id, Sku.id == SaleChange.sku_id))
        .join(Product, and_(Product.merchant_id == Sku.merchant_id, Product.id == Sku.product_id))
        .outerjoin(later, back)
        .group_by(SaleChange.batch_id)
        .order_by(SaleChange.batch_id.desc())
        .limit(BATCHES + 1)
    )
    if after is not None:
        query = query.where(SaleChange.batch_id < after)
    rows = work.session.execute(query).all()
    found = tuple(
        Batch(
            row.batch_id,
            row.product,
            row.made_at,
            UUID(row.made_by) if row.made_by else None,
            row.prices,
            row.undone,
            row.undoes > 0,
        )
        for row in rows[:BATCHES]
    )
    return found, len(rows) > BATCHES
