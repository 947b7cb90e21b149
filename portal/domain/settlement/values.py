"""States and cycles of statements, what their lines are about, and the figures of one. Amounts in fen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from portal.domain.ledger.values import AccountKind, Business, TransferKind

NOTE_MOST: Final = 500
MOST_REFS: Final = 50
MOST_LINES: Final = 100_000
"""The most lines that one file of a statement holds."""
OWN: Final = (AccountKind.AVAILABLE, AccountKind.FROZEN, AccountKind.PENDING, AccountKind.RECEIVABLE)
"""The accounts that together are what the platform owes a merchant; the last one is what he owes, below zero."""


class Cycle(StrEnum):
    """How often a merchant gets a statement. Days are those of Shanghai."""

    MONTHLY = "monthly"
    HALF_MONTHLY = "half_monthly"
    WEEKLY = "weekly"


class StatementState(StrEnum):
    """Where a statement stands between the two parties."""

    ISSUED = "issued"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    ANSWERED = "answered"


S = StatementState
MOVES: Final[Mapping[StatementState, frozenset[StatementState]]] = MappingProxyType(
    {
        S.ISSUED: frozenset({S.CONFIRMED, S.DISPUTED}),
        S.DISPUTED: frozenset({S.ANSWERED}),
        S.ANSWERED: frozenset({S.CONFIRMED, S.DISPUTED}),
        S.CONFIRMED: frozenset(),
    }
)
OPEN: Final = (S.ISSUED, S.ANSWERED)
"""The merchant is to speak; silence is consent after the deadline."""


class Spoken(StrEnum):
    """What was said about a statement."""

    DISPUTED = "disputed"
    ANSWERED = "answered"
    CONFIRMED = "confirmed"
    LAPSED = "lapsed"  # nobody spoke until the deadline: confirmed by itself


class Section(StrEnum):
    """What a line of a statement is about."""

    SETTLED = "settled"
    REFUNDED = "refunded"
    FEES = "fees"
    WITHDRAWN = "withdrawn"
    OTHER = "other"


T = TransferKind
INSIDE: Final = frozenset({T.HOLD, T.RELEASE, T.CLEAR, T.CLEAR_REVERSED, T.SHORTFALL_REPAID})
"""Between a merchant's own accounts: they change nothing of what he has in all."""
SECTIONS: Final[Mapping[TransferKind, Section]] = MappingProxyType(
    {
        T.SETTLE: Section.SETTLED,
        T.SETTLE_NOW: Section.SETTLED,
        T.SETTLE_REVERSED: Section.REFUNDED,
        T.SETTLE_NOW_REVERSED: Section.REFUNDED,
        T.SHORTFALL: Section.REFUNDED,
        T.WITHDRAWAL_FEE: Section.FEES,
        T.WITHDRAWAL_FEE_REVERSED: Section.FEES,
        T.PAYOUT: Section.WITHDRAWN,
        T.PAYOUT_RETURNED: Section.WITHDRAWN,
    }
)


def section_of(kind: TransferKind) -> Section:
    """Where a move is shown; what nobody named is shown as well."""
    return SECTIONS.get(kind, Section.OTHER)


@dataclass(frozen=True)
class Period:
    """Days of Shanghai, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Given:
    """What a refund after settlement took back: from the merchant's balance, as a debt of his, and of the margin."""

    supplier_fen: int
    shortfall_fen: int
    margin_fen: int


@dataclass(frozen=True)
class Figures:
    """The figures of a period, all read from the entries; `opening` and `closing` are by kind of account."""

    period: Period
    opening: Mapping[AccountKind, int]
    closing: Mapping[AccountKind, int]
    sums: Mapping[Section, int]
    counts: Mapping[Section, int]

    @property
    def opening_fen(self) -> int:
        """What the platform owed the merchant before the first day."""
        return sum(self.opening.values())

    @property
    def closing_fen(self) -> int:
        """What it owes him after the last day; it is carried over."""
        return sum(self.closing.values())

    @property
    def change_fen(self) -> int:
        """What the period added or took."""
        return sum(self.sums.values())

    @property
    def lines(self) -> int:
        """How many lines the statement has."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class StatementLine:
    """One entry of a merchant, with the order line or the earning it is about where there is one.

    `gross_fen` is what consumers paid and `fee_fen` the platform's fee, when it is an earning of a store; else nought.
    """

    transfer_id: UUID
    account_id: UUID
    at: datetime
    day: date
    kind: TransferKind
    amount_fen: int
    business: Business
    order_number: str
    what: str
    gross_fen: int = 0
    fee_fen: int = 0

    @property
    def section(self) -> Section:
        """Where it is shown."""
        return section_of(self.kind)

    @property
    def cursor(self) -> str:
        """Where the list goes on after this line."""
        return f"{self.day.isoformat()}.{self.transfer_id}.{self.account_id}"


@dataclass(frozen=True)
class Word:
    """Something one side said about a statement; `refs` are the transfers it names."""

    kind: Spoken
    by_kind: str
    note: str
    refs: tuple[UUID, ...]
    given_fen: int
    at: datetime


@dataclass(frozen=True)
class StatementShown:
    """A statement without its figures: these are counted when they are looked at."""

    merchant_id: UUID
    merchant_name: str
    id: UUID
    number: str
    period: Period
    cycle: Cycle
    state: StatementState
    issued_at: datetime
    confirm_by: datetime
    ended_at: datetime | None
    words: tuple[Word, ...] = field(default=())


@dataclass(frozen=True)
class Terms:
    """From this day on a merchant gets statements in this cycle."""

    from_day: date
    cycle: Cycle
    set_at: datetime
