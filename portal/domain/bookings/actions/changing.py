"""A visit is moved or called off: by the client, by whoever has its secret link, by the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from portal.domain.bookings import errors
from portal.domain.bookings.access import access_booking, access_held, access_linked
from portal.domain.bookings.actions import seating, waiting
from portal.domain.bookings.actions.paying import end, uses_at_stake
from portal.domain.bookings.actions.telling import HOUSE, RIGHTS, tell
from portal.domain.bookings.actions.writing import BOOK, EDIT, remind_at
from portal.domain.bookings.events import BookingMoved
from portal.domain.bookings.models import Booking, BookingLine
from portal.domain.bookings.queries.agreed import agreed, own_of
from portal.domain.bookings.queries.visits import line_of
from portal.domain.bookings.rules import slots
from portal.domain.bookings.rules.links import Link
from portal.domain.bookings.rules.terms import kept
from portal.domain.bookings.values import (
    HORIZON_DAYS,
    LEAD,
    MOST_MOVES,
    MOVED_FREE,
    NOTE_MOST,
    STATES,
    BookingState,
    Happening,
    Seated,
    WaitState,
)
from portal.domain.passes import actions as passes
from portal.domain.payments import actions as payments
from portal.domain.payments.access import access_intent
from portal.kernel import faults
from portal.kernel.faces import borrowed
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.spoken import Moment
from portal.kernel.words import say
from portal.kernel.work import Work

_FAR: Final = timedelta(days=HORIZON_DAYS + 1)


def move(work: Work, booking_id: UUID, *, starts_at: datetime, technician_id: UUID | None = None) -> None:
    """The client takes another time; whom he asked for stays, unless he names another one. Free until `cancel_until`.

    Refuses what is not booked, TooLate, TimeTaken; the old time stays when the new one cannot be had.
    """
    row = access_booking(work, booking_id, may=BOOK)
    _move(work, row.merchant_id, row.id, starts_at, technician_id)


def move_linked(work: Work, link: Link, *, starts_at: datetime) -> None:
    """The same, by a secret link whose mark was checked."""
    with borrowed(work, HOUSE):
        row = access_linked(work, link)
    _move(work, row.merchant_id, row.id, starts_at, None)


def move_by_store(
    work: Work,
    booking_id: UUID,
    *,
    starts_at: datetime,
    technician_id: UUID | None = None,
    line_id: UUID | None = None,
    overrides: str = "",
) -> None:
    """The store gives it another time or technician, as `move` but whenever it likes; `overrides` is the reason for
    going over what is there or outside of hours. With `line_id` time and technician are that service's: the others
    follow in time, and stay with who does them as far as these are free.
    """
    row = access_booking(work, booking_id, may=EDIT)
    why = clean_line(overrides, field="overrides", most=NOTE_MOST, required=False)
    _move(work, row.merchant_id, row.id, starts_at, technician_id, by_store=True, line_id=line_id, overrides=why)
    if why:
        work.audit("booking.overridden", "booking", booking_id, store=row.store_id)


def _move(
    work: Work,
    merchant_id: UUID,
    booking_id: UUID,
    starts_at: datetime,
    technician_id: UUID | None,
    *,
    by_store: bool = False,
    line_id: UUID | None = None,
    overrides: str = "",
) -> None:
    with borrowed(work, HOUSE, RIGHTS):
        row, lines = access_held(work, merchant_id, booking_id)
        nth = _nth(lines, line_id)
        if nth is not None:
            starts_at -= lines[nth].starts_at - row.starts_at
        _check_move(work, row, starts_at, by_store=by_store)
        for use_id in [line.pass_use_id for line in lines if not by_store and line.pass_use_id is not None]:
            passes.refuse_over(work, use_id, starts_at)
        shown = [line_of(line) for line in lines]
        before, sessions = row.starts_at, [line.session_id for line in lines if line.session_id is not None]
        wish = seating.Wish(
            merchant_id,
            row.store_id,
            row.id,
            agreed(work, merchant_id, row.store_id, shown),
            starts_at,
            technician_id=technician_id or _asked_for(lines) if nth is None else None,
            overrides=overrides,
            own=own_of(shown),
            now=_doers(lines),
            only=_doers(lines, asked=True) | ({nth: technician_id} if nth is not None and technician_id else {}),
        )
        faults.point(work, "bookings.move.checked")
        seated = seating.take(work, wish)
        for session_id in sessions:
            seating.leave(work, merchant_id, session_id)
        _rewrite(work, row, lines, wish, seated, by_store=by_store)
        note = str(say("%(before)s → %(after)s", before=Moment(before), after=Moment(starts_at)))
        tell(work, row, Happening.MOVED, f"{note} {overrides}".strip())
        work.session.flush()
        work.publish(BookingMoved(row.merchant_id, row.id, row.person_id))
        waiting.offer_freed(work, row.merchant_id, row.store_id, before)


def _nth(lines: Sequence[BookingLine], line_id: UUID | None) -> int | None:
    """The place of a service in a visit of several; of one that is alone the visit is meant."""
    if line_id is None:
        return None
    found = next((at for at, line in enumerate(lines) if line.id == line_id), None)
    if found is None:
        raise NotFound
    return found if len(lines) > 1 else None


def _doers(lines: Sequence[BookingLine], *, asked: bool = False) -> dict[int, UUID]:
    """Who does which service, by its place; with `asked` those whom the client wanted."""
    mine = ((at, line.technician_id) for at, line in enumerate(lines) if line.requested or not asked)
    return {at: one for at, one in mine if one is not None}


def _asked_for(lines: Sequence[BookingLine]) -> UUID | None:
    """Whom the client asked for, when that is one for all of it."""
    wanted = {line.technician_id if line.requested else None for line in lines}
    return wanted.pop() if len(wanted) == 1 else None


def _check_move(work: Work, row: Booking, starts_at: datetime, *, by_store: bool) -> None:
    if row.state != BookingState.BOOKED and not (by_store and row.state == BookingState.ARRIVED):
        raise errors.BookingMoved(STATES[BookingState(row.state)])
    now = work.now()
    earliest = now - timedelta(hours=12) if by_store else now + LEAD
    if not earliest <= starts_at < now + _FAR or not (by_store or slots.on_grid(starts_at)):
        raise errors.TimeOver
    if not by_store and now >= row.cancel_until:
        raise errors.TooLate
    if not by_store and row.sequence >= MOST_MOVES:
        raise errors.MovedTooOften


def _rewrite(
    work: Work,
    row: Booking,
    lines: Sequence[BookingLine],
    wish: seating.Wish,
    seated: Sequence[Seated],
    *,
    by_store: bool,
) -> None:
    """New times and people in the lines; names, prices and uses of passes stay as they were agreed. Nobody pays for
    missing a time of the store's choice that he has just been told.
    """
    distance = wish.starts_at - row.starts_at
    for line, one in zip(lines, seated, strict=True):
        line.starts_at, line.ends_at, line.session_id = one.starts_at, one.ends_at, one.session_id
        line.technician_id = one.technician.id if one.technician else None
        line.technician = one.technician.name if one.technician else ""
        line.places = seating.stored(one.places)
    row.starts_at, row.ends_at = row.starts_at + distance, row.ends_at + distance
    if distance:
        until = min(row.cancel_until + distance, row.starts_at)
        row.cancel_until = max(until, work.now() + MOVED_FREE) if by_store else until
    row.sequence += 1
    row.changed_at, row.remind_at = work.now(), remind_at(row.starts_at, work.now())


def cancel(work: Work, booking_id: UUID, *, keep_fen: int = 0, uses: int = 0, why: str = "") -> None:
    """The client calls it off; `keep_fen` is what the page said the store keeps, `uses` how many uses of passes that
    costs. Free until `cancel_until`, later the store keeps what was agreed. Refuses with CostsMore or CostsUses when
    that is more than was shown.
    """
    row = access_booking(work, booking_id, may=BOOK)
    _cancel(work, row, keep_fen, uses, why)


def cancel_linked(work: Work, link: Link, *, keep_fen: int = 0, uses: int = 0) -> None:
    """The same, by a secret link whose mark was checked."""
    with borrowed(work, HOUSE):
        row = access_linked(work, link)
    _cancel(work, row, keep_fen, uses, "")


def _cancel(work: Work, found: Booking, keep_fen: int, uses: int, why: str) -> None:
    words = clean_line(why, field="why", most=NOTE_MOST, required=False)
    with borrowed(work, HOUSE, RIGHTS):
        row, lines, unpaid = _with_payment(work, found)
        free = row.state != BookingState.BOOKED or work.now() < row.cancel_until
        keep = kept(row.prepay_fen if row.paid else 0, row.keep_fen, free=free)
        if keep > keep_fen:
            raise errors.CostsMore(keep)
        if not free and uses_at_stake(lines) > uses:
            raise errors.CostsUses(uses_at_stake(lines))
        if row.state == BookingState.ASKED:
            waiting.close(work, row, WaitState.WITHDRAWN)
        faults.point(work, "bookings.cancel.checked")
        end(work, row, lines, Happening.CANCELLED, why=words, keep_fen=keep, keep_uses=not free)
        if unpaid is not None:
            payments.cancel(work, unpaid)


def cancel_by_store(work: Work, booking_id: UUID, *, why: str) -> None:
    """The store calls it off and says why: all that was paid goes back, and uses of passes."""
    found = access_booking(work, booking_id, may=EDIT)
    words = clean_line(why, field="why", most=NOTE_MOST)
    with borrowed(work, HOUSE, RIGHTS):
        row, lines, unpaid = _with_payment(work, found)
        if row.state == BookingState.ASKED:
            waiting.close(work, row, WaitState.OVER)
        end(work, row, lines, Happening.CANCELLED, why=words)
        if unpaid is not None:
            payments.cancel(work, unpaid)
        store_id = row.store_id
    work.audit("booking.cancelled", "booking", booking_id, store=store_id)


def _with_payment(work: Work, found: Booking) -> tuple[Booking, list[BookingLine], UUID | None]:
    """The visit with its lines, held, after the payment that it waits for, as money arrives; and that payment."""
    merchant_id, booking_id, intent_id = found.merchant_id, found.id, found.intent_id
    held = found.state == BookingState.HELD and intent_id is not None
    if held and intent_id is not None:
        access_intent(work, intent_id, may=Permission.PAYMENT_PAY, lock=True)
    row, lines = access_held(work, merchant_id, booking_id)
    if row.state != BookingState.HELD:
        return row, lines, None
    if not held:  # accepted in this very moment
        raise errors.BookingMoved(STATES[BookingState.HELD])
    return row, lines, intent_id
