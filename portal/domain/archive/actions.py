"""Puts lines of past orders away and takes them out again, in lots; totals follow in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, cast, delete, func, select, true
from sqlalchemy.dialects.postgresql import Insert, insert

from portal.domain.archive.models import ArchiveLine, ArchiveMonth, ArchiveOrder
from portal.domain.archive.values import Mark, PastLine
from portal.domain.stores.actions.bulk import given, insert_many
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

BULK = {"synchronize_session": False}


def put_away(work: Work, batch_id: UUID, lines: Sequence[PastLine]) -> None:
    """Keep these lines of one import and count them. Each (import, line) once: a second time is refused by the key."""
    work.require(Permission.ORDER_SHIP)
    if not lines:
        return
    insert_many(work, ArchiveLine, [_row(work, batch_id, line) for line in lines])
    _count(work, lines, sign=1)


def take_out(work: Work, batch_id: UUID, numbers: Sequence[int]) -> int:
    """Remove lines of an import and what they counted for; how many were there."""
    work.require(Permission.ORDER_SHIP)
    mine = (ArchiveLine.merchant_id == work.merchant_id, ArchiveLine.batch_id == batch_id)
    found = list(work.session.execute(select(ArchiveLine).where(*mine, ArchiveLine.number.in_(numbers))).scalars())
    gone = delete(ArchiveLine).where(*mine, ArchiveLine.number.in_([row.number for row in found]))
    work.session.execute(gone, execution_options=BULK)
    _count(work, [past(row) for row in found], sign=-1)
    return len(found)


def past(row: ArchiveLine) -> PastLine:
    """The line of a row."""
    return PastLine(
        row.number,
        row.order_number,
        row.placed_at,
        row.code,
        row.name,
        row.quantity,
        row.unit_price,
        row.currency,
        row.customer,
        row.country,
        tuple(Mark(mark) for mark in row.marks),
        row.digest,
    )


def _row(work: Work, batch_id: UUID, line: PastLine) -> dict[str, Any]:
    return {
        "merchant_id": work.merchant_id,
        "batch_id": batch_id,
        "number": line.number,
        **line.kept(),
        "amount": str(line.amount),
    }


def _count(work: Work, lines: Sequence[PastLine], *, sign: int) -> None:
    """Write the totals on; rows in one order, so that two imports do not wait for each other."""
    orders: dict[tuple[str, str], tuple[date, int]] = {}
    for line in lines:
        month, count = orders.get((line.currency, line.order_number), (line.month, 0))
        orders[line.currency, line.order_number] = (month, count + sign)
    appeared = _orders(work, orders)
    months: dict[tuple[str, date], list[Any]] = defaultdict(lambda: [0, 0, Decimal(0), Decimal(0)])
    for line in lines:
        total = months[line.currency, line.month]
        total[1] += sign
        total[2] += sign * line.amount
        total[3] += sign * line.amount if line.quantity < 0 else 0
    for (currency, month), number in appeared.items():
        months[currency, month][0] += number
    rows = [
        dict(zip(("currency", "month", "orders", "lines", "amount", "cancelled"), (*key, *total), strict=True))
        for key, total in sorted(months.items())
    ]
    if rows:
        new = _insert(work, ArchiveMonth, rows)
        names = ("orders", "lines", "amount", "cancelled")
        more = {name: getattr(ArchiveMonth, name) + new.excluded[name] for name in names}
        keys = [ArchiveMonth.merchant_id, ArchiveMonth.currency, ArchiveMonth.month]
        work.session.execute(new.on_conflict_do_update(index_elements=keys, set_=more), execution_options=BULK)
    empty = delete(ArchiveMonth).where(ArchiveMonth.merchant_id == work.merchant_id, ArchiveMonth.lines == 0)
    work.session.execute(empty, execution_options=BULK)


def _orders(work: Work, orders: dict[tuple[str, str], tuple[date, int]]) -> dict[tuple[str, date], int]:
    """Count lines by order; how many orders appeared (or, below zero, went) in each month."""
    if not orders:
        return {}
    values = [
        {"currency": currency, "order_number": number, "month": month, "lines": count}
        for (currency, number), (month, count) in sorted(orders.items())
    ]
    new = _insert(work, ArchiveOrder, values)
    keys = [ArchiveOrder.merchant_id, ArchiveOrder.currency, ArchiveOrder.order_number]
    kept = new.on_conflict_do_update(
        index_elements=keys, set_={"lines": ArchiveOrder.lines + new.excluded.lines}
    ).returning(ArchiveOrder.currency, ArchiveOrder.order_number, ArchiveOrder.month, ArchiveOrder.lines)
    changed: dict[tuple[str, date], int] = defaultdict(int)
    for row in work.session.execute(kept, execution_options=BULK):
        if row.lines == 0:
            changed[row.currency, row.month] -= 1
        elif row.lines == orders[row.currency, row.order_number][1]:
            changed[row.currency, row.month] += 1
    gone = delete(ArchiveOrder).where(ArchiveOrder.merchant_id == work.merchant_id, ArchiveOrder.lines == 0)
    work.session.execute(gone, execution_options=BULK)
    return changed


def _insert(work: Work, model: type[ArchiveMonth | ArchiveOrder], rows: Sequence[dict[str, Any]]) -> Insert:
    owned = [{"merchant_id": work.merchant_id, **row} for row in rows]
    return insert(model).from_select(list(owned[0]), given(model, owned))


def known(work: Work, digests: Sequence[str], *, but: UUID) -> set[str]:
    """Which of these lines an earlier import has brought already."""
    work.require(Permission.ORDER_SHIP)
    wanted = func.unnest(cast(sorted(set(digests)), ARRAY(Text))).table_valued("digest").render_derived("wanted")
    mine = (ArchiveLine.merchant_id == work.merchant_id, ArchiveLine.batch_id != but)
    one = select(ArchiveLine.number).where(*mine, ArchiveLine.digest == wanted.c.digest).limit(1).lateral("one")
    return set(work.session.execute(select(wanted.c.digest).select_from(wanted).join(one, true())).scalars())
