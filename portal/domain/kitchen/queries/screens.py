"""A station's screen, the view of all, and the pass: a bounded number of statements, whatever waits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from portal.domain.kitchen.access import access_store
from portal.domain.kitchen.models import KitchenPulse, KitchenTicket, Station
from portal.domain.kitchen.rules import times
from portal.domain.kitchen.values import Card, Screen, Sum, Ticket, TicketKind, TicketState
from portal.domain.stores.models import Store
from portal.kernel.permissions import Permission
from portal.kernel.scope import fixed
from portal.kernel.work import Work

SEE: Final = Permission.KITCHEN_VIEW
MOST: Final = 400
LAST: Final = 12
S = TicketState


def screen(work: Work, store_id: UUID, station_id: UUID | None = None) -> Screen:
    """What is to be made at one station, or in the whole store (None): slips first, then the oldest."""
    access_store(work, store_id, SEE)
    number, ages = _beat(work, store_id)  # first: what changes after it is asked for again
    waiting = _tickets(work, store_id, S.NEW, station_id)
    cards = _cards(waiting, work.now(), ages)
    return Screen(
        number,
        cards,
        sums(waiting),
        sum(one.quantity for one in waiting if one.kind is TicketKind.MAKE),
        sum(1 for one in waiting if not one.seen),
        tuple(_made(work, store_id, station_id)),
    )


def ready(work: Work, store_id: UUID) -> Screen:
    """The pass: what is made and waits to be carried to its table."""
    access_store(work, store_id, SEE)
    number, ages = _beat(work, store_id)
    made = _tickets(work, store_id, S.DONE, None)
    cards = _cards(made, work.now(), ages, by_table=True)
    return Screen(number, cards, sums(made), sum(one.quantity for one in made), 0)


_BEAT: Final[Any] = fixed(
    select(KitchenPulse.beat).where(
        KitchenPulse.merchant_id == bindparam("of_merchant"), KitchenPulse.store_id == bindparam("of_store")
    )
)


def pulse(work: Work, merchant_id: UUID, store_id: UUID) -> int:
    """How often anything changed; for whoever holds a permit, on the worker's face."""
    return int(work.session.scalar(_BEAT, {"of_merchant": merchant_id, "of_store": store_id}) or 0)


def _beat(work: Work, store_id: UUID) -> tuple[int, dict[UUID, tuple[int, int]]]:
    """The store's number and from when on its stations' tickets are amber and red."""
    beats = (KitchenPulse.merchant_id == Store.merchant_id) & (KitchenPulse.store_id == Store.id)
    stations = (Station.merchant_id == Store.merchant_id) & (Station.store_id == Store.id)
    query = (
        select(KitchenPulse.beat, Station.id, Station.amber_minutes, Station.red_minutes)
        .select_from(Store)
        .outerjoin(KitchenPulse, beats)
        .outerjoin(Station, stations)
        .where(Store.merchant_id == work.merchant_id, Store.id == store_id)
    )
    rows = work.session.execute(query).all()
    return rows[0].beat or 0, {one.id: (one.amber_minutes, one.red_minutes) for one in rows if one.id}


def _tickets(work: Work, store_id: UUID, state: TicketState, station_id: UUID | None) -> list[Ticket]:
    query = select(KitchenTicket).where(*waits(work, store_id), KitchenTicket.state == state.value)
    if station_id is not None:
        query = query.where(KitchenTicket.station_id == station_id)
    rows = work.session.scalars(query.order_by(KitchenTicket.placed_at, KitchenTicket.id).limit(MOST))
    return [_shown(row) for row in rows]


def waits(work: Work, store_id: UUID) -> tuple[Any, ...]:
    """Of the store's tickets those that somebody waits for: not ended, and of the last day."""
    return (
        KitchenTicket.merchant_id == work.merchant_id,
        KitchenTicket.store_id == store_id,
        KitchenTicket.ended_at.is_(None),
        KitchenTicket.placed_at > work.now() - times.WAITS_FOR,
    )


def _made(work: Work, store_id: UUID, station_id: UUID | None) -> Iterable[Ticket]:
    """Made a short time ago, the latest first: what can be called back."""
    query = select(KitchenTicket).where(
        KitchenTicket.merchant_id == work.merchant_id,
        KitchenTicket.store_id == store_id,
        KitchenTicket.state == S.DONE.value,
        KitchenTicket.done_at > work.now() - times.RECALL_FOR,
        or_(KitchenTicket.ended_at.is_(None), KitchenTicket.kind != TicketKind.MAKE.value),
    )
    if station_id is not None:
        query = query.where(KitchenTicket.station_id == station_id)
    return map(_shown, work.session.scalars(query.order_by(KitchenTicket.done_at.desc()).limit(LAST)))


def _shown(row: KitchenTicket) -> Ticket:
    return Ticket(
        row.id,
        TicketKind(row.kind),
        TicketState(row.state),
        row.station_id,
        row.sitting_id,
        row.round_id,
        row.line_id,
        row.dish_id,
        row.place,
        row.nth,
        row.name,
        row.choice,
        row.note,
        row.quantity,
        row.grams,
        row.unit,
        row.placed_at,
        row.done_at,
        row.seen_at is not None,
    )


def _cards(
    tickets: Sequence[Ticket], now: datetime, ages: dict[UUID, tuple[int, int]], *, by_table: bool = False
) -> tuple[Card, ...]:
    groups: dict[tuple[object, ...], list[Ticket]] = defaultdict(list)
    for one in tickets:
        slip = one.kind is not TicketKind.MAKE
        key = (one.sitting_id,) if by_table else (one.sitting_id, one.round_id, one.id if slip else None)
        groups[key].append(one)
    cards = [_card(group, now, ages) for group in groups.values()]
    return tuple(sorted(cards, key=lambda card: (card.tickets[0].kind is TicketKind.MAKE, card.placed_at, card.key)))


def _card(group: Sequence[Ticket], now: datetime, ages: dict[UUID, tuple[int, int]]) -> Card:
    first = group[0]
    usual = (times.AMBER_MINUTES, times.RED_MINUTES)
    amber, red = ages.get(first.station_id, usual) if first.station_id else usual
    since = min(one.placed_at for one in group)
    minutes = times.age(since, now)
    return Card(str(first.id), first.place, first.nth, tuple(group), since, minutes, times.tone(minutes, amber, red))


def sums(tickets: Iterable[Ticket]) -> tuple[Sum, ...]:
    """How many of each dish wait (“8 份 吊龙”), the most first, with what was chosen."""
    many: Counter[tuple[str, str]] = Counter()
    chosen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in tickets:
        if one.kind is TicketKind.MAKE:
            many[one.name, one.unit] += one.quantity
            if one.choice:
                chosen[one.name, one.unit][one.choice] += one.quantity
    return tuple(
        Sum(name, unit, count, tuple(chosen[name, unit].most_common(4))) for (name, unit), count in many.most_common()
    )
