"""Money goes back: the ledger at once, the provider by the worker, tried until it is done and visible until then."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from portal.domain.ledger import actions as ledger
from portal.domain.ledger.values import Business
from portal.domain.payments import errors, rules
from portal.domain.payments.access import access_intent, access_refund
from portal.domain.payments.actions.numbers import number_of
from portal.domain.payments.events import RefundDone, RefundStuck
from portal.domain.payments.models import PaymentAttempt, PaymentCapture, PaymentIntent, PaymentPart, PaymentRefund
from portal.domain.payments.values import (
    APPLIED,
    REFUND_MOVES,
    CallbackState,
    IntentState,
    RefundFact,
    RefundReason,
    RefundState,
    ReturnState,
    Verdict,
    Why,
    may_move,
)
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

EDIT = Permission.PAYMENT_EDIT
_SAID = {
    ReturnState.PENDING: RefundState.PENDING,
    ReturnState.DONE: RefundState.DONE,
    ReturnState.FAILED: RefundState.FAILED,
}


def refund(work: Work, intent_id: UUID, *, subject_id: UUID, amount_fen: int, key: UUID) -> UUID:
    """Give back `amount_fen` of what was paid for `subject_id`; returns the refund. The same key is the same refund.

    The ledger takes it out of the escrow now, so that nothing else can; the provider is asked by the worker. Refuses
    what is not paid and more than is left of that part.
    """
    work.require(EDIT)
    if amount_fen <= 0:
        raise errors.TooMuchBack
    with borrowed(work, Scope(Face.JOB), frozenset({EDIT})):
        intent = access_intent(work, intent_id, may=EDIT, lock=True)
        before = _by_key(work, intent, key, amount_fen)
        if before is not None:
            return before
        if intent.state != IntentState.PAID:
            raise errors.NotPaid
        faults.point(work, "payments.refund.checked")
        transfer_id = _take(work, intent, subject_id, amount_fen)
        return give_back(
            work,
            intent,
            _kept(work, intent),
            amount_fen=amount_fen,
            reason=RefundReason.ASKED,
            transfer_id=transfer_id,
            key=key,
            subject_id=subject_id,
        )


def _by_key(work: Work, intent: PaymentIntent, key: UUID, amount_fen: int) -> UUID | None:
    found = work.session.scalars(
        select(PaymentRefund).where(PaymentRefund.person_id == intent.person_id, PaymentRefund.key == key)
    ).one_or_none()
    if found is not None and (found.intent_id, found.amount_fen) != (intent.id, amount_fen):
        raise errors.TooMuchBack
    return found.id if found is not None else None


def _take(work: Work, intent: PaymentIntent, subject_id: UUID, amount_fen: int) -> UUID:
    """Count it against the part, only while it fits; returns the transfer to reverse."""
    taken = work.session.scalar(
        update(PaymentPart)
        .where(PaymentPart.person_id == intent.person_id, PaymentPart.intent_id == intent.id)
        .where(PaymentPart.subject_id == subject_id)
        .where(PaymentPart.refunded_fen + amount_fen <= PaymentPart.amount_fen)
        .values(refunded_fen=PaymentPart.refunded_fen + amount_fen)
        .returning(PaymentPart.transfer_id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        raise errors.TooMuchBack
    return taken


def _kept(work: Work, intent: PaymentIntent) -> PaymentCapture:
    query = select(PaymentCapture).where(PaymentCapture.person_id == intent.person_id)
    return work.session.scalars(query.where(PaymentCapture.intent_id == intent.id, ~PaymentCapture.stray)).one()


def give_back(
    work: Work,
    intent: PaymentIntent,
    capture: PaymentCapture,
    *,
    amount_fen: int,
    reason: RefundReason,
    transfer_id: UUID,
    key: UUID,
    subject_id: UUID | None = None,
) -> UUID:
    """Write the refund and reverse its share in the ledger; the caller holds the intent."""
    row = PaymentRefund(
        person_id=intent.person_id,
        id=new_id(),
        intent_id=intent.id,
        capture_id=capture.id,
        subject_id=subject_id,
        key=key,
        amount_fen=amount_fen,
        reason=reason.value,
        state=RefundState.QUEUED.value,
        provider_no="",
        tries=0,
        created_at=work.now(),
        try_at=work.now(),
    )
    work.session.add(row)
    work.session.flush()
    business = Business("payment", intent.id)
    ledger.reverse(work, transfer_id=transfer_id, amount=amount_fen, key=f"refund/{row.id}", business=business)
    work.enqueue("payments.return", refund=row.id)
    return row.id


def refund_told(work: Work, fact: RefundFact, *, provider: str) -> Verdict:
    """Believe what fits of a refund, in any order and any number of times; done stays done."""
    work.require(EDIT)
    try:
        row = access_refund(work, number_of(fact.number) or UUID(int=0), lock=True)
    except NotFound:
        return Verdict(CallbackState.WAITING)
    attempt = _attempt_of(work, row)
    why = rules.misfit(fact, merchant_no=attempt.merchant_no, amount_fen=row.amount_fen, currency="CNY")
    if why is not None or attempt.provider != provider:
        return Verdict(CallbackState.QUARANTINED, why or Why.MERCHANT)
    to = _SAID[fact.state]
    if row.state != to and not may_move(REFUND_MOVES, RefundState(row.state), to):
        return APPLIED
    if row.state == to is RefundState.DONE:
        return APPLIED
    row.state, row.provider_no = to.value, fact.provider_no or row.provider_no
    if to is RefundState.DONE:
        row.done_at, row.try_at = work.now(), None
        work.session.flush()
        _tell_done(work, row)
    else:
        _later(work, row, told_no=to is RefundState.FAILED)
    return APPLIED


def _attempt_of(work: Work, row: PaymentRefund) -> PaymentAttempt:
    return work.session.scalars(
        select(PaymentAttempt)
        .join(
            PaymentCapture,
            (PaymentCapture.person_id == PaymentAttempt.person_id) & (PaymentCapture.attempt_id == PaymentAttempt.id),
        )
        .where(PaymentCapture.person_id == row.person_id, PaymentCapture.id == row.capture_id)
    ).one()


def _tell_done(work: Work, row: PaymentRefund) -> None:
    intent = access_intent(work, row.intent_id, may=EDIT)
    work.publish(
        RefundDone(
            *(row.id, intent.id, intent.person_id, intent.business_type, intent.business_id),
            subject_id=row.subject_id,
            amount_fen=row.amount_fen,
        )
    )


def _later(work: Work, row: PaymentRefund, *, told_no: bool) -> None:
    """When it is tried or asked about again; a provider that keeps refusing is told to people, once."""
    row.try_at = work.now() + rules.return_after(row.tries)
    row.tries += 1
    work.session.flush()
    if told_no and rules.is_stuck(row.tries):
        work.publish(RefundStuck(row.id))


def returned_late(work: Work, refund_id: UUID, *, refused: bool) -> None:
    """The worker's: the provider was silent (unknown, asked again), or `refused` (a failure, tried again)."""
    row = access_refund(work, refund_id, lock=True)
    if refused and may_move(REFUND_MOVES, RefundState(row.state), RefundState.FAILED):
        row.state = RefundState.FAILED.value
    if row.state != RefundState.DONE:
        _later(work, row, told_no=refused)


def retry(work: Work, refund_id: UUID) -> None:
    """People of the platform send a failed refund again. Refuses one that has not failed."""
    work.require(EDIT)
    with borrowed(work, Scope(Face.JOB), frozenset({EDIT})):
        row = access_refund(work, refund_id, lock=True)
        if not may_move(REFUND_MOVES, RefundState(row.state), RefundState.QUEUED):
            raise errors.RefundMoved
        row.state, row.try_at = RefundState.QUEUED.value, work.now()
        work.enqueue("payments.return", refund=row.id)
    work.audit("refund.retried", "refund", refund_id)
