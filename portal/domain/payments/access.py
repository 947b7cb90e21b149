"""The only ways to one payment, one refund, one notice. Locks are taken intent first, always."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.payments.models import PaymentAttempt, PaymentCallback, PaymentIntent, PaymentRefund
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


def access_intent(work: Work, intent_id: UUID, *, may: Permission, lock: bool = False) -> PaymentIntent:
    """One intent in reach. Raises NotFound; `lock` (the worker's face only) holds its row, and with it all it has."""
    work.require(may)
    query = select(PaymentIntent).where(PaymentIntent.id == intent_id)
    query = query.execution_options(populate_existing=True)
    found = work.session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound
    return found


def access_attempt(work: Work, attempt_id: UUID, *, lock: bool = False) -> tuple[PaymentIntent, PaymentAttempt]:
    """An attempt with its intent, both held by the intent's lock. Raises NotFound."""
    work.require(Permission.PAYMENT_EDIT)
    intent_id = work.session.scalar(select(PaymentAttempt.intent_id).where(PaymentAttempt.id == attempt_id))
    if intent_id is None:
        raise NotFound
    intent = access_intent(work, intent_id, may=Permission.PAYMENT_EDIT, lock=lock)
    query = select(PaymentAttempt).where(PaymentAttempt.person_id == intent.person_id, PaymentAttempt.id == attempt_id)
    return intent, work.session.scalars(query.execution_options(populate_existing=True)).one()


def access_refund(work: Work, refund_id: UUID, *, lock: bool = False) -> PaymentRefund:
    """One refund. Raises NotFound."""
    work.require(Permission.PAYMENT_EDIT)
    query = select(PaymentRefund).where(PaymentRefund.id == refund_id).execution_options(populate_existing=True)
    found = work.session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound
    return found


def access_callback(work: Work, callback_id: UUID) -> PaymentCallback:
    """One notice of the inbox, held. Raises NotFound."""
    work.require(Permission.PAYMENT_EDIT)
    query = select(PaymentCallback).where(PaymentCallback.id == callback_id).with_for_update()
    found = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found
