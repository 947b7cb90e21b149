"""What somebody would try with cases: money he does not have, goods that never left, one amount twice."""

from __future__ import annotations

import pytest

from portal.domain.aftersales import actions, errors
from portal.domain.aftersales.values import CaseKind, Reason
from portal.domain.ledger import actions as ledger
from portal.domain.ledger.access import access_balance
from portal.domain.ledger.values import AccountKind, AccountRef, Business
from portal.domain.ordering.values import OrderState
from portal.domain.shipping import actions as shipping
from portal.domain.shipping.errors import TooLateToUndo
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


@pytest.mark.parametrize("kind", [K.MONEY, K.RETURN])
def test_a_parcel_with_a_case_about_it_is_not_undone(world: World, order: MadeOrder, kind: CaseKind) -> None:
    """Else the pieces are cancelled and paid back once more, and the case about them never ends."""
    parcel = world.parcel(order)
    case = world.case(order, kind, 3 if kind is K.RETURN else 1, reason=R.QUALITY)
    with pytest.raises(TooLateToUndo), world.answering(order.merchant_id) as work:
        shipping.undo(work, parcel)
    assert world.order_now(order).state is OrderState.SHIPPED
    with world.buying(order.person) as work:
        actions.withdraw(work, case)
    with world.answering(order.merchant_id) as work:
        shipping.undo(work, parcel)
    assert world.order_now(order).state is OrderState.PAID


def test_what_was_given_for_a_piece_that_left_does_not_come_back_with_it(world: World, order: MadeOrder) -> None:
    first = world.parcel(order, pieces=order.pieces(1))
    second = world.parcel(order, pieces=order.pieces(2))
    wish = actions.Wish(K.MONEY, R.GOODWILL, {order.lines[0]: 1}, 4590)
    with world.answering(order.merchant_id) as work:
        actions.grant(work, order.id, wish, words="补偿。", may=Permission.CASE_ANSWER)
        shipping.undo(work, second)
    with pytest.raises(TooLateToUndo), world.answering(order.merchant_id) as work:
        shipping.undo(work, first)
    world.case(order, K.UNSHIPPED, 2)
    assert stand(world, order).refunded_fen == 3 * 4590
