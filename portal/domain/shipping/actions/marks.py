"""What the merchant's people note for themselves: coloured flags, a private note, what was picked and printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from portal.domain.ordering.access import access_order
from portal.domain.ordering.models import Order, OrderMark
from portal.domain.shipping.values import FLAGS, MOST_AT_ONCE
from portal.kernel.lines import clean_text
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work

NOTE_MOST = 500
_MARKS: Any = OrderMark.__table__


def flag(work: Work, order_ids: Sequence[UUID], colour: int) -> int:
    """Put a coloured flag on orders, or take it away (0); returns how many."""
    work.require(Permission.ORDER_SHIP)
    if not 0 <= colour <= FLAGS:
        raise Refusal(say("没有这种颜色的旗子。"), field="flag")
    ids = _own(work, order_ids)
    _put(work, ids, flag=colour)
    work.audit("order.flagged", "merchant", work.merchant_id, orders=len(ids), flag=colour)
    return len(ids)


def write_note(work: Work, order_id: UUID, *, note: str) -> None:
    """Write the private note of an order; the buyer never sees it."""
    access_order(work, order_id, may=Permission.ORDER_SHIP)
    _put(work, [order_id], note=clean_text(note, field="note", most=NOTE_MOST, required=False))
    work.audit("order.noted", "order", order_id)


def mark_picked(work: Work, order_ids: Sequence[UUID]) -> int:
    """A picking list with these orders went to the printer."""
    work.require(Permission.ORDER_SHIP)
    ids = _own(work, order_ids)
    _put(work, ids, picked_at=work.now())
    work.audit("order.picked", "merchant", work.merchant_id, orders=len(ids))
    return len(ids)


def mark_printed(work: Work, order_ids: Sequence[UUID]) -> int:
    """Labels of these orders went to the printer; from the second time on they are marked as reprints."""
    work.require(Permission.ORDER_SHIP)
    ids = _own(work, order_ids)
    _put(work, ids, printed_at=work.now(), prints=1)
    work.audit("label.printed", "merchant", work.merchant_id, orders=len(ids))
    return len(ids)


def _own(work: Work, order_ids: Sequence[UUID]) -> list[UUID]:
    """The same ids, each once. Refuses none and too many; another's is NotFound."""
    ids = sorted(set(order_ids))
    if not ids or len(ids) > MOST_AT_ONCE:
        raise Refusal(say("请先勾选订单，一次最多 %(most)s 单。", most=MOST_AT_ONCE))
    known = select(func.count()).select_from(Order).where(Order.merchant_id == work.merchant_id, Order.id.in_(ids))
    if work.session.execute(known).scalar_one() != len(ids):
        raise NotFound
    return ids


def _put(work: Work, order_ids: Sequence[UUID], **values: Any) -> None:
    """Write marks, new or known, in one statement; `prints` counts up."""
    fresh = {"flag": 0, "note": "", "picked_at": None, "printed_at": None, "prints": 0, **values}
    by = {"changed_at": work.now(), "changed_by": work.actor.person_id}
    rows = [{"merchant_id": work.merchant_id, "order_id": one, **fresh, **by} for one in order_ids]
    statement = insert(_MARKS).values(rows)
    new = {name: statement.excluded[name] for name in (*values, *by)}
    if "prints" in values:
        new["prints"] = _MARKS.c.prints + 1
    work.session.connection().execute(
        statement.on_conflict_do_update(index_elements=["merchant_id", "order_id"], set_=new)
    )
