"""Who may do what with a case, what must still be true, evidence, letters, refunds that get stuck."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.aftersales import actions, errors, queries
from portal.domain.aftersales.models import CasePicture
from portal.domain.aftersales.queries import Asked
from portal.domain.aftersales.values import CaseKind, CaseState, CaseStep, Reason
from portal.domain.identity.models import Notification
from portal.domain.ordering.queries import timeline
from portal.domain.ordering.values import Happening
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.scope import Face
from tests.factories.catalogue import MadeProduct
from tests.factories.onboarding import photo
from tests.factories.ordering import MadeOrder
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World

K, R, S = CaseKind, Reason, CaseState


@pytest.fixture
def order(world: World, buyer: MadePerson, sausage: MadeProduct) -> MadeOrder:
    return world.order(buyer, (sausage, 3))


def test_what_others_may_not_touch_is_not_there(world: World, order: MadeOrder) -> None:
    world.printed(order)
    case = world.case(order, K.UNSHIPPED, 1)
    stranger, other = world.person(), world.merchant(Kind.SUPPLIER, "莞邑日用")
    for act in (actions.withdraw, queries.case):
        with pytest.raises(NotFound), world.buying(stranger) as work:
            act(work, case, **({"may": Permission.ORDER_BUY} if act is queries.case else {}))
    with pytest.raises(NotFound), world.answering(other.id) as work:
        actions.agree(work, case)
    wish = actions.Wish(K.UNSHIPPED, R.NOT_WANTED, {order.lines[0]: 1})
    with pytest.raises(NotFound), world.buying(stranger) as work:
        actions.ask(work, order.id, wish, storage=world.services.storage)
    mine = world.order(order.person, (world.product(other, "抽纸"), 1))
    wish = actions.Wish(K.UNSHIPPED, R.NOT_WANTED, {mine.lines[0]: 1})
    with pytest.raises(errors.NoSuchPieces), world.buying(order.person) as work:
        actions.ask(work, order.id, wish, storage=world.services.storage)
    with world.answering(other.id) as work:
        assert queries.merchants_cases(work, Asked()) == ((), False)


def test_what_was_shown_must_still_be_true(world: World, order: MadeOrder) -> None:
    world.shipped(order, 2)
    wish = actions.Wish(K.UNSHIPPED, R.NOT_WANTED, {order.lines[0]: 1}, seen_fen=4000)
    with pytest.raises(errors.Changed), world.buying(order.person) as work:
        actions.ask(work, order.id, wish, storage=world.services.storage)
    wish = actions.Wish(K.MONEY, R.QUALITY, {order.lines[0]: 1}, 500, seen_fen=9180)
    with world.buying(order.person) as work:
        actions.ask(work, order.id, wish, storage=world.services.storage)


def test_ten_cases_of_an_order_are_enough(world: World, order: MadeOrder) -> None:
    world.printed(order)
    for _ in range(10):
        case = world.case(order, K.UNSHIPPED, 1)
        with world.buying(order.person) as work:
            actions.withdraw(work, case)
    with pytest.raises(errors.TooOften):
        world.case(order, K.UNSHIPPED, 1)


def test_pictures_are_drawn_anew_and_six_of_a_side(world: World, order: MadeOrder) -> None:
    world.shipped(order)
    with pytest.raises(Refusal, match="图片"):
        world.case(order, K.RETURN, 1, pictures=(b"<svg/>",))
    with pytest.raises(Refusal, match="PDF"):
        world.case(order, K.RETURN, 1, pictures=(b"%PDF-1.4\n%%EOF",))
    with pytest.raises(errors.TooManyPictures):
        world.case(order, K.RETURN, 1, pictures=(photo((1, 2, 3)),) * 7)
    case = world.case(order, K.RETURN, 1, reason=R.QUALITY, pictures=(photo((1, 2, 3)),) * 6)
    world.refused(order, case)
    with pytest.raises(errors.TooManyPictures), world.buying(order.person) as work:
        actions.dispute(work, case, words="还有", storage=world.services.storage, pictures=[photo((1, 2, 3))])
    with world.work(Face.JOB) as work:
        names = list(work.session.scalars(select(CasePicture.stored)))
    assert len(names) == 6
    assert all(name.endswith(".jpg") for name in names)


def test_bulk_agreeing_is_for_those_that_wait(world: World, buyer: MadePerson, sausage: MadeProduct) -> None:
    orders = [world.order(buyer, (sausage, 1)) for _ in range(3)]
    for one in orders:
        world.printed(one)
    cases = [world.case(one, K.UNSHIPPED, 1) for one in orders]
    world.refused(orders[0], cases[0])
    with world.answering(orders[0].merchant_id) as work:
        assert actions.agree_many(work, cases) == 2
    assert [world.case_now(case).state for case in cases] == [S.REFUSED, S.REFUNDING, S.REFUNDING]


def test_a_stuck_refund_stays_to_be_seen_until_it_is_done(world: World, order: MadeOrder) -> None:
    case = world.case(order, K.UNSHIPPED, 1)
    refund = world.case_now(case).refund_id
    with world.work(Face.JOB) as work:
        actions.refund_stuck(work, refund)  # type: ignore[arg-type]
        actions.refund_stuck(work, refund)  # type: ignore[arg-type]
    shown = world.case_now(case)
    assert (shown.state, shown.stuck, shown.events[-1].step) == (S.REFUNDING, True, CaseStep.STUCK)
    world.money_arrives(case)
    world.money_arrives(case)
    assert [one.step for one in world.case_now(case).events].count(CaseStep.REFUNDED) == 1


def test_the_window_of_an_unshipped_order_has_no_end(world: World, order: MadeOrder) -> None:
    world.clock.advance(days=90)
    assert world.case_now(world.case(order, K.UNSHIPPED, 1)).state is S.REFUNDING


def test_letters_go_to_whose_turn_it_is(world: World, order: MadeOrder, supplier: MadeMerchant) -> None:
    from_owner = world.staff(supplier)
    world.shipped(order)
    case = world.case(order, K.RETURN, 1)
    world.agreed(order, case)
    with world.work(Face.JOB) as work:
        query = select(Notification.person_id, Notification.link).where(Notification.kind == "case.moved")
        letters = [tuple(row) for row in work.session.execute(query)]
    assert letters == [
        (from_owner.id, f"/supplier/{supplier.id}/cases/{case}"),
        (order.person.id, f"/cases/{case}"),
    ]


def test_the_order_tells_what_happened(world: World, order: MadeOrder) -> None:
    world.case(order, K.UNSHIPPED, 1)
    with world.work(Face.JOB) as work:
        told = [(one.kind, one.note) for one in timeline(work, order.merchant_id, order.id)]
    assert (Happening.CASE, f"{order.number}-1") in told
    assert (Happening.REFUNDED, "¥45.90") in told
