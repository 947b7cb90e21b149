"""One voucher, one redemption; undone once and in time; every refusal says what happened."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError

from portal.domain.stores.actions import editing
from portal.domain.vouchers import actions, errors, queries
from portal.domain.vouchers.models import Redemption, Voucher
from portal.domain.vouchers.values import Digits, Scanned, Stage, UndoReason
from portal.kernel.audit import AuditEntry
from portal.kernel.permissions import Role
from portal.kernel.refusals import Denied, NotFound, Refusal
from portal.kernel.scope import Face, Scope
from tests.domain.vouchers.town import a_town
from tests.factories.world import World


def test_a_voucher_is_redeemed_once_and_the_second_reads_who_and_when(world: World) -> None:
    town = a_town(world)
    voucher = world.collected(world.coupon(town.merchant, town.store, town.other), town.consumer)
    redemption_id = world.redeemed(town.merchant, town.clerk, town.store, voucher)
    with world.at_counter(town.merchant, town.clerk) as work:
        line = queries.redemption(work, redemption_id, town.store.id)
        assert (line.receipt.title, line.receipt.holder, line.receipt.clerk) == ("满 30 减 5", "陈**", "王**")
        assert line.receipt.store == "天河店"
        assert line.code == voucher.code
    for presented in (voucher.digits, voucher.scanned):
        with pytest.raises(errors.VoucherSpent) as refused, world.at_counter(town.merchant, town.owner) as work:
            actions.redeem(work, code=presented, store_id=town.other.id)
        assert str(refused.value.sentence) == "这张券 7 月 4 日 12:00 已在天河店核销（王**）。"
    with world.work(Face.OFFICE, merchant=town.merchant.id) as work:
        assert work.session.execute(select(func.count()).select_from(Redemption)).scalar() == 1
        audited = work.session.execute(select(AuditEntry.action).where(AuditEntry.subject_id == redemption_id)).scalar()
        assert audited == "voucher.redeemed"


def test_looking_refuses_what_redeeming_refuses(world: World) -> None:
    town = a_town(world)
    voucher = world.collected(world.coupon(town.merchant, town.store), town.consumer)
    with world.at_counter(town.merchant, town.clerk) as work:
        seen = queries.look(work, voucher.scanned, town.store.id)
        assert (seen.holder, seen.code, seen.terms.title) == ("陈**", voucher.code, "满 30 减 5")
        assert [str(one) for one in seen.cautions] == ["先核对消费：满 ¥30 才能用。"]
        with pytest.raises(errors.VoucherWrongStore) as refused:
            queries.look(work, voucher.scanned, town.other.id)
        assert str(refused.value.sentence) == "这张券的适用门店：天河店。"
        with pytest.raises(errors.VoucherUnknown):
            queries.look(work, Digits("100000000000"), town.store.id)
        with pytest.raises(errors.VoucherUnknown):
            queries.look(work, Scanned(town.merchant.id, b"0123456789"), town.store.id)


def test_time_and_weekday_are_kept(world: World) -> None:
    town = a_town(world)
    saturday_free = world.coupon(town.merchant, town.store, weekdays=0b0011111)
    later = world.coupon(town.merchant, town.store, valid_from=date(2026, 7, 10))
    first, second = world.collected(saturday_free, town.consumer), world.collected(later, town.consumer)
    for voucher, refusal, said in (
        (first, errors.VoucherWrongDay, "这张券只在周一至周五可用。"),
        (second, errors.VoucherNotYet, "这张券 7 月 10 日 起才能用。"),
    ):
        with pytest.raises(refusal) as refused, world.at_counter(town.merchant, town.clerk) as work:
            actions.redeem(work, code=voucher.digits, store_id=town.store.id)
        assert str(refused.value.sentence) == said
    world.clock.advance(days=60)
    with pytest.raises(errors.VoucherExpired) as refused, world.at_counter(town.merchant, town.clerk) as work:
        actions.redeem(work, code=second.digits, store_id=town.store.id)
    assert str(refused.value.sentence) == "这张券的有效期到 7 月 31 日。"


def test_n_days_after_collecting_end_at_midnight(world: World) -> None:
    town = a_town(world)
    coupon = world.coupon(town.merchant, town.store, valid_from=None, valid_until=None, valid_days=1)
    voucher = world.collected(coupon, town.consumer)
    world.clock.advance(hours=11, minutes=59)
    world.redeemed(town.merchant, town.clerk, town.store, voucher)
    second = world.collected(coupon, world.person())
    world.clock.advance(minutes=2)
    with pytest.raises(errors.VoucherExpired), world.at_counter(town.merchant, town.clerk) as work:
        actions.redeem(work, code=second.digits, store_id=town.store.id)


def test_another_merchants_voucher_is_unknown(world: World) -> None:
    town, elsewhere = a_town(world), a_town(world)
    voucher = world.collected(world.coupon(elsewhere.merchant, elsewhere.store), town.consumer)
    with world.at_counter(town.merchant, town.clerk) as work:
        for presented in (voucher.digits, voucher.scanned):
            with pytest.raises(errors.VoucherUnknown):
                queries.look(work, presented, town.store.id)
        with pytest.raises(errors.VoucherUnknown):
            queries.look(work, voucher.digits, elsewhere.store.id)


def test_undo_gives_the_voucher_back_once(world: World) -> None:
    town = a_town(world)
    voucher = world.collected(world.coupon(town.merchant, town.store), town.consumer)
    redemption_id = world.redeemed(town.merchant, town.clerk, town.store, voucher)
    world.clock.advance(minutes=59)
    with world.at_counter(town.merchant, town.clerk) as work:
        actions.undo(work, redemption_id, store_id=town.store.id, reason=UndoReason.NOT_PAID)
    with pytest.raises(errors.UndoneBefore) as refused, world.at_counter(town.merchant, town.clerk) as work:
        actions.undo(work, redemption_id, store_id=town.store.id, reason=UndoReason.NOT_PAID)
    assert str(refused.value.sentence) == "这次核销 7 月 4 日 12:59 已经撤销过了，券已退回给顾客。"
    again = world.redeemed(town.merchant, town.clerk, town.store, voucher)
    assert again != redemption_id
    with world.at_counter(town.merchant, town.clerk) as work:
        lines = queries.redemptions(work, store_id=town.store.id, since=None, until=None)
        assert [(line.id, line.undone_at is None) for line in lines] == [(again, True), (redemption_id, False)]
        totals = queries.totals(work, store_id=town.store.id, since=None, until=None)
        assert (totals.redeemed, totals.undone, totals.off_fen) == (1, 1, 500)


def test_undo_has_a_limit_a_reason_and_a_place(world: World) -> None:
    town = a_town(world)
    voucher = world.collected(world.coupon(town.merchant, town.store, town.other), town.consumer)
    with world.work(Face.OFFICE, merchant=town.merchant.id) as work:
        actions.limit_undo(work, town.store.id, minutes=5, most=60)
        with pytest.raises(Refusal, match="0 到 60"):
            actions.limit_undo(work, town.store.id, minutes=61, most=60)
        with pytest.raises(NotFound):
            actions.limit_undo(work, uuid4(), minutes=5, most=60)
    redemption_id = world.redeemed(town.merchant, town.clerk, town.store, voucher)

    def undo(store_id, reason=UndoReason.WRONG_VOUCHER, note=""):
        with world.at_counter(town.merchant, town.clerk) as work:
            actions.undo(work, redemption_id, store_id=store_id, reason=reason, note=note)

    with pytest.raises(Refusal, match="请写一句"):
        undo(town.store.id, UndoReason.OTHER, "  ")
    with pytest.raises(NotFound):
        undo(town.other.id)
    world.clock.advance(minutes=5, seconds=1)
    with pytest.raises(errors.UndoTooLate, match="12:05"):
        undo(town.store.id)


def test_rights_are_asked_in_the_domain(world: World) -> None:
    town = a_town(world)
    voucher = world.collected(world.coupon(town.merchant, town.store), town.consumer)
    with world.at_counter(town.merchant, town.clerk, role=Role.FINANCE) as work:
        with pytest.raises(Denied):
            actions.redeem(work, code=voucher.digits, store_id=town.store.id)
        with pytest.raises(Denied):
            actions.undo(work, uuid4(), store_id=town.store.id, reason=UndoReason.NOT_PAID)


def test_the_database_keeps_receipts_and_terms_as_they_were(world: World) -> None:
    """Whatever the code does, an office may only undo a redemption, and only mark a voucher used or usable."""
    town = a_town(world)
    voucher = world.collected(world.coupon(town.merchant, town.store), town.consumer)
    redemption_id = world.redeemed(town.merchant, town.clerk, town.store, voucher)
    with world.work(Face.OFFICE, merchant=town.merchant.id) as work:
        work.session.get(Redemption, (town.merchant.id, redemption_id)).clerk = "x"
        with pytest.raises(ProgrammingError, match="permission denied"):
            work.session.flush()
        work.start_again()
        work.session.get(Voucher, (town.merchant.id, voucher.id)).terms = {}
        with pytest.raises(ProgrammingError, match="permission denied"):
            work.session.flush()
        work.start_again()


def test_the_wallet_shows_each_voucher_in_its_place(world: World) -> None:
    town = a_town(world)
    used = world.collected(world.coupon(town.merchant, town.store), town.consumer)
    soon = world.collected(world.coupon(town.merchant, town.store, valid_until=date(2026, 7, 4)), town.consumer)
    waiting = world.collected(world.coupon(town.merchant, town.store, valid_from=date(2026, 7, 20)), town.consumer)
    world.redeemed(town.merchant, town.clerk, town.store, used)
    with world.work(Face.PERSON, person=town.consumer.id) as work:
        usable = queries.wallet(work, Stage.USABLE)
        assert [(one.id, one.stage, str(one.left)) for one in usable] == [
            (soon.id, Stage.USABLE, "今天到期，还剩 12 小时"),
            (waiting.id, Stage.WAITING, "7 月 31 日 到期"),
        ]
        assert [one.id for one in queries.wallet(work, Stage.USED)] == [used.id]
        mine, places = queries.wallet_voucher(work, used.id)
        assert mine.receipt is not None
        assert mine.receipt.store == "天河店"
        assert [place.name for place in places] == ["天河店"]
    world.clock.advance(days=1)
    with world.work(Face.PERSON, person=town.consumer.id) as work:
        assert queries.wallet_counts(work) == {Stage.USABLE: 1, Stage.USED: 1, Stage.EXPIRED: 1}
    with world.work(Face.PERSON, person=world.person().id) as work, pytest.raises(NotFound):
        queries.wallet_voucher(work, used.id)


def test_a_closed_store_redeems_nothing(world: World) -> None:
    town = a_town(world)
    voucher = world.collected(world.coupon(town.merchant, town.store, town.other), town.consumer)
    with world.work(Face.OFFICE, merchant=town.merchant.id) as work:
        editing.close(work, town.store.id)
    with pytest.raises(NotFound), world.at_counter(town.merchant, town.clerk) as work:
        actions.redeem(work, code=voucher.digits, store_id=town.store.id)
    assert world.redeemed(town.merchant, town.owner, town.other, voucher)


def test_who_covers_one_store_reads_no_other_by_naming_it(world: World) -> None:
    town = a_town(world)
    voucher = world.collected(world.coupon(town.merchant, town.other), town.consumer)
    world.redeemed(town.merchant, town.owner, town.other, voucher)
    with world.at_counter(town.merchant, town.owner, role=Role.MANAGER) as work:
        reach = Scope(Face.OFFICE, merchant_id=town.merchant.id, store_ids=frozenset({town.store.id}))
        work.enter(reach, work.actor, work.permissions)
        for asked in (None, town.store.id, town.other.id):
            assert queries.redemptions(work, store_id=asked, since=None, until=None) == []
            assert queries.totals(work, store_id=asked, since=None, until=None).redeemed == 0
