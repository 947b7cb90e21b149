"""What a provider says of an attempt, from a notice or an answer: believed when it fits, and then money moves once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.ledger import actions as ledger
from portal.domain.ledger.values import Business, JournalKind
from portal.domain.payments import rules, transfers
from portal.domain.payments.access import access_attempt
from portal.domain.payments.actions import refunds
from portal.domain.payments.actions.numbers import number_of
from portal.domain.payments.events import PaymentCaptured
from portal.domain.payments.models import PaymentAttempt, PaymentCapture, PaymentIntent, PaymentPart
from portal.domain.payments.values import (
    APPLIED,
    ATTEMPT_MOVES,
    AttemptState,
    CallbackState,
    IntentState,
    Part,
    RefundReason,
    TradeFact,
    TradeState,
    Verdict,
    Why,
    may_move,
)
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

_SAID = {
    TradeState.WAITING: AttemptState.WAITING,
    TradeState.PAID: AttemptState.PAID,
    TradeState.FAILED: AttemptState.FAILED,
    TradeState.CLOSED: AttemptState.CLOSED,
}


def told(work: Work, fact: TradeFact, *, provider: str) -> Verdict:
    """Believe what fits, in any order and any number of times; money that arrived is kept once, or goes back.

    Says WAITING when the attempt is not here yet, QUARANTINED when merchant, currency or amount differ.
    """
    work.require(Permission.PAYMENT_EDIT)
    attempt_id = number_of(fact.number)
    try:
        intent, attempt = access_attempt(work, attempt_id or UUID(int=0), lock=True)
    except NotFound:
        return Verdict(CallbackState.WAITING)
    if attempt.provider != provider:
        return Verdict(CallbackState.QUARANTINED, Why.MERCHANT)
    why = rules.misfit(fact, merchant_no=attempt.merchant_no, amount_fen=intent.amount_fen, currency=intent.currency)
    if why is not None:
        return Verdict(CallbackState.QUARANTINED, why)
    faults.point(work, "payments.told.checked")
    to = _SAID[fact.state]
    if may_move(ATTEMPT_MOVES, AttemptState(attempt.state), to):
        attempt.state, attempt.told_at = to.value, work.now()
        attempt.provider_no = fact.provider_no or attempt.provider_no
        if rules.is_final(fact.state):
            attempt.ask_at = None
        if to is AttemptState.PAID:
            _capture(work, intent, attempt)
    return APPLIED


def _capture(work: Work, intent: PaymentIntent, attempt: PaymentAttempt) -> None:
    """Money has arrived: for whom it was asked, or by mistake."""
    stray = intent.state != IntentState.OPEN
    capture = PaymentCapture(
        person_id=intent.person_id,
        id=new_id(),
        intent_id=intent.id,
        attempt_id=attempt.id,
        amount_fen=intent.amount_fen,
        stray=stray,
        captured_at=work.now(),
    )
    work.session.add(capture)
    work.session.flush()
    if stray:
        _send_back(work, intent, attempt, capture)
        return
    _keep(work, intent, attempt, capture)
    intent.state, intent.ended_at = IntentState.PAID.value, work.now()
    work.session.flush()
    work.publish(
        PaymentCaptured(intent.id, intent.person_id, intent.business_type, intent.business_id, intent.amount_fen)
    )


def _keep(work: Work, intent: PaymentIntent, attempt: PaymentAttempt, capture: PaymentCapture) -> None:
    """Into the escrows; each part remembers the transfer that a refund will reverse."""
    query = select(PaymentPart).where(PaymentPart.person_id == intent.person_id, PaymentPart.intent_id == intent.id)
    rows = list(work.session.scalars(query.order_by(PaymentPart.subject_id)))
    parts = [Part(row.subject_id, row.amount_fen, row.owner_id) for row in rows]
    journal = ledger.post(
        work,
        kind=JournalKind.CAPTURE,
        key=f"payment/{capture.id}",
        business=Business("payment", intent.id),
        transfers=transfers.captured(attempt.provider, parts),
    )
    for row, posted in zip(rows, journal.transfers, strict=True):
        row.transfer_id = posted.id


def _send_back(work: Work, intent: PaymentIntent, attempt: PaymentAttempt, capture: PaymentCapture) -> None:
    """A second success, or one that came too late: it is the payer's, and goes back by itself."""
    journal = ledger.post(
        work,
        kind=JournalKind.CAPTURE,
        key=f"payment/{capture.id}",
        business=Business("payment", intent.id),
        transfers=transfers.strayed(attempt.provider, capture.id, capture.amount_fen),
    )
    reason = RefundReason.SECOND if intent.state == IntentState.PAID else RefundReason.LATE
    refunds.give_back(
        work,
        intent,
        capture,
        amount_fen=capture.amount_fen,
        reason=reason,
        transfer_id=journal.transfers[0].id,
        key=capture.id,
    )
