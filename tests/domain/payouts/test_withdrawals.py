"""A withdrawal from asking to the bank's answer, each step with the money it moves."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.identity.models import Notification
from portal.domain.ledger import actions as ledger
from portal.domain.ledger.queries import balance
from portal.domain.ledger.values import AccountKind, AccountRef
from portal.domain.onboarding.actions import profiles
from portal.domain.payouts import actions, errors, queries, transfers
from portal.domain.payouts.values import AttemptState, Hint, StepKind, WithdrawalState
from portal.domain.sandbox.values import TransferPlan
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World

S = WithdrawalState


def held(world: World, merchant: MadeMerchant) -> dict[str, int]:
    """Balances of the merchant and of the house, as far as they are not nought; the ledger proves itself."""
    with world.work(Face.JOB) as work:
        assert ledger.prove(work).differences == 0
    with world.work(Face.PLATFORM) as work:
        kinds = (AccountKind.AVAILABLE, AccountKind.FROZEN, AccountKind.RECEIVABLE)
        own = {kind.value: balance(work, AccountRef(kind, merchant.id)) for kind in kinds}
        house = {"payout": transfers.PAYOUT, "bank": transfers.BANK, "fees": transfers.FEES}
        own |= {name: balance(work, ref) for name, ref in house.items()}
    return {name: amount for name, amount in own.items() if amount}


def test_paid(world: World) -> None:
    merchant, owner = world.earner(1_000_000)
    boss = world.operator(Role.PLATFORM_FINANCE)
    world.bank_plan(TransferPlan.PAID)
    one = world.withdrawal(merchant, owner, 800_000)
    assert held(world, merchant) == {"available": 200_000, "frozen": 800_000}
    assert world.approved(one, boss) is S.APPROVED
    world.run_jobs()
    assert held(world, merchant) == {"available": 200_000, "bank": 799_200, "fees": 800}
    seen = world.stands(one)
    assert [step.kind for step in seen.steps] == [StepKind.ASKED, StepKind.APPROVED, StepKind.ORDERED, StepKind.PAID]
    assert [(one.nth, one.state) for one in seen.attempts] == [(1, AttemptState.PAID)]
    assert (seen.line.bank_last4, seen.line.state) == ("6789", S.PAID)


@pytest.mark.parametrize("plan", [TransferPlan.RETURNED, TransferPlan.REFUSED])
def test_sent_back_by_the_bank(world: World, plan: TransferPlan) -> None:
    merchant, owner = world.earner(1_000_000)
    world.bank_plan(plan)
    one = world.withdrawal(merchant, owner)
    world.approved(one, world.operator())
    world.run_jobs()
    assert held(world, merchant) == {"available": 1_000_000}
    seen = world.stands(one)
    assert seen.line.state is S.RETURNED
    assert seen.line.reason
    assert world.bank_asked() == 0


def test_sent_back_days_after_it_was_paid(world: World) -> None:
    merchant, owner = world.earner(1_000_000)
    world.bank_plan(TransferPlan.RETURNED_LATE)
    one = world.withdrawal(merchant, owner)
    world.approved(one, world.operator())
    world.run_jobs()
    assert world.stands(one).line.state is S.PAID
    world.clock.advance(days=1, minutes=1)
    assert world.bank_asked() == 1
    assert world.stands(one).line.state is S.PAID
    world.clock.advance(days=1, minutes=1)
    world.bank_asked()
    assert world.stands(one).line.state is S.RETURNED
    assert held(world, merchant) == {"available": 1_000_000}


def test_a_late_bank_and_a_lost_answer_are_asked_again_and_pay_once(world: World) -> None:
    for plan, between in ((TransferPlan.LATE, AttemptState.WAITING), (TransferPlan.SILENT, AttemptState.UNKNOWN)):
        merchant, owner = world.earner(1_000_000)
        world.bank_plan(plan)
        one = world.withdrawal(merchant, owner, 600_000)
        world.approved(one, world.operator())
        world.run_jobs()
        seen = world.stands(one)
        assert (seen.line.state, seen.attempts[0].state) == (S.ORDERED, between)
        world.clock.advance(minutes=11)
        world.bank_asked()
        assert world.stands(one).line.state is S.PAID
        assert held(world, merchant)["available"] == 400_000


def test_a_bank_that_never_heard_of_it_gets_the_same_order_again(world: World) -> None:
    merchant, owner = world.earner(1_000_000)
    world.bank_plan(TransferPlan.PAID)
    real = world.services.bank.send
    world.services.bank.send = lambda url, headers, body: (503, b"")
    one = world.withdrawal(merchant, owner)
    world.approved(one, world.operator())
    world.run_jobs()
    assert world.stands(one).attempts[0].state is AttemptState.UNKNOWN
    world.services.bank.send = real
    world.clock.advance(minutes=2)
    world.bank_asked()
    seen = world.stands(one)
    assert seen.line.state is S.PAID
    assert StepKind.UNKNOWN in [step.kind for step in seen.steps]


def test_a_lost_job_is_found_by_the_timetable(world: World) -> None:
    merchant, owner = world.earner(1_000_000)
    world.bank_plan(TransferPlan.PAID)
    one = world.withdrawal(merchant, owner)
    world.approved(one, world.operator())
    assert world.bank_asked() == 1
    assert world.stands(one).line.state is S.PAID
    world.run_jobs()
    assert held(world, merchant)["available"] == 500_000


def test_large_ones_need_two_persons(world: World) -> None:
    merchant, owner = world.earner(10_000_000)
    first, second = world.operator(Role.PLATFORM_FINANCE), world.operator()
    one = world.withdrawal(merchant, owner, 6_000_000)
    assert world.approved(one, first) is S.HALF
    with pytest.raises(errors.AnotherPerson):
        world.approved(one, first)
    assert world.approved(one, second) is S.APPROVED
    with pytest.raises(errors.Moved):
        world.approved(one, second)


def test_nobody_approves_his_own(world: World) -> None:
    merchant, owner = world.earner(1_000_000)
    world.operator(person=owner)
    one = world.withdrawal(merchant, owner)
    with pytest.raises(errors.OwnWithdrawal):
        world.approved(one, owner)


def test_refused_and_taken_back(world: World) -> None:
    merchant, owner = world.earner(1_000_000)
    boss = world.operator()
    first, second = (world.withdrawal(merchant, owner, 300_000) for _ in range(2))
    with world.work(Face.PLATFORM, person=boss.id, kind=ActorKind.PLATFORM) as work:
        actions.refuse(work, first, reason="户名与执照不符")
    for _ in range(2):
        with world.work(Face.OFFICE, merchant=merchant.id, person=owner.id, kind=ActorKind.STAFF) as work:
            actions.take_back(work, second)
    assert held(world, merchant) == {"available": 1_000_000}
    assert world.stands(first).line.reason == "户名与执照不符"
    with pytest.raises(errors.Moved):
        world.approved(second, boss)
    with pytest.raises(errors.Moved), world.work(Face.PLATFORM, person=boss.id, kind=ActorKind.PLATFORM) as work:
        actions.refuse(work, second, reason="晚了")


def test_what_is_owed_is_taken_first(world: World) -> None:
    merchant, owner = world.earner(500_000)
    world.owing(merchant.id, 120_000)
    with pytest.raises(errors.NotThatMuch):
        world.withdrawal(merchant, owner, 380_001)
    assert held(world, merchant)["receivable"] == -120_000
    world.withdrawal(merchant, owner, 380_000)
    assert held(world, merchant) == {"frozen": 380_000}


@pytest.mark.parametrize(
    ("amount", "refusal"),
    [(9_999, errors.TooLittle), (1_000_001, errors.NotThatMuch), (0, errors.TooLittle), (-5, errors.TooLittle)],
)
def test_amounts_that_are_refused(world: World, amount: int, refusal: type[Refusal]) -> None:
    merchant, owner = world.earner(1_000_000)
    with pytest.raises(refusal):
        world.withdrawal(merchant, owner, amount)
    assert held(world, merchant) == {"available": 1_000_000}


def test_the_fee_that_was_read_is_the_fee(world: World) -> None:
    merchant, owner = world.earner(1_000_000)
    with (
        pytest.raises(errors.FeeMoved),
        world.work(Face.OFFICE, merchant=merchant.id, person=owner.id, kind=ActorKind.STAFF) as work,
    ):
        actions.ask(work, amount_fen=500_000, fee_fen=1)


def test_only_so_many_a_day(world: World) -> None:
    merchant, owner = world.earner(1_000_000)
    for _ in range(3):
        last = world.withdrawal(merchant, owner, 100_000)
    with pytest.raises(errors.EnoughToday):
        world.withdrawal(merchant, owner, 100_000)
    with world.work(Face.OFFICE, merchant=merchant.id, person=owner.id, kind=ActorKind.STAFF) as work:
        actions.take_back(work, last)
    world.withdrawal(merchant, owner, 100_000)
    world.clock.advance(days=1)
    world.withdrawal(merchant, owner, 100_000)


def test_a_fresh_account_waits_and_an_old_withdrawal_does_not_go_to_another(world: World) -> None:
    merchant, owner = world.earner(1_000_000)
    boss = world.operator()
    early, late = (world.withdrawal(merchant, owner, 100_000) for _ in range(2))
    world.approved(late, boss)
    change = world.change(merchant, owner, bank_number="9999991111112222")
    reviewer = world.operator(Role.PLATFORM_REVIEWER)
    with world.work(Face.PLATFORM, person=reviewer.id, kind=ActorKind.PLATFORM) as work:
        profiles.approve(work, change)
    with pytest.raises(errors.AccountTooNew) as caught:
        world.withdrawal(merchant, owner, 100_000)
    assert "之后才能提现" in str(caught.value.sentence)
    with pytest.raises(errors.AccountMoved):
        world.approved(early, boss)
    world.bank_plan(TransferPlan.PAID)
    world.run_jobs()
    assert world.stands(late).line.state is S.REFUSED
    assert held(world, merchant) == {"available": 900_000, "frozen": 100_000}
    world.clock.advance(days=2, minutes=1)
    world.withdrawal(merchant, owner, 100_000)


def test_without_an_account_nothing_is_asked(world: World) -> None:
    merchant = world.merchant(Kind.SUPPLIER)
    owner = world.staff(merchant)
    world.earned(merchant.id, 500_000)
    with pytest.raises(errors.NoAccount):
        world.withdrawal(merchant, owner)


def test_hints_and_letters(world: World) -> None:
    merchant, owner = world.earner(5_000_000)
    boss = world.operator()
    world.bank_plan(TransferPlan.PAID)
    first = world.withdrawal(merchant, owner, 100_000)
    assert world.stands(first).line.hints == (Hint.NEW_ACCOUNT, Hint.FIRST)
    world.approved(first, boss)
    world.run_jobs()
    world.clock.advance(days=20)
    second = world.withdrawal(merchant, owner, 300_001)
    assert world.stands(second).line.hints == (Hint.ABOVE_AVERAGE,)
    with world.work(Face.JOB) as work:
        letter = work.session.scalars(select(Notification).where(Notification.person_id == owner.id)).one()
    assert letter.kind == "payout.paid"
    assert "999.00" in str(letter.words)
    assert letter.link == f"/supplier/{merchant.id}/withdrawals/{first}"


def test_another_merchant_sees_nothing(world: World) -> None:
    merchant, owner = world.earner(1_000_000)
    one = world.withdrawal(merchant, owner)
    other = world.merchant(Kind.SUPPLIER)
    with world.work(Face.OFFICE, merchant=other.id) as work:
        assert queries.own(work, queries.Asked(), after=None)[0] == ()
        with pytest.raises(NotFound):
            queries.own_one(work, one)
        with pytest.raises(NotFound):
            actions.take_back(work, one)


def test_many_at_once_leave_what_cannot_be(world: World) -> None:
    merchant, owner = world.earner(9_000_000)
    boss = world.operator()
    small, large = world.withdrawal(merchant, owner, 100_000), world.withdrawal(merchant, owner, 5_000_000)
    gone = world.withdrawal(merchant, owner, 100_000)
    with world.work(Face.OFFICE, merchant=merchant.id, person=owner.id, kind=ActorKind.STAFF) as work:
        actions.take_back(work, gone)
    with world.work(Face.PLATFORM, person=boss.id, kind=ActorKind.PLATFORM) as work:
        done = actions.approve_many(work, [small, large, gone, small])
    assert (done.approved, done.half, done.left) == (1, 1, 1)
