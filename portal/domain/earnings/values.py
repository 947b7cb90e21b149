"""What an earning is, as pages show it. Amounts in fen, rates in basis points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from portal.domain.ledger.values import Business

TITLE_MOST: Final = 120


@dataclass(frozen=True)
class Returned:
    """From whom money came back into the escrow: the merchant's balance, a new debt of his, the platform's fee."""

    merchant_fen: int
    debt_fen: int
    fee_fen: int

    @property
    def total_fen(self) -> int:
        """All that lies in the escrow again."""
        return self.merchant_fen + self.debt_fen + self.fee_fen


@dataclass(frozen=True)
class EarningShown:
    """One earning: what consumers had paid for it, what the platform keeps, what went back of both since."""

    id: UUID
    merchant_id: UUID
    store_id: UUID | None
    business: Business
    nth: int
    title: str
    number: str
    gross_fen: int
    amount_fen: int
    fee_fen: int
    rate: int
    back_fen: int
    fee_back_fen: int
    earned_at: datetime

    @property
    def net_fen(self) -> int:
        """What the merchant keeps after the fee and after what went back."""
        return self.amount_fen - self.fee_fen - (self.back_fen - self.fee_back_fen)
