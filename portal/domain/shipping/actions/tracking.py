"""What carriers say is kept, and moves a parcel on. The worker's: people cannot say where a parcel is.

Between `due` and `store` the worker asks outside any transaction; what it learns about a number that was corrected in
the meantime is thrown away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from portal.domain.ordering.models import Order
from portal.domain.shipping.events import ParcelProgressed
from portal.domain.shipping.models import Parcel, ParcelEvent, ParcelLine
from portal.domain.shipping.ports import Report, Sought, Track
from portal.domain.shipping.rules.tracking import after_silence, is_ours, next_question, standing
from portal.domain.shipping.values import ParcelState, TrackEvent
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

LOT: Final = 50
LEASE: Final = timedelta(minutes=10)
"""For so long nobody else asks; a worker that died in between loses nothing."""
TEXT_MOST: Final = 500
PLACE_MOST: Final = 100
TOLD: Final = (ParcelState.DELIVERING, ParcelState.DELIVERED, ParcelState.TROUBLE, ParcelState.RETURNED)
BULK: Final = {"synchronize_session": False}
_EVENTS: Any = ParcelEvent.__table__


@dataclass(frozen=True)
class Errand:
    """A parcel that is to be asked about; `first` when nobody has asked yet."""

    merchant_id: UUID
    parcel_id: UUID
    sought: Sought
    first: bool


def due(work: Work) -> tuple[Errand, ...]:
    """A lot of parcels whose time to be asked about has come; others skip them for ten minutes."""
    work.require(Permission.ORDER_SHIP)
    ready = (
        select(Parcel.merchant_id, Parcel.id)
        .where(Parcel.ask_at <= work.now())
        .order_by(Parcel.ask_at)
        .limit(LOT)
        .with_for_update(skip_locked=True)
    )
    ids = [row.id for row in work.session.execute(ready)]
    if not ids:
        return ()
    leased = update(Parcel).where(Parcel.id.in_(ids)).values(ask_at=work.now() + LEASE, asked=Parcel.asked + 1)
    work.session.execute(leased, execution_options=BULK)
    query = (
        select(Parcel, Order.region_names)  # of one of its orders: a parcel goes to one place
        .join(ParcelLine, (ParcelLine.merchant_id == Parcel.merchant_id) & (ParcelLine.parcel_id == Parcel.id))
        .join(Order, (Order.merchant_id == ParcelLine.merchant_id) & (Order.id == ParcelLine.order_id))
        .where(Parcel.id.in_(ids))
        .ext(distinct_on(Parcel.id))
        .order_by(Parcel.id)
        .execution_options(populate_existing=True)
    )
    return tuple(_errand(row, names) for row, names in work.session.execute(query))


def _errand(row: Parcel, names: Sequence[str]) -> Errand:
    sought = Sought(row.carrier, row.number, row.phone_tail, row.shipped_at, tuple(names))
    return Errand(row.merchant_id, row.id, sought, row.asked == 1)


def unanswered(work: Work, errand: Errand) -> None:
    """Nobody answered: a little later again."""
    work.require(Permission.ORDER_SHIP)
    row = _held(work, errand)
    if row is not None:
        row.ask_at = after_silence(sent_at=row.shipped_at, now=work.now())
        work.session.flush()


def store(work: Work, errand: Errand, track: Track | None) -> int:
    """Keep what is new, move the parcel on, tell when people want to know; how much was new. None: unknown there."""
    work.require(Permission.ORDER_SHIP)
    row = _held(work, errand)
    if row is None:
        return 0
    before = _said(work, row)
    faults.point(work, "shipping.track.checked")
    reports = [one for one in track.reports if is_ours(one.at, sent_at=row.shipped_at, now=work.now())] if track else []
    fresh = _keep(work, row, reports)
    now = standing(_said(work, row)) if fresh else standing(before)
    changed = now.state is not ParcelState(row.state)
    row.state, row.collected_at, row.delivered_at = now.state.value, now.collected_at, now.delivered_at
    row.ask_at = next_question(now.state, sent_at=row.shipped_at, now=work.now())
    work.session.flush()
    if changed and now.state in TOLD and now.state not in {one.state for one in before}:
        work.publish(
            ParcelProgressed(
                row.merchant_id, row.id, row.person_id, row.carrier, row.number, now.state, _orders(work, row)
            )
        )
    return fresh


def _held(work: Work, errand: Errand) -> Parcel | None:
    """The parcel, held; None when its number was corrected or it does not leave after all."""
    query = select(Parcel).where(Parcel.merchant_id == errand.merchant_id, Parcel.id == errand.parcel_id)
    row = work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if row is None or row.state == ParcelState.UNDONE:
        return None
    return row if (row.carrier, row.number) == (errand.sought.carrier, errand.sought.number) else None


def _said(work: Work, row: Parcel) -> list[TrackEvent]:
    """What was said of its present number; reports of a former one are kept and count no more."""
    query = select(ParcelEvent.at, ParcelEvent.state, ParcelEvent.source_id)
    query = query.where(ParcelEvent.merchant_id == row.merchant_id, ParcelEvent.parcel_id == row.id)
    mark = _mark(row, "")
    found = work.session.execute(query)
    return [TrackEvent(one.at, ParcelState(one.state), "", "") for one in found if one.source_id.startswith(mark)]


def _mark(row: Parcel, source_id: str) -> str:
    return f"{row.carrier}/{row.number}/{source_id}"


def _keep(work: Work, row: Parcel, reports: Sequence[Report]) -> int:
    """Add what is not there yet; how much it was."""
    if not reports:
        return 0
    rows = [
        {
            "merchant_id": row.merchant_id,
            "id": new_id(),
            "parcel_id": row.id,
            "person_id": row.person_id,
            "source_id": _mark(row, one.source_id),
            "at": one.at,
            "state": one.state.value,
            "text": one.text[:TEXT_MOST],
            "place": one.place[:PLACE_MOST],
            "received_at": work.now(),
        }
        for one in reports
    ]
    put = insert(_EVENTS).values(rows).on_conflict_do_nothing().returning(_EVENTS.c.id)
    return len(work.session.connection().execute(put).all())


def _orders(work: Work, row: Parcel) -> tuple[tuple[UUID, str], ...]:
    query = select(Order.id, Order.number).where(
        Order.merchant_id == row.merchant_id,
        Order.id.in_(
            select(ParcelLine.order_id).where(ParcelLine.merchant_id == row.merchant_id, ParcelLine.parcel_id == row.id)
        ),
    )
    return tuple((one.id, one.number) for one in work.session.execute(query.order_by(Order.number)))
