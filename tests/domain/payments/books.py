"""Reading a payment's end state from its rows and from the ledger, for comparison."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.ledger.models import LedgerEntry
from portal.domain.ledger.values import AccountRef
from portal.domain.payments import transfers
from portal.domain.payments.models import PaymentAttempt, PaymentCapture, PaymentIntent, PaymentPart, PaymentRefund
from portal.domain.payments.values import Part
from portal.kernel.scope import Face
from portal.kernel.work import Work
from tests.factories.world import World


@dataclass(frozen=True)
class EndState:
    """What is left when everything has been told."""

    intent: str
    attempts: tuple[str, ...]
    kept_fen: int
    stray_fen: int
    refunds: tuple[tuple[str, str, int], ...]
    escrow_fen: int
    clearing_fen: int


def end_state(world: World, payment: UUID) -> EndState:
    """All of it, after checking that the books agree with the rows."""
    with world.work(Face.JOB) as work:
        intent = work.session.scalars(select(PaymentIntent).where(PaymentIntent.id == payment)).one()
        attempts = work.session.scalars(select(PaymentAttempt.state).where(PaymentAttempt.intent_id == payment))
        captures = list(work.session.scalars(select(PaymentCapture).where(PaymentCapture.intent_id == payment)))
        refunds = list(work.session.scalars(select(PaymentRefund).where(PaymentRefund.intent_id == payment)))
        parts = list(work.session.scalars(select(PaymentPart).where(PaymentPart.intent_id == payment)))
        states = tuple(sorted(attempts))
    kept = sum(one.amount_fen for one in captures if not one.stray)
    stray = sum(one.amount_fen for one in captures if one.stray)
    back = sum(one.amount_fen for one in refunds)
    asked = sum(one.amount_fen for one in refunds if one.reason == "asked")
    with world.work(Face.PLATFORM) as work:
        escrow = sum(total(work, transfers.escrow(Part(one.subject_id, 1, one.owner_id))) for one in parts)
        strays = sum(total(work, transfers.stray(one.id)) for one in captures if one.stray)
        clearing = total(work, transfers.clearing("sandbox"), payment)
    assert escrow == kept - asked, "escrow = captured − refunded"
    assert strays == stray - (back - asked), "what came by mistake goes back whole"
    assert clearing == -(kept + stray - back), "clearing is the other side of all of it"
    assert sum(one.refunded_fen for one in parts) == asked <= kept
    return EndState(
        intent.state,
        states,
        kept,
        stray,
        tuple(sorted((one.reason, one.state, one.amount_fen) for one in refunds)),
        escrow,
        clearing,
    )


def total(work: Work, ref: AccountRef, business: UUID | None = None) -> int:
    """An account's balance, recounted from its entries; of one business row if named."""
    query = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(LedgerEntry.owner_id == ref.owner_id)
    query = query.where(LedgerEntry.account_id == ref.id)
    if business is not None:
        query = query.where(LedgerEntry.business_id == business)
    return int(work.session.scalar(query) or 0)
