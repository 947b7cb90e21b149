"""Words of commissions, and what pages read of them. Shares are basis points (1/10,000), money is fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

ALL = 10_000  # basis points
MOST_FIXED = 10_000_000


class Kind(StrEnum):
    """What is paid for."""

    WORK = "work"  # 手工: a service that was paid for with money
    CARD_USE = "card_use"  # 消卡: a service that was paid for with a pass
    CARD_SALE = "card_sale"  # 卡售


class Turn(StrEnum):
    """Which of somebody's work a rule is for."""

    ANY = "any"
    REQUESTED = "requested"  # 点钟: the client asked for him
    ROTATED = "rotated"  # 排钟: it was his turn


@dataclass(frozen=True)
class Rule:
    """`percent_bp` of what it is worth, or `fixed_fen` a piece. Without `subject_id` it is for every service (or
    pass), without `store_id` for every store.
    """

    id: UUID
    kind: Kind
    store_id: UUID | None
    subject_id: UUID | None
    turn: Turn
    percent_bp: int | None
    fixed_fen: int | None
    made_at: datetime


@dataclass(frozen=True)
class RuleDraft:
    """A rule as somebody wrote it."""

    kind: Kind
    store_id: UUID | None
    subject_id: UUID | None
    turn: Turn
    percent_bp: int | None
    fixed_fen: int | None


@dataclass(frozen=True)
class RuleShown:
    """A rule with the name of its store; the page knows what its subject is called."""

    rule: Rule
    store: str


@dataclass(frozen=True)
class EntryLine:
    """One entry; below zero when it takes back another one."""

    id: UUID
    at: datetime
    day: date
    store: str
    technician: str
    kind: Kind
    title: str
    client: str
    requested: bool
    base_fen: int
    amount_fen: int
    back: bool


@dataclass(frozen=True)
class TechnicianTotal:
    """A month of one technician."""

    resource_id: UUID
    technician: str
    store: str
    work_fen: int
    card_use_fen: int
    card_sale_fen: int
    back_fen: int
    pieces: int
    requested: int

    @property
    def total_fen(self) -> int:
        """What he gets for the month."""
        return self.work_fen + self.card_use_fen + self.card_sale_fen + self.back_fen


@dataclass(frozen=True)
class Month:
    """A calendar month, local days."""

    first: date

    @property
    def after(self) -> date:
        """The first day of the next one."""
        return date(self.first.year + self.first.month // 12, self.first.month % 12 + 1, 1)

    @property
    def before(self) -> date:
        """The first day of the one before."""
        return date(self.first.year - (self.first.month == 1), (self.first.month - 2) % 12 + 1, 1)

    @property
    def name(self) -> str:
        """2026-07."""
        return f"{self.first:%Y-%m}"
