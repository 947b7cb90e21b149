"""Before an order leaves: another address, goods that are not there, marks, and the word at four o'clock."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.domain.identity.models import Notification
from portal.domain.ledger import queries as ledger
from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef
from portal.domain.ordering.values import OrderState
from portal.domain.shipping import actions, errors
from portal.domain.shipping.values import AddressState, Answer, Shortage
from portal.kernel.permissions import Role
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.catalogue import MadeProduct
from tests.factories.ordering import PLACE
from tests.factories.persons import MadePerson
from tests.factories.shipping import ELSEWHERE
from tests.factories.tenants import Tenants
from tests.factories.world import World


def letters(world: World, person: MadePerson) -> list[str]:
    with world.work(Face.PERSON, person=person.id) as work:
        return list(work.session.scalars(select(Notification.kind).order_by(Notification.id)))


def shipper_of(world: World, goods: MadeProduct) -> MadePerson:
    merchant = type("Known", (), {"id": goods.merchant_id})()
    assert isinstance(world, Tenants)
    return world.staff(merchant, Role.SHIPPER)


def test_another_address_is_asked_and_agreed(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    shipper, order = shipper_of(world, goods), world.order(buyer, (goods, 1))
    with pytest.raises(Refusal, match="和现在的地址一样"):
        world.address_asked(order, PLACE)
    change = world.address_asked(order)
    with pytest.raises(Refusal, match="已经申请过"):
        world.address_asked(order)
    with world.work(Face.OFFICE, merchant=order.merchant_id, kind=ActorKind.STAFF) as work:
        actions.agree_address(work, change)
        with pytest.raises(errors.ChangeDecided):
            actions.refuse_address(work, change, reason="晚了")
    assert world.order_now(order).recipient == ELSEWHERE
    assert "order.address_asked" in letters(world, shipper)
    assert "order.address_decided" in letters(world, buyer)


def test_a_refusal_gives_a_reason_and_a_question_is_withdrawn(
    world: World, goods: MadeProduct, buyer: MadePerson
) -> None:
    order = world.order(buyer, (goods, 1))
    change = world.address_asked(order)
    with world.work(Face.OFFICE, merchant=order.merchant_id, kind=ActorKind.STAFF) as work:
        actions.refuse_address(work, change, reason="石排不在配送范围")
    second = world.address_asked(order)
    with world.work(Face.PERSON, person=buyer.id, kind=ActorKind.PERSON) as work:
        actions.withdraw_address(work, second)
    assert [one.state for one in world.order_page(order).changes] == [AddressState.WITHDRAWN, AddressState.REFUSED]
    assert world.order_now(order).recipient == PLACE
    world.parcel(order)
    with pytest.raises(Refusal, match="不能再改地址"):
        world.address_asked(order)


def test_goods_that_come_later_are_waited_for(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    order = world.order(buyer, (goods, 2))
    for day in (None, date(2026, 7, 4), date(2027, 7, 4)):
        with pytest.raises(Refusal, match="到货日期"):
            world.short(order, Shortage.LATER, until=day)
    report = world.short(order, Shortage.LATER, until=date(2026, 7, 9), note="印刷厂排期")
    assert letters(world, buyer)[-1] == "order.no_stock"
    world.short_answered(order, report, Answer.WAIT)
    world.parcel(order)
    (shown,) = world.order_page(order).shortages
    assert (shown.answer, shown.ended_at is not None) == (Answer.WAIT, True), "what left was there after all"


def test_goods_that_never_come_are_paid_back_at_once(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    order = world.order(buyer, (goods, 2), (goods, 1, 1))
    report = world.short(order)
    world.short_answered(order, report, Answer.REFUND)
    now = world.order_now(order)
    assert (now.lines[0].cancelled, now.refunded_fen, now.state) == (2, 9180, OrderState.PAID)
    with world.work(Face.PLATFORM) as work:
        assert ledger.balance(work, AccountRef(AccountKind.ESCROW, HOUSE, subject_id=order.id)) == 9180
    with pytest.raises(errors.ReportOver):
        world.short_answered(order, report, Answer.REFUND)
    world.parcel(order)
    assert world.order_now(order).state is OrderState.SHIPPED


def test_only_the_buyer_answers(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    order = world.order(buyer, (goods, 1))
    report, stranger = world.short(order), world.person()
    with (
        world.work(Face.PERSON, person=stranger.id, kind=ActorKind.PERSON) as work,
        pytest.raises(Refusal, match="没有找到"),
    ):
        actions.answer_shortage(work, report, Answer.REFUND)


def test_marks_are_counted_and_kept(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    one, two = world.order(buyer, (goods, 1)), world.order(buyer, (goods, 1))
    world.printed(one)
    world.printed(one, two)
    with world.work(Face.OFFICE, merchant=one.merchant_id) as work:
        assert actions.flag(work, [one.id, two.id], 3) == 2
        actions.write_note(work, one.id, note="老客户")
        for wrong in (-1, 6):
            with pytest.raises(Refusal, match="没有这种颜色"):
                actions.flag(work, [one.id], wrong)
        with pytest.raises(Refusal, match="先勾选"):
            actions.flag(work, [], 1)
    marks = world.order_page(one).marks
    assert (marks.prints, marks.flag, marks.note) == (2, 3, "老客户")
    assert world.order_page(two).marks.prints == 1


def test_at_four_shippers_hear_what_is_left(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    shipper = shipper_of(world, goods)
    world.order(buyer, (goods, 1))
    world.order(buyer, (goods, 1), shipped=True)
    world.clock.advance(hours=4)
    with world.work(Face.JOB) as work:
        assert actions.remind(work) == 1
    with world.work(Face.PERSON, person=shipper.id) as work:
        (row,) = work.session.scalars(select(Notification).where(Notification.kind == "order.due"))
        assert row.words["params"]["count"] == 1
