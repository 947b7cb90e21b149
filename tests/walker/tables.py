"""A table in each town: a guest who ordered and thinks of more, a stranger who asks to join, a call for the waiter.

Their browsers keep the key of their seat in the session; neither has an account.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from portal.domain.tabs import actions
from portal.domain.tabs import queries as tabs
from portal.domain.tabs.values import GuestState, Joined, Wanted, Wish
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.factories.menus import group
from tests.factories.world import World
from tests.walker.town import Actor, Town


def sitting(world: World, town: Town) -> None:
    """The first store of the brand: paid before it is cooked, strangers are asked about."""
    brand = town.merchants[Kind.BRAND]
    store = town.stores[brand.id][0]
    world.dining_rules(store, pays="before", joins="asked", cover_fen=300)
    table, menu = world.dining_table(store, f"{town.letter} 镇一号桌"), world.menu(brand, f"{town.letter} 镇菜单")
    sizes = group("份量", [("例", 1800), ("大", 2800)], full=True)
    plain, sized = world.dish(menu, f"{town.letter} 镇牛丸"), world.dish(menu, f"{town.letter} 镇粥", groups=[sizes])
    guest = world.joins(table, people=2, name=f"{town.letter} 阿静")
    asking = world.joins(table, name=f"{town.letter} 路人")
    assert asking.state is GuestState.ASKED
    world.thinks_of(guest, plain, 2, f"{town.letter} 镇少盐")
    with world.at_table(guest) as work:
        actions.place(work, guest.sitting_id, note=f"{town.letter} 镇先上汤")
        actions.add(work, guest.sitting_id, Wanted(sized, {sizes.id: (sizes.options[1].id,)}))
        actions.call_waiter(work, guest.sitting_id, Wish.WATER)
    for name, seat in (("guest", guest), ("asking", asking)):
        town.actors[name] = Actor(f"{town.letter}.{name}", town.letter, role=Role.GUEST, session=_remembers(seat))
    with world.work(Face.OFFICE, merchant=brand.id) as work:
        assert tabs.tab(work, guest.sitting_id).drafts


def _remembers(seat: Joined) -> tuple[tuple[str, Any], ...]:
    return (("seats", [(str(seat.sitting_id), f"{seat.merchant_id}.{seat.guest_id}.{seat.key}")]),)


def sitting_of(town: Town) -> UUID:
    """Where the town's guest sits."""
    return UUID(dict(town.actors["guest"].session)["seats"][0][0])


def seat_of(town: Town) -> Joined:
    """The guest's place, as his phone remembers it."""
    sitting_id, remembered = dict(town.actors["guest"].session)["seats"][0]
    merchant_id, guest_id, key = remembered.split(".", 2)
    return Joined(UUID(merchant_id), UUID(sitting_id), UUID(guest_id), key, GuestState.IN)
