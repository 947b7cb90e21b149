"""The day of the visit, at the store: arrived, done, missed; and what nobody marked."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import select

from portal.domain.bookings import errors
from portal.domain.bookings.access import access_booking, access_by_code, access_held
from portal.domain.bookings.actions import waiting
from portal.domain.bookings.actions.paying import consume_uses, return_uses, settle, stays_whole
from portal.domain.bookings.actions.seating import give_back
from portal.domain.bookings.actions.telling import HOUSE, RIGHTS, check, step, tell
from portal.domain.bookings.actions.writing import EDIT
from portal.domain.bookings.events import BookingArrived, BookingDone, BookingMissed
from portal.domain.bookings.models import Booking, BookingLine
from portal.domain.bookings.rules.terms import kept
from portal.domain.bookings.values import ARRIVES_BEFORE, CLOSES_AFTER, BookingState, Happening
from portal.domain.vouchers.values import Presented
from portal.kernel import faults
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

_UNMARKED: Final = (BookingState.BOOKED.value, BookingState.ARRIVED.value)


def arrive(work: Work, booking_id: UUID) -> None:
    """The client is there: uses of passes are consumed. Refuses what is not booked."""
    row = access_booking(work, booking_id, may=EDIT)
    _arrive(work, row.merchant_id, row.id)


def arrive_by_code(work: Work, presented: Presented, *, store_id: UUID) -> UUID:
    """The same by the code that the client shows at this store's counter; returns the booking. Raises CodeUnknown."""
    row = access_by_code(work, presented, store_id)
    _arrive(work, row.merchant_id, row.id)
    return row.id


def _arrive(work: Work, merchant_id: UUID, booking_id: UUID) -> None:
    with borrowed(work, HOUSE, RIGHTS):
        row, lines = access_held(work, merchant_id, booking_id)
        check(row, BookingState.ARRIVED)
        if work.now() < row.starts_at - ARRIVES_BEFORE:
            raise errors.NotToday
        faults.point(work, "bookings.arrive.checked")
        step(work, row, BookingState.ARRIVED)
        row.arrived_at = work.now()
        consume_uses(work, row, lines)
        tell(work, row, Happening.ARRIVED)
        work.session.flush()
        work.publish(BookingArrived(row.merchant_id, row.id, row.person_id))


def not_arrived(work: Work, booking_id: UUID) -> None:
    """The wrong row was tapped. Refuses when a pass was used with it."""
    found = access_booking(work, booking_id, may=EDIT)
    merchant_id = found.merchant_id
    with borrowed(work, HOUSE, RIGHTS):
        row, lines = access_held(work, merchant_id, booking_id)
        if row.source == "walk_in" or any(line.pass_use_id is not None for line in lines):
            raise errors.Used
        step(work, row, BookingState.BOOKED)
        row.arrived_at = None
        tell(work, row, Happening.NOT_ARRIVED)
        work.session.flush()


def finish(work: Work, booking_id: UUID) -> None:
    """The service was given: what was paid in advance becomes the store's. Refuses who has not arrived."""
    found = access_booking(work, booking_id, may=EDIT)
    merchant_id = found.merchant_id
    with borrowed(work, HOUSE, RIGHTS):
        row, _lines = access_held(work, merchant_id, booking_id)
        check(row, BookingState.DONE)
        faults.point(work, "bookings.finish.checked")
        _done(work, row, Happening.DONE)
        work.publish(BookingDone(row.merchant_id, row.id, row.person_id))


def close_one(work: Work) -> bool:
    """For the worker: the oldest visit that ended a day ago and was never marked is closed; False when there is none.

    Who arrived was served, and so was who had paid for all of it on terms by which it stays. Any other visit is taken
    as missed and everything goes back: a forgotten tap brings the store nothing, nor anybody a commission. What is
    still to be paid or confirmed is not touched: that ends by itself.
    """
    work.require(Permission.BOOKING_EDIT)
    over = select(Booking.merchant_id, Booking.id).where(Booking.state.in_(_UNMARKED))
    over = over.where(Booking.ends_at <= work.now() - CLOSES_AFTER).order_by(Booking.ends_at).limit(1)
    with borrowed(work, HOUSE, RIGHTS):
        found = work.session.execute(over).one_or_none()
        if found is None:
            return False
        row, lines = access_held(work, found.merchant_id, found.id)
        unseen = row.state == BookingState.BOOKED
        if row.state not in _UNMARKED or row.ends_at > work.now() - CLOSES_AFTER:
            return True  # somebody was faster
        faults.point(work, "bookings.close.checked")
        if unseen and not (work.now() >= row.cancel_until and stays_whole(row, lines)):
            _missed(work, row, lines, Happening.UNSEEN, unseen=True)
            return True
        if unseen:
            step(work, row, BookingState.ARRIVED)
            consume_uses(work, row, lines)
        _done(work, row, Happening.CLOSED)
        work.publish(BookingDone(row.merchant_id, row.id, row.person_id, unseen))
    return True


def _done(work: Work, row: Booking, kind: Happening) -> None:
    step(work, row, BookingState.DONE)
    settle(work, row, keep_fen=row.prepay_fen if row.paid else 0)
    tell(work, row, kind)
    work.session.flush()


def no_show(work: Work, booking_id: UUID) -> None:
    """The client did not come: the store keeps what its services keep, the rest goes back, and all of it when the
    store had just moved the visit (`cancel_until`); what is left of the time is free. Refuses before the visit was to
    begin.
    """
    found = access_booking(work, booking_id, may=EDIT)
    merchant_id = found.merchant_id
    with borrowed(work, HOUSE, RIGHTS):
        row, lines = access_held(work, merchant_id, booking_id)
        check(row, BookingState.NO_SHOW)
        if work.now() < row.starts_at:
            raise errors.TooEarly
        faults.point(work, "bookings.no_show.checked")
        _missed(work, row, lines, Happening.NO_SHOW, unseen=False)
        waiting.offer_freed(work, row.merchant_id, row.store_id, row.starts_at)


def _missed(work: Work, row: Booking, lines: list[BookingLine], kind: Happening, *, unseen: bool) -> None:
    """Only by a person's word does the store keep anything of it, and not while calling off is free."""
    free = unseen or work.now() < row.cancel_until
    keep_fen = kept(row.prepay_fen if row.paid else 0, row.keep_fen, free=free)
    step(work, row, BookingState.NO_SHOW)
    give_back(work, row.merchant_id, row.id, lines)
    return_uses(work, row, lines, keep=not free)
    settle(work, row, keep_fen=keep_fen)
    tell(work, row, kind)
    work.session.flush()
    work.publish(BookingMissed(row.merchant_id, row.id, row.person_id, unseen))
