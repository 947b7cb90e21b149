"""Asking for money, trying to pay it, and not waiting for it any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from portal.domain.ledger.values import Business
from portal.domain.payments import errors
from portal.domain.payments.access import access_intent
from portal.domain.payments.events import PaymentReleased
from portal.domain.payments.models import PaymentAttempt, PaymentIntent, PaymentPart
from portal.domain.payments.values import (
    CNY,
    INTENT_MOVES,
    MOST_ATTEMPTS,
    MOST_FEN,
    WITHIN,
    AttemptState,
    IntentState,
    Part,
    may_move,
)
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.rows import add_rows
from portal.kernel.scope import Face, Scope, fixed
from portal.kernel.work import Work

PAY = Permission.PAYMENT_PAY
HOUSE = Scope(Face.JOB)  # no payer's face may write down that he has paid
RIGHTS = frozenset({PAY, Permission.PAYMENT_EDIT})
_LIVING = frozenset({IntentState.OPEN.value, IntentState.PAID.value})
_OPEN_ATTEMPTS = [AttemptState.NEW.value, AttemptState.WAITING.value, AttemptState.UNKNOWN.value]

_INTENTS: Any = PaymentIntent.__table__
_ASK: Any = fixed(insert(_INTENTS).on_conflict_do_nothing().returning(_INTENTS.c.id))


def ask(
    work: Work,
    *,
    business: Business,
    title: str,
    amount_fen: int,
    parts: Sequence[Part] = (),
    expires_at: datetime | None = None,
    return_path: str = "/",
    person_id: UUID | None = None,
) -> UUID:
    """Ask the acting person (or `person_id`) to pay `amount_fen` for a business row; returns the payment.

    `parts` are the escrows it goes to, one for each order, and add up to the amount; none means one escrow for
    the business row itself. Asked again for the same row and amount, it is the same payment. Refuses what
    is paid already and another amount while one is open.
    """
    work.require(PAY)
    payer_id = person_id or work.person_id
    if work.scope.face is Face.PERSON and payer_id != work.scope.person_id:
        raise NotFound
    shares = list(parts) or [Part(business.id, amount_fen)]
    _check(amount_fen, shares, return_path)
    with borrowed(work, HOUSE, RIGHTS):
        intent_id = new_id()
        facts = {
            "person_id": payer_id,
            "id": intent_id,
            "business_type": business.type,
            "business_id": business.id,
            "title": title,
            "amount_fen": amount_fen,
            "currency": CNY,
            "state": IntentState.OPEN.value,
            "return_path": return_path,
            "created_at": work.now(),
            "expires_at": expires_at or work.now() + WITHIN,
        }
        if work.session.execute(_ASK, facts).scalar() is None:
            return _same(work, payer_id, business, amount_fen)
        add_rows(work, PaymentPart, [_part(payer_id, intent_id, part) for part in shares])
    return intent_id


def _check(amount_fen: int, shares: Sequence[Part], return_path: str) -> None:
    if not 0 < amount_fen <= MOST_FEN or sum(part.amount_fen for part in shares) != amount_fen:
        raise ValueError("a payment is a positive amount, and its parts add up to it")
    if not return_path.startswith("/") or return_path.startswith("//"):
        raise ValueError("after paying, one comes back to an own path")


def _part(person_id: UUID, intent_id: UUID, part: Part) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "intent_id": intent_id,
        "subject_id": part.subject_id,
        "owner_id": part.owner_id,
        "amount_fen": part.amount_fen,
        "refunded_fen": 0,
    }


def _same(work: Work, person_id: UUID, business: Business, amount_fen: int) -> UUID:
    """The payment that lives already for this row."""
    row = work.session.execute(
        select(PaymentIntent.id, PaymentIntent.state, PaymentIntent.amount_fen)
        .where(PaymentIntent.person_id == person_id, PaymentIntent.business_type == business.type)
        .where(PaymentIntent.business_id == business.id, PaymentIntent.state.in_(_LIVING))
    ).one()
    if row.state == IntentState.PAID:
        raise errors.AlreadyPaid
    if row.amount_fen != amount_fen:
        raise errors.AmountMoved
    return UUID(str(row.id))


def begin(work: Work, intent_id: UUID, *, provider: str, merchant_no: str, again: bool = False) -> UUID:
    """Try to pay with this provider; returns the attempt. One that waits already is used, unless `again`.

    Refuses what is paid, cancelled or too late, and too many tries.
    """
    work.require(PAY)
    access_intent(work, intent_id, may=PAY)  # with his own face: what is not his is not there
    with borrowed(work, HOUSE, RIGHTS):
        return begin_for(work, intent_id, provider=provider, merchant_no=merchant_no, again=again)


def begin_for(work: Work, intent_id: UUID, *, provider: str, merchant_no: str, again: bool = False) -> UUID:
    """The same for a payer without an account, on the worker's face: the feature that asked knows whose it is."""
    intent = access_intent(work, intent_id, may=PAY, lock=True)
    if intent.state == IntentState.PAID:
        raise errors.AlreadyPaid
    if intent.state != IntentState.OPEN or intent.expires_at <= work.now():
        raise errors.PaymentEnded
    mine = (PaymentAttempt.person_id == intent.person_id, PaymentAttempt.intent_id == intent_id)
    open_now = select(PaymentAttempt.id).where(*mine, PaymentAttempt.state.in_(_OPEN_ATTEMPTS))
    waiting = work.session.scalars(open_now.where(PaymentAttempt.provider == provider).limit(1)).first()
    if waiting is not None and not again:
        return waiting
    nth = 1 + (work.session.scalar(select(func.max(PaymentAttempt.nth)).where(*mine)) or 0)
    if nth > MOST_ATTEMPTS:
        raise errors.TooManyAttempts
    attempt = PaymentAttempt(
        person_id=intent.person_id,
        id=new_id(),
        intent_id=intent_id,
        nth=nth,
        provider=provider,
        merchant_no=merchant_no,
        state=AttemptState.NEW.value,
        provider_no="",
        asked=0,
        created_at=work.now(),
        ask_at=work.now(),
    )
    work.session.add(attempt)
    work.enqueue("payments.start", attempt=attempt.id)
    return attempt.id


def cancel(work: Work, intent_id: UUID) -> None:
    """Do not wait any more. Refuses what is paid; what ended already stays as it is. Later money goes back."""
    work.require(PAY)
    access_intent(work, intent_id, may=PAY)  # with his own face: what is not his is not there
    with borrowed(work, HOUSE, RIGHTS):
        intent = access_intent(work, intent_id, may=PAY, lock=True)
        faults.point(work, "payments.cancel.checked")
        if intent.state == IntentState.PAID:
            raise errors.AlreadyPaid
        end(work, intent, IntentState.CANCELLED)


def expire(work: Work, intent_id: UUID) -> bool:
    """The worker's: its time is over. False when it ended otherwise, or is not over yet."""
    work.require(Permission.PAYMENT_EDIT)
    try:
        intent = access_intent(work, intent_id, may=Permission.PAYMENT_EDIT, lock=True)
    except NotFound:
        return False
    if intent.expires_at > work.now():
        return False
    return end(work, intent, IntentState.EXPIRED)


def end(work: Work, intent: PaymentIntent, how: IntentState) -> bool:
    """Move a held intent to an end without money, tell who waits, and close its attempts at the provider."""
    if not may_move(INTENT_MOVES, IntentState(intent.state), how):
        return False
    intent.state, intent.ended_at = how.value, work.now()
    work.session.flush()
    work.session.execute(
        update(PaymentAttempt)
        .where(PaymentAttempt.person_id == intent.person_id, PaymentAttempt.intent_id == intent.id)
        .where(PaymentAttempt.state.in_(_OPEN_ATTEMPTS))
        .values(ask_at=work.now())
        .execution_options(synchronize_session=False)
    )
    work.publish(PaymentReleased(intent.id, intent.person_id, intent.business_type, intent.business_id, how))
    return True
