"""What the worker has to ask providers, and what it writes down when they answer, refuse or say nothing.

The asking itself happens between two Works: no transaction waits for somebody else's machine.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.payments import rules
from portal.domain.payments.access import access_attempt, access_intent, access_refund
from portal.domain.payments.models import PaymentAttempt, PaymentCapture, PaymentIntent
from portal.domain.payments.values import (
    ATTEMPT_MOVES,
    Addresses,
    AttemptState,
    Errand,
    IntentState,
    Launch,
    Order,
    RefundOrder,
    RefundState,
    ReturnErrand,
    may_move,
)
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

EDIT = Permission.PAYMENT_EDIT
OWN_PAGE = "/table/"
ASKED_ABOUT = frozenset({AttemptState.NEW, AttemptState.WAITING, AttemptState.UNKNOWN})


def errand(work: Work, attempt_id: UUID, *, addresses: Addresses) -> Errand | None:
    """What to ask about this attempt; None when there is nothing left to ask."""
    intent, attempt = access_attempt(work, attempt_id)
    if AttemptState(attempt.state) not in ASKED_ABOUT:
        return None
    order = Order(
        number=attempt.id.hex,
        amount_fen=intent.amount_fen,
        currency=intent.currency,
        title=intent.title,
        expires_at=intent.expires_at,
        notify_url=addresses.notify(attempt.provider),
        return_url=_back(addresses, intent),
    )
    ended = intent.state != IntentState.OPEN or intent.expires_at <= work.now()
    return Errand(attempt.id, attempt.provider, AttemptState(attempt.state), ended, order)


def _back(addresses: Addresses, intent: PaymentIntent) -> str:
    """The payer's page of the payment; a guest at a table has no account to open it, and goes back to his table."""
    own = intent.return_path.startswith(OWN_PAGE)
    return addresses.public_url + intent.return_path if own else addresses.back(intent.id)


def started(work: Work, attempt_id: UUID, launch: Launch) -> None:
    """The provider waits for the payer at this address."""
    _intent, attempt = access_attempt(work, attempt_id, lock=True)
    attempt.url = launch.url
    if may_move(ATTEMPT_MOVES, AttemptState(attempt.state), AttemptState.WAITING):
        attempt.state = AttemptState.WAITING.value
    _later(work, attempt)


def unanswered(work: Work, attempt_id: UUID) -> None:
    """The provider was silent: what happened is unknown, and is asked again later. Nothing is guessed."""
    _intent, attempt = access_attempt(work, attempt_id, lock=True)
    if may_move(ATTEMPT_MOVES, AttemptState(attempt.state), AttemptState.UNKNOWN):
        attempt.state = AttemptState.UNKNOWN.value
    _later(work, attempt)


def not_told(work: Work, attempt_id: UUID, to: AttemptState | None = None) -> None:
    """The provider said a clear no (FAILED), or never heard of what nobody waits for any more (CLOSED)."""
    _intent, attempt = access_attempt(work, attempt_id, lock=True)
    if to is not None and may_move(ATTEMPT_MOVES, AttemptState(attempt.state), to):
        attempt.state, attempt.told_at = to.value, work.now()
    _later(work, attempt)


def _later(work: Work, attempt: PaymentAttempt) -> None:
    """Ask again, or never when there is nothing left to ask."""
    if AttemptState(attempt.state) not in ASKED_ABOUT:
        attempt.ask_at = None
        return
    attempt.ask_at = work.now() + rules.ask_after(attempt.asked)
    attempt.asked += 1


def return_errand(work: Work, refund_id: UUID, *, addresses: Addresses) -> ReturnErrand | None:
    """What to ask about this refund; None when it is done."""
    row = access_refund(work, refund_id)
    if row.state == RefundState.DONE:
        return None
    intent = access_intent(work, row.intent_id, may=EDIT)
    attempt = work.session.execute(
        select(PaymentAttempt.id, PaymentAttempt.provider)
        .join(
            PaymentCapture,
            (PaymentCapture.person_id == PaymentAttempt.person_id) & (PaymentCapture.attempt_id == PaymentAttempt.id),
        )
        .where(PaymentCapture.person_id == row.person_id, PaymentCapture.id == row.capture_id)
    ).one()
    order = RefundOrder(
        number=row.id.hex,
        of_number=attempt.id.hex,
        amount_fen=row.amount_fen,
        of_amount_fen=intent.amount_fen,
        currency=intent.currency,
        notify_url=addresses.notify(attempt.provider),
    )
    return ReturnErrand(row.id, attempt.provider, RefundState(row.state), order)
