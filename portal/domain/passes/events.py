"""What happens to passes, for the features above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PassBought:
    """It is paid."""

    merchant_id: UUID
    pass_id: UUID
    person_id: UUID
    price_fen: int


@dataclass(frozen=True)
class PassUsed:
    """One use was consumed; `value_fen` of the price is earned with it."""

    merchant_id: UUID
    pass_id: UUID
    use_id: UUID
    holder_id: UUID
    name: str
    left: int
    value_fen: int
    booking_id: UUID | None
    store_id: UUID | None


@dataclass(frozen=True)
class PassUseUndone:
    """A consumed use was taken back by the store."""

    merchant_id: UUID
    pass_id: UUID
    use_id: UUID
    holder_id: UUID
    name: str
    left: int


@dataclass(frozen=True)
class PassRefunded:
    """What was unused goes back to who paid."""

    merchant_id: UUID
    pass_id: UUID
    buyer_id: UUID
    name: str
    uses: int
    amount_fen: int


@dataclass(frozen=True)
class PassExpired:
    """Uses lapsed."""

    merchant_id: UUID
    pass_id: UUID
    holder_id: UUID
    name: str
    uses: int


@dataclass(frozen=True)
class PassHandedOver:
    """Somebody took a pass over, or a share in it."""

    merchant_id: UUID
    pass_id: UUID
    giver_id: UUID
    taker_id: UUID
    taker: str
    name: str
    shared: bool
