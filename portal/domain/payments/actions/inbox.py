"""The inbox of providers' notices: stored by the provider's face, applied by the worker, looked at by people."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from portal.domain.payments.access import access_callback
from portal.domain.payments.actions.outcomes import told
from portal.domain.payments.actions.refunds import refund_told
from portal.domain.payments.events import CallbackQuarantined
from portal.domain.payments.models import PaymentCallback
from portal.domain.payments.values import (
    UNKNOWN_FOR,
    CallbackState,
    Fact,
    Notice,
    RefundFact,
    ReturnState,
    TradeFact,
    TradeState,
    Verdict,
    Why,
)
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

EDIT = Permission.PAYMENT_EDIT
_DONE = frozenset({CallbackState.APPLIED.value, CallbackState.QUARANTINED.value})


def file(work: Work, notice: Notice, *, provider: str, body: str) -> bool:
    """Store a notice whose signature held, and have it applied; False when it was here before. Nothing moves yet."""
    work.require(Permission.PAYMENT_TELL)
    fact, callback_id = notice.fact, new_id()
    new = insert(PaymentCallback).values(
        id=callback_id,
        provider=provider,
        notice_id=notice.id,
        kind="trade" if isinstance(fact, TradeFact) else "refund",
        number=fact.number,
        said=fact.state.value,
        amount_fen=fact.amount_fen,
        currency=fact.currency,
        merchant_no=fact.merchant_no,
        provider_no=fact.provider_no,
        body=body,
        state=CallbackState.STORED.value,
        received_at=work.now(),
    )
    if work.session.scalar(new.on_conflict_do_nothing().returning(PaymentCallback.id)) is None:
        return False
    work.enqueue("payments.apply", callback=callback_id)
    return True


def file_answer(work: Work, fact: Fact, *, provider: str) -> None:
    """An answer that does not fit lies in the inbox like a notice, once, so that people look at it too."""
    work.require(EDIT)
    number = f"asked/{fact.number}/{fact.state}/{fact.amount_fen}/{fact.currency}/{fact.merchant_no}"
    with borrowed(work, Scope(Face.PROVIDER), frozenset({Permission.PAYMENT_TELL})):
        file(work, Notice(number, fact), provider=provider, body="")


def apply(work: Work, callback_id: UUID) -> CallbackState:
    """Apply a stored notice; what was settled stays so. Waits for a payment it names for a day, then people look."""
    row = access_callback(work, callback_id)
    if row.state in _DONE:
        return CallbackState(row.state)
    fact = _fact(row)
    verdict = (
        told(work, fact, provider=row.provider)
        if isinstance(fact, TradeFact)
        else refund_told(work, fact, provider=row.provider)
    )
    if verdict.state is CallbackState.WAITING and work.now() - row.received_at >= UNKNOWN_FOR:
        verdict = Verdict(CallbackState.QUARANTINED, Why.UNKNOWN)
    row.state, row.why = verdict.state.value, verdict.why.value if verdict.why else None
    row.settled_at = work.now() if row.state in _DONE else None
    work.session.flush()
    if verdict.why is not None:
        work.publish(CallbackQuarantined(row.id, row.provider, verdict.why))
    return verdict.state


def _fact(row: PaymentCallback) -> Fact:
    common = (row.amount_fen, row.currency, row.merchant_no, row.provider_no)
    if row.kind == "trade":
        return TradeFact(row.number, TradeState(row.said), *common)
    return RefundFact(row.number, ReturnState(row.said), *common)


def mark_seen(work: Work, callback_id: UUID) -> None:
    """Somebody of the platform has looked at a quarantined notice; it stays as it is."""
    work.require(EDIT)
    with borrowed(work, Scope(Face.JOB), frozenset({EDIT})):
        row = access_callback(work, callback_id)
        row.seen_at, row.seen_by = row.seen_at or work.now(), row.seen_by or work.person_id
    work.audit("callback.seen", "callback", callback_id)
