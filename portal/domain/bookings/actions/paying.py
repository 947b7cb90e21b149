"""What becomes of a visit's money: paid in advance, given back, earned. The booking is held by the caller.

A payment ends once, so that paid and released happen once; what goes back has the booking as its key.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain.bookings import errors
from portal.domain.bookings.access import access_held
from portal.domain.bookings.actions import seating, waiting
from portal.domain.bookings.actions.telling import HOUSE, RIGHTS, step, tell
from portal.domain.bookings.events import BookingBooked, BookingCancelled
from portal.domain.bookings.models import Booking, BookingLine
from portal.domain.bookings.values import BUSINESS, BookingState, Happening
from portal.domain.earnings import actions as earnings
from portal.domain.ledger.values import Business
from portal.domain.passes import actions as passes
from portal.domain.payments import actions as payments
from portal.domain.payments.values import IntentState
from portal.kernel import faults
from portal.kernel.faces import borrowed
from portal.kernel.work import Work


def paid(work: Work, booking_id: UUID) -> None:
    """What was asked for in advance lies in the booking's escrow: it is booked."""
    with borrowed(work, HOUSE, RIGHTS):
        row, _lines = access_held(work, _merchant_of(work, booking_id), booking_id)
        row.paid = True
        if row.state != BookingState.HELD:
            settle(work, row, keep_fen=0)
            return
        step(work, row, BookingState.BOOKED)
        tell(work, row, Happening.PAID)
        work.session.flush()
        faults.point(work, "bookings.paid.written")
        work.publish(BookingBooked(row.merchant_id, row.id, row.person_id))


def released(work: Work, booking_id: UUID, how: IntentState) -> None:
    """Nobody pays: the time is free again."""
    with borrowed(work, HOUSE, RIGHTS):
        row, lines = access_held(work, _merchant_of(work, booking_id), booking_id)
        if row.state != BookingState.HELD:
            return
        end(work, row, lines, Happening.EXPIRED if how is IntentState.EXPIRED else Happening.CANCELLED, held=True)


def end(
    work: Work,
    row: Booking,
    lines: list[BookingLine],
    kind: Happening,
    *,
    why: str = "",
    keep_fen: int = 0,
    keep_uses: bool = False,
    held: bool = False,
) -> None:
    """Call a held visit off: its time is free, its money goes where it belongs, who waits is asked."""
    step(work, row, BookingState.CANCELLED)
    row.ended_why = why
    seating.give_back(work, row.merchant_id, row.id, lines)
    return_uses(work, row, lines, keep=keep_uses)
    settle(work, row, keep_fen=keep_fen)
    tell(work, row, kind, why)
    work.session.flush()
    work.publish(BookingCancelled(row.merchant_id, row.id, row.person_id, held))
    waiting.offer_freed(work, row.merchant_id, row.store_id, row.starts_at)


def settle(work: Work, row: Booking, *, keep_fen: int) -> None:
    """Of what was paid in advance, `keep_fen` become the store's, the rest goes back by the way it came."""
    if not row.paid or row.intent_id is None:
        return
    back = row.prepay_fen - keep_fen
    if back:
        payments.refund(work, row.intent_id, subject_id=row.id, amount_fen=back, key=row.id)
        row.refunded_fen = back
    if keep_fen:
        earnings.earn(
            work,
            merchant_id=row.merchant_id,
            business=Business(BUSINESS, row.id),
            subject_id=row.id,
            amount_fen=keep_fen,
            gross_fen=row.prepay_fen,
            store_id=row.store_id,
            title=_title(work, row),
            number=row.number,
        )


def _title(work: Work, row: Booking) -> str:
    mine: tuple[Any, ...] = (BookingLine.merchant_id == row.merchant_id, BookingLine.booking_id == row.id)
    return "、".join(work.session.scalars(select(BookingLine.name).where(*mine).order_by(BookingLine.nth)))


def stays_whole(row: Booking, lines: list[BookingLine]) -> bool:
    """Whether all of a visit was paid for in advance, with money or with passes, and stays whoever comes."""
    if not row.paid and all(line.pass_use_id is None for line in lines):
        return False
    whole = row.keep_fen == row.price_fen and (row.paid or not row.price_fen)
    return whole and all(line.keeps for line in lines)


def uses_at_stake(lines: list[BookingLine]) -> int:
    """How many uses of passes a late cancellation costs, as it was agreed."""
    return sum(line.keeps and line.pass_use_id is not None for line in lines)


def return_uses(work: Work, row: Booking, lines: list[BookingLine], *, keep: bool) -> None:
    """Uses of passes go back; with `keep` those of services that were to keep what is prepaid are consumed."""
    held = [line for line in lines if line.pass_use_id is not None]
    for line in held:
        assert line.pass_use_id is not None
        if keep and line.keeps:
            passes.use(work, line.pass_use_id, store_id=row.store_id)
        else:
            passes.give_back(work, line.pass_use_id)


def consume_uses(work: Work, row: Booking, lines: list[BookingLine]) -> None:
    """The client is there: what his passes held is used."""
    for line in lines:
        if line.pass_use_id is not None:
            passes.use(work, line.pass_use_id, store_id=row.store_id)


def _merchant_of(work: Work, booking_id: UUID) -> UUID:
    found = work.session.scalar(select(Booking.merchant_id).where(Booking.id == booking_id))
    if found is None:
        raise errors.CodeUnknown
    return found
