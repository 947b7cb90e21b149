"""Passes in a town: every merchant with stores sells one and has one as a draft; the consumer holds one that was used,
one that he shares with a friend, and one that waits for its payment.
"""

from __future__ import annotations

from uuid import uuid4

from portal.domain.passes import actions
from portal.domain.passes.values import GiftKind
from portal.domain.tenants.values import KINDS_WITH_STORES
from portal.domain.vouchers.values import Digits
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.world import World
from tests.walker.town import Town


def furnish(world: World, town: Town) -> None:
    """By the acts of merchants, consumers and counters."""
    consumer, friend = town.actors["consumer"].person, world.person()
    assert consumer is not None
    for kind in sorted(KINDS_WITH_STORES):
        merchant = town.merchants[kind]
        clerk, store = town.actors[f"{kind.value}.clerk"].person, town.stores[merchant.id][0]
        assert clerk is not None
        sold = world.pass_kind(merchant, name=f"{town.letter} 镇 10 次卡")
        world.pass_kind(merchant, on_sale=False, name=f"{town.letter} 镇还没卖的卡")
        used, shared = world.bought_pass(consumer, sold), world.bought_pass(consumer, sold)
        world.pass_unpaid(consumer, sold)
        town.secrets["pass"].append(shared.digits)
        with world.at_counter(merchant, clerk) as work:
            actions.use_at_counter(work, code=Digits(used.digits), store_id=store.id)
        facts = {"merchant_id": merchant.id, "pass_id": used.id, "person_id": consumer.id, "service_id": None}
        with world.work(Face.JOB) as work:
            actions.hold_use(work, **facts, booking_id=uuid4())
        with world.work(Face.PERSON, person=consumer.id, kind=ActorKind.PERSON) as work:
            token = actions.offer(work, shared.id, GiftKind.SHARE)
        with world.work(Face.PERSON, person=friend.id, kind=ActorKind.PERSON) as work:
            actions.take(work, token)
        with world.work(Face.PERSON, person=consumer.id, kind=ActorKind.PERSON) as work:
            town.secrets["gift"].append(actions.offer(work, shared.id, GiftKind.SHARE))
