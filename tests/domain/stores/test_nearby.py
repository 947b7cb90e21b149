"""The list of what is near against a brute-force ranking; cursors that neither lose nor repeat; the index in use."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event

from bench.nearby import ROOTS, fill
from portal.domain.stores import actions
from portal.domain.stores.queries import BadCursor, Cursor, Filters, Page, Search, Sort, nearby
from portal.domain.stores.values import Benefit, GivenPosition, StoreFacts
from portal.kernel.geo import Datum, Position, distance_metres
from portal.kernel.hours import Open, parse_week
from portal.kernel.scope import Face
from portal.localdb.bootstrap import connect
from portal.localdb.server import LocalPostgres
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World

TOWN = Position(23.0205, 113.7518)
HOURS = ("09:00-21:00", "17:00-03:00", "24 小时", "06:00-11:00", None)


def sown(world: World, merchant: MadeMerchant, count: int, *, seed: int = 7) -> dict[UUID, tuple[Position, str | None]]:
    """Stores scattered round the town, many at the same spot, with different hours."""
    draw = random.Random(seed)
    made = {}
    for number in range(count):
        at = (TOWN.lat + draw.gauss(0, 0.08), TOWN.lng + draw.gauss(0, 0.08))
        if number % 9 == 0:
            at = (23.05, 113.75)
        hours = HOURS[number % len(HOURS)] or "休息"
        facts = StoreFacts(
            name=f"{'奶茶' if number % 3 else '米粉'} {number} 店",
            given=GivenPosition(*at, Datum.WGS84),
            hours=parse_week(hours),
        )
        with world.work(Face.OFFICE, merchant=merchant.id) as work:
            store_id = actions.create(work, facts=facts)
            actions.show(work, [store_id])
        made[store_id] = (Position(*at), hours)
    return made


def page(world: World, search: Search) -> Page:
    with world.work(Face.SHOP) as work:
        return nearby(work, search)


def walk(world: World, search: Search, *, most: int = 50) -> list[tuple[UUID, float]]:
    """Every row of the list, page after page."""
    seen: list[tuple[UUID, float]] = []
    for _ in range(most):
        got = page(world, search)
        seen += [(near.card.store_id, near.distance_metres) for near in got.rows]
        if got.after is None:
            return seen
        after = Cursor.from_text(got.after.to_text(), world.clock.now())
        assert after == got.after
        search = Search(search.here, search.filters, search.sort, after, search.size)
    return seen


def ranked(places: dict[UUID, Position], here: Position) -> list[tuple[UUID, float]]:
    """Brute force: great-circle distance, then id."""
    return sorted(((key, distance_metres(here, at)) for key, at in places.items()), key=lambda r: (r[1], r[0].bytes))


def same_order(found: list[tuple[UUID, float]], wanted: list[tuple[UUID, float]]) -> None:
    """Identical rows in an order that agrees to a tenth of a millimetre, distances within 0.5 %."""
    assert [key for key, _ in found] == [key for key, _ in wanted]
    for (_, one), (_, other) in zip(found, wanted, strict=True):
        assert one == pytest.approx(other, rel=0.005, abs=0.001)


def test_the_list_is_the_brute_force_ranking(world: World) -> None:
    made = sown(world, world.merchant(), 90)
    places = {key: at for key, (at, _) in made.items()}
    for here in (TOWN, Position(23.05, 113.75), Position(22.54, 114.05), Position(-33.9, 151.2)):
        same_order(walk(world, Search(here, size=20)), ranked(places, here))


def test_filters_keep_the_order_and_lose_nothing(world: World) -> None:
    made = sown(world, world.merchant(), 90)
    now = world.clock.now()
    with world.work(Face.SHOP) as work:
        everything = nearby(work, Search(TOWN, size=100)).rows
    open_ids = {n.card.store_id for n in everything if isinstance(n.card.state_at(now), Open)}
    assert 20 < len(open_ids) < 60
    places = {key: at for key, (at, _) in made.items() if key in open_ids}
    same_order(walk(world, Search(TOWN, Filters(open_now=True), size=7)), ranked(places, TOWN))
    near = {key: at for key, at in places.items() if distance_metres(TOWN, at) <= 5000}
    filters = Filters(open_now=True, radius_metres=5000)
    same_order(walk(world, Search(TOWN, filters, size=7)), ranked(near, TOWN))
    noodles = {n.card.store_id: n.card.position for n in everything if "米粉" in n.card.name}
    same_order(walk(world, Search(TOWN, Filters(words=("米粉",)), size=7)), ranked(noodles, TOWN))


def test_a_short_window_goes_on_where_it_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = sown(world, world.merchant(), 60)
    monkeypatch.setattr("portal.domain.stores.queries.near.WINDOWS", (3, 5))
    rare = {key: at for key, (at, hours) in made.items() if hours == "24 小时"}
    search = Search(TOWN, Filters(words=("店",), open_now=True), size=4)
    always = [row for row in walk(world, search) if row[0] in rare]
    same_order(always, ranked(rare, TOWN))
    lonely = page(world, Search(TOWN, Filters(words=("没有这种店",)), size=4))
    assert lonely.rows == ()
    assert lonely.after is not None
    assert lonely.looked_metres is not None
    assert walk(world, Search(TOWN, Filters(words=("没有这种店",)), size=4)) == []


def test_open_now_knows_nights_and_exceptions(world: World) -> None:
    merchant = world.merchant()
    late = world.store(merchant, "夜宵", hours="周五至周日 18:00-03:00")
    world.store(merchant, "早餐", hours="每天 06:00-10:00")
    filters = Filters(open_now=True)

    def names() -> list[str]:
        return [near.card.name for near in page(world, Search(TOWN, filters)).rows]

    assert names() == []  # Saturday noon
    world.clock.advance(hours=14)  # Sunday 02:00: Saturday's evening still runs
    assert names() == ["夜宵"]
    world.clock.advance(hours=24)  # Monday 02:00: Sunday's evening
    assert names() == ["夜宵"]
    world.clock.advance(hours=24)  # Tuesday 02:00: Monday was closed
    assert names() == []
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        actions.hide(work, [late.id])
    world.clock.advance(hours=5)
    assert names() == ["早餐"]


def test_a_list_is_what_the_street_was_when_it_began(world: World) -> None:
    merchant = world.merchant()
    places = {key: at for key, (at, _) in sown(world, merchant, 40).items()}
    order = ranked(places, TOWN)
    seen = []
    search = Search(TOWN, size=10)
    for step in range(4):
        got = page(world, search)
        seen += [(near.card.store_id, near.distance_metres) for near in got.rows]
        assert got.after is not None or step == 3
        world.clock.advance(seconds=5)
        first, last = order[step][0], order[-1 - step][0]
        for store_id, at in ((first, (24.0, 114.0)), (last, (TOWN.lat, TOWN.lng))):
            facts = StoreFacts(name="搬家", given=GivenPosition(*at, Datum.WGS84), hours=parse_week("24 小时"))
            with world.work(Face.OFFICE, merchant=merchant.id) as work:
                actions.edit(work, store_id, facts=facts, version=1)
        world.store(merchant, "新店", at=(TOWN.lat, TOWN.lng))
        if got.after is not None:
            search = Search(TOWN, after=got.after, size=10)
    same_order(seen, order)
    world.clock.advance(seconds=1)
    assert len(walk(world, Search(TOWN, size=10))) == 44


def test_by_rating_and_by_sales(world: World) -> None:
    merchant = world.merchant()
    made = sown(world, merchant, 30)
    with world.work(Face.JOB) as work:
        for number, store_id in enumerate(made):
            actions.set_month_sales(work, merchant_id=merchant.id, store_id=store_id, count=number % 7)
    near = {key: at for key, (at, _) in made.items() if distance_metres(TOWN, at) <= 10_000}
    sales = {key: number % 7 for number, key in enumerate(made)}
    wanted = sorted(near, key=lambda key: (-sales[key], distance_metres(TOWN, near[key]), key.bytes))
    assert [key for key, _ in walk(world, Search(TOWN, sort=Sort.SALES, size=4))] == wanted
    assert len(walk(world, Search(TOWN, sort=Sort.RATING, size=4))) == len(near)


def test_coupons_that_ran_out_are_no_benefit(world: World) -> None:
    merchant = world.merchant()
    store = world.store(merchant)
    world.store(merchant)
    until = world.clock.now() + timedelta(hours=1)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        benefit = Benefit("cut", 500, 3000, until)
        actions.set_benefits(work, merchant_id=merchant.id, store_id=store.id, benefits=[benefit])
    filters = Filters(with_coupons=True)
    assert [n.card.store_id for n in page(world, Search(TOWN, filters)).rows] == [store.id]
    world.clock.advance(hours=2)
    assert page(world, Search(TOWN, filters)).rows == ()


@pytest.mark.parametrize("text", ["", "x", "😀", "A" * 54, "AQ==", "a" * 5000, "-1", "null"])
def test_a_broken_cursor_is_told_in_words(world: World, text: str) -> None:
    with pytest.raises(BadCursor):
        Cursor.from_text(text, world.clock.now())


def test_an_old_cursor_is_refused(world: World) -> None:
    cursor = Cursor(world.clock.now(), 1.5, UUID(int=5), -3)
    assert Cursor.from_text(cursor.to_text(), world.clock.now()) == cursor
    with pytest.raises(BadCursor):
        Cursor.from_text(cursor.to_text(), world.clock.now() + timedelta(hours=13))


def test_times_are_refreshed_before_they_run_out(world: World) -> None:
    merchant = world.merchant()
    world.store(merchant, hours="09:00-21:00")
    world.clock.advance(days=8)
    with world.work(Face.JOB) as work:
        assert actions.refresh_times(work) == 1
        assert actions.refresh_times(work) == 0
    world.clock.advance(days=20)
    assert len(page(world, Search(TOWN, Filters(open_now=True))).rows) == 1


def test_the_index_answers_as_the_shop(world: World, postgres: LocalPostgres, database: str) -> None:
    """With ordinary settings and real numbers of rows the planner takes the nearest-neighbour index, filters or not."""
    fill(world.engine, 1, 20_000, world.merchant().id)
    with connect(postgres.url("portal_owner"), database) as owner:
        owner.execute("ANALYZE store_cards")
    plans: list[str] = []
    with world.work(Face.SHOP) as work:

        def explain(_c: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
            with cursor.connection.cursor() as beside:  # type: ignore[attr-defined]
                beside.execute("EXPLAIN " + statement, parameters)
                plans.append("\n".join(row[0] for row in beside.fetchall()))

        event.listen(work.session.connection(), "before_cursor_execute", explain)
        nearby(work, Search(TOWN))
        nearby(work, Search(TOWN, Filters(open_now=True, category_root=ROOTS[2])))
        nearby(work, Search(TOWN, Filters(with_coupons=True)))
        nearby(work, Search(TOWN, Filters(radius_metres=3000), after=Cursor(work.now(), 900.0, UUID(int=9))))
    assert len(plans) == 5  # the last page also asks for stores that moved
    assert "Order By: (earth <->" in plans[0], plans[0]
    assert "ix_store_cards_category_root_earth" in plans[1]
    assert "ix_store_cards_benefits" in plans[2]
    assert "ix_store_cards_earth" in plans[3]
    assert "ix_store_cards_moved_at" in plans[4]
