"""Reserve, release, take: what checkout does with stock, under its own right and on the worker's face.

An order's business id makes each of them happen once. A hold belongs to the order until it is taken or released; when
its time is over the worker releases it. Taking is allowed for as long as the hold is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Integer, Text, bindparam, func, select, update

from portal.domain.catalogue import errors
from portal.domain.catalogue.actions.stock import BULK, lock_buckets, movement, record, watch
from portal.domain.catalogue.models import Product, Sku, Stock, StockHold, StockMovement
from portal.domain.catalogue.values import HoldState, Movement, Wanted
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.refusals import Conflict
from portal.kernel.rows import add_rows
from portal.kernel.scope import Face, Scope, fixed
from portal.kernel.words import say
from portal.kernel.work import Work


def reserve(work: Work, *, business_id: UUID, wanted: Sequence[Wanted], until: datetime) -> None:
    """Keep these pieces for one order until `until`; all of them or none.

    The same order with the same pieces again does nothing; with others Conflict. Raises SoldOut when a SKU has not
    enough left.
    """
    with borrowed(work, Scope(Face.JOB)):
        lines = in_order(wanted)
        take_turns(work, business_id)
        if _known(work, business_id, lines):
            return
        holds: list[dict[str, Any]] = []
        moves: list[dict[str, Any]] = []
        for one in lines:
            for bucket, quantity, left in _drawn(work, one):
                holds.append(_hold(work, one, business_id, bucket, quantity, until))
                moves.append(
                    movement(
                        work, one.merchant_id, one.sku_id, bucket, Movement.RESERVED,
                        change=-quantity, held=quantity, left=left, business_id=business_id,
                    )
                )  # fmt: skip
        add_rows(work, StockHold, holds)
        add_rows(work, StockMovement, moves)
        watch(work, [(one.merchant_id, one.sku_id) for one in lines])


def _drawn(work: Work, one: Wanted) -> list[tuple[int, int, int]]:
    faults.point(work, "catalogue.reserve.line")
    parts = draw(work, one)
    if parts is None:
        raise errors.SoldOut(_name(work, one))
    return parts


_TURN: Final = fixed(select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("turn", type_=Text), 0))))


def take_turns(work: Work, business_id: UUID) -> None:
    """A twin of this request waits until this one has committed."""
    work.session.execute(_TURN, {"turn": str(business_id)})


def in_order(wanted: Sequence[Wanted]) -> list[Wanted]:
    """One line for each SKU, in the order in which everybody locks. Quantities are positive."""
    sums: dict[tuple[UUID, UUID], int] = defaultdict(int)
    for one in wanted:
        if one.quantity <= 0:
            raise ValueError("a reservation is of at least one piece")
        sums[one.sku_id, one.merchant_id] += one.quantity
    return [Wanted(merchant_id, sku_id, sums[sku_id, merchant_id]) for sku_id, merchant_id in sorted(sums)]


_THIS: Final = (Stock.merchant_id == bindparam("of_merchant"), Stock.sku_id == bindparam("of_sku"))
_PIECES: Any = bindparam("pieces", type_=Integer)
_FREE: Final = fixed(
    select(Stock.bucket)
    .where(*_THIS, Stock.available >= _PIECES)
    .order_by(func.random())
    .limit(1)
    .with_for_update(skip_locked=True)
)
_ROW: Any = Stock.__table__.c
_OUT: Final = fixed(
    update(Stock.__table__)  # type: ignore[arg-type]
    .where(_ROW.merchant_id == bindparam("of_merchant"), _ROW.sku_id == bindparam("of_sku"))
    .where(_ROW.bucket == bindparam("of_bucket"), _ROW.available >= _PIECES)
    .values(available=_ROW.available - _PIECES, held=_ROW.held + _PIECES)
    .returning(_ROW.available)
)


def draw(work: Work, one: Wanted) -> list[tuple[int, int, int]] | None:
    """Take pieces out of what is available: (bucket, quantity, left) of each part, or None when there is not enough.

    A bucket that nobody locks and that has enough is tried first; else all buckets are locked and drawn from in turn.
    """
    asked = {"of_merchant": one.merchant_id, "of_sku": one.sku_id, "pieces": one.quantity}
    bucket = work.session.execute(_FREE, asked).scalar()
    if bucket is not None:
        left = _out(work, one, bucket, one.quantity)
        return None if left is None else [(bucket, one.quantity, left)]
    rows = lock_buckets(work, one.merchant_id, one.sku_id)
    if sum(row.available for row in rows) < one.quantity:
        return None
    parts, missing = [], one.quantity
    for row in rows:
        part = min(row.available, missing)
        if part:
            left = _out(work, one, row.bucket, part)
            assert left is not None
            parts.append((row.bucket, part, left))
        missing -= part
    return parts


def _out(work: Work, one: Wanted, bucket: int, quantity: int) -> int | None:
    """The conditional update: what is left, or None when there was not enough."""
    asked = {"of_merchant": one.merchant_id, "of_sku": one.sku_id, "of_bucket": bucket, "pieces": quantity}
    left: int | None = work.session.execute(_OUT, asked).scalar()
    return left


_HELD: Any = fixed(
    select(StockHold.sku_id, func.sum(StockHold.quantity))
    .where(StockHold.business_id == bindparam("of_business"))
    .group_by(StockHold.sku_id)
)


def _known(work: Work, business_id: UUID, lines: Sequence[Wanted]) -> bool:
    """True when this order has reserved exactly this before."""
    found = {sku_id: int(total) for sku_id, total in work.session.execute(_HELD, {"of_business": business_id})}
    if found and found != {one.sku_id: one.quantity for one in lines}:
        raise Conflict(say("这张订单已经占用过别的库存。"))
    return bool(found)


def _hold(work: Work, one: Wanted, business_id: UUID, bucket: int, quantity: int, until: datetime) -> dict[str, Any]:
    return {
        "merchant_id": one.merchant_id,
        "id": new_id(),
        "business_id": business_id,
        "sku_id": one.sku_id,
        "bucket": bucket,
        "quantity": quantity,
        "state": HoldState.HELD.value,
        "expires_at": until,
        "made_at": work.now(),
    }


def release(work: Work, business_id: UUID) -> int:
    """Give an order's pieces back to what is available; how many. Nothing when there is nothing held any more."""
    with borrowed(work, Scope(Face.JOB)):
        return _close(work, business_id, HoldState.RELEASED)


def take(work: Work, business_id: UUID) -> int:
    """The order's pieces leave the house; how many. Raises HoldOver when nothing is held for it any more."""
    with borrowed(work, Scope(Face.JOB)):
        taken = _close(work, business_id, HoldState.TAKEN)
        if not taken:
            raise errors.HoldOver
        return taken


def _close(work: Work, business_id: UUID, state: HoldState) -> int:
    query = select(StockHold).where(StockHold.business_id == business_id, StockHold.state == HoldState.HELD)
    query = query.order_by(StockHold.sku_id, StockHold.bucket).with_for_update()
    holds = list(work.session.execute(query.execution_options(populate_existing=True)).scalars())
    back = state is HoldState.RELEASED
    kind = Movement.RELEASED if back else Movement.TAKEN
    with work.session.no_autoflush:  # holds and movements of all lines are written together
        for hold in holds:
            hold.state, hold.closed_at = state.value, work.now()
            more = hold.quantity if back else 0
            left = _settle(work, hold, more)
            record(
                work, hold.merchant_id, hold.sku_id, hold.bucket, kind,
                change=more, held=-hold.quantity, left=left, business_id=business_id,
            )  # fmt: skip
    watch(work, [(hold.merchant_id, hold.sku_id) for hold in holds])
    return sum(hold.quantity for hold in holds)


_SETTLED: Final = fixed(
    update(Stock.__table__)  # type: ignore[arg-type]
    .where(_ROW.merchant_id == bindparam("of_merchant"), _ROW.sku_id == bindparam("of_sku"))
    .where(_ROW.bucket == bindparam("of_bucket"))
    .values(available=_ROW.available + bindparam("more", type_=Integer), held=_ROW.held - _PIECES)
    .returning(_ROW.available)
)


def _settle(work: Work, hold: StockHold, more: int) -> int:
    """A hold ends, and `more` pieces are there again; what is available then."""
    facts = {"of_merchant": hold.merchant_id, "of_sku": hold.sku_id, "of_bucket": hold.bucket}
    asked = {**facts, "pieces": hold.quantity, "more": more}
    left: int = work.session.execute(_SETTLED, asked, execution_options=BULK).scalar_one()
    return left


def put_back(work: Work, *, business_id: UUID, wanted: Sequence[Wanted]) -> None:
    """Pieces that had been taken come back into stock (a return); the refund calls it once."""
    with borrowed(work, Scope(Face.JOB)):
        for one in in_order(wanted):
            row = lock_buckets(work, one.merchant_id, one.sku_id)[0]
            row.available += one.quantity
            work.session.flush()
            record(
                work, one.merchant_id, one.sku_id, row.bucket, Movement.RETURNED,
                change=one.quantity, left=row.available, business_id=business_id,
            )  # fmt: skip
        watch(work, [(one.merchant_id, one.sku_id) for one in wanted])


def release_expired(work: Work) -> bool:
    """Give back what one order held beyond its time, the oldest first; False when there is none. For the worker.

    One order in one Work: the rows of two would not be locked in everybody's order.
    """
    query = select(StockHold.business_id).where(StockHold.state == HoldState.HELD, StockHold.expires_at <= work.now())
    business_id = work.session.execute(query.order_by(StockHold.expires_at).limit(1)).scalar()
    if business_id is None:
        return False
    _close(work, business_id, HoldState.RELEASED)
    return True


def _name(work: Work, one: Wanted) -> str:
    query = select(Product.name, Sku.choice).join(
        Sku, (Sku.merchant_id == Product.merchant_id) & (Sku.product_id == Product.id)
    )
    row = work.session.execute(query.where(Sku.merchant_id == one.merchant_id, Sku.id == one.sku_id)).one_or_none()
    return " ".join([row.name, "/".join(row.choice)]).strip() if row else ""
