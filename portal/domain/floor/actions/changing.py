"""A reservation is moved, cancelled, seated or missed: by who made it, by who has its link, or by the staff.

The deposit follows: it goes back when they come or cancel in time. 订金 goes back in any case, 定金 is the store's when
the staff says that nobody came, or somebody cancels too late. What the staff cancels, and what nobody marked, is given
back in full.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.domain.earnings import actions as earnings
from portal.domain.floor import errors, rules
from portal.domain.floor.access import access_booking, access_held, access_linked, access_seen
from portal.domain.floor.actions.booking import BUSINESS, HOUSE, LATE, RIGHTS, refuse_wild, remind_at
from portal.domain.floor.actions.placing import Party, free_place, has_place, place_again
from portal.domain.floor.actions.telling import title_of, told
from portal.domain.floor.events import TableCancelled, TableMissed, TableMoved, TableSeated
from portal.domain.floor.models import TableBooking
from portal.domain.floor.queries.lists import tables_of
from portal.domain.floor.queries.plan import rules_of
from portal.domain.floor.values import MOST_MOVES, MOVED_FREE, BookingState, DepositKind, may_move
from portal.domain.ledger.values import Business
from portal.domain.payments import actions as payments
from portal.domain.stores.queries.cards import card
from portal.kernel import faults
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

BOOK, EDIT = Permission.TABLE_BOOK, Permission.BOOKING_EDIT


def cancel(work: Work, booking_id: UUID, *, keep_fen: int = 0) -> None:
    """Who made it cancels it; twice is once. `keep_fen` is what the page said the store keeps: refuses with CostsMore
    when it is more by now. Refuses what is over.
    """
    row = access_booking(work, booking_id, may=BOOK)
    _cancel(work, row.merchant_id, row.id, keep_fen=keep_fen)


def cancel_linked(work: Work, link: str, *, keep_fen: int = 0) -> None:
    """Who has the link cancels it."""
    with borrowed(work, HOUSE, RIGHTS):
        row = access_linked(work, link)
    _cancel(work, row.merchant_id, row.id, keep_fen=keep_fen)


def cancel_by_staff(work: Work, booking_id: UUID, *, reason: str) -> None:
    """The store cancels it and says why; the whole deposit goes back."""
    row = access_booking(work, booking_id, may=EDIT)
    if not reason.strip():
        raise errors.NoReason
    _cancel(work, row.merchant_id, row.id, reason=reason.strip(), by_staff=True)
    work.audit("table.cancelled", "table_booking", booking_id)


def _cancel(
    work: Work, merchant_id: UUID, booking_id: UUID, *, keep_fen: int = 0, reason: str = "", by_staff: bool = False
) -> None:
    with borrowed(work, HOUSE, RIGHTS):
        intent_id = _unpaid(work, merchant_id, booking_id)
        if intent_id is not None:
            payments.cancel(work, intent_id)  # its end closes the reservation
        row = access_held(work, merchant_id, booking_id)
        faults.point(work, "floor.cancel.held")
        if row.state == BookingState.CANCELLED:
            row.reason = row.reason or reason
            return
        costs = 0 if by_staff else _costs(work, row)
        if costs > keep_fen:
            raise errors.CostsMore(costs)
        step(work, row, BookingState.CANCELLED)
        row.reason = reason
        free_place(work, row)
        kept = _settle(work, row, keep=costs > 0)
        back = row.deposit_fen - kept
        work.publish(TableCancelled(**told(work, row), by_staff=by_staff, reason=reason, back_fen=back))


def _costs(work: Work, row: TableBooking) -> int:
    return rules.cancelling_costs(DepositKind(row.deposit_kind), row.deposit_fen, row.free_until, work.now())


def _unpaid(work: Work, merchant_id: UUID, booking_id: UUID) -> UUID | None:
    """The payment that is still waited for. It is held before the reservation, as its own end does."""
    row = access_seen(work, merchant_id, booking_id)
    return row.intent_id if row.state == BookingState.HELD else None


def move(work: Work, booking_id: UUID, *, at: datetime, people: int) -> None:
    """Who made it moves it to another time or size. Refuses what begins too soon, is not offered, or has no room."""
    row = access_booking(work, booking_id, may=BOOK)
    _move_himself(work, row, at, people)


def move_linked(work: Work, link: str, *, at: datetime, people: int) -> None:
    """Who has the link moves it."""
    with borrowed(work, HOUSE, RIGHTS):
        row = access_linked(work, link)
    _move_himself(work, row, at, people)


def _move_himself(work: Work, row: TableBooking, at: datetime, people: int) -> None:
    shown = card(work, row.store_id)
    if row.state != BookingState.BOOKED:
        raise errors.BookingMoved
    if work.now() > row.free_until or work.now() >= row.starts_at:
        raise errors.TooLateToMove
    if row.sequence >= MOST_MOVES:
        raise errors.MovedTooOften
    with borrowed(work, HOUSE, RIGHTS):
        known = rules_of(work, row.merchant_id, row.store_id)
        if not 1 <= people <= known.most_people:
            raise errors.TooManyPeople(known.most_people)
        if people != row.people and known.deposit(people) > row.deposit_fen:
            raise errors.DepositNeeded
        if at != row.starts_at and not rules.offered(shown.hours, known, at, work.now()):
            raise errors.NoSuchTime
        _move(work, Party(row.merchant_id, row.store_id, row.id, people, at), by_staff=False)


def move_by_staff(work: Work, booking_id: UUID, *, at: datetime, people: int, tables: tuple[UUID, ...] = ()) -> None:
    """The staff moves it, to tables they choose or what fits best, not into what is over. For a day from then on
    whoever made it may call off another time than his own for nothing.
    """
    row = access_booking(work, booking_id, may=EDIT)
    refuse_wild(work, at, people)
    if at < work.now() - LATE and at != row.starts_at:
        raise errors.NoSuchTime
    with borrowed(work, HOUSE, RIGHTS):
        _move(work, Party(row.merchant_id, row.store_id, row.id, people, at, tables), by_staff=True)
    work.audit("table.moved", "table_booking", booking_id)


def _move(work: Work, party: Party, *, by_staff: bool) -> None:
    row = access_held(work, party.merchant_id, party.booking_id)
    if row.state != BookingState.BOOKED:
        raise errors.BookingMoved
    known = rules_of(work, party.merchant_id, party.store_id)
    place_again(work, party, known)
    same = (row.starts_at, row.people) == (party.at, party.people)
    kept_free, before = max(row.starts_at - row.free_until, timedelta()), row.starts_at
    row.people, row.starts_at, row.ends_at = party.people, party.at, rules.until(known, party.people, party.at)[0]
    row.free_until, row.remind_at = party.at - kept_free, remind_at(party.at, work.now())
    if by_staff and before != party.at:
        row.free_until = max(row.free_until, work.now() + MOVED_FREE)
    row.sequence, row.changed_at = row.sequence + 1, work.now()
    work.session.flush()
    if not same:
        work.publish(TableMoved(**told(work, row), by_staff=by_staff))


def seat(work: Work, booking_id: UUID) -> tuple[UUID, ...]:
    """They have come: the tables they sit at. The deposit goes back; who was missed and came late is welcome."""
    found = access_booking(work, booking_id, may=EDIT)
    with borrowed(work, HOUSE, RIGHTS):
        row = access_held(work, found.merchant_id, found.id)
        missed, kept = row.state == BookingState.MISSED, row.kept_fen
        step(work, row, BookingState.SEATED)
        if kept:
            earnings.take_back(work, merchant_id=row.merchant_id, subject_id=row.id, amount_fen=kept)
        if kept or not missed:
            _settle(work, row, keep=False)
        ids = tuple(tables_of(work, row.merchant_id, [row.id]).get(row.id, ((), ()))[0])
        work.publish(TableSeated(**told(work, row), table_ids=ids))
    work.audit("table.seated", "table_booking", booking_id)
    return ids


def unseat(work: Work, booking_id: UUID) -> None:
    """That was the wrong one. Refused once a deposit has gone back, or their table was cleared."""
    found = access_booking(work, booking_id, may=EDIT)
    with borrowed(work, HOUSE, RIGHTS):
        row = access_held(work, found.merchant_id, found.id)
        if row.deposit_fen or row.state != BookingState.SEATED or not has_place(work, row):
            raise errors.BookingMoved
        step(work, row, BookingState.BOOKED)
    work.audit("table.unseated", "table_booking", booking_id)


def miss(work: Work, booking_id: UUID) -> None:
    """Nobody came. Refused before they are late by the rule; the place is free again. The deposit is the store's as
    if they had called it off now.
    """
    found = access_booking(work, booking_id, may=EDIT)
    with borrowed(work, HOUSE, RIGHTS):
        row = access_held(work, found.merchant_id, found.id)
        if work.now() < row.starts_at:
            raise errors.BookingMoved
        _miss(work, row, keep=_costs(work, row) > 0)
    work.audit("table.missed", "table_booking", booking_id)


def _miss(work: Work, row: TableBooking, *, keep: bool) -> None:
    step(work, row, BookingState.MISSED)
    free_place(work, row)
    kept = _settle(work, row, keep=keep)
    work.publish(TableMissed(**told(work, row), kept_fen=kept, back_fen=row.deposit_fen - kept))


def miss_one(work: Work) -> bool:
    """For the worker: the oldest reservation whose stay is over without a mark is missed; False when there is none.

    Its deposit goes back: only a person's word, never a forgotten tap, lets the store keep what somebody paid.
    """
    over = select(TableBooking).where(TableBooking.state == BookingState.BOOKED.value)
    over = over.where(TableBooking.ends_at <= work.now()).order_by(TableBooking.ends_at).limit(1)
    with borrowed(work, HOUSE, RIGHTS):
        row = work.session.scalars(over.with_for_update(skip_locked=True)).one_or_none()
        if row is None:
            return False
        _miss(work, row, keep=False)
        work.audit("table.missed", "table_booking", row.id, merchant=row.merchant_id)
    return True


def step(work: Work, row: TableBooking, to: BookingState) -> None:
    """Move a held row. Refuses what the table of moves does not know."""
    if not may_move(BookingState(row.state), to):
        raise errors.BookingMoved
    row.state, row.changed_at = to.value, work.now()
    if to is not BookingState.HELD:
        row.held_until = None
    work.session.flush()


def _settle(work: Work, row: TableBooking, *, keep: bool) -> int:
    """Give a paid deposit back, or let the store have it; what it keeps, in fen."""
    if not row.deposit_fen or row.intent_id is None:
        return 0
    row.kept_fen = row.deposit_fen if keep else 0
    if not keep:
        payments.refund(work, row.intent_id, subject_id=row.id, amount_fen=row.deposit_fen, key=row.id)
        return 0
    earnings.earn(
        work,
        merchant_id=row.merchant_id,
        business=Business(BUSINESS, row.id),
        subject_id=row.id,
        amount_fen=row.deposit_fen,
        store_id=row.store_id,
        title=title_of(work, row),
        number=row.number,
    )
    return row.deposit_fen
