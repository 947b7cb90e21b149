"""Floors of the town's restaurants: tables, tonight's and tomorrow's reservations, people who wait at the door."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from portal.commands.demo.casting import Cast
from portal.commands.demo.founding import Founded
from portal.domain.floor import actions, queries
from portal.domain.floor.values import DepositKind, Rules, Shape
from portal.domain.waiting import actions as waiting
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Role
from portal.kernel.refusals import Refusal
from portal.kernel.work import Work

HOTPOT = "炉前潮汕牛肉"
Block = tuple[str, str, int, int, Shape]
FLOORS: dict[str, tuple[Block, ...]] = {
    HOTPOT: (
        ("大厅", "A1-A8", 1, 4, Shape.SQUARE),
        ("大厅", "B1-B6", 3, 6, Shape.ROUND),
        ("露台", "C1-C6", 1, 2, Shape.SQUARE),
        ("包间", "旗峰,石龙,虎门,厚街", 6, 12, Shape.ROUND),
    ),
    "茶小满": (("店内", "1-6", 1, 2, Shape.ROUND),),
    "老梁米粉": (("堂食", "1-8", 1, 4, Shape.LONG),),
    "阿婆夜宵": (("街边", "1-10", 1, 4, Shape.SQUARE),),
}
CALLS = (("周先生", 4, 18, 30), ("梁小姐", 2, 19, 0), ("何太太", 8, 18, 0), ("冯先生", 6, 20, 30), ("岑小姐", 2, 22, 0))
TONIGHT = (("黄先生", 4, 18, 0), ("谭小姐", 6, 19, 0), ("骆先生", 10, 19, 30), ("卢太太", 2, 20, 0))
DEPOSIT: dict[str, Any] = {
    "deposit_kind": DepositKind.BACK,
    "deposit_fen": 100_00,
    "deposit_each": False,
    "deposit_from": 8,
}
QUEUE = (2, 2, 4, 3, 6, 2, 4, 8)


def set_tables(cast: Cast, founded: Founded, town: dict[str, Any]) -> None:
    """Put the tables up once; the hotpot house takes reservations and has a queue tonight."""
    for house, blocks in FLOORS.items():
        stores = [store for title, store in founded.stores.items() if title.startswith(house)]
        if not stores:
            continue
        with cast.staff(founded.owners[house], founded.merchants[house], Role.OWNER) as work:
            if queries.counts(work):
                return
            for store in stores:
                _floor(work, store, blocks, online=house == HOTPOT)
            if house == HOTPOT:
                _evening(work, stores[0])
    _guest(cast, founded, town)


def _floor(work: Work, store: UUID, blocks: tuple[Block, ...], *, online: bool) -> None:
    areas: dict[str, UUID] = {}
    for area, names, least, most, shape in blocks:
        areas[area] = areas.get(area) or actions.add_area(work, store_id=store, name=area)
        ids = actions.add_tables(
            work, area_id=areas[area], names=names, seats_min=least, seats_max=most, seats_extra=most // 4, shape=shape
        )  # fmt: skip
        if most == 4 and len(ids) > 1:
            actions.join_tables(work, store_id=store, table_ids=ids[:2], seats_min=5, seats_max=8)
    if online:
        known = Rules(online=True, most_people=12, note="生日可备长寿面，订座时说一声。")
        actions.set_rules(work, store, replace(known, **DEPOSIT))


def _evening(work: Work, store: UUID) -> None:
    """Tomorrow's and tonight's book, taken by phone, and tonight's queue."""
    day = (work.now() + timedelta(days=1)).astimezone(SHANGHAI).date()
    for number, (name, people, hour, minute) in enumerate(CALLS):
        at = datetime.combine(day, time(hour, minute), SHANGHAI)
        phone = f"1540000{7100 + number}"
        actions.take(work, store_id=store, people=people, at=at, name=name, phone=phone)
    for number, (name, people, hour, minute) in enumerate(TONIGHT):
        at = datetime.combine(day, time(hour, minute), SHANGHAI) - timedelta(days=1)
        with suppress(Refusal):  # too late in the day for it
            actions.take(work, store_id=store, people=people, at=at, name=name, phone=f"1540000{7200 + number}")
    waiting.set_taking(work, store, taking=True)
    numbers = [waiting.take_at_door(work, store_id=store, people=people).number_id for people in QUEUE]
    waiting.call(work, numbers[0])
    waiting.seat(work, numbers[0])
    waiting.call(work, numbers[1])
    waiting.skip(work, numbers[1])
    waiting.call(work, numbers[2])


def _guest(cast: Cast, founded: Founded, town: dict[str, Any]) -> None:
    """One of the town's people has a table tomorrow."""
    phone = next(one["phone"] for one in town["people"] if one.get("shown"))
    store = next((one for title, one in founded.stores.items() if title.startswith(HOTPOT)), None)
    if store is None:
        return
    with cast.person(phone) as work:
        day = (work.now() + timedelta(days=1)).astimezone(SHANGHAI).date()
        at = datetime.combine(day, time(19), SHANGHAI)
        actions.book(work, store_id=store, people=4, at=at, note="要一张靠窗的")
