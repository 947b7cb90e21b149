"""Stock of many SKUs at once, as `adjust` does for one; and taking such changes back.

Rows of `stocks` are locked in the one order of the house, in one statement; everything is written on the worker's face.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, cast, column, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.dialects.postgresql import UUID as PgUuid  # noqa: N811  # told apart from uuid.UUID

from portal.domain.catalogue import errors
from portal.domain.catalogue.actions.bulk import audit_many, movement
from portal.domain.catalogue.actions.stock import BULK, NOTE_MOST, spread, watch
from portal.domain.catalogue.models import Sku, Stock, StockMovement
from portal.domain.catalogue.rules.goods import check_count
from portal.domain.catalogue.values import BY_HAND, MOST_STOCK, Movement
from portal.domain.stores.actions.bulk import insert_many
from portal.kernel.faces import borrowed
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Conflict, NotFound, Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.words import say
from portal.kernel.work import Work

NOTE_BACK = "撤销导入"


@dataclass(frozen=True)
class Counted:
    """What happened in the store room to one SKU; `quantity` as in `adjust`."""

    sku_id: UUID
    code: str
    kind: Movement
    quantity: int
    note: str = ""


@dataclass(frozen=True)
class Change:
    """By how much what is available changed."""

    sku_id: UUID
    code: str
    change: int


def adjust_many(work: Work, *, counted: Sequence[Counted], business_id: UUID) -> list[int | Refusal]:
    """Enter all of it in order; for each by how much available stock changed, or why it is refused. Movements carry
    `business_id`.
    """
    work.require(Permission.STOCK_EDIT)
    merchant_id, live = work.merchant_id, _live(work, [one.sku_id for one in counted])
    answers: list[int | Refusal] = []
    with borrowed(work, Scope(Face.JOB)):
        store = _Store(work, merchant_id, sorted(live), business_id)
        for one in counted:
            try:
                answers.append(store.enter(one))
            except Refusal as refusal:
                answers.append(refusal)
        store.write()
        store.tell()
    done = [
        (one.sku_id, {"kind": one.kind.value, "change": answer})
        for one, answer in zip(counted, answers, strict=True)
        if isinstance(answer, int)
    ]
    audit_many(work, "stock.adjusted", "sku", done)
    return answers


def take_back(work: Work, *, changes: Sequence[Change], business_id: UUID) -> list[int | Refusal]:
    """Undo changes that carry `business_id`: what was added goes, what was missing comes again. Refused where somebody
    entered something later, and where too little is left; orders since do not matter.
    """
    work.require(Permission.STOCK_EDIT)
    merchant_id, live = work.merchant_id, _live(work, [one.sku_id for one in changes])
    answers: list[int | Refusal] = []
    with borrowed(work, Scope(Face.JOB)):
        store = _Store(work, merchant_id, sorted(live), business_id)
        later = _later(work, merchant_id, sorted(live), business_id)
        for one in changes:
            try:
                if one.sku_id in later:
                    raise Conflict(say("之后又有人改过这个规格的库存，没有撤销。"))
                answers.append(store.move(one.sku_id, one.code, Movement.COUNTED, -one.change, NOTE_BACK))
            except Refusal as refusal:
                answers.append(refusal)
        store.write()
        store.tell()
    return answers


def _live(work: Work, sku_ids: Sequence[UUID]) -> set[UUID]:
    """Which of them the merchant still makes."""
    query = select(Sku.id).where(Sku.merchant_id == work.merchant_id, Sku.id.in_(set(sku_ids)), Sku.ended_at.is_(None))
    return set(work.session.execute(query).scalars())


def _later(work: Work, merchant_id: UUID, sku_ids: Sequence[UUID], business_id: UUID) -> set[UUID]:
    """SKUs that somebody counted or filled by hand after this business."""
    mine = (StockMovement.merchant_id == merchant_id, StockMovement.sku_id.in_(sku_ids))
    ours = select(StockMovement.sku_id, StockMovement.id.label("last")).ext(distinct_on(StockMovement.sku_id))
    ours = ours.where(*mine, StockMovement.business_id == business_id)
    last = ours.order_by(StockMovement.sku_id, StockMovement.id.desc()).subquery()
    by_hand = StockMovement.kind.in_([kind.value for kind in BY_HAND])
    other = or_(StockMovement.business_id.is_(None), StockMovement.business_id != business_id)
    query = select(StockMovement.sku_id).join(last, last.c.sku_id == StockMovement.sku_id)
    query = query.where(*mine, by_hand, other, StockMovement.id > last.c.last)
    return set(work.session.execute(query.distinct()).scalars())


class _Store:
    """The locked rows of some SKUs, what is done to them in memory, and how it is written."""

    def __init__(self, work: Work, merchant_id: UUID, sku_ids: Sequence[UUID], business_id: UUID) -> None:
        self.work, self.merchant_id, self.business_id = work, merchant_id, business_id
        query = select(Stock).where(Stock.merchant_id == merchant_id, Stock.sku_id.in_(sku_ids))
        query = query.order_by(Stock.sku_id, Stock.bucket).with_for_update()
        self.rows: dict[UUID, list[Stock]] = defaultdict(list)
        for row in work.session.execute(query.execution_options(populate_existing=True)).scalars():
            self.rows[row.sku_id].append(row)
            work.session.expunge(row)  # written in one statement below
        self.moves: list[dict[str, Any]] = []
        self.touched: set[UUID] = set()

    def enter(self, one: Counted) -> int:
        """As `adjust`: what was counted, came or went."""
        if one.kind not in BY_HAND:
            raise NotFound
        check_count(one.quantity, field="quantity")
        if one.quantity == 0 and one.kind is not Movement.COUNTED:
            raise Refusal(say("数量要大于 0。"), field="quantity")
        note = clean_line(one.note, field="note", most=NOTE_MOST, required=one.kind is Movement.DAMAGED)
        rows = self.rows.get(one.sku_id, [])
        shelf = sum(row.available + row.held for row in rows)
        change = {Movement.COUNTED: one.quantity - shelf, Movement.DAMAGED: -one.quantity}.get(one.kind, one.quantity)
        return self.move(one.sku_id, one.code, one.kind, change, note)

    def move(self, sku_id: UUID, code: str, kind: Movement, change: int, note: str) -> int:
        """So many more or less. Refuses less than nothing and more than anybody has."""
        rows = self.rows.get(sku_id)
        if not rows:
            raise NotFound(say("没有这个规格，或已经不再销售。"))
        available, held = sum(row.available for row in rows), sum(row.held for row in rows)
        if available + change < 0:
            raise errors.NotEnough(code, available + (held if kind is Movement.COUNTED else 0))
        if available + change > MOST_STOCK:
            raise Refusal(say("数量请填 0 到 %(most)s。", most=MOST_STOCK), field="quantity")
        for row, part in spread(rows, change):
            row.available += part
            move = movement(self.work, sku_id, row.bucket, kind, change=part, left=row.available, note=note)
            self.moves.append({"merchant_id": row.merchant_id, **move, "business_id": self.business_id})
        self.touched.add(sku_id)
        return change

    def write(self) -> None:
        """One statement for the rows, one for the movements."""
        said = [
            {"sku_id": str(row.sku_id), "bucket": row.bucket, "available": row.available}
            for sku_id in sorted(self.touched)
            for row in self.rows[sku_id]
        ]
        if not said:
            return
        columns = (column("sku_id", PgUuid), column("bucket", BigInteger), column("available", BigInteger))
        given = func.jsonb_to_recordset(cast(said, JSONB)).table_valued(*columns).render_derived(with_types=True)
        change = update(Stock).where(
            Stock.merchant_id == self.merchant_id, Stock.sku_id == given.c.sku_id, Stock.bucket == given.c.bucket
        )
        self.work.session.execute(change.values(available=given.c.available), execution_options=BULK)
        insert_many(self.work, StockMovement, self.moves)

    def tell(self) -> None:
        """About those with a threshold that fell to it; the others have nothing to tell."""
        mine = (Sku.merchant_id == self.merchant_id, Sku.id.in_(sorted(self.touched)))
        query = select(Sku.id).where(*mine, or_(Sku.low_mark > 0, Sku.low_told_at.is_not(None)))
        watch(self.work, [(self.merchant_id, sku_id) for sku_id in self.work.session.execute(query).scalars()])
