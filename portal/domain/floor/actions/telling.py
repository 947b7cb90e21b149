"""What events and payments say of a reservation."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.domain.floor.models import TableBooking
from portal.domain.stores.models import Store
from portal.kernel.figures import SHANGHAI
from portal.kernel.work import Work


def title_of(work: Work, row: TableBooking) -> str:
    """What its payment is called, in every language: store, day, time and how many."""
    return f"{told(work, row)['store']} {row.starts_at.astimezone(SHANGHAI):%m-%d %H:%M} ×{row.people}"


def told(work: Work, row: TableBooking) -> dict[str, Any]:
    """The fields of every event, on the worker's face."""
    query = select(Store.name).where(Store.merchant_id == row.merchant_id, Store.id == row.store_id)
    return {
        "merchant_id": row.merchant_id,
        "store_id": row.store_id,
        "booking_id": row.id,
        "person_id": row.person_id,
        "phone": "" if row.person_id else row.phone,
        "store": work.session.scalar(query) or "",
        "people": row.people,
        "starts_at": row.starts_at,
    }
