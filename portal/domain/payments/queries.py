"""Payments for pages, as frozen facts: the payer's own page, the platform's lists, what waits for the worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, func, select

from portal.domain.ledger.values import Business
from portal.domain.payments.models import (
    PaymentAttempt,
    PaymentCallback,
    PaymentCapture,
    PaymentIntent,
    PaymentPart,
    PaymentRefund,
)
from portal.domain.payments.values import (
    AttemptState,
    CallbackState,
    IntentState,
    RefundReason,
    RefundState,
    Why,
)
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

PAGE = 30
SWEEP = 50


@dataclass(frozen=True)
class AttemptLine:
    """One try."""

    id: UUID
    nth: int
    provider: str
    state: AttemptState
    url: str | None
    provider_no: str
    asked: int
    created_at: datetime


@dataclass(frozen=True)
class RefundLine:
    """Money on its way back."""

    id: UUID
    intent_id: UUID
    amount_fen: int
    reason: RefundReason
    state: RefundState
    tries: int
    created_at: datetime
    try_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True)
class PartLine:
    """One escrow's share."""

    subject_id: UUID
    amount_fen: int
    refunded_fen: int


@dataclass(frozen=True)
class PaymentLine:
    """A payment in a list."""

    id: UUID
    title: str
    amount_fen: int
    state: IntentState
    business_type: str
    created_at: datetime


@dataclass(frozen=True)
class PaymentShown:
    """A payment with everything that happened to it."""

    id: UUID
    title: str
    amount_fen: int
    state: IntentState
    business_type: str
    business_id: UUID
    return_path: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    attempts: tuple[AttemptLine, ...]
    refunds: tuple[RefundLine, ...]
    parts: tuple[PartLine, ...]
    captured_fen: int

    @property
    def business(self) -> Business:
        """The row that is paid for."""
        return Business(self.business_type, self.business_id)

    @property
    def latest(self) -> AttemptLine | None:
        """The last try."""
        return self.attempts[-1] if self.attempts else None

    @property
    def refunded_fen(self) -> int:
        """What is on its way back or back, of the money that was kept and of money that came by mistake."""
        return sum(line.amount_fen for line in self.refunds)


@dataclass(frozen=True)
class CallbackLine:
    """A notice in the inbox."""

    id: UUID
    provider: str
    kind: str
    number: str
    said: str
    amount_fen: int
    state: CallbackState
    why: Why | None
    received_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True)
class Counts:
    """What waits for people."""

    quarantined: int
    refunds: int


def payment(work: Work, intent_id: UUID, *, may: Permission) -> PaymentShown:
    """One payment in reach. Raises NotFound."""
    work.require(may)
    captured = func.coalesce(func.sum(PaymentCapture.amount_fen), 0)
    of_it = (PaymentCapture.person_id == PaymentIntent.person_id, PaymentCapture.intent_id == PaymentIntent.id)
    sums = select(captured).where(*of_it).correlate(PaymentIntent).scalar_subquery().label("captured_fen")
    found = work.session.execute(select(PaymentIntent, sums).where(PaymentIntent.id == intent_id)).one_or_none()
    if found is None:
        raise NotFound
    row = found.PaymentIntent
    own = {"person": row.person_id, "intent": row.id}
    attempts = work.session.scalars(_of(PaymentAttempt, **own).order_by(PaymentAttempt.nth))
    refunds = work.session.scalars(_of(PaymentRefund, **own).order_by(PaymentRefund.id))
    parts = work.session.scalars(_of(PaymentPart, **own).order_by(PaymentPart.subject_id))
    return PaymentShown(
        id=row.id,
        title=row.title,
        amount_fen=row.amount_fen,
        state=IntentState(row.state),
        business_type=row.business_type,
        business_id=row.business_id,
        return_path=row.return_path,
        created_at=row.created_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        attempts=tuple(_attempt(one) for one in attempts),
        refunds=tuple(_refund(one) for one in refunds),
        parts=tuple(PartLine(one.subject_id, one.amount_fen, one.refunded_fen) for one in parts),
        captured_fen=int(found.captured_fen),
    )


def _of(model: Any, *, person: UUID, intent: UUID) -> Select[Any]:
    return select(model).where(model.person_id == person, model.intent_id == intent)


def _attempt(row: PaymentAttempt) -> AttemptLine:
    state = AttemptState(row.state)
    return AttemptLine(row.id, row.nth, row.provider, state, row.url, row.provider_no, row.asked, row.created_at)


def _refund(row: PaymentRefund) -> RefundLine:
    return RefundLine(
        *(row.id, row.intent_id, row.amount_fen, RefundReason(row.reason), RefundState(row.state)),
        *(row.tries, row.created_at, row.try_at, row.done_at),
    )


def payments(
    work: Work, *, state: IntentState | None = None, after: UUID | None = None
) -> tuple[tuple[PaymentLine, ...], bool]:
    """The platform's list, the latest first, and whether there are more."""
    work.require(Permission.PAYMENT_VIEW)
    query = select(PaymentIntent).order_by(PaymentIntent.id.desc()).limit(PAGE + 1)
    if state is not None:
        query = query.where(PaymentIntent.state == state.value)
    if after is not None:
        query = query.where(PaymentIntent.id < after)
    rows = list(work.session.scalars(query))
    lines = tuple(
        PaymentLine(r.id, r.title, r.amount_fen, IntentState(r.state), r.business_type, r.created_at)
        for r in rows[:PAGE]
    )
    return lines, len(rows) > PAGE


def open_refunds(work: Work) -> tuple[RefundLine, ...]:
    """Refunds that are not done, the oldest first."""
    work.require(Permission.PAYMENT_VIEW)
    query = select(PaymentRefund).where(PaymentRefund.state != RefundState.DONE.value)
    return tuple(_refund(row) for row in work.session.scalars(query.order_by(PaymentRefund.id).limit(PAGE)))


def callbacks(work: Work) -> tuple[CallbackLine, ...]:
    """Notices that are quarantined or wait for their payment, the latest first."""
    work.require(Permission.PAYMENT_VIEW)
    query = select(PaymentCallback).where(PaymentCallback.state != CallbackState.APPLIED.value)
    rows = work.session.scalars(query.order_by(PaymentCallback.id.desc()).limit(PAGE))
    return tuple(
        CallbackLine(
            *(r.id, r.provider, r.kind, r.number, r.said, r.amount_fen, CallbackState(r.state)),
            *(Why(r.why) if r.why else None, r.received_at, r.seen_at),
        )
        for r in rows
    )


def waiting_for_people(work: Work) -> Counts:
    """Quarantined notices nobody has looked at, and refunds that failed."""
    row = work.session.execute(select(*waiting_counts())).one()
    return Counts(int(row[0]), int(row[1]))


def waiting_counts() -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """The same two figures as parts of another question."""
    quarantined = select(func.count()).select_from(PaymentCallback).where(PaymentCallback.seen_at.is_(None))
    quarantined = quarantined.where(PaymentCallback.state == CallbackState.QUARANTINED.value)
    failed = select(func.count()).select_from(PaymentRefund).where(PaymentRefund.state == RefundState.FAILED.value)
    return quarantined.scalar_subquery(), failed.scalar_subquery()


def due_attempts(work: Work) -> list[UUID]:
    """Attempts about which a provider is to be asked now. For the worker."""
    query = select(PaymentAttempt.id).where(PaymentAttempt.ask_at <= work.now())
    return list(work.session.scalars(query.order_by(PaymentAttempt.ask_at).limit(SWEEP)))


def due_refunds(work: Work) -> list[UUID]:
    """Refunds to be tried or asked about now. For the worker."""
    query = select(PaymentRefund.id).where(PaymentRefund.try_at <= work.now())
    return list(work.session.scalars(query.order_by(PaymentRefund.try_at).limit(SWEEP)))


def due_intents(work: Work) -> list[UUID]:
    """Open payments whose time is over. For the worker."""
    query = select(PaymentIntent.id).where(PaymentIntent.state == IntentState.OPEN.value)
    query = query.where(PaymentIntent.expires_at <= work.now())
    return list(work.session.scalars(query.order_by(PaymentIntent.expires_at).limit(SWEEP)))


def unsettled_callbacks(work: Work) -> list[UUID]:
    """Notices that were stored or wait for what they name. For the worker."""
    states = (CallbackState.STORED.value, CallbackState.WAITING.value)
    query = select(PaymentCallback.id).where(PaymentCallback.state.in_(states))
    return list(work.session.scalars(query.order_by(PaymentCallback.id).limit(SWEEP)))
