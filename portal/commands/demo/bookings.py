"""What the salon and the barber offer by time, and who has booked it: the coming days more than half full, one client
who did not come, one who waits. By the acts of owners and clients, with the clock set back.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from portal.commands.demo.casting import Cast
from portal.commands.demo.crew import PHONES
from portal.commands.demo.founding import Founded
from portal.domain.bookings import actions, queries
from portal.domain.bookings.values import BookingState, Missed, Prepay, ServiceDraft
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Role
from portal.kernel.refusals import Refusal
from portal.kernel.spoken import local_day
from portal.kernel.work import Work

SALON, BARBER, STORE = "云上美肤", "阿明理发", "云上美肤·南城店"
CLIENT, WAITS = "15400000001", "15400000004"
WITH_ROOM, ALONE = frozenset({"technician", "room"}), frozenset({"technician"})
KEEP: dict[str, Any] = {"prepay": Prepay.EARNEST, "missed": Missed.KEEP}
BACK: dict[str, Any] = {"prepay": Prepay.DEPOSIT, "missed": Missed.RETURN}
OFFERED: dict[str, tuple[ServiceDraft, ...]] = {
    SALON: (
        ServiceDraft(
            *("补水护理", 60, 168_00, "面部护理", "清洁、导入、敷膜，换季干燥的皮肤最需要。"),
            **KEEP, after_minutes=15, prepay_fen=50_00, cancel_minutes=240, needs=WITH_ROOM,
        ),
        ServiceDraft(
            *("清痘调理", 90, 238_00, "面部护理", "先看皮肤再动手，做完两天内不要化妆。"),
            **BACK, after_minutes=15, prepay_fen=60_00, cancel_minutes=240, needs=WITH_ROOM,
        ),
        ServiceDraft(
            *("眼周淡纹", 45, 198_00, "面部护理", "午休时间刚好够。"), after_minutes=10, needs=WITH_ROOM
        ),
        ServiceDraft(
            *("肩颈舒缓", 45, 148_00, "身体", "久坐的人做完会睡个好觉。"), after_minutes=10, needs=WITH_ROOM
        ),
        ServiceDraft(
            *("全身精油", 90, 398_00, "身体", "孕期、皮肤破损请先告诉我们。"),
            prepay=Prepay.FULL, prepay_fen=398_00, missed=Missed.KEEP, after_minutes=20, cancel_minutes=1440,
            needs=WITH_ROOM,
        ),
    ),
    BARBER: (
        ServiceDraft("剪发", 30, 38_00, "", "洗剪吹。", needs=frozenset({"technician", "device"})),
        ServiceDraft(
            *("染发", 120, 188_00, "", "先做皮试，过敏请提前说。"),
            **BACK, prepay_fen=30_00, cancel_minutes=720, needs=ALONE,
        ),
    ),
}  # fmt: skip
GUESTS = ("林女士", "欧阳小姐", "黎太太", "江女士", "骆小姐", "区先生", "卢女士", "麦小姐")
DAY = (  # hour, which service, how many at once: two rooms, an early and a late shift with their breaks
    *((10, 0, 2), (11.25, 1, 2), (13, 0, 1), (14.75, 3, 2)),
    *((15.75, 1, 2), (17.5, 0, 2), (18.75, 2, 1), (19.75, 3, 1)),
)


def offer_services(cast: Cast, founded: Founded) -> None:
    """Once, for all who can do them in any store."""
    for merchant, drafts in OFFERED.items():
        with cast.staff(founded.owners[merchant], founded.merchants[merchant], Role.OWNER, ago=timedelta(45)) as work:
            if queries.services(work):
                continue
            people = frozenset(one.id for one in queries.able_resources(work) if one.kind == "technician")
            for draft in drafts:
                facts = {**vars(draft), "doers": people}
                actions.offer_service(work, actions.draft_service(work, draft=ServiceDraft(**facts)))


def fill_days(cast: Cast, founded: Founded) -> None:
    """Once: three days, by telephone and by the clients themselves."""
    with cast.person(CLIENT) as work:
        if queries.my_bookings(work) or queries.my_bookings(work, over=True):
            return
    store_id, merchant_id, owner = founded.stores[STORE], founded.merchants[SALON], founded.owners[SALON]
    with cast.staff(owner, merchant_id, Role.OWNER, ago=timedelta(days=2)) as work:
        services = [one.id for one in queries.services(work)]
        missed = _called(work, store_id, services[3], _local(cast, -1, 16), "江女士")
        _fill(work, cast, store_id, services)
    if missed is not None:
        with cast.staff(owner, merchant_id, Role.OWNER, ago=cast.now - _local(cast, -1, 16.5)) as work:
            actions.no_show(work, missed)
    _play_today(cast, owner, merchant_id, store_id)
    _clients(cast, store_id, services)


def _play_today(cast: Cast, owner: str, merchant_id: UUID, store_id: UUID) -> None:
    """Whoever was booked for this morning came, at the time; the last one who is due has not come yet."""
    with cast.staff(owner, merchant_id, Role.OWNER) as work:
        today = queries.bookings_between(work, store_id, _local(cast, 0, 0), cast.now)
    due = sorted((one for one in today if one.state == BookingState.BOOKED), key=lambda one: one.starts_at)
    late = due.pop() if due and due[-1].ends_at > cast.now else None
    for one in due:
        with cast.staff(owner, merchant_id, Role.OWNER, ago=cast.now - one.starts_at) as work:
            actions.arrive(work, one.id)
        if one.ends_at <= cast.now:
            with cast.staff(owner, merchant_id, Role.OWNER, ago=cast.now - one.ends_at) as work:
                actions.finish(work, one.id)
    if late is not None and cast.now - late.starts_at > timedelta(minutes=25):
        with cast.staff(owner, merchant_id, Role.OWNER, ago=cast.now - late.starts_at) as work:
            actions.arrive(work, late.id)


def _fill(work: Work, cast: Cast, store_id: UUID, services: list[UUID]) -> None:
    times = [(day, hour, which) for day in range(4) for hour, which, times in DAY for _one in range(times)]
    for nth, (day, hour, which) in enumerate(times):
        _called(work, store_id, services[which], _local(cast, day, hour), GUESTS[nth % len(GUESTS)])


def _called(work: Work, store_id: UUID, service: UUID, at: datetime, name: str) -> UUID | None:
    facts = {"store_id": store_id, "service_ids": [service], "starts_at": at, "client_name": name}
    facts["client_phone"] = PHONES.get(name, "")
    try:
        return actions.book_for(work, **facts, demo=True)  # type: ignore[arg-type]
    except Refusal:  # nobody works or is free then
        return None


def _clients(cast: Cast, store_id: UUID, services: list[UUID]) -> None:
    """陈静 comes for her shoulders, and somebody waits for a day that is nearly full."""
    for day in (2, 3, 4, 5):
        try:
            with cast.person(CLIENT) as work:
                facts = {"store_id": store_id, "service_ids": [services[2], services[3]]}
                actions.book(work, starts_at=_local(cast, day, 15), **facts)  # type: ignore[arg-type]
            break
        except Refusal:
            continue
    with cast.person(WAITS) as work:
        tomorrow = local_day(cast.now) + timedelta(days=1)
        times = {"day": tomorrow, "from_minute": 1080, "until_minute": 1260}
        actions.wait(work, store_id=store_id, service_ids=[services[0]], **times)  # type: ignore[arg-type]


def _local(cast: Cast, days: int, hour: float) -> datetime:
    day = local_day(cast.now) + timedelta(days=days)
    return datetime.combine(day, time(), SHANGHAI) + timedelta(minutes=int(hour * 60))
