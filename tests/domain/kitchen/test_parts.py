"""A combo's dishes go to their own stations; a spare printer steps in only where nothing was sent; 转台 on paper; how
printers are, asked by the worker; who is told that a paper is uncertain.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.domain.identity.models import Notification
from portal.domain.kitchen import actions, errors, queries
from portal.domain.kitchen.rules.layout import unpacked
from portal.domain.kitchen.values import Health
from portal.domain.menus.values import DishKind
from portal.domain.tabs import actions as tabs
from portal.domain.tabs.values import LineState, Wanted
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.factories.menus import group
from tests.factories.tabs import MadePlace
from tests.factories.world import World


@pytest.fixture
def place(world: World) -> MadePlace:
    return world.restaurant()


def meal(world: World, place: MadePlace) -> tuple[UUID, dict[UUID, tuple[UUID, ...]]]:
    """A set of a hot dish and a drink, without ice."""
    rice = world.dish(place.menu, "煲仔饭", 2800, station="热菜")
    tea = world.dish(place.menu, "柠檬茶", 900, station="水吧", unit="杯")
    main, drink = group("主食", [("煲仔饭", 0, rice)], least=1), group("饮料", [("柠檬茶", 0, tea)], least=1)
    ice = group("口味", [("去冰", 0)])
    dish = world.dish(place.menu, "单人餐", 3600, kind=DishKind.COMBO, groups=[main, drink, ice])
    return dish, {one.id: (one.options[0].id,) for one in (main, drink, ice)}


def told(world: World) -> list[tuple[str, str, str, int, str]]:
    found = [(one.kind, one.name, one.choice, one.quantity, one.state) for one in world.tickets()]
    return sorted(found)


def test_a_combo_is_made_where_its_dishes_are(world: World, place: MadePlace) -> None:
    hot = world.station(place.store, "热菜", world.printer(place.store, "热菜机"))
    bar = world.station(place.store, "水吧", world.printer(place.store, "水吧机"), tags="水吧")
    dish, options = meal(world, place)
    merchant, store = place.merchant.id, place.store.id
    guest = world.joins(place.tables[0])
    with world.at_table(guest) as work:
        line = tabs.add(work, guest.sitting_id, Wanted(dish, options, 2))
    world.sends(guest)
    assert {(one.name, one.station_id) for one in world.tickets()} == {("煲仔饭", hot), ("柠檬茶", bar)}
    assert told(world) == [
        ("make", "柠檬茶", "单人餐；去冰", 2, "new"),
        ("make", "煲仔饭", "单人餐；去冰", 2, "new"),
    ]
    assert len(world.papers()) == 2
    with world.work(Face.OFFICE, merchant=merchant) as work:
        tabs.cancel_line(work, guest.sitting_id, line, reason="点多了", quantity=1)
    assert [one for one in told(world) if one[0] == "change"] == [
        ("change", "柠檬茶", "单人餐；去冰", 1, "new"),
        ("change", "煲仔饭", "单人餐；去冰", 1, "new"),
    ]
    rice, tea = (next(one.id for one in world.tickets() if one.kind == "make" and one.name == name)
                 for name in ("煲仔饭", "柠檬茶"))  # fmt: skip
    with world.work(Face.OFFICE, merchant=merchant) as work:
        actions.done(work, store, [rice, tea])
        assert actions.serve(work, store, [tea]) == 1
    states = [one.state for one in world.tab_seen(merchant, guest.sitting_id).lines]
    assert LineState.SERVED not in states, "the rice is still to come"
    with world.work(Face.OFFICE, merchant=merchant) as work:
        assert [one.name for card in queries.ready(work, store).cards for one in card.tickets] == ["煲仔饭"]
        assert actions.serve(work, store, [rice]) == 1
    assert LineState.SERVED in [one.state for one in world.tab_seen(merchant, guest.sitting_id).lines]


def test_the_spare_printer_prints_what_the_other_clearly_did_not(world: World, place: MadePlace) -> None:
    first, spare = (world.printer(place.store, name) for name in ("热菜机", "备用机"))
    station = world.station(place.store, "热菜", first, spare_id=spare)
    beef = world.dish(place.menu)
    fake, services = world.fake_printers()
    fake.does.extend(["offline", "well", "silent before"])
    world.sends(world.joins(place.tables[0]), beef)
    world.prints(services)
    world.prints(services)
    paper = world.papers()[0]
    assert (paper.state, paper.printer_id, fake.tray) == ("printed", spare, [paper.id])
    guest = world.joins(place.tables[1])
    world.sends(guest, beef)
    world.prints(services)
    silent = world.papers()[1]
    assert (silent.state, silent.printer_id) == ("uncertain", first), "it may be on paper: nobody prints it again"
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        with pytest.raises(errors.PrinterInUse):
            actions.remove_printer(work, spare)
        with pytest.raises(errors.SpareWrong):
            _edit(world, place, station, first, first)


def _edit(world: World, place: MadePlace, station: UUID, printer: UUID, spare: UUID) -> None:
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        facts = {"tags": "", "dish_ids": (), "amber_minutes": 5, "red_minutes": 9, "catch_all": True}
        actions.edit_station(work, station, name="热菜", printer_id=printer, spare_id=spare, **facts)  # type: ignore[arg-type]


def test_uncertain_papers_are_told_to_who_works_there(world: World, place: MadePlace) -> None:
    world.station(place.store, "热菜", world.printer(place.store))
    cook, elsewhere = world.staff(place.merchant, Role.KITCHEN), world.staff(world.merchant(), Role.KITCHEN)
    fake, services = world.fake_printers()
    fake.does.append("silent after")
    world.sends(world.joins(place.tables[0]), world.dish(place.menu))
    world.prints(services)
    with world.work(Face.JOB) as work:
        found = work.session.scalars(select(Notification).where(Notification.kind == "kitchen.uncertain")).all()
        people = {one.person_id for one in found}
    assert cook.id in people
    assert elsewhere.id not in people


def test_a_slip_says_that_a_table_moved(world: World, place: MadePlace) -> None:
    world.station(place.store, "热菜", world.printer(place.store))
    beef = world.dish(place.menu)
    guest = world.joins(place.tables[0])
    world.sends(guest, beef)
    world.sends(guest, beef)
    spare = world.dining_table(place.store, "包间")
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        tabs.move_tables(work, guest.sitting_id, [spare.id])
    papers = world.papers()
    assert [one.title for one in papers[2:]] == ["转台 · 01 桌 → 包间"], "one for both rounds"
    assert "01 桌 → 包间" in [line.text for line in unpacked(papers[2].lines)]
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.serve(work, place.store.id, [one.id for one in world.tickets()])
        tabs.move_tables(work, guest.sitting_id, [place.tables[0].id])
    assert len(world.papers()) == 3, "all is on the table: nobody has to know"


def test_how_printers_are_is_asked_by_the_worker(world: World, place: MadePlace) -> None:
    printer = world.printer(place.store, "热菜机")
    fake, services = world.fake_printers()
    assert (_health(world, place, printer), world.asks_printers(services)) == (Health.UNKNOWN, 1)
    assert (_health(world, place, printer), world.asks_printers(services)) == (Health.WELL, 0)
    with world.engine.connect() as connection:
        query = "SELECT lock FROM jobs.procrastinate_jobs WHERE task_name = 'kitchen.health'"
        assert connection.exec_driver_sql(query).scalars().all() == [f"printer-{printer}"], "not beside its papers"
    fake.health = _out_of_paper  # type: ignore[method-assign]
    world.clock.advance(minutes=5)
    since = world.clock.now()
    world.asks_printers(services)
    world.clock.advance(minutes=5)
    world.asks_printers(services)
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        assert queries.ill_printers(work, place.store.id) == (("热菜机", Health.NO_PAPER, since),)
    assert world.clock.now() - since == timedelta(minutes=5)


def _out_of_paper(_device: object) -> Health:
    return Health.NO_PAPER


def _health(world: World, place: MadePlace, printer: UUID) -> Health:
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        return next(one.health for one in queries.printers(work, place.store.id) if one.id == printer)
