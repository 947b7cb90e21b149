"""Withdrawals as plain facts: states with their allowed moves, the rules in force, what the bank is asked and says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from portal.kernel.words import Text

TYPE: Final = "withdrawal"
"""What a withdrawal is called in the ledger."""
WATCHED_FOR: Final = timedelta(days=10)
"""How long the bank is asked, once a day, whether it has sent back what it paid."""


class WithdrawalState(StrEnum):
    """Where a withdrawal stands."""

    ASKED = "asked"
    HALF = "half"  # approved by one, waits for another
    APPROVED = "approved"
    ORDERED = "ordered"  # at the bank
    PAID = "paid"
    RETURNED = "returned"  # the bank has sent it back
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the merchant himself


S = WithdrawalState
MOVES: Final[Mapping[WithdrawalState, frozenset[WithdrawalState]]] = {
    S.ASKED: frozenset({S.HALF, S.APPROVED, S.REFUSED, S.WITHDRAWN}),
    S.HALF: frozenset({S.APPROVED, S.REFUSED, S.WITHDRAWN}),
    S.APPROVED: frozenset({S.ORDERED, S.REFUSED}),
    S.ORDERED: frozenset({S.PAID, S.RETURNED}),
    S.PAID: frozenset({S.RETURNED}),  # banks send back days after they have paid
    S.RETURNED: frozenset(),
    S.REFUSED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
OPEN: Final = frozenset({S.ASKED, S.HALF})
"""Nobody has decided for good: the merchant may take it back, the platform may approve."""


class Tab(StrEnum):
    """The platform's queue."""

    ASKED = "asked"
    HALF = "half"
    UNDERWAY = "underway"
    PAID = "paid"
    BACK = "back"
    ALL = "all"


TABS: Final[Mapping[Tab, tuple[WithdrawalState, ...]]] = {
    Tab.ASKED: (S.ASKED,),
    Tab.HALF: (S.HALF,),
    Tab.UNDERWAY: (S.APPROVED, S.ORDERED),
    Tab.PAID: (S.PAID,),
    Tab.BACK: (S.RETURNED, S.REFUSED, S.WITHDRAWN),
    Tab.ALL: tuple(S),
}


class StepKind(StrEnum):
    """One thing that happened to a withdrawal."""

    ASKED = "asked"
    REPAID = "repaid"  # what the merchant owed was taken first
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ORDERED = "ordered"
    UNKNOWN = "unknown"  # the bank did not answer, or not sensibly
    PAID = "paid"
    RETURNED = "returned"


class AttemptState(StrEnum):
    """One order at the bank, under its own number."""

    NEW = "new"  # the bank was not asked yet
    WAITING = "waiting"  # the bank works on it
    UNKNOWN = "unknown"  # no answer: asked again, never guessed
    PAID = "paid"
    RETURNED = "returned"
    REFUSED = "refused"  # a clear no: nothing has happened there


A = AttemptState
ATTEMPT_MOVES: Final[Mapping[AttemptState, frozenset[AttemptState]]] = {
    A.NEW: frozenset({A.WAITING, A.UNKNOWN, A.PAID, A.RETURNED, A.REFUSED}),
    A.WAITING: frozenset({A.UNKNOWN, A.PAID, A.RETURNED}),
    A.UNKNOWN: frozenset({A.WAITING, A.PAID, A.RETURNED, A.REFUSED}),
    A.PAID: frozenset({A.RETURNED}),
    A.RETURNED: frozenset(),
    A.REFUSED: frozenset(),
}


class Hint(StrEnum):
    """What a careful approver looks at."""

    NEW_ACCOUNT = "new_account"
    FIRST = "first"
    ABOVE_AVERAGE = "above_average"
    SUSPENDED = "suspended"
    RETURNED_BEFORE = "returned_before"


@dataclass(frozen=True)
class Terms:
    """The rules in force at a moment; money in fen, the rate in basis points."""

    least_fen: int
    fixed_fen: int
    basis_points: int
    most_fee_fen: int
    a_day: int
    hold_hours: int
    second_from_fen: int


@dataclass(frozen=True)
class BankAccount:
    """Where a merchant is paid, without the number; `since` when it is in force."""

    holder: str
    bank_name: str
    last4: str
    since: datetime


@dataclass(frozen=True)
class Quote:
    """What a withdrawal of this amount would be: fee, what arrives, what is owed first, what is left over."""

    amount_fen: int
    fee_fen: int
    owed_fen: int
    available_fen: int

    @property
    def arrives_fen(self) -> int:
        """What the bank is told to pay."""
        return self.amount_fen - self.fee_fen


@dataclass(frozen=True)
class Desk:
    """What somebody who wants money needs to know before he asks; `problem`: why he cannot now."""

    terms: Terms
    account: BankAccount | None
    available_fen: int
    owed_fen: int
    asked_today: int
    problem: Text | None
    held_until: datetime | None = None

    @property
    def most_fen(self) -> int:
        """The most that can be asked for now."""
        return max(0, self.available_fen - self.owed_fen)


@dataclass(frozen=True)
class TransferOrder:
    """What the bank is asked to pay; `number` is our own, `account_number` in full and kept nowhere else."""

    number: str
    amount_fen: int
    holder: str
    bank_name: str
    account_number: str


class BankWord(StrEnum):
    """What the bank says of an order."""

    WAITING = "waiting"
    PAID = "paid"
    RETURNED = "returned"


@dataclass(frozen=True)
class TransferFact:
    """How an order stands at the bank; `reason` says why it came back."""

    number: str
    word: BankWord
    amount_fen: int
    bank_no: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Errand:
    """What the worker asks the bank about one attempt. `moved`: the merchant is paid to another account since it was
    approved, so that nothing may be sent any more; `old`: the bank never knew it, and nothing is on its way there now.
    """

    attempt_id: UUID
    bank: str
    state: AttemptState
    order: TransferOrder
    moved: bool = False
    old: bool = False


@dataclass(frozen=True)
class Step:
    """A line of the timeline; `who` is empty for the platform's people towards merchants, and for the house."""

    kind: StepKind
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    who: str
    note: str


@dataclass(frozen=True)
class Attempt:
    """An order at the bank."""

    id: UUID
    nth: int
    bank: str
    state: AttemptState
    bank_no: str
    asked: int
    created_at: datetime
    told_at: datetime | None
    ask_at: datetime | None


@dataclass(frozen=True)
class WithdrawalLine:
    """A withdrawal in a list."""

    id: UUID
    merchant_id: UUID
    merchant_name: str
    state: WithdrawalState
    amount_fen: int
    fee_fen: int
    bank_name: str
    bank_last4: str
    second_needed: bool
    asked_at: datetime
    ended_at: datetime | None
    reason: str
    hints: tuple[Hint, ...] = ()
    mine_before: bool = False  # the reader approved it already: somebody else must

    @property
    def arrives_fen(self) -> int:
        """What the bank is told to pay."""
        return self.amount_fen - self.fee_fen

    @property
    def open(self) -> bool:
        """True while it can be approved or taken back."""
        return self.state in OPEN


@dataclass(frozen=True)
class Withdrawal:
    """All of one."""

    line: WithdrawalLine
    holder: str
    account_since: datetime
    asked_by: UUID
    steps: tuple[Step, ...]
    attempts: tuple[Attempt, ...]
    account_moved: bool = False  # the merchant has another account now
