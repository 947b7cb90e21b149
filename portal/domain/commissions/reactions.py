"""What commissions do about bookings and refunds: work that is done is counted, turns move on, refunds take back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from portal.domain.bookings.events import BookingArrived, BookingDone
from portal.domain.bookings.models import Booking, BookingLine
from portal.domain.commissions.actions import Piece, earn, return_to_client
from portal.domain.commissions.values import Kind
from portal.domain.passes.events import PassRefunded
from portal.domain.passes.models import PassUse
from portal.domain.payments.events import RefundDone
from portal.domain.turns.actions import took
from portal.kernel.faces import borrowed
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

BOOKING = "booking"


def pay_work(work: Work, event: BookingDone) -> None:
    """Each service that somebody gave, paid for with money or with a pass."""
    with borrowed(work, Scope(Face.JOB)):
        booking, lines = _booking(work, event.merchant_id, event.booking_id)
        uses = _values(work, event.merchant_id, lines)
        earn(work, event.merchant_id, [_piece(booking, line, uses) for line in lines if line.technician_id])


def move_turns(work: Work, event: BookingArrived) -> None:
    """Whoever begins with this client has had his turn, once however many services it is."""
    with borrowed(work, Scope(Face.JOB)):
        booking, lines = _booking(work, event.merchant_id, event.booking_id)
        seen: dict[UUID, bool] = {}
        for line in lines:
            if line.technician_id is not None:
                seen.setdefault(line.technician_id, line.requested)
        for resource_id, requested in seen.items():
            took(work, event.merchant_id, booking.store_id, resource_id, requested=requested, booking_id=booking.id)


def take_back(work: Work, event: RefundDone) -> None:
    """Money of a booking went back after the work: so does its share of the commission. What was paid by mistake, twice
    or too late (it is for nothing), was never worth any.
    """
    if event.business_type != BOOKING or event.subject_id is None:
        return
    with borrowed(work, Scope(Face.JOB)):
        query = select(Booking.merchant_id).where(Booking.id == event.business_id)
        merchant_id = work.session.scalar(query)
    if merchant_id is not None:
        return_to_client(work, merchant_id, event.business_id, event.amount_fen)


def take_back_sale(work: Work, event: PassRefunded) -> None:
    """What was unused of a pass went back: so does its share of what selling it brought."""
    return_to_client(work, event.merchant_id, event.pass_id, event.amount_fen)


def _values(work: Work, merchant_id: UUID, lines: Sequence[BookingLine]) -> dict[UUID, int]:
    """What the uses of passes were worth that paid for these lines."""
    ids = [line.pass_use_id for line in lines if line.pass_use_id]
    query = select(PassUse.id, PassUse.value_fen).where(PassUse.merchant_id == merchant_id, PassUse.id.in_(ids))
    return {row.id: row.value_fen for row in work.session.execute(query)} if ids else {}


def _booking(work: Work, merchant_id: UUID, booking_id: UUID) -> tuple[Booking, Sequence[BookingLine]]:
    query = select(Booking).where(Booking.merchant_id == merchant_id, Booking.id == booking_id)
    lines = select(BookingLine).where(BookingLine.merchant_id == merchant_id, BookingLine.booking_id == booking_id)
    return work.session.scalars(query).one(), work.session.scalars(lines.order_by(BookingLine.nth)).all()


def _piece(booking: Booking, line: BookingLine, uses: dict[UUID, int]) -> Piece:
    """A line paid for with a pass stands alone: money that goes back of the booking is not of it."""
    assert line.technician_id is not None
    by_pass = line.pass_use_id
    return Piece(
        kind=Kind.CARD_USE if by_pass else Kind.WORK,
        store_id=booking.store_id,
        resource_id=line.technician_id,
        technician=line.technician,
        subject_id=line.id,
        group_id=by_pass or booking.id,
        of=line.service_id,
        title=line.name,
        client=booking.client_name,
        requested=line.requested,
        base_fen=uses.get(by_pass, 0) if by_pass else line.price_fen,
    )


REACTIONS = (
    (BookingArrived, move_turns),
    (BookingDone, pay_work),
    (RefundDone, take_back),
    (PassRefunded, take_back_sale),
)
