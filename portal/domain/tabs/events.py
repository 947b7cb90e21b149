"""What happened at tables. Published on the worker's face (its scope names the merchant), in the transaction that
made it so.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from portal.domain.tabs.values import Wish


@dataclass(frozen=True)
class SittingOpened:
    """Somebody sits down (开台)."""

    merchant_id: UUID
    store_id: UUID
    sitting_id: UUID
    table_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class SittingClosed:
    """The table is cleared (清台), or went over to another (并台): `into_id`. `cooks_on`: nobody cleared it, it was
    paid and the next guests sit there; what is not on the table yet is still to be made.
    """

    merchant_id: UUID
    store_id: UUID
    sitting_id: UUID
    into_id: UUID | None = None
    cooks_on: bool = False


@dataclass(frozen=True)
class SittingReopened:
    """Clearing was a mistake."""

    merchant_id: UUID
    store_id: UUID
    sitting_id: UUID


@dataclass(frozen=True)
class RoundWaits:
    """先付: ordered, and the kitchen hears of it once it is paid (`actions.release`)."""

    merchant_id: UUID
    store_id: UUID
    sitting_id: UUID
    round_id: UUID


@dataclass(frozen=True)
class RoundWithdrawn:
    """先付: it is in the cart again, nobody pays it."""

    merchant_id: UUID
    store_id: UUID
    sitting_id: UUID


@dataclass(frozen=True)
class RoundPlaced:
    """The kitchen is to cook it."""

    merchant_id: UUID
    store_id: UUID
    sitting_id: UUID
    round_id: UUID


@dataclass(frozen=True)
class LineCancelled:
    """退菜: `quantity` of the line is not wanted any more; `version` is the line's new one, `left` what stays of it."""

    merchant_id: UUID
    store_id: UUID
    sitting_id: UUID
    line_id: UUID
    version: int
    quantity: int
    left: int
    reason: str


@dataclass(frozen=True)
class LineServed:
    """It stands on the table; `served` is False when that was taken back."""

    merchant_id: UUID
    store_id: UUID
    sitting_id: UUID
    line_id: UUID
    served: bool = True


@dataclass(frozen=True)
class TablesMoved:
    """The sitting occupies other tables than before (转台, 并台): `table_ids` are all it has now."""

    merchant_id: UUID
    store_id: UUID
    sitting_id: UUID
    table_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class LinePart:
    """`quantity` of `line_id` went over as the line `new_id`; the same id when it went as a whole."""

    line_id: UUID
    new_id: UUID
    quantity: int


@dataclass(frozen=True)
class LinesMoved:
    """Lines went from one sitting to another; what was cooked stays cooked."""

    merchant_id: UUID
    store_id: UUID
    sitting_id: UUID
    to_sitting_id: UUID
    parts: tuple[LinePart, ...]


@dataclass(frozen=True)
class WaiterCalled:
    """呼叫服务员."""

    merchant_id: UUID
    store_id: UUID
    sitting_id: UUID
    call_id: UUID
    wish: Wish
