"""What happened to payments. Published on the worker's face, in the transaction that made it so."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from portal.domain.payments.values import IntentState, Why


@dataclass(frozen=True)
class PaymentCaptured:
    """The money of this business row lies in its escrow. Once for each intent."""

    intent_id: UUID
    person_id: UUID
    business_type: str
    business_id: UUID
    amount_fen: int


@dataclass(frozen=True)
class PaymentReleased:
    """Nobody waits for this money any more: what was reserved may go. Never after PaymentCaptured, nor before it."""

    intent_id: UUID
    person_id: UUID
    business_type: str
    business_id: UUID
    how: IntentState


@dataclass(frozen=True)
class RefundDone:
    """The provider has given it back."""

    refund_id: UUID
    intent_id: UUID
    person_id: UUID
    business_type: str
    business_id: UUID
    subject_id: UUID | None
    amount_fen: int


@dataclass(frozen=True)
class RefundStuck:
    """The provider refused again and again: people must look."""

    refund_id: UUID


@dataclass(frozen=True)
class CallbackQuarantined:
    """A signed notice does not fit what we know: people must look."""

    callback_id: UUID
    provider: str
    why: Why
