"""What happened to withdrawals. Ids and amounts only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class WithdrawalHalfway:
    """One has approved it, `first_by`; somebody else of the platform must."""

    merchant_id: UUID
    withdrawal_id: UUID
    first_by: UUID


@dataclass(frozen=True)
class WithdrawalRefused:
    """The platform said no; the money is available again."""

    merchant_id: UUID
    withdrawal_id: UUID
    amount_fen: int


@dataclass(frozen=True)
class WithdrawalPaid:
    """The bank has paid."""

    merchant_id: UUID
    withdrawal_id: UUID
    arrives_fen: int


@dataclass(frozen=True)
class WithdrawalReturned:
    """The bank has sent it back, also after it had paid; the money is available again."""

    merchant_id: UUID
    withdrawal_id: UUID
    amount_fen: int
