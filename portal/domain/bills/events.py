"""What happened to bills. Published on the worker's face, in the transaction that made it so."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class BillPaid:
    """Paid in full; `online_fen` of it came through us."""

    merchant_id: UUID
    store_id: UUID
    sitting_id: UUID
    bill_id: UUID
    total_fen: int
    online_fen: int


@dataclass(frozen=True)
class BillRefunded:
    """Something went back."""

    merchant_id: UUID
    store_id: UUID
    sitting_id: UUID
    bill_id: UUID
    amount_fen: int
