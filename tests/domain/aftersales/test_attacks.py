"""What somebody would try with cases: money he does not have, goods that never left, one amount twice."""

from __future__ import annotations

import pytest

from portal.domain.aftersales import actions, errors
from portal.domain.aftersales.values import CaseKind, Reason
from portal.domain.ledger import actions as ledger
from portal.domain.ledger.access import access_balance
from portal.domain.ledger.values import AccountKind, AccountRef, Business
from portal.jobs.settlement import settle_orders
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.domain.aftersales.books import stand
from tests.domain.settlement.town import balance
from tests.factories.catalogue import MadeProduct
from tests.factories.ordering import MadeOrder
from tests.factories.persons import MadePerson
from tests.factories.world import World

K, R = CaseKind, Reason


@pytest.fixture
def order(world: World, buyer: MadePerson, sausage: MadeProduct) -> MadeOrder:
    return world.order(buyer, (sausage, 3))


def settled_and_gone(world: World, order: MadeOrder, *, left_fen: int) -> None:
    """The merchant has his money and has asked for all of it but this."""
    world.shipped(order)
    world.received(order)
    assert world.completed(order)
    assert settle_orders(world.services) == 1
    available = AccountRef(AccountKind.AVAILABLE, order.merchant_id)
    with world.work(Face.JOB) as work:
        amount = access_balance(work, available, lock=True) - left_fen
        business = Business("withdrawal", new_id())
        ledger.hold(work, account=available, amount=amount, key=f"hold/{business.id}", business=business)


def test_a_merchant_gives_away_only_what_he_has(world: World, order: MadeOrder) -> None:
    """Who took his money away would hand out the platform's: to a friend who bought, and both have it."""
    settled_and_gone(world, order, left_fen=500)
    wish = actions.Wish(K.MONEY, R.GOODWILL, {order.lines[0]: 1}, 4590)
    with pytest.raises(errors.NotCovered), world.answering(order.merchant_id) as work:
        actions.grant(work, order.id, wish, words="补偿。", may=Permission.CASE_ANSWER)
    assert balance(world, AccountKind.RECEIVABLE, order.merchant_id) == 0
    assert stand(world, order, settled=True).refunded_fen == 0
    little = actions.Wish(K.MONEY, R.GOODWILL, {order.lines[0]: 1}, 600)
    with world.answering(order.merchant_id) as work:
        actions.grant(work, order.id, little, words="补偿。", may=Permission.CASE_ANSWER)
    assert stand(world, order, settled=True).refunded_fen == 600
    with world.work(Face.PLATFORM, kind=ActorKind.PLATFORM) as work:
        actions.grant(work, order.id, wish, words="平台决定。", may=Permission.ORDER_OVERSEE)
    assert balance(world, AccountKind.RECEIVABLE, order.merchant_id) < 0, "the platform may, and he owes it"
