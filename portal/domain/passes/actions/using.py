"""Uses: held for a booking, consumed on arrival or at the counter, given back, undone.

`hold_use`, `use` and `give_back` are for features above: they run inside the caller's Work, which asks for the right
and holds its own row first. Every act holds the pass, so that the last use is used once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.domain.earnings import actions as earnings
from portal.domain.identity.rules.names import masked_name
from portal.domain.passes import errors
from portal.domain.passes.access import HOUSE, access_held, access_shown, access_use
from portal.domain.passes.actions import books
from portal.domain.passes.events import PassUsed, PassUseUndone
from portal.domain.passes.models import Pass, PassPerson, PassUse
from portal.domain.passes.values import Happening, PassState, UseState
from portal.domain.reference import queries as reference
from portal.domain.reference.values import UNDO_MINUTES
from portal.domain.stores.models import Store
from portal.domain.tenants.models import Membership
from portal.domain.vouchers.rules import words
from portal.domain.vouchers.values import Presented
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.words import say
from portal.kernel.work import Work


def hold_use(
    work: Work,
    *,
    merchant_id: UUID,
    pass_id: UUID,
    person_id: UUID | None,
    service_id: UUID | None,
    booking_id: UUID | None,
    at: datetime | None = None,
    store_id: UUID | None = None,
) -> UUID:
    """Set one use aside for a booking at the moment `at` (by default now); returns it.

    Refuses a pass that is not paid, used up, expired by then, for other services, or not of this person (None: staff
    who have the pass before them). What is held stays good when the pass expires meanwhile.
    """
    with borrowed(work, HOUSE, books.RIGHTS):
        row = access_held(work, merchant_id, pass_id)
        if person_id is not None:
            _refuse_strangers(work, row, person_id)
        refuse_unless_good(row, service_id, at or work.now())
        faults.point(work, "passes.hold.checked")
        found = _use(work, row, service_id=service_id, person_id=person_id, booking_id=booking_id, store_id=store_id)
        row.held += 1
        books.write(work, row, Happening.HELD, use_id=found.id)
        return found.id


def use(work: Work, use_id: UUID, *, store_id: UUID | None = None, clerk: str = "") -> int:
    """Consume a held use: its value is earned now. Returns it in fen; again it is the same. Refuses what was given
    back.
    """
    with borrowed(work, HOUSE, books.RIGHTS):
        row, found = access_use(work, use_id)
        if found.state == UseState.USED:
            return found.value_fen
        if found.state != UseState.HELD:
            raise errors.UseMoved
        faults.point(work, "passes.use.checked")
        row.held -= 1
        _consume(work, row, found, store_id=store_id or found.store_id, clerk=clerk)
        return found.value_fen


def give_back(work: Work, use_id: UUID) -> None:
    """The booking that held it was cancelled in time; again it does nothing. Refuses what was consumed.

    On a pass that expired meanwhile it lapses.
    """
    with borrowed(work, HOUSE, books.RIGHTS):
        row, found = access_use(work, use_id)
        if found.state == UseState.RETURNED:
            return
        if found.state != UseState.HELD:
            raise errors.UseMoved
        found.state, found.ended_at = UseState.RETURNED.value, work.now()
        row.held -= 1
        books.write(work, row, Happening.RETURNED, use_id=found.id)
        if row.expires_at is not None and row.expires_at <= work.now():
            books.lapse(work, row)
        books.conclude(work, row, PassState.EXPIRED)


def refuse_over(work: Work, use_id: UUID, at: datetime) -> None:
    """Refuse a held use whose pass is over at that moment: a visit is not moved past the end of what pays for it."""
    with borrowed(work, HOUSE, books.RIGHTS):
        row, _found = access_use(work, use_id)
        if row.expires_at is not None and row.expires_at <= at:
            raise errors.PassExpired(words.last_day(row.expires_at))


def use_at_counter(work: Work, *, code: Presented, store_id: UUID, service_id: UUID | None = None) -> UUID:
    """Use a pass that a client shows, without a booking; returns the use.

    Refuses an unknown, unpaid, used-up or expired pass and a service that it does not pay for.
    """
    work.require(Permission.VOUCHER_REDEEM, store_id=store_id)
    found = access_shown(work, code, work.merchant_id)
    store, clerk = _counter(work, store_id)
    merchant_id, pass_id = found.merchant_id, found.id
    with borrowed(work, HOUSE, books.RIGHTS):
        row = access_held(work, merchant_id, pass_id)
        refuse_unless_good(row, service_id, work.now(), at_counter=True)
        faults.point(work, "passes.counter.checked")
        made = _use(work, row, service_id=service_id, person_id=row.holder_id, booking_id=None, store_id=store_id)
        made.store = store
        _consume(work, row, made, store_id=store_id, clerk=clerk)
    work.audit("pass.used", "pass_use", made.id, of=pass_id, store=store_id)
    return made.id


def undo(work: Work, use_id: UUID, *, store_id: UUID) -> None:
    """Take back a use that was consumed in this store by mistake, within the time for undoing; what was earned with it
    goes back into the escrow first. Refuses a later one, another store's, and what a booking consumed.
    """
    work.require(Permission.REDEMPTION_UNDO, store_id=store_id)
    _store, clerk = _counter(work, store_id)
    merchant_id = work.merchant_id
    with borrowed(work, HOUSE, books.RIGHTS):
        row, found = access_use(work, use_id)
        if row.merchant_id != merchant_id or found.store_id != store_id:
            raise NotFound
        if found.state != UseState.USED or found.booking_id is not None:
            raise errors.UseMoved
        if found.undo_until is None or work.now() > found.undo_until:
            raise errors.UndoTooLate(words.moment(found.undo_until or work.now()))
        faults.point(work, "passes.undo.checked")
        row.used -= 1
        given = row.earned_fen - books.tally(row).earned_fen
        earnings.take_back(work, merchant_id=merchant_id, subject_id=row.id, amount_fen=given)
        row.earned_fen -= given
        found.state, found.ended_at = UseState.UNDONE.value, work.now()
        books.write(work, row, Happening.UNDONE, use_id=found.id, by_name=clerk, amount_fen=given)
        if row.expires_at is not None and row.expires_at <= work.now():
            books.lapse(work, row)
        books.conclude(work, row, PassState.EXPIRED)
        left = books.tally(row).left
        work.publish(PassUseUndone(row.merchant_id, row.id, found.id, row.holder_id, row.name, left))
    work.audit("pass.undone", "pass_use", use_id, store=store_id)


def refuse_unless_good(row: Pass, service_id: UUID | None, at: datetime, *, at_counter: bool = False) -> None:
    """Refuse a pass that cannot pay for this service at that moment; in this order. Without a service at the counter
    the clerk sees to it himself.
    """
    if row.state in (PassState.UNPAID, PassState.CLOSED):
        raise errors.NotPaid
    if row.expires_at is not None and row.expires_at <= at:
        raise errors.PassExpired(words.last_day(row.expires_at))
    if books.tally(row).left < 1:
        raise errors.NothingLeft(row.held)
    if row.services and not (at_counter and service_id is None) and str(service_id) not in row.services:
        raise errors.WrongService


def _refuse_strangers(work: Work, row: Pass, person_id: UUID) -> None:
    query = select(PassPerson.until).where(PassPerson.merchant_id == row.merchant_id, PassPerson.pass_id == row.id)
    mine = work.session.execute(query.where(PassPerson.person_id == person_id)).one_or_none()
    if mine is None or mine[0] is not None:
        raise errors.NotYours


def _use(
    work: Work,
    row: Pass,
    *,
    service_id: UUID | None,
    person_id: UUID | None,
    booking_id: UUID | None,
    store_id: UUID | None,
) -> PassUse:
    made = PassUse(
        merchant_id=row.merchant_id,
        id=new_id(),
        pass_id=row.id,
        state=UseState.HELD.value,
        nth=None,
        person_id=person_id,
        service_id=service_id,
        booking_id=booking_id,
        store_id=store_id,
        store="",
        clerk="",
        value_fen=0,
        held_at=work.now(),
    )
    work.session.add(made)
    return made


def _consume(work: Work, row: Pass, found: PassUse, *, store_id: UUID | None, clerk: str) -> None:
    """One use less; its value is the merchant's. The caller has taken it out of what was held or left."""
    row.used += 1
    title = say("次卡 %(name)s · 用 1 次", name=row.name)
    found.value_fen = books.earn(work, row, title=title, store_id=store_id)
    found.state, found.nth, found.used_at = UseState.USED.value, row.nth, work.now()
    found.store_id, found.clerk = store_id, clerk
    found.undo_until = work.now() + timedelta(minutes=reference.value_of(work, UNDO_MINUTES))
    books.write(work, row, Happening.USED, use_id=found.id, by_name=clerk, amount_fen=found.value_fen)
    books.conclude(work, row, PassState.SPENT)
    facts = (row.merchant_id, row.id, found.id, row.holder_id, row.name, books.tally(row).left, found.value_fen)
    work.publish(PassUsed(*facts, booking_id=found.booking_id, store_id=store_id))


def _counter(work: Work, store_id: UUID) -> tuple[str, str]:
    """The store's name and the clerk's, masked."""
    store = select(Store.name).where(Store.merchant_id == work.merchant_id, Store.id == store_id).scalar_subquery()
    member = (Membership.merchant_id == work.merchant_id, Membership.id == work.actor.membership_id)
    row = work.session.execute(select(store, select(Membership.name).where(*member).scalar_subquery())).one()
    if row[0] is None:
        raise NotFound
    return str(row[0]), masked_name(row[1]) if row[1] else ""
