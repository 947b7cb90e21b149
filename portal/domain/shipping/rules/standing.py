"""What the board, the look before shipping and the act itself must judge alike. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol


class Addressed(Protocol):
    """An order, or a row of one, as far as its way is concerned."""

    person_id: Any
    recipient: Any
    phone: Any
    region_code: Any
    detail: Any


def whom(order: Addressed) -> tuple[object, ...]:
    """Who gets it and where: orders with the same answer may share a parcel."""
    return order.person_id, order.recipient, order.phone, order.region_code, order.detail


def is_stale(agreed_at: datetime | None, printed_at: datetime | None) -> bool:
    """The printed label shows the address from before the last agreed change."""
    return agreed_at is not None and printed_at is not None and printed_at < agreed_at
