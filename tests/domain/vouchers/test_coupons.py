"""Coupons tell their stores what may be shown on the street, in time; drafts are checked before they exist."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.domain.stores.models import StoreCard
from portal.domain.vouchers import actions, errors
from portal.domain.vouchers.rules import lint, words
from portal.domain.vouchers.values import CouponKind, CouponState, Worth
from portal.jobs import tasks
from portal.kernel.refusals import Denied, Refusal
from portal.kernel.scope import Face, Scope
from tests.domain.vouchers.town import Town, a_town
from tests.factories.vouchers import a_draft
from tests.factories.world import World

TODAY = date(2026, 7, 4)


def benefits(world: World, store_id: UUID) -> list[tuple[str, int, int]]:
    """What the store's card shows: kind, value, threshold."""
    with world.work(Face.SHOP) as work:
        shown = work.session.execute(select(StoreCard.benefits).where(StoreCard.store_id == store_id)).scalar_one()
        return [(one["k"], one["v"], one["t"]) for one in shown]


def act(world: World, town: Town, action, coupon: UUID, **facts: object) -> None:
    with world.work(Face.OFFICE, merchant=town.merchant.id) as work:
        action(work, coupon, **facts)


def test_a_store_shows_what_is_on_offer_and_nothing_else(world: World) -> None:
    town = a_town(world)
    off = Worth(CouponKind.DISCOUNT, pay_percent=85)
    coupon = world.coupon(town.merchant, town.store)
    world.coupon(town.merchant, town.store, town.other, worth=off)
    world.coupon(town.merchant, town.store, publish=False)
    assert benefits(world, town.store.id) == [("cut", 500, 3000), ("percent", 85, 0)]
    act(world, town, actions.pause, coupon)
    assert benefits(world, town.store.id) == [("percent", 85, 0)]
    act(world, town, actions.publish, coupon)
    act(world, town, actions.end, coupon)
    assert benefits(world, town.store.id) == benefits(world, town.other.id) == [("percent", 85, 0)]


def test_the_worker_brings_what_begins_later_and_takes_what_is_out(world: World) -> None:
    town = a_town(world)
    coupon = world.coupon(town.merchant, town.store, collect_from=date(2026, 7, 5), total=1)
    facts = {"merchant": str(town.merchant.id), "coupon": str(coupon)}
    assert queued(world) == [facts]
    assert benefits(world, town.store.id) == []
    world.clock.advance(days=1)
    tasks.tell_stores(world.services, **facts)
    assert benefits(world, town.store.id) == [("cut", 500, 3000)]
    world.collected(coupon, town.consumer)
    assert queued(world) == [facts, facts]
    tasks.tell_stores(world.services, **facts)
    assert benefits(world, town.store.id) == []


def queued(world: World) -> list[dict[str, str]]:
    with world.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT args FROM jobs.procrastinate_jobs WHERE task_name = 'vouchers.tell_stores' ORDER BY id"
        )
        return [row.args for row in rows]


def test_a_published_coupon_is_never_changed_only_extended(world: World) -> None:
    town = a_town(world)
    coupon = world.coupon(town.merchant, town.store, total=2)
    world.collected(coupon, town.consumer)
    stores = frozenset({town.store.id})
    with pytest.raises(errors.CouponMoved):
        act(world, town, actions.edit, coupon, draft=a_draft((town.store.id,)))
    for facts, refusal in (
        ({"total": 0, "collect_until": date(2026, 8, 1), "store_ids": stores}, Refusal),
        ({"total": 2, "collect_until": date(2026, 7, 1), "store_ids": stores}, errors.CouponLocked),
        ({"total": 2, "collect_until": date(9999, 12, 31), "store_ids": stores}, Refusal),
        ({"total": 2, "collect_until": date(2026, 8, 1), "store_ids": frozenset()}, errors.CouponLocked),
    ):
        with pytest.raises(refusal):
            act(world, town, actions.extend, coupon, **facts)
    act(world, town, actions.extend, coupon, total=1, collect_until=date(2026, 7, 31), store_ids=stores)


def test_a_store_of_another_merchant_is_not_to_be_chosen(world: World) -> None:
    town, elsewhere = a_town(world), a_town(world)
    with (
        pytest.raises(Refusal, match="请重新选择"),
        world.work(Face.OFFICE, merchant=town.merchant.id) as work,
    ):
        actions.create(work, draft=a_draft((elsewhere.store.id,)))


def test_who_covers_some_stores_keeps_to_them(world: World) -> None:
    town = a_town(world)
    wide = world.coupon(town.merchant, town.store, town.other)
    with world.work(Face.OFFICE, merchant=town.merchant.id) as work:
        narrow = Scope(Face.OFFICE, merchant_id=town.merchant.id, store_ids=frozenset({town.store.id}))
        work.enter(narrow, work.actor, work.permissions)
        with pytest.raises(Denied):
            actions.pause(work, wide)
        with pytest.raises(Denied):
            actions.create(work, draft=a_draft((town.other.id,)))
        work.start_again()


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"worth": Worth(CouponKind.AMOUNT, amount_fen=500)}, "没有门槛：消费再少也能减 ¥5。"),
        ({"worth": Worth(CouponKind.AMOUNT, amount_fen=3000, threshold_fen=3000)}, "面额等于门槛"),
        ({"worth": Worth(CouponKind.DISCOUNT, pay_percent=85)}, "没有设最多减多少"),
        ({"worth": Worth(CouponKind.DISCOUNT, pay_percent=8, max_discount_fen=1)}, "0.8 折：每 100 元只收 8 元。"),
        ({"valid_until": date(2026, 7, 30)}, "领到也用不了"),
        ({"total": 1, "per_person": 2}, "每人限领比总量还多"),
        ({"weekdays": 0b1100000}, "只在周末可用"),
    ],
)
def test_what_is_odd_is_pointed_out(changes: dict[str, object], hint: str) -> None:
    draft = a_draft((UUID(int=1),), **changes)
    lint.check(draft, TODAY)
    assert hint in " ".join(str(one) for one in lint.hints(draft))
    assert not lint.hints(a_draft((UUID(int=1),)))


def test_every_state_and_stage_has_a_word() -> None:
    assert set(words.STATES) == set(CouponState)
