"""What a pass can be, what happens to it, and what a merchant enters. Amounts in fen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

BUSINESS: Final = "pass"
REFUND_DAYS: Final = 7
"""Within so many days of paying what is unused goes back by the holder's word alone (daily-life.md, 次卡)."""
MOST_USES: Final = 365
MOST_FEN: Final = 100_000_00
MOST_DAYS: Final = 3650
MOST_SHARERS: Final = 9
NAME_MOST: Final = 40
WORDS_MOST: Final = 500
GIFT_HOURS: Final = 72


class KindState(StrEnum):
    """Whether it can be bought."""

    DRAFT = "draft"
    ON_SALE = "on_sale"
    STOPPED = "stopped"


KIND_MOVES: Final[Mapping[KindState, frozenset[KindState]]] = MappingProxyType(
    {
        KindState.DRAFT: frozenset({KindState.ON_SALE}),
        KindState.ON_SALE: frozenset({KindState.STOPPED}),
        KindState.STOPPED: frozenset({KindState.ON_SALE}),
    }
)


class PassState(StrEnum):
    """`active` as long as a use is left or held; the others say what ended it."""

    UNPAID = "unpaid"
    ACTIVE = "active"
    SPENT = "spent"
    EXPIRED = "expired"
    REFUNDED = "refunded"
    CLOSED = "closed"  # never paid


class UseState(StrEnum):
    """A use is held by a booking, then consumed or given back; what was consumed can be undone for a while."""

    HELD = "held"
    USED = "used"
    RETURNED = "returned"
    UNDONE = "undone"


class Role(StrEnum):
    """What a person is to a pass."""

    HOLDER = "holder"
    SHARER = "sharer"


class GiftKind(StrEnum):
    """What a link gives: the pass itself, or the right to use it together."""

    TRANSFER = "transfer"
    SHARE = "share"


class Happening(StrEnum):
    """A line of a pass's log."""

    BOUGHT = "bought"
    PAID = "paid"
    CLOSED = "closed"
    HELD = "held"
    USED = "used"
    RETURNED = "returned"
    UNDONE = "undone"
    TRANSFERRED = "transferred"
    SHARED = "shared"
    UNSHARED = "unshared"
    EXPIRED = "expired"
    EXTENDED = "extended"
    REFUNDED = "refunded"


@dataclass(frozen=True)
class KindDraft:
    """What a merchant enters. No services means every service; `valid_days` None means without end, `per_person` 0
    without limit; `worth_fen` is what the uses cost one by one, 0 when it is not told.
    """

    name: str
    words: str
    uses: int
    price_fen: int
    worth_fen: int
    valid_days: int | None
    transferable: bool
    shared: bool
    per_person: int
    service_ids: frozenset[UUID]
