"""Pieces of goods: received, counted, reserved for an order, taken and given back. Never below zero.

Everything is written on the worker's face. Rows of `stocks` are locked in the order of (sku, bucket) and before any row
of `skus`, so that two orders of the same goods cannot wait for each other. Each change leaves a movement behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select, tuple_, update

from portal.domain.catalogue import errors
from portal.domain.catalogue.access import access_sku
from portal.domain.catalogue.events import StockLow
from portal.domain.catalogue.models import Product, Sku, Stock, StockMovement
from portal.domain.catalogue.rules.goods import check_count
from portal.domain.catalogue.values import BY_HAND, MOST_BUCKETS, MOST_STOCK, Movement
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.scope import Face, Scope, fixed
from portal.kernel.words import say
from portal.kernel.work import Work

NOTE_MOST = 200
BULK = {"synchronize_session": False}


def open_stock(work: Work, sku: Sku, opening: int) -> None:
    """The first stock of a new SKU, in bucket 0. Asked for by whoever writes the product."""
    work.require(Permission.PRODUCT_EDIT)
    check_count(opening, field="opening")
    work.session.flush()
    with borrowed(work, Scope(Face.JOB)):
        work.session.add(Stock(merchant_id=sku.merchant_id, sku_id=sku.id, bucket=0, available=opening, held=0))
        work.session.flush()
        if opening:
            record(work, sku.merchant_id, sku.id, 0, Movement.RECEIVED, change=opening, left=opening)


def adjust(work: Work, sku_id: UUID, *, kind: Movement, quantity: int, note: str = "") -> int:
    """Enter what happened in the store room; what is available afterwards. COUNTED gives the pieces on the shelf, held
    ones included; the others how many came or went. Refuses what would leave less than nothing.
    """
    work.require(Permission.STOCK_EDIT)
    sku = access_sku(work, sku_id, may=Permission.STOCK_EDIT)
    if kind not in BY_HAND:
        raise NotFound
    check_count(quantity, field="quantity")
    if quantity == 0 and kind is not Movement.COUNTED:
        raise Refusal(say("数量要大于 0。"), field="quantity")
    note = clean_line(note, field="note", most=NOTE_MOST, required=kind is Movement.DAMAGED)
    with borrowed(work, Scope(Face.JOB)):
        rows = lock_buckets(work, sku.merchant_id, sku_id)
        available, held = sum(row.available for row in rows), sum(row.held for row in rows)
        change = {Movement.COUNTED: quantity - held - available, Movement.DAMAGED: -quantity}.get(kind, quantity)
        if available + change < 0:
            raise errors.NotEnough(_name(work, sku), available + (held if kind is Movement.COUNTED else 0))
        if available + change > MOST_STOCK:
            raise Refusal(say("数量请填 0 到 %(most)s。", most=MOST_STOCK), field="quantity")
        for row, part in spread(rows, change):
            row.available += part
            work.session.flush()
            record(work, sku.merchant_id, sku_id, row.bucket, kind, change=part, left=row.available, note=note)
        watch(work, [(sku.merchant_id, sku_id)])
    work.audit("stock.adjusted", "sku", sku_id, kind=kind.value, change=change)
    return available + change


def spread(rows: Sequence[Stock], change: int) -> list[tuple[Stock, int]]:
    """More goes into the first bucket; less comes out of the buckets in turn. A count without a difference is kept."""
    if change >= 0:
        return [(rows[0], change)]
    parts, left = [], -change
    for row in rows:
        part = min(row.available, left)
        if part:
            parts.append((row, -part))
        left -= part
    return parts


def split(work: Work, sku_id: UUID, *, buckets: int) -> None:
    """Spread a hot SKU over so many rows, evenly; 1 puts it together again. What is held stays where it is."""
    work.require(Permission.STOCK_EDIT)
    sku = access_sku(work, sku_id, may=Permission.STOCK_EDIT)
    if not 1 <= buckets <= MOST_BUCKETS:
        raise Refusal(say("格数请填 1 到 %(most)s。", most=MOST_BUCKETS), field="buckets")
    with borrowed(work, Scope(Face.JOB)):
        rows = {row.bucket: row for row in lock_buckets(work, sku.merchant_id, sku_id)}
        each, rest = divmod(sum(row.available for row in rows.values()), buckets)
        for bucket in range(max(buckets, len(rows))):
            wanted = 0 if bucket >= buckets else each + (bucket < rest)
            row = rows.get(bucket)
            if row is None:
                row = Stock(merchant_id=sku.merchant_id, sku_id=sku_id, bucket=bucket, available=0, held=0)
                work.session.add(row)
            change, row.available = wanted - row.available, wanted
            work.session.flush()
            if change:
                record(work, sku.merchant_id, sku_id, bucket, Movement.SPLIT, change=change, left=wanted)
    work.audit("stock.split", "sku", sku_id, buckets=buckets)


def lock_buckets(work: Work, merchant_id: UUID, sku_id: UUID) -> list[Stock]:
    """All rows of a SKU, locked in order. Raises NotFound when there are none."""
    query = select(Stock).where(Stock.merchant_id == merchant_id, Stock.sku_id == sku_id).order_by(Stock.bucket)
    query = query.with_for_update().execution_options(populate_existing=True)
    rows = list(work.session.execute(query).scalars())
    if not rows:
        raise NotFound
    return rows


def record(
    work: Work,
    merchant_id: UUID,
    sku_id: UUID,
    bucket: int,
    kind: Movement,
    *,
    change: int = 0,
    held: int = 0,
    left: int,
    note: str = "",
    business_id: UUID | None = None,
) -> None:
    """Write down one movement."""
    facts = movement(
        work, merchant_id, sku_id, bucket, kind, change=change, held=held, left=left, note=note, business_id=business_id
    )
    work.session.add(StockMovement(**facts))


def movement(
    work: Work,
    merchant_id: UUID,
    sku_id: UUID,
    bucket: int,
    kind: Movement,
    *,
    change: int = 0,
    held: int = 0,
    left: int,
    note: str = "",
    business_id: UUID | None = None,
) -> dict[str, Any]:
    """The row of `record`, for acts that write many at once."""
    return {
        "merchant_id": merchant_id,
        "id": new_id(),
        "sku_id": sku_id,
        "bucket": bucket,
        "kind": kind.value,
        "change": change,
        "held_change": held,
        "left": left,
        "business_id": business_id,
        "note": note,
        "made_at": work.now(),
        "made_by": work.actor.person_id,
    }


def watch(work: Work, skus: Sequence[tuple[UUID, UUID]]) -> None:
    """Tell once about each SKU that has fallen to its threshold; forget it when it is filled up again.

    On the worker's face, after the last row of `stocks` was locked.
    """
    work.session.flush()
    for merchant_id, sku_id, left in _moved(work, sorted(set(skus), key=lambda one: one[1])):
        mine = (Sku.merchant_id == merchant_id, Sku.id == sku_id)
        fell = update(Sku).where(*mine, Sku.low_mark > 0, Sku.low_mark >= left, Sku.low_told_at.is_(None))
        told = work.session.execute(
            fell.values(low_told_at=work.now()).returning(Sku.product_id), execution_options=BULK
        ).scalar()
        if told is not None:
            name = _name(work, work.session.execute(select(Sku).where(*mine)).scalar_one())
            work.publish(StockLow(merchant_id, told, sku_id, name, left))
            continue
        filled = update(Sku).where(*mine, Sku.low_told_at.is_not(None), Sku.low_mark < left)
        work.session.execute(filled.values(low_told_at=None), execution_options=BULK)


_LEFT: Any = func.coalesce(func.sum(Stock.available), 0)
_MOVED: Any = fixed(
    select(Sku.merchant_id, Sku.id, _LEFT)
    .outerjoin(Stock, (Stock.merchant_id == Sku.merchant_id) & (Stock.sku_id == Sku.id))
    .where(tuple_(Sku.merchant_id, Sku.id).in_(bindparam("skus", expanding=True)))
    .group_by(Sku.merchant_id, Sku.id)
    .order_by(Sku.id)
    .having(
        or_(
            and_(Sku.low_mark > 0, Sku.low_mark >= _LEFT, Sku.low_told_at.is_(None)),
            and_(Sku.low_told_at.is_not(None), Sku.low_mark < _LEFT),
        )
    )
)


def _moved(work: Work, skus: Sequence[tuple[UUID, UUID]]) -> list[tuple[UUID, UUID, int]]:
    """Of these (merchant, SKU) those on the other side of their threshold than was told last, with what is left."""
    return [(row[0], row[1], int(row[2])) for row in work.session.execute(_MOVED, {"skus": list(skus)})]


def _name(work: Work, sku: Sku) -> str:
    """Product and combination, for sentences."""
    query: Any = select(Product.name).where(Product.merchant_id == sku.merchant_id, Product.id == sku.product_id)
    return " ".join([work.session.execute(query).scalar() or "", "/".join(sku.choice)]).strip()
