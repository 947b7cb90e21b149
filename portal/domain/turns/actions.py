"""Joining and leaving the day's list, giving and declining turns, the store's rule. Every act holds the list first."""

from __future__ import annotations

from uuid import UUID

from portal.domain.turns import errors, queries, rules
from portal.domain.turns.access import Held, access_list, access_technician
from portal.domain.turns.models import TurnEntry, TurnPlace
from portal.domain.turns.values import Declined, Requested, Turn
from portal.kernel import faults
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

EDIT = Permission.BOOKING_EDIT
MOST_NOTE = 60


def set_rule(work: Work, store_id: UUID, *, requested: Requested, declined: Declined) -> None:
    """The store's rule from now on; turns that were given stay as they are."""
    work.require(Permission.CALENDAR_EDIT, store_id=store_id)
    held = _held(work, store_id)
    held.row.requested, held.row.declined = requested.value, declined.value
    held.row.changed_at = work.now()
    work.session.flush()
    work.audit("turns.rule", "store", store_id, requested=requested, declined=declined)


def join(work: Work, store_id: UUID, resource_id: UUID) -> None:
    """上牌: to the end of today's list. Who is in it already stays where he is."""
    work.require(EDIT, store_id=store_id)
    held = _held(work, store_id)
    access_technician(work, held.merchant_id, store_id, resource_id)
    place = held.of(resource_id)
    if place is None:
        place = _new_place(held, resource_id)
        work.session.add(place)
    elif place.present:
        return
    place.present, place.place = True, _last(held) + 1
    _log(work, held, resource_id, Turn.JOINED)
    work.audit("turns.joined", "resource", resource_id, store=store_id)


def leave(work: Work, store_id: UUID, resource_id: UUID) -> None:
    """下牌: out of today's list until he joins again. Refuses who is not in it."""
    work.require(EDIT, store_id=store_id)
    held = _held(work, store_id)
    _there(held, resource_id).present = False
    _log(work, held, resource_id, Turn.LEFT)
    work.audit("turns.left", "resource", resource_id, store=store_id)


def decline(work: Work, store_id: UUID, resource_id: UUID, *, reason: str) -> None:
    """弃牌: he gives his turn away, with a reason; the store's rule says where he stands then."""
    work.require(EDIT, store_id=store_id)
    note = clean_line(reason, field="reason", most=MOST_NOTE)
    held = _held(work, store_id)
    place = _there(held, resource_id)
    place.declined += 1
    _follow(held, resource_id, Turn.DECLINED)
    _log(work, held, resource_id, Turn.DECLINED, note=note)
    work.audit("turns.declined", "resource", resource_id, store=store_id)


def put(work: Work, store_id: UUID, resource_id: UUID, *, nth: int, reason: str) -> None:
    """To another place by hand, with a reason that stays in the log."""
    work.require(EDIT, store_id=store_id)
    note = clean_line(reason, field="reason", most=MOST_NOTE)
    held = _held(work, store_id)
    _there(held, resource_id)
    order = rules.put([one.resource_id for one in held.present()], resource_id, nth)
    _write(held, order)
    _log(work, held, resource_id, Turn.MOVED, note=note)
    work.audit("turns.put", "resource", resource_id, store=store_id, nth=nth)


def take_next(work: Work, store_id: UUID) -> UUID:
    """The first one who is there and free gets the turn. Refuses when there is nobody."""
    work.require(EDIT, store_id=store_id)
    held = _held(work, store_id)
    faults.point(work, "turns.held")
    busy = queries.busy(work, held.merchant_id, [one.resource_id for one in held.places])
    first = next((one for one in held.present() if one.resource_id not in busy), None)
    if first is None:
        raise errors.NobodyFree
    _give(work, held, first, requested=False, booking_id=None)
    work.audit("turns.given", "resource", first.resource_id, store=store_id)
    return first.resource_id


def took(
    work: Work, merchant_id: UUID, store_id: UUID, resource_id: UUID, *, requested: bool, booking_id: UUID
) -> None:
    """A booking gave him work: for features above that checked everything, on the worker's face. Once a booking; who
    is not in the list gets no place by it.
    """
    held = access_list(work, merchant_id, store_id, rules.turn_day(work.now()))
    place = held.of(resource_id)
    if place is None or not place.present or queries.counted(work, merchant_id, booking_id, resource_id):
        return
    _give(work, held, place, requested=requested, booking_id=booking_id)


def _give(work: Work, held: Held, place: TurnPlace, *, requested: bool, booking_id: UUID | None) -> None:
    turn = Turn.REQUESTED if requested else Turn.TAKEN
    if requested:
        place.requested += 1
    else:
        place.taken += 1
    _follow(held, place.resource_id, turn)
    _log(work, held, place.resource_id, turn, booking_id=booking_id)


def _held(work: Work, store_id: UUID) -> Held:
    return access_list(work, work.merchant_id, store_id, rules.turn_day(work.now()))


def _there(held: Held, resource_id: UUID) -> TurnPlace:
    place = held.of(resource_id)
    if place is None or not place.present:
        raise errors.NotInList
    return place


def _new_place(held: Held, resource_id: UUID) -> TurnPlace:
    return TurnPlace(
        merchant_id=held.merchant_id,
        day=held.day,
        resource_id=resource_id,
        store_id=held.store_id,
        place=0,
        present=False,
        taken=0,
        requested=0,
        declined=0,
    )


def _last(held: Held) -> int:
    return max((one.place for one in held.places), default=0)


def _follow(held: Held, resource_id: UUID, turn: Turn) -> None:
    _write(held, rules.after([one.resource_id for one in held.present()], resource_id, turn, held.rule))


def _write(held: Held, order: tuple[UUID, ...]) -> None:
    for nth, resource_id in enumerate(order, start=1):
        place = held.of(resource_id)
        if place is not None and place.place != nth:
            place.place = nth


def _log(
    work: Work, held: Held, resource_id: UUID, kind: Turn, *, note: str = "", booking_id: UUID | None = None
) -> None:
    entry = TurnEntry(
        merchant_id=held.merchant_id,
        store_id=held.store_id,
        day=held.day,
        resource_id=resource_id,
        kind=kind.value,
        booking_id=booking_id,
        note=note,
        at=work.now(),
    )
    work.session.add(entry)
    work.session.flush()
