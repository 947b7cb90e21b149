"""Cases from asking to the money: each way through, what happens by itself, what is refused, what follows."""

from __future__ import annotations

import pytest

from portal.domain.aftersales import actions, errors, queries
from portal.domain.aftersales.values import CaseKind, CaseState, CaseStep, Reason, Side
from portal.domain.ordering.errors import TooManyPieces
from portal.domain.tenants.values import Kind
from portal.jobs.settlement import settle_orders
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.domain.aftersales.books import in_stock, stand
from tests.factories.catalogue import MadeProduct
from tests.factories.onboarding import photo
from tests.factories.ordering import MadeOrder
from tests.factories.persons import MadePerson
from tests.factories.world import World

K, R, S = CaseKind, Reason, CaseState


@pytest.fixture
def order(world: World, buyer: MadePerson, sausage: MadeProduct) -> MadeOrder:
    return world.order(buyer, (sausage, 3))


def judge(world: World, case_id: object, *, buyer: bool = True, amount_fen: int | None = None) -> None:
    with world.work(Face.PLATFORM, kind=ActorKind.PLATFORM) as work:
        if buyer:
            actions.for_buyer(work, case_id, note="证据充分。", amount_fen=amount_fen)  # type: ignore[arg-type]
        else:
            actions.for_merchant(work, case_id, note="证据不足。")  # type: ignore[arg-type]


def dispute(world: World, order: MadeOrder, case_id: object) -> None:
    with world.buying(order.person) as work:
        actions.dispute(work, case_id, words="请平台看看。", storage=world.services.storage)  # type: ignore[arg-type]


def test_unprinted_pieces_are_refunded_at_once(world: World, order: MadeOrder, sausage: MadeProduct) -> None:
    before = in_stock(world, sausage.skus[0])
    case = world.case(order, K.UNSHIPPED, 2)
    shown = world.case_now(case)
    assert (shown.state, shown.total_fen, shown.kind) == (S.REFUNDING, 9180, K.UNSHIPPED)
    assert [one.step for one in shown.events] == [CaseStep.ASKED, CaseStep.AGREED_BY_ITSELF]
    assert in_stock(world, sausage.skus[0]) == before + 2
    now = stand(world, order)
    assert (now.state, now.escrow_fen, now.cancelled, now.open_cases) == ("paid", 4590, 2, 0)
    world.money_arrives(case)
    world.deadline(case)
    assert world.case_now(case).state is S.REFUNDED
    assert stand(world, order).escrow_fen == 4590


def test_the_last_piece_closes_the_order(world: World, order: MadeOrder) -> None:
    world.case(order, K.UNSHIPPED, 1)
    world.case(order, K.UNSHIPPED, 2)
    now = stand(world, order)
    assert (now.state, now.escrow_fen) == ("closed", 0)
    with pytest.raises(errors.NotNow):
        world.case(order, K.UNSHIPPED, 1)


def test_after_printing_it_waits_and_blocks_the_pieces(world: World, order: MadeOrder) -> None:
    world.printed(order)
    case = world.case(order, K.UNSHIPPED, 2)
    assert (world.case_now(case).state, stand(world, order).blocked) == (S.ASKED, 2)
    with pytest.raises(TooManyPieces):
        world.shipped(order, 2)
    world.shipped(order, 1)
    assert stand(world, order).state == "partly"
    world.agreed(order, case)
    now = stand(world, order)
    assert (now.state, now.blocked, now.cancelled, now.escrow_fen) == ("shipped", 0, 2, 4590)


def test_silence_is_a_yes_to_what_has_not_left_and_the_deadline_twice_is_once(world: World, order: MadeOrder) -> None:
    world.printed(order)
    case = world.case(order, K.UNSHIPPED, 3)
    assert world.deadline(case) is False
    world.until_due(case)
    assert [world.deadline(case), world.deadline(case)] == [True, False]
    assert (world.case_now(case).state, stand(world, order).state) == (S.REFUNDING, "closed")


def test_a_refusal_lets_the_pieces_leave_and_asking_again_holds_them_back(world: World, order: MadeOrder) -> None:
    world.printed(order)
    case = world.case(order, K.UNSHIPPED, 3)
    world.refused(order, case)
    assert stand(world, order).blocked == 0
    with world.buying(order.person) as work:
        actions.ask_again(work, case, words="还没揽收，请退。", storage=world.services.storage)
    assert (world.case_now(case).round, stand(world, order).blocked) == (2, 3)
    world.refused(order, case)
    with pytest.raises(errors.AskedTwice), world.buying(order.person) as work:
        actions.ask_again(work, case, words="再退。", storage=world.services.storage)
    world.shipped(order)
    with pytest.raises(errors.LeftMeanwhile):
        dispute(world, order, case)
    back = world.case(order, K.RETURN, 3)
    assert (world.case_now(back).total_fen, stand(world, order).open_cases) == (13770, 2)
    world.until_due(case)
    assert (world.deadline(case), world.case_now(case).state) == (True, S.CLOSED)
    assert stand(world, order).open_cases == 1


def test_goods_go_back_and_the_merchant_chooses_what_returns_into_stock(
    world: World, order: MadeOrder, sausage: MadeProduct
) -> None:
    world.shipped(order)
    world.received(order)
    before = in_stock(world, sausage.skus[0])
    case = world.case(order, K.RETURN, 2)
    world.agreed(order, case)
    shown = world.case_now(case)
    assert (shown.state, shown.return_to.name, shown.fault) == (S.RETURNING, "退货组", False)
    world.sent_back(order, case)
    assert stand(world, order).refunded_fen == 0
    with pytest.raises(errors.TooManyPieces):
        world.came_back(order, case, {order.lines[0]: 3})
    world.came_back(order, case, {order.lines[0]: 1})
    now = stand(world, order)
    assert (now.returned, now.restocked, now.escrow_fen, now.open_cases) == (2, 1, 4590, 0)
    assert in_stock(world, sausage.skus[0]) == before + 1
    with pytest.raises(errors.TooManyPieces):
        world.case(order, K.RETURN, 2)


def test_returned_goods_may_be_refused_with_pictures_and_the_platform_decides(world: World, order: MadeOrder) -> None:
    world.shipped(order)
    case = world.case(order, K.RETURN, 3, reason=R.QUALITY)
    world.agreed(order, case)
    world.sent_back(order, case)
    with pytest.raises(errors.NeedsPicture), world.answering(order.merchant_id) as work:
        actions.refuse_goods(work, case, note="已开封。", storage=world.services.storage, pictures=())
    with world.answering(order.merchant_id) as work:
        evidence = [photo((180, 60, 40))]
        actions.refuse_goods(work, case, note="已开封。", storage=world.services.storage, pictures=evidence)
    shown = world.case_now(case)
    assert (shown.state, shown.may_ask_again, len(shown.events[-1].pictures)) == (S.REFUSED, False, 1)
    world.until_due(case)
    assert world.deadline(case)
    assert world.case_now(case).state is S.DISPUTED  # the merchant has the goods: people look first
    world.until_due(case)
    assert world.deadline(case) is False
    judge(world, case, amount_fen=10_000)
    now = stand(world, order)
    assert (world.case_now(case).state, now.refunded_fen, now.returned) == (S.REFUNDING, 10_000, 3)


def test_a_refused_case_takes_nothing_and_is_measured_anew(world: World, order: MadeOrder) -> None:
    world.shipped(order)
    case = world.case(order, K.MONEY, 1)
    world.refused(order, case)
    back = world.case(order, K.RETURN, 2)
    with pytest.raises(errors.TakenMeanwhile):
        dispute(world, order, case)
    with world.buying(order.person) as work:
        actions.withdraw(work, back)
    dispute(world, order, case)
    assert world.case_now(case).state is S.DISPUTED
    with pytest.raises(errors.NothingLeft):
        world.case(order, K.MONEY, 1)


def test_a_smaller_offer_may_be_taken_or_not(world: World, order: MadeOrder) -> None:
    world.shipped(order)
    case = world.case(order, K.RETURN, 2, reason=R.QUALITY)
    with pytest.raises(errors.TooMuch), world.answering(order.merchant_id) as work:
        actions.offer(work, case, amount_fen=9180, note="全退？")
    with world.answering(order.merchant_id) as work:
        actions.offer(work, case, amount_fen=2000, note="不用寄回，退 20 元。")
    assert world.case_now(case).state is S.OFFERED
    with pytest.raises(errors.Moved), world.buying(order.person) as work:
        actions.accept(work, case, offer_fen=3000)
    with world.buying(order.person) as work:
        actions.accept(work, case, offer_fen=2000)
    shown, now = world.case_now(case), stand(world, order)
    assert (shown.kind, shown.state, shown.lines[0].pieces) == (K.MONEY, S.REFUNDING, 0)
    assert (now.refunded_fen, now.returned) == (2000, 0)
    again = world.case(order, K.RETURN, 3, reason=R.QUALITY)
    assert world.case_now(again).total_fen == 13770 - 2000


def test_partial_amounts_add_up_to_what_was_paid_and_no_further(world: World, order: MadeOrder) -> None:
    world.shipped(order)
    first = world.case(order, K.MONEY, 1, amount_fen=5000)
    with pytest.raises(errors.TooMuch):
        world.case(order, K.MONEY, 1, amount_fen=8771)
    second = world.case(order, K.MONEY, 1, amount_fen=8770)
    for case in (first, second):
        world.agreed(order, case)
    now = stand(world, order)
    assert (now.state, now.refunded_fen, now.escrow_fen) == ("closed", 13770, 0)


def test_silence_about_money_goes_to_the_platform(world: World, order: MadeOrder) -> None:
    world.shipped(order)
    case = world.case(order, K.MONEY, 1, reason=R.NOT_RECEIVED)
    world.until_due(case)
    assert world.deadline(case)
    assert world.case_now(case).state is S.DISPUTED
    judge(world, case, buyer=False)
    assert (world.case_now(case).state, stand(world, order).open_cases) == (S.CLOSED, 0)
    with pytest.raises(errors.Moved):
        judge(world, case)


def test_a_return_without_an_address_goes_to_the_platform(world: World, buyer: MadePerson) -> None:
    homeless = world.merchant(Kind.SUPPLIER, "岭南果源")
    order = world.order(buyer, (world.product(homeless, "荔枝干"), 1), shipped=True)
    case = world.case(order, K.RETURN, 1)
    with pytest.raises(errors.NoAddress):
        world.agreed(order, case)
    world.until_due(case)
    assert world.deadline(case)
    assert world.case_now(case).state is S.DISPUTED


@pytest.mark.parametrize("step", ["returning", "sent"])
def test_a_return_nobody_sends_closes_and_one_nobody_checks_is_paid(world: World, order: MadeOrder, step: str) -> None:
    world.shipped(order)
    case = world.case(order, K.RETURN, 1)
    world.agreed(order, case)
    if step == "sent":
        world.sent_back(order, case)
    world.until_due(case)
    assert world.deadline(case)
    assert world.case_now(case).state is (S.CLOSED if step == "returning" else S.REFUNDING)
    stand(world, order)


def test_withdrawing_gives_the_pieces_free_and_only_in_time(world: World, order: MadeOrder) -> None:
    world.printed(order)
    case = world.case(order, K.UNSHIPPED, 3)
    with world.buying(order.person) as work:
        actions.withdraw(work, case)
    now = stand(world, order)
    assert (now.blocked, now.open_cases, world.case_now(case).state) == (0, 0, S.WITHDRAWN)
    for act in (world.agreed, world.refused, world.sent_back):
        with pytest.raises(errors.Moved):
            act(order, case)
    world.shipped(order)
    back = world.case(order, K.RETURN, 1)
    world.agreed(order, back)
    world.sent_back(order, back)
    with pytest.raises(errors.Moved), world.buying(order.person) as work:
        actions.withdraw(work, back)


def test_when_the_time_is_over_only_the_others_can_grant(world: World, order: MadeOrder) -> None:
    world.shipped(order)
    world.received(order)
    world.clock.advance(days=7, seconds=1)
    with pytest.raises(errors.TooLate):
        world.case(order, K.RETURN, 1)
    with world.work(Face.JOB) as work:
        from_escrow = queries.due(work)
    assert from_escrow == []
    wish = actions.Wish(K.MONEY, R.GOODWILL, {order.lines[0]: 1}, 1500)
    with world.answering(order.merchant_id) as work:
        case = actions.grant(work, order.id, wish, words="抱歉，补您 15 元。", may=Permission.CASE_ANSWER)
    shown = world.case_now(case)
    assert (shown.state, shown.origin, stand(world, order).refunded_fen) == (S.REFUNDING, Side.MERCHANT, 1500)


def test_a_late_goodwill_after_settlement_comes_from_who_got_it(world: World, order: MadeOrder) -> None:
    world.shipped(order)
    world.received(order)
    assert world.completed(order)
    assert settle_orders(world.services) == 1
    wish = actions.Wish(K.MONEY, R.GOODWILL, {order.lines[0]: 1}, 1500)
    with world.work(Face.PLATFORM, kind=ActorKind.PLATFORM) as work:
        actions.grant(work, order.id, wish, words="平台补偿。", may=Permission.ORDER_OVERSEE)
    now = stand(world, order, settled=True)
    assert (now.state, now.refunded_fen, now.escrow_fen) == ("completed", 1500, 0)


def test_an_open_case_keeps_the_order_from_completing(world: World, order: MadeOrder) -> None:
    world.shipped(order)
    world.received(order)
    case = world.case(order, K.MONEY, 1, amount_fen=100)
    assert world.completed(order) is False
    world.agreed(order, case)
    assert world.completed(order) is True
