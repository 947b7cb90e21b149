"""What the board, the look before shipping and the act itself must judge alike. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Addressed(Protocol):
    """An order, as far as its way is concerned."""

    @property
    def person_id(self) -> UUID: ...
    @property
    def recipient(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def region_code(self) -> str: ...
    @property
    def detail(self) -> str: ...


def whom(order: Addressed) -> tuple[object, ...]:
    """Who gets it and where: orders with the same answer may share a parcel."""
    return order.person_id, order.recipient, order.phone, order.region_code, order.detail


def is_stale(agreed_at: datetime | None, printed_at: datetime | None) -> bool:
    """The printed label shows the address from before the last agreed change."""
    return agreed_at is not None and printed_at is not None and printed_at < agreed_at
