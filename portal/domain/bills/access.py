"""The only way to one bill: with the right and the reach of whoever acts, held on the worker's face.

Locks are taken in one order: a payment, the sitting, the bill, the store's accounts. Who pays comes from the payment's
side, so whoever gives a bill up, calls a phone off or gives money back holds the payments first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, true

from portal.domain.bills import errors
from portal.domain.bills.models import Bill, BillLine, BillShare
from portal.domain.bills.values import ShareState
from portal.domain.payments.access import access_intent
from portal.domain.tabs import access as tabs
from portal.domain.tabs.models import Sitting
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face
from portal.kernel.work import Work

P = Permission
RIGHTS: Final = tabs.RIGHTS | {P.BILL_TAKE, P.PAYMENT_PAY, P.PAYMENT_EDIT}
FRESH: Final = {"populate_existing": True}


@contextmanager
def at_sitting(work: Work, sitting_id: UUID, *, may: Permission) -> Iterator[Sitting]:
    """The sitting in reach, held, with the rights of the house for the length of the block. Raises NotFound."""
    work.require(may)
    scope = work.scope
    if scope.face is Face.GUEST and scope.sitting_id != sitting_id:
        raise NotFound
    with borrowed(work, tabs.house(work), RIGHTS):
        (sitting,) = tabs.hold(work, [sitting_id])
        if not scope.covers_store(sitting.store_id):
            raise NotFound
        yield sitting


@contextmanager
def held(work: Work, bill_id: UUID, *, may: Permission) -> Iterator[tuple[Sitting, Bill]]:
    """One bill in reach with its sitting, both held. Raises NotFound."""
    work.require(may)
    with at_sitting(work, _sitting_of(work, bill_id), may=may) as sitting:
        yield sitting, access_bill(work, bill_id, lock=True)


@contextmanager
def held_with_payments(work: Work, bill_id: UUID, *, may: Permission) -> Iterator[tuple[Sitting, Bill]]:
    """The same, and before it every payment that was asked for of the bill. Raises StillPaying when another phone has
    begun in this moment: its payment cannot be held any more.
    """
    work.require(may)
    _sitting_of(work, bill_id)
    query = select(BillShare.intent_id).where(BillShare.merchant_id == work.merchant_id, BillShare.bill_id == bill_id)
    query = query.where(BillShare.intent_id.is_not(None), BillShare.state != ShareState.VOID.value)
    with borrowed(work, tabs.house(work), RIGHTS):
        known = {one for one in work.session.scalars(query) if one is not None}
        for intent_id in sorted(known):
            access_intent(work, intent_id, may=Permission.PAYMENT_PAY, lock=True)
    with held(work, bill_id, may=may) as (sitting, bill):
        if set(work.session.scalars(query)) - known:
            raise errors.StillPaying
        yield sitting, bill


def access_payment(work: Work, share_id: UUID, *, may: Permission, payer_id: UUID | None = None) -> UUID:
    """The payment of a share in reach, nothing held. NotFound also for what somebody else than `payer_id` pays."""
    work.require(may)
    mine = (BillShare.merchant_id == work.merchant_id, BillShare.id == share_id)
    query = select(BillShare.bill_id, BillShare.payer_id, BillShare.intent_id).where(*mine)
    with borrowed(work, tabs.house(work), RIGHTS):
        found = work.session.execute(query).one_or_none()
    if found is None or found.intent_id is None or payer_id not in (None, found.payer_id):
        raise NotFound
    _sitting_of(work, found.bill_id)
    return UUID(str(found.intent_id))


def in_sight(work: Work) -> ColumnElement[bool]:
    """Of the bills of a table with separate bills a guest knows those that hold a line of his, that he raised, or that
    are the table's; at a shared tab, and as staff, all.
    """
    me = work.actor.guest_id
    if me is None:
        return true()
    its = (BillLine.merchant_id == Bill.merchant_id, BillLine.bill_id == Bill.id)
    shared = exists().where(Sitting.merchant_id == Bill.merchant_id, Sitting.id == Bill.sitting_id, Sitting.shared)
    mine = exists().where(*its, BillLine.guest_id == me)
    others = exists().where(*its, BillLine.guest_id != me)
    return or_(shared, Bill.guest_id == me, mine, ~others)


def _sitting_of(work: Work, bill_id: UUID) -> UUID:
    """The sitting of a bill in reach; nothing is held."""
    query = select(Bill.sitting_id, Bill.store_id).where(Bill.merchant_id == work.merchant_id, Bill.id == bill_id)
    query = query.where(in_sight(work))
    scope = work.scope
    with borrowed(work, tabs.house(work), RIGHTS):
        found = work.session.execute(query).one_or_none()
    if found is None or not scope.covers_store(found.store_id):
        raise NotFound
    if scope.face is Face.GUEST and scope.sitting_id != found.sitting_id:
        raise NotFound
    return UUID(str(found.sitting_id))


def access_bill(work: Work, bill_id: UUID, *, lock: bool = False) -> Bill:
    """One bill of the merchant of this Work. Raises NotFound."""
    query = select(Bill).where(Bill.merchant_id == work.merchant_id, Bill.id == bill_id)
    row = work.session.scalars((query.with_for_update() if lock else query).execution_options(**FRESH)).one_or_none()
    if row is None:
        raise NotFound
    return row


def shares_of(work: Work, bill: Bill) -> list[BillShare]:
    """All shares of a bill, in the order they were made."""
    query = select(BillShare).where(BillShare.merchant_id == bill.merchant_id, BillShare.bill_id == bill.id)
    return list(work.session.scalars(query.order_by(BillShare.id).execution_options(**FRESH)))


def lines_of(work: Work, bill: Bill) -> list[BillLine]:
    """All lines of a bill, in order."""
    query = select(BillLine).where(BillLine.merchant_id == bill.merchant_id, BillLine.bill_id == bill.id)
    return list(work.session.scalars(query.order_by(BillLine.nth).execution_options(**FRESH)))
