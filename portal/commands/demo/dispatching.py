"""What the suppliers' people did before the courier came: flags and notes, a parcel of two orders, an order in two
parcels, a wrong number put right, an address to change, goods that are not there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from portal.commands.demo.casting import Cast
from portal.commands.demo.founding import Founded
from portal.commands.demo.orders import FINE, FRUIT, HOUSEHOLD, Shelf, place_order, shelf_of
from portal.domain.shipping import actions, queries
from portal.domain.shipping.queries import Asked
from portal.domain.shipping.queries.rows import Row
from portal.domain.shipping.values import Shortage
from portal.kernel.permissions import Role
from portal.kernel.spoken import local_day
from portal.kernel.work import Work

NEIGHBOUR = "15400000004"
CORRECTED = "SF1400200300681"
NOTES = ("老客户，多送一包湿巾", "电话确认过，周末有人收", "发票随货，抬头已抄在箱单上")


def dispatch(cast: Cast, founded: Founded) -> None:
    """Play it once."""
    with _at(cast, founded, FINE) as work:
        if queries.listed(work, Asked(words=CORRECTED))[0]:  # also when everything on the boards has left meanwhile
            return
    with _at(cast, founded, HOUSEHOLD) as work:
        _note(work, [row for row in queries.board(work)[0] if row.is_ready])
    shelf = shelf_of(cast, founded)
    _together(cast, founded, shelf)
    _in_two(cast, founded, shelf)
    _in_the_way(cast, founded)


def _at(cast: Cast, founded: Founded, name: str, *, ago: timedelta = timedelta()) -> Any:
    return cast.staff(founded.owners[name], founded.merchants[name], Role.OWNER, ago=ago)


def _note(work: Work, rows: list[Row]) -> None:
    """Flags of several colours, notes, and a picking list that was printed for the first dozen."""
    for colour, row in zip((1, 2, 3, 1), rows[1::5], strict=False):
        actions.flag(work, [row.id], colour)
    for note, row in zip(NOTES, rows[2::7], strict=False):
        actions.write_note(work, row.id, note=note)
    if rows:
        actions.mark_picked(work, [row.id for row in rows[:12]])


def _together(cast: Cast, founded: Founded, shelf: Shelf) -> None:
    """Two orders of one afternoon go in one box; two more of the same buyer could."""
    ids: list[UUID] = []
    for number, hours in enumerate((7, 6, 3, 2)):
        wish = [(FINE, shelf.liked[FINE][number % 3], 1)]
        placed = place_order(cast, shelf, NEIGHBOUR, wish, ago=timedelta(hours=hours), to=11)
        ids += [order.id for order in placed]
    with _at(cast, founded, FINE, ago=timedelta(hours=5)) as work:
        parcel = actions.ship(work, ids[:2], number="SF1400200300618")
    with _at(cast, founded, FINE, ago=timedelta(hours=4)) as work:
        actions.correct(work, parcel, number=CORRECTED)


def _in_two(cast: Cast, founded: Founded, shelf: Shelf) -> None:
    """Half of it was in the store room, the rest follows."""
    placed = place_order(cast, shelf, NEIGHBOUR, [(FRUIT, shelf.liked[FRUIT][1], 4)], ago=timedelta(hours=9), to=5)
    with _at(cast, founded, FRUIT, ago=timedelta(hours=6)) as work:
        line = placed[0].lines[0].id
        actions.ship(work, [placed[0].id], number="YT8800450010991", pieces={line: 3})


def _in_the_way(cast: Cast, founded: Founded) -> None:
    """A buyer moves house after the label was printed; a box of fruit comes on the day after tomorrow."""
    with _at(cast, founded, FRUIT) as work:
        rows = [row for row in queries.board(work)[0] if row.is_ready]
        moving, short = rows[0], rows[1]
        actions.mark_printed(work, [moving.id])
        recipient = queries.order_page(work, moving.id).recipient
        line = queries.order_page(work, short.id).lines[0].id
        until = local_day(cast.now) + timedelta(days=2)
        actions.report(work, short.id, line, kind=Shortage.LATER, until=until, note="果园这两天下雨，晴了就摘。")
    phone = next(phone for phone, person_id in cast.ids.items() if person_id == moving.person_id)
    with cast.person(phone) as work:
        wanted = replace(recipient, detail="鸿福路 100 号 南座 1803")
        actions.ask_address(work, moving.id, wanted=wanted, note="上周搬家了，麻烦改一下，谢谢")
