"""Friends press at the same moment: one round; twenty open one table: one sitting; who joins while it is cleared is not
at the cleared table. Controls fail without what keeps it so.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select, text

from portal.domain.floor import actions as floor
from portal.domain.kitchen import actions as kitchen
from portal.domain.menus import actions as menus
from portal.domain.menus.values import DishKind
from portal.domain.tabs import actions, errors
from portal.domain.tabs.models import Guest, Round, Sitting, SittingTable
from portal.domain.tabs.values import Joined, Wanted
from portal.kernel.scope import Face
from portal.localdb.bootstrap import connect
from tests.factories.menus import group
from tests.factories.tabs import MadePlace
from tests.factories.world import World
from tests.races.conftest import CLERKS
from tests.races.gates import gate_at, outcomes, together


@pytest.fixture
def place(wide: World) -> MadePlace:
    return wide.restaurant()


def press(world: World, guest: Joined) -> Any:
    with world.at_table(guest) as work:
        return actions.place(work, guest.sitting_id)


def sit_down(world: World, place: MadePlace) -> Any:
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        return actions.open(work, place.store.id, [place.tables[0].id], 2)


def live(world: World) -> int:
    with world.work(Face.PLATFORM) as work:
        query = select(func.count()).select_from(SittingTable).where(SittingTable.left_at.is_(None))
        return work.session.scalars(query).one()


def test_ten_friends_press_at_once(wide: World, place: MadePlace, admin_url: str) -> None:
    beef = wide.dish(place.menu)
    guests = [wide.joins(place.tables[0]) for _ in range(10)]
    for guest in guests:
        wide.thinks_of(guest, beef)
    with gate_at("tabs.place.checked", admin_url) as gate:
        running = together([lambda guest=guest: press(wide, guest) for guest in guests])
        seen = gate.wait_for(1, 9)
        gate.open()
        won, refused = outcomes(running)
    assert seen == (1, 9), "one has checked, nine wait for the sitting"
    assert (len(won), {type(one) for one in refused}) == (1, {errors.NothingToPlace})
    tab = wide.tab_seen(place.merchant.id, guests[0].sitting_id)
    assert (len(tab.rounds), len(tab.lines), tab.due_fen) == (1, 10, 48000)


def test_twenty_open_one_table(wide: World, place: MadePlace, admin_url: str) -> None:
    with gate_at("tabs.open.checked", admin_url) as gate:
        running = together([lambda: sit_down(wide, place)] * CLERKS)
        assert gate.wait_for(CLERKS, 0) == (CLERKS, 0)
        gate.open()
        won, refused = outcomes(running)
    assert (len(won), {type(one) for one in refused}, live(wide)) == (1, {errors.TableTaken}, 1)


def test_control_without_the_index_several_sit_at_one_table(
    wide: World, place: MadePlace, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floor, "occupy", lambda *_a, **_k: None)  # the calendar alone would say no as well
    with connect(admin_url) as admin:
        admin.execute("DROP INDEX uq_sitting_tables_live")
    with gate_at("tabs.open.checked", admin_url) as gate:
        running = together([lambda: sit_down(wide, place)] * CLERKS)
        gate.wait_for(CLERKS, 0)
        gate.open()
        outcomes(running)
    assert live(wide) > 1


def test_who_joins_while_the_table_is_cleared_sits_at_a_new_one(wide: World, place: MadePlace, admin_url: str) -> None:
    first = wide.joins(place.tables[0])
    with gate_at("tabs.close.checked", admin_url) as gate:
        running = together([lambda: _clear(wide, place, first), *[lambda: wide.joins(place.tables[0])] * 5])
        gate.wait_for(1, 5)
        gate.open()
        done, refused = outcomes(running)
    assert not refused
    joined = [one for one in done if isinstance(one, Joined)]
    assert first.sitting_id not in {one.sitting_id for one in joined}
    with wide.work(Face.JOB, merchant=place.merchant.id) as work:
        of_first = select(func.count()).select_from(Guest).where(Guest.sitting_id == first.sitting_id)
        assert work.session.scalars(of_first).one() == 1
        rounds = work.session.scalars(select(func.count()).select_from(Round)).one()
        opened = select(func.count()).select_from(Sitting).where(Sitting.state == "open")
        assert (rounds, work.session.scalars(opened).one()) == (0, 1)
        assert work.session.execute(text("SELECT count(*) FROM guest_keys")).scalar_one() == len(joined)


def _clear(world: World, place: MadePlace, guest: Joined) -> None:
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.close(work, guest.sitting_id)


def test_a_cancellation_and_an_order_wait_for_each_other_in_one_order(
    wide: World, place: MadePlace, admin_url: str
) -> None:
    fish, guests = wide.dish(place.menu), [wide.joins(table) for table in place.tables]
    with wide.work(Face.OFFICE, merchant=place.merchant.id) as work:
        menus.leave(work, place.store.id, fish, 9, None)
    line = wide.thinks_of(guests[0], fish, 3)
    wide.sends(guests[0])
    wide.thinks_of(guests[1], fish)

    def cancel() -> None:
        with wide.work(Face.OFFICE, merchant=place.merchant.id) as work:
            actions.cancel_line(work, guests[0].sitting_id, line, reason="不要了", quantity=1)

    with gate_at("kitchen.tell.checked", admin_url) as gate:
        running = together([cancel])
        assert gate.wait_for(1, 0) == (1, 0)
        running += together([lambda: press(wide, guests[1])])
        assert gate.wait_for(1, 1) == (1, 1)
        gate.open()
        assert outcomes(running)[1] == [], "no deadlock"


def test_the_pass_serves_part_of_a_combo_while_another_table_orders(
    wide: World, place: MadePlace, admin_url: str
) -> None:
    beef, (first, last) = wide.dish(place.menu), [wide.joins(table) for table in place.tables]
    parts = [group(name, [(name, 0, wide.dish(place.menu, name))], least=1) for name in ("饭", "茶")]
    combo = wide.dish(place.menu, "单人餐", kind=DishKind.COMBO, groups=parts)
    with wide.at_table(first) as work:
        actions.add(work, first.sitting_id, Wanted(combo, {one.id: (one.options[0].id,) for one in parts}))
    wide.sends(first)
    wide.sends(last, beef)
    wide.thinks_of(last, beef)
    tickets = [one.id for one in wide.tickets() if one.name != "茶"]

    def serve() -> int:
        with wide.work(Face.OFFICE, merchant=place.merchant.id) as work:
            return kitchen.serve(work, place.store.id, tickets)

    with gate_at("tabs.place.checked", admin_url) as gate:
        running = together([lambda: press(wide, last)])
        assert gate.wait_for(1, 0) == (1, 0)
        running += together([serve])
        assert gate.wait_for(1, 1) == (1, 1)
        gate.open()
        assert outcomes(running)[1] == [], "no deadlock"
