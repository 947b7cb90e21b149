"""A line of a past order, what is odd about it, and totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from portal.kernel.spoken import local_day
from portal.kernel.words import Text, say


class Mark(StrEnum):
    """What is odd about a line; it is kept as it came and counted as it stands."""

    CANCELLED = "cancelled"
    NEGATIVE_PRICE = "negative_price"
    FREE = "free"
    TWICE = "twice"


MARKS: Final[Mapping[Mark, Text]] = {
    Mark.CANCELLED: say("退货或取消"),
    Mark.NEGATIVE_PRICE: say("单价为负"),
    Mark.FREE: say("单价为零"),
    Mark.TWICE: say("重复行"),
}


@dataclass(frozen=True)
class PastLine:
    """One line; `amount` is quantity × unit price, exactly. `number` is its line in the file, `digest` what it said."""

    number: int
    order_number: str
    placed_at: datetime
    code: str
    name: str
    quantity: int
    unit_price: Decimal
    currency: str
    customer: str
    country: str
    marks: tuple[Mark, ...]
    digest: str

    @property
    def amount(self) -> Decimal:
        """What the line comes to."""
        return self.unit_price * self.quantity

    @property
    def month(self) -> date:
        """The first day of its month."""
        return local_day(self.placed_at).replace(day=1)

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "order_number": self.order_number,
            "placed_at": self.placed_at.isoformat(),
            "code": self.code,
            "name": self.name,
            "quantity": self.quantity,
            "unit_price": str(self.unit_price),
            "currency": self.currency,
            "customer": self.customer,
            "country": self.country,
            "marks": [mark.value for mark in self.marks],
            "digest": self.digest,
        }

    @classmethod
    def of(cls, number: int, kept: Mapping[str, Any]) -> PastLine:
        """From JSON."""
        return cls(
            number=number,
            order_number=kept["order_number"],
            placed_at=datetime.fromisoformat(kept["placed_at"]),
            code=kept["code"],
            name=kept["name"],
            quantity=int(kept["quantity"]),
            unit_price=Decimal(kept["unit_price"]),
            currency=kept["currency"],
            customer=kept["customer"],
            country=kept["country"],
            marks=tuple(Mark(mark) for mark in kept["marks"]),
            digest=kept["digest"],
        )


@dataclass(frozen=True)
class LineShown:
    """A line as the list shows it."""

    batch_id: UUID
    line: PastLine


@dataclass(frozen=True)
class Month:
    """What one month came to, in one currency."""

    month: date
    currency: str
    orders: int
    lines: int
    amount: Decimal
    cancelled: Decimal


"""`cancelled` is the part of `amount` that lines of less than no pieces make."""
