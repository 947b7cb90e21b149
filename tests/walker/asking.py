"""What is asked back in a town: one case in every state that waits for somebody, one that is refunded."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from portal.domain.aftersales import actions
from portal.domain.aftersales.values import CaseKind, Reason
from portal.domain.tenants.values import Kind
from tests.factories.onboarding import photo
from tests.factories.ordering import PLACE, MadeOrder
from tests.factories.world import World
from tests.walker.town import Town


def cases(world: World, town: Town) -> None:
    """Orders of the town's consumer at its supplier, with what he asks back of them."""
    consumer, merchant = town.actors["consumer"].person, town.merchants[Kind.SUPPLIER]
    assert consumer is not None
    goods = world.product(merchant, f"{town.letter} 镇要退的货", stock=50)
    place = replace(PLACE, name=f"{town.letter} 镇陈静", detail=f"{town.letter} 镇体育路 9 号")
    with world.answering(merchant.id) as work:
        detail = f"{town.letter} 镇庙边王工业区 2 号"
        actions.keep_address(work, name=f"{town.letter} 镇退货组", phone="0769-12345678", detail=detail)

    def bought(*, shipped: bool = True) -> MadeOrder:
        return world.order(consumer, (goods, 2), recipient=place, shipped=shipped)

    def asked(order: MadeOrder, kind: CaseKind = CaseKind.RETURN) -> UUID:
        reason = None if kind is CaseKind.UNSHIPPED else Reason.QUALITY
        pictures = (photo((180, 60, 40)),)
        return world.case(order, kind, 1, reason=reason, words=f"{town.letter} 镇的说明", pictures=pictures)

    held, done = bought(shipped=False), bought(shipped=False)
    world.printed(held)
    asked(held, CaseKind.UNSHIPPED)
    world.money_arrives(asked(done, CaseKind.UNSHIPPED))
    asked(bought())
    offered, refused, disputed, returning, sent = (bought() for _ in range(5))
    first = asked(offered)
    with world.answering(merchant.id) as work:
        actions.offer(work, first, amount_fen=900, note=f"{town.letter} 镇少退")
    world.refused(refused, asked(refused))
    second = asked(disputed, CaseKind.MONEY)
    world.refused(disputed, second)
    with world.buying(consumer) as work:
        actions.dispute(work, second, words=f"{town.letter} 镇请平台看", storage=world.services.storage)
    world.agreed(returning, asked(returning))
    third = asked(sent)
    world.agreed(sent, third)
    world.sent_back(sent, third)
