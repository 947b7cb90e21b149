"""What the makers put into a town: coupons and vouchers, applications at every stage, invitations, letters."""

from __future__ import annotations

from portal.domain.tenants.values import KINDS_WITH_STORES, Kind
from portal.kernel.permissions import Role
from tests.factories.world import World
from tests.walker.town import FURNISHERS, Town


def vouchers(world: World, town: Town) -> None:
    """Every merchant with stores gives a coupon away; the consumer holds two of it and has used one."""
    consumer = town.actors["consumer"].person
    assert consumer is not None
    for kind in sorted(KINDS_WITH_STORES):
        merchant = town.merchants[kind]
        store, clerk = town.stores[merchant.id][0], town.actors[f"{kind.value}.clerk"].person
        assert clerk is not None
        world.coupon(merchant, store, publish=False, title=f"{town.letter} 镇还没发的券")
        coupon = world.coupon(merchant, store, title=f"{town.letter} 镇满减券", per_person=3, note="不与其他优惠同用")
        world.redeemed(merchant, clerk, store, world.collected(coupon, consumer))
        world.collected(coupon, consumer)


def onboarding(world: World, town: Town) -> None:
    """Applications: a draft, one that waits, one that was asked for more; legal data and a change; invitations."""
    consumer, reviewer = town.actors["consumer"].person, town.actors[Role.PLATFORM_REVIEWER.value].person
    assert consumer is not None
    assert reviewer is not None
    world.ask(world.submitted(Kind.REGION, person=consumer), reviewer, name="请与执照一致")
    world.draft(Kind.ALLIANCE, person=consumer)
    world.submitted(Kind.BRAND, person=consumer)
    for kind, merchant in town.merchants.items():
        owner = town.actors[f"{kind.value}.owner"].person
        assert owner is not None
        world.profile(merchant)
        world.change(merchant, owner, address=f"{town.letter} 镇新街 8 号")
        world.invited(merchant, owner, f"15400{next(world.numbers):06d}", Role.MANAGER)
    brand = town.merchants[Kind.BRAND]
    inviter = town.actors["brand.owner"].person
    assert inviter is not None
    world.invited(brand, inviter, consumer.phone, Role.CLERK, frozenset({town.stores[brand.id][0].id}))


FURNISHERS += [vouchers, onboarding]
