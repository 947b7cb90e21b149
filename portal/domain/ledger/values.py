"""The ledger's vocabulary: assets, kinds of accounts, and the whole list of moves that are possible between them.

A balance is a claim on the platform: a transfer takes from its debit account and gives to its credit account. What is
not in `MOVES` cannot happen, in Python or in the database (`ledger_kinds`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Final
from uuid import UUID, uuid5

HOUSE: Final = UUID("00000000-0000-7000-8000-000000000001")
"""The owner of the platform's own accounts: the operator is no merchant."""

MOST: Final = 10**15
"""The most units that one transfer moves."""


class Asset(StrEnum):
    """What an account holds. Units are whole: fen for money."""

    CNY = "CNY"


class AccountKind(StrEnum):
    """What an account is for. Guarded kinds never fall below zero; the others are derived from their entries."""

    AVAILABLE = "available"  # a merchant's, to be withdrawn
    BANK = "bank"  # the platform's money at its bank; negative is money it has
    CLEARING = "clearing"  # at a payment provider, on its way to the bank; negative likewise
    ESCROW = "escrow"  # one for each order: paid, not yet anybody's
    FEES = "fees"  # what the platform takes and pays for services
    FROZEN = "frozen"  # a merchant's, held for a purpose
    PAYOUT = "payout"  # on its way from the bank to a merchant
    PENDING = "pending"  # a merchant's, not yet to be withdrawn
    RECEIVABLE = "receivable"  # negative: what a merchant owes
    REVENUE = "revenue"  # the platform's margin
    STRAY = "stray"  # money that came and belongs to no order


K = AccountKind
GUARDED: Final = frozenset({K.AVAILABLE, K.ESCROW, K.FROZEN, K.PENDING, K.STRAY})


class JournalKind(StrEnum):
    """The business act that transfers belong to."""

    ADJUSTMENT = "adjustment"
    CAPTURE = "capture"
    FEE = "fee"
    HOLD = "hold"
    PAYOUT = "payout"
    PROVIDER = "provider"
    REFUND = "refund"
    RELEASE = "release"
    SETTLEMENT = "settlement"


class TransferKind(StrEnum):
    """One move between two kinds of accounts. `…_reversed` undoes the move before it, wholly or in part."""

    CAPTURE = "capture"
    CAPTURE_REVERSED = "capture_reversed"
    CLEAR = "clear"
    CLEAR_REVERSED = "clear_reversed"
    COMPENSATION = "compensation"
    COMPENSATION_REVERSED = "compensation_reversed"
    HOLD = "hold"
    MARGIN = "margin"
    MARGIN_REVERSED = "margin_reversed"
    PAYOUT = "payout"
    PAYOUT_PAID = "payout_paid"
    PAYOUT_PAID_REVERSED = "payout_paid_reversed"
    PAYOUT_RETURNED = "payout_returned"
    PROVIDER_FEE = "provider_fee"
    PROVIDER_FEE_REVERSED = "provider_fee_reversed"
    PROVIDER_SETTLED = "provider_settled"
    PROVIDER_SETTLED_REVERSED = "provider_settled_reversed"
    RELEASE = "release"
    SERVICE_FEE = "service_fee"
    SERVICE_FEE_REVERSED = "service_fee_reversed"
    SETTLE = "settle"
    SETTLE_REVERSED = "settle_reversed"
    SETTLE_NOW = "settle_now"
    SETTLE_NOW_REVERSED = "settle_now_reversed"
    SHORTFALL = "shortfall"
    SHORTFALL_REPAID = "shortfall_repaid"
    STRAY = "stray"
    STRAY_MATCHED = "stray_matched"
    STRAY_REVERSED = "stray_reversed"
    SUBSIDY = "subsidy"
    SUBSIDY_REVERSED = "subsidy_reversed"
    WITHDRAWAL_FEE = "withdrawal_fee"
    WITHDRAWAL_FEE_REVERSED = "withdrawal_fee_reversed"


T = TransferKind


@dataclass(frozen=True)
class Move:
    """From which kind of account to which, of what; `reverses` is the kind of transfer that it undoes."""

    debit: AccountKind
    credit: AccountKind
    asset: Asset = Asset.CNY
    reverses: TransferKind | None = None


def _with_reversals(forward: dict[TransferKind, Move], reversible: frozenset[TransferKind]) -> dict[TransferKind, Move]:
    back = {
        TransferKind(f"{kind}_reversed"): Move(move.credit, move.debit, move.asset, kind)
        for kind, move in forward.items()
        if kind in reversible
    }
    return forward | back


MOVES: Final = MappingProxyType(
    _with_reversals(
        {
            T.CAPTURE: Move(K.CLEARING, K.ESCROW),  # a consumer paid an order
            T.CLEAR: Move(K.PENDING, K.AVAILABLE),  # the waiting time of a settled line is over
            T.COMPENSATION: Move(K.REVENUE, K.AVAILABLE),  # the platform makes good
            T.HOLD: Move(K.AVAILABLE, K.FROZEN),
            T.MARGIN: Move(K.ESCROW, K.REVENUE),  # sale price less supply price
            T.PAYOUT: Move(K.FROZEN, K.PAYOUT),  # ordered at the bank
            T.PAYOUT_PAID: Move(K.PAYOUT, K.BANK),  # the bank has paid
            T.PAYOUT_RETURNED: Move(K.PAYOUT, K.AVAILABLE),  # the bank has sent it back
            T.PROVIDER_FEE: Move(K.FEES, K.CLEARING),  # what the provider keeps
            T.PROVIDER_SETTLED: Move(K.BANK, K.CLEARING),  # what the provider handed over
            T.RELEASE: Move(K.FROZEN, K.AVAILABLE),
            T.SERVICE_FEE: Move(K.ESCROW, K.FEES),
            T.SETTLE: Move(K.ESCROW, K.PENDING),  # supply price, still waiting
            T.SETTLE_NOW: Move(K.ESCROW, K.AVAILABLE),  # supply price, at once
            T.SHORTFALL: Move(K.RECEIVABLE, K.ESCROW),  # refunded beyond what the merchant still has
            T.SHORTFALL_REPAID: Move(K.AVAILABLE, K.RECEIVABLE),
            T.STRAY: Move(K.CLEARING, K.STRAY),  # paid twice, late or a wrong amount
            T.STRAY_MATCHED: Move(K.STRAY, K.ESCROW),
            T.SUBSIDY: Move(K.REVENUE, K.ESCROW),  # sold below supply price, confirmed
            T.WITHDRAWAL_FEE: Move(K.AVAILABLE, K.FEES),
        },
        frozenset(TransferKind(kind.removesuffix("_reversed")) for kind in T if kind.endswith("_reversed")),
    )
)


@dataclass(frozen=True)
class AccountRef:
    """An account by what it is; it is opened by its first transfer. `subject_id` is the order of an escrow."""

    kind: AccountKind
    owner_id: UUID
    asset: Asset = Asset.CNY
    subject_id: UUID | None = None

    @cached_property
    def id(self) -> UUID:
        """The same for ever: worked out from what the account is, so that nobody has to look it up."""
        return uuid5(HOUSE, f"{self.owner_id}/{self.kind}/{self.asset}/{self.subject_id or ''}")

    @property
    def is_guarded(self) -> bool:
        """True when it may never fall below zero."""
        return self.kind in GUARDED


@dataclass(frozen=True)
class Transfer:
    """`amount` units from `debit` to `credit`. `line_id` is the order line, the withdrawal … it is about."""

    kind: TransferKind
    debit: AccountRef
    credit: AccountRef
    amount: int
    reverses: UUID | None = None
    line_id: UUID | None = None


@dataclass(frozen=True)
class Business:
    """The row of a feature that a journal belongs to: `payment`, `order`, `withdrawal` …"""

    type: str
    id: UUID


@dataclass(frozen=True)
class Posted:
    """A transfer as it stands in the ledger."""

    id: UUID
    transfer: Transfer


@dataclass(frozen=True)
class Journal:
    """Transfers that were written together; `is_repeat` when the key had been used for just the same before."""

    id: UUID
    kind: JournalKind
    key: str
    business: Business
    at: datetime
    day: date
    transfers: tuple[Posted, ...]
    is_repeat: bool = False


@dataclass(frozen=True)
class Hold:
    """Units of one account set aside; what is neither taken nor released is still held."""

    id: UUID
    account: AccountRef
    amount: int
    taken: int
    released: int

    @property
    def left(self) -> int:
        """What may still be taken or released."""
        return self.amount - self.taken - self.released


@dataclass(frozen=True)
class Day:
    """A closed day. `digest` is of its transfers, `chain` of this line and the line before it; both in hexadecimals."""

    day: date
    transfers: int
    sums: dict[str, int]
    digest: str
    chain: str
    closed_at: datetime


class Check(StrEnum):
    """What a proof recounts."""

    ACCOUNTS = "accounts"
    BALANCES = "balances"
    DAYS = "days"
    ENTRIES = "entries"
    HOLDS = "holds"
    JOURNALS = "journals"
    REVERSALS = "reversals"
    SNAPSHOTS = "snapshots"
    ZERO = "zero"


@dataclass(frozen=True)
class Difference:
    """Something that is not what it should be: whose name, and both figures."""

    name: str
    stands: str
    recounted: str


@dataclass(frozen=True)
class Finding:
    """One check: how many rows were looked at, how many differ, and the first of those."""

    check: Check
    looked_at: int
    differences: int
    examples: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Proof:
    """A recount of the whole ledger at one moment."""

    began_at: datetime
    ended_at: datetime
    transfers: int
    findings: tuple[Finding, ...]

    @property
    def differences(self) -> int:
        """How many differences there are in all; nought is what everybody expects."""
        return sum(one.differences for one in self.findings)
