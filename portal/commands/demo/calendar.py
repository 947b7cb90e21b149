"""Who works when in the town: twelve people and eight rooms of 云上美肤, two barbers and two chairs of 阿明理发."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from portal.commands.demo.casting import Cast
from portal.commands.demo.founding import Founded
from portal.domain.calendar import actions, queries
from portal.domain.calendar.values import Kind, Span, WeekSpan
from portal.domain.tenants.queries import staff
from portal.kernel.permissions import Role
from portal.kernel.spoken import local_day
from portal.kernel.work import Work

OPENED = timedelta(days=60)
EARLY = (Span(10 * 60, 540), Span(14 * 60, 45, "break"))
LATE = (Span(13 * 60, 540), Span(17 * 60 + 30, 45, "break"))
CREWS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "云上美肤·南城店": (("黄嘉怡", "何美琪", "梁晓彤"), ("玉兰房", "茉莉房")),
    "云上美肤·东城店": (("苏婉婷", "温可欣", "骆诗雅"), ("海棠房", "桂花房")),
    "云上美肤·福田店": (("谭咏欣", "方静怡", "卢佩珊"), ("木棉房", "紫荆房")),
    "云上美肤·南山店": (("区慧敏", "麦嘉琪", "江美玲"), ("山茶房", "栀子房")),
}
SALON, BARBER = "云上美肤", "阿明理发"


def make_rosters(cast: Cast, founded: Founded) -> None:
    """Fill the calendars once: early and late shifts, a day off each, somebody on leave, a room under repair."""
    with cast.staff(founded.owners[SALON], founded.merchants[SALON], Role.OWNER, ago=OPENED) as work:
        if queries.resources(work, founded.stores["云上美肤·南城店"]):
            return
        members = {one.name: one.id for one in staff.members(work, work.merchant_id)}
        for number, (store, (people, rooms)) in enumerate(CREWS.items()):
            _open(work, founded.stores[store], number, people, rooms, members)
    with cast.staff(founded.owners[BARBER], founded.merchants[BARBER], Role.OWNER, ago=OPENED) as work:
        store_id = founded.stores[BARBER]
        for number, name in enumerate(("阿明", "小杰")):
            off = {_free_day(work, number), _free_day(work, number + 3)}
            _person(work, store_id, name, (Span(540, 210), Span(14 * 60, 390)), off=off, member=None)
        for name in ("一号椅", "二号椅"):
            actions.add(work, store_id=store_id, kind=Kind.DEVICE, name=name)
    with cast.staff(founded.owners[SALON], founded.merchants[SALON], Role.OWNER) as work:
        _this_week(work, founded.stores["云上美肤·南城店"])


def _open(
    work: Work, store_id: UUID, number: int, people: tuple[str, ...], rooms: tuple[str, ...], members: dict[str, UUID]
) -> None:
    for nth, name in enumerate(people):
        spans = LATE if (nth + number) % 2 else EARLY
        _person(work, store_id, name, spans, off={_free_day(work, nth + number)}, member=members.get(name))
    for name in rooms:
        actions.add(work, store_id=store_id, kind=Kind.ROOM, name=name)


def _person(
    work: Work, store_id: UUID, name: str, spans: tuple[Span, ...], *, off: set[int], member: UUID | None
) -> None:
    made = actions.add(work, store_id=store_id, kind=Kind.TECHNICIAN, name=name, membership_id=member)
    week = [WeekSpan(day, *span) for day in range(7) if day not in off for span in spans]
    actions.set_week(work, made, week, since=local_day(work.now()))


def _free_day(work: Work, nth: int) -> int:
    """A weekday that is neither today nor tomorrow: whoever signs in has something to do."""
    return (local_day(work.now() + OPENED).weekday() + 2 + nth % 5) % 7


def _this_week(work: Work, store_id: UUID) -> None:
    """One on leave the day after tomorrow, one late tomorrow, an hour for the devices in a room."""
    people = queries.resources(work, store_id, Kind.TECHNICIAN)
    today = local_day(work.now())
    actions.set_days(work, [people[2].id], today + timedelta(days=2), today + timedelta(days=3), (), reason="年假")
    actions.set_day(work, people[1].id, today + timedelta(days=1), [Span(15 * 60, 420)], reason="上午培训")
    start = work.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    room = queries.resources(work, store_id, Kind.ROOM)[1]
    actions.block(work, room.id, start, start + timedelta(hours=1), "仪器保养")
