"""An evening at the hotpot house: three phones at table 8 between two rounds, another table that waits for tea."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from portal.commands.demo.casting import Cast
from portal.commands.demo.founding import Founded
from portal.commands.demo.menus import HOTPOT
from portal.domain.floor import queries as floor
from portal.domain.floor.values import Table
from portal.domain.menus import queries as menus
from portal.domain.menus.values import Dish
from portal.domain.tabs import actions
from portal.domain.tabs import queries as tabs
from portal.domain.tabs.values import Joined, Opens, Wanted, Wish
from portal.kernel.permissions import ROLES, Role
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, Work

STORE = "炉前潮汕牛肉·东城店"
FRIENDS = (("阿静", ("吊龙", "生菜")), ("志强", ("手打牛肉丸", "嫩肉")), ("小雯", ("凤凰单丛",)))
LATER = (("阿静", "五花趾"), ("小雯", "炸腐皮"))
SOON = "客人说坐不久"  # somebody may have reserved the table for tonight, whenever the town is filled


def sit_down(cast: Cast, founded: Founded) -> None:
    """Once, when the house has tables and nobody sits there."""
    store = founded.stores.get(STORE)
    if store is None:
        return
    with cast.staff(founded.owners[HOTPOT], founded.merchants[HOTPOT], Role.OWNER) as work:
        tables = floor.plan(work, store).tables
        if len(tables) < 12 or tabs.floor_state(work, store):
            return
        dishes = {one.name: one for one in menus.served(work, work.merchant_id, store, work.now()).by_id.values()}
    if {name for _who, names in FRIENDS for name in names} - set(dishes):
        return
    _three_phones(cast, founded, store, tables[7], dishes)
    _tea(cast, founded, store, tables[2], dishes)


def _three_phones(cast: Cast, founded: Founded, store: UUID, table: Table, dishes: dict[str, Dish]) -> None:
    ago = timedelta(minutes=38)
    with cast.staff(founded.owners[HOTPOT], founded.merchants[HOTPOT], Role.OWNER, ago=ago) as work:
        sitting_id = actions.open(work, store, [table.id], 3, Opens.STAFF, over=SOON)
        seats = {name: actions.join(work, store, table.code, name=name) for name, _wants in FRIENDS}
        for seat in seats.values():
            actions.let_in(work, sitting_id, seat.guest_id)
        for name, wants in FRIENDS:
            for want in wants:
                _as_guest(work, seats[name], dishes[want])
        actions.place(work, sitting_id, seats["阿静"].guest_id, note="先上汤")
        lines = tabs.tab(work, sitting_id).lines
        actions.serve(work, [line.id for line in lines[:3]])
        for name, want in LATER:
            _as_guest(work, seats[name], dishes[want])


def _as_guest(work: Work, seat: Joined, dish: Dish) -> None:
    """What one of the friends picks on his own phone."""
    before = (work.scope, work.actor, work.permissions)
    scope = Scope(Face.GUEST, merchant_id=seat.merchant_id, sitting_id=seat.sitting_id)
    work.enter(scope, Actor(ActorKind.GUEST, guest_id=seat.guest_id), ROLES[Role.GUEST])
    actions.add(work, seat.sitting_id, Wanted(dish.id, {}))
    work.enter(*before)


def _tea(cast: Cast, founded: Founded, store: UUID, table: Table, dishes: dict[str, Dish]) -> None:
    with cast.staff(founded.owners[HOTPOT], founded.merchants[HOTPOT], Role.OWNER, ago=timedelta(minutes=9)) as work:
        sitting_id = actions.open(work, store, [table.id], 2, Opens.STAFF, over=SOON)
        actions.add(work, sitting_id, Wanted(dishes["凤凰单丛"].id, {}))
        actions.place(work, sitting_id)
        actions.call_waiter(work, sitting_id, Wish.WATER)
