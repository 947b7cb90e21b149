"""Twenty withdrawals of one balance, a refund beside them, two approvers, approval against taking back, two workers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from portal.domain.ledger import actions as ledger
from portal.domain.ledger.access import access_balance
from portal.domain.ledger.errors import Insufficient
from portal.domain.ledger.queries import balance
from portal.domain.ledger.values import AccountKind, AccountRef, Business, JournalKind, Transfer, TransferKind
from portal.domain.payouts import actions, errors, transfers
from portal.domain.payouts.actions import asking, deciding
from portal.domain.payouts.values import AttemptState, StepKind, WithdrawalState
from portal.domain.sandbox.values import TransferPlan
from portal.jobs import payouts as jobs
from portal.kernel.database import new_id
from portal.kernel.permissions import Role
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from portal.localdb.bootstrap import connect
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World
from tests.races.gates import gate_at, outcomes, together

MANY = 20
ALL = 1_000_000
ASKED, DECIDED = "payouts.ask.checked", "payouts.decide.checked"
S = WithdrawalState
Earner = tuple[MadeMerchant, MadePerson]


@pytest.fixture
def earner(wide: World) -> Earner:
    return wide.earner(ALL)


def balances(world: World, merchant: MadeMerchant) -> tuple[int, int]:
    """Available and frozen; the books are proved."""
    with world.work(Face.JOB) as work:
        proof = ledger.prove(work)
    with world.work(Face.PLATFORM) as work:
        kinds = (AccountKind.AVAILABLE, AccountKind.FROZEN)
        found = [balance(work, AccountRef(kind, merchant.id)) for kind in kinds]
    assert proof.differences == 0, proof.findings
    return found[0], found[1]


def race(world: World, earner: Earner, admin_url: str, *, at_gate: int) -> tuple[list[Any], list[BaseException]]:
    with gate_at(ASKED, admin_url) as gate:
        running = together([lambda: world.withdrawal(*earner, ALL)] * MANY)
        seen = gate.wait_for(at_gate, MANY - at_gate)
        gate.open()
        result = outcomes(running)
    assert seen == (at_gate, MANY - at_gate), f"at the gate and at the row: {seen}"
    return result


def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The balance is read without its lock."""
    monkeypatch.setattr(asking, "access_balance", lambda work, ref, **_more: access_balance(work, ref))


def test_twenty_withdrawals_of_all_there_is(wide: World, earner: Earner, admin_url: str) -> None:
    done, raised = race(wide, earner, admin_url, at_gate=1)
    assert len(done) == 1
    assert {type(one) for one in raised} == {errors.NotThatMuch}
    assert balances(wide, earner[0]) == (0, ALL)


def test_control_without_the_lock_the_ledger_still_holds(
    wide: World, earner: Earner, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlocked(monkeypatch)
    done, raised = race(wide, earner, admin_url, at_gate=MANY)
    print(f"control without lock: {len(done)} asked, {len(raised)} refused by the ledger")
    assert len(done) == 1
    assert {type(one) for one in raised} == {Insufficient}
    assert balances(wide, earner[0]) == (0, ALL)


def test_control_without_lock_and_guard_money_is_made(
    wide: World, earner: Earner, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlocked(monkeypatch)
    with connect(admin_url) as admin:
        admin.execute("ALTER TABLE ledger_balances DROP CONSTRAINT ck_ledger_balances_not_below_zero")
    done, _raised = race(wide, earner, admin_url, at_gate=MANY)
    with wide.work(Face.PLATFORM) as work:
        left = balance(work, AccountRef(AccountKind.AVAILABLE, earner[0].id))
    print(f"control without lock and guard: {len(done)} of {MANY} asked, {left} fen available")
    assert len(done) > 1
    assert left < 0


def test_withdrawals_beside_refunds_and_debts_never_go_below_zero(wide: World, earner: Earner) -> None:
    merchant, owner = earner
    mine = AccountRef(AccountKind.AVAILABLE, merchant.id)
    escrow, journal = wide.captured(ALL)
    settled = wide.posted(
        JournalKind.SETTLEMENT, "s", journal.business, Transfer(TransferKind.SETTLE_NOW, escrow, mine, ALL)
    )
    wide.owing(merchant.id, 150_000)

    def refund() -> None:
        business = Business("order", new_id())
        with wide.work(Face.JOB) as work:
            ledger.reverse(
                work, transfer_id=settled.transfers[0].id, amount=300_000, key=f"r/{business.id}", business=business
            )

    acts = [lambda: wide.withdrawal(merchant, owner, 450_000)] * 10 + [refund] * 10
    done, raised = outcomes(together(acts))
    asked = [one for one in done if isinstance(one, UUID)]
    refunds = len(done) - len(asked)
    available, frozen = balances(wide, merchant)
    print(f"{len(asked)} withdrawals, {refunds} refunds, {available} fen left, {len(raised)} refused")
    assert all(isinstance(one, Refusal) for one in raised), raised
    assert 1 <= len(asked) <= 3
    assert frozen == 450_000 * len(asked)
    assert 0 <= available == 2 * ALL - frozen - 300_000 * refunds - 150_000


def approve(world: World, operator: MadePerson, one: UUID) -> WithdrawalState:
    return world.approved(one, operator)


def held_at(world: World, admin_url: str, acts: list[Any]) -> tuple[list[Any], list[BaseException]]:
    """All acts at the same moment, one of them past the lock."""
    with gate_at(DECIDED, admin_url) as gate:
        running = together(acts)
        seen = gate.wait_for(1, len(acts) - 1)
        gate.open()
        result = outcomes(running)
    assert seen == (1, len(acts) - 1), seen
    return result


def test_approvers_at_once(wide: World, earner: Earner, admin_url: str) -> None:
    operators = [wide.operator(Role.PLATFORM_FINANCE) for _ in range(6)]
    one = wide.withdrawal(*earner, 500_000)
    done, raised = held_at(wide, admin_url, [lambda who=who: approve(wide, who, one) for who in operators])
    assert done == [S.APPROVED]
    assert {type(error) for error in raised} == {errors.Moved}
    assert [step.kind for step in wide.stands(one).steps] == [StepKind.ASKED, StepKind.APPROVED]


def test_the_same_person_at_once_is_one_person(wide: World, admin_url: str) -> None:
    merchant, owner = wide.earner(10_000_000)
    boss = wide.operator()
    one = wide.withdrawal(merchant, owner, 6_000_000)
    done, raised = held_at(wide, admin_url, [lambda: approve(wide, boss, one)] * 6)
    assert done == [S.HALF]
    assert {type(error) for error in raised} == {errors.AnotherPerson}


def take_back(world: World, earner: Earner, one: UUID) -> str:
    with world.work(Face.OFFICE, merchant=earner[0].id, person=earner[1].id, kind=ActorKind.STAFF) as work:
        actions.take_back(work, one)
    return "back"


def test_approval_against_taking_back(wide: World, earner: Earner, admin_url: str) -> None:
    boss = wide.operator()
    one = wide.withdrawal(*earner, 500_000)
    acts = [lambda: approve(wide, boss, one), lambda: take_back(wide, earner, one)]
    done, raised = held_at(wide, admin_url, acts)
    assert len(done) == len(raised) == 1
    frozen = 500_000 if done == [S.APPROVED] else 0
    assert balances(wide, earner[0]) == (ALL - frozen, frozen)


def test_control_without_the_lock_both_would_have_their_way(
    wide: World, earner: Earner, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = wide.operator()
    one = wide.withdrawal(*earner, 500_000)
    real = deciding.access_withdrawal
    for module in (deciding, asking):
        monkeypatch.setattr(module, "access_withdrawal", lambda work, id_, **_more: real(work, id_))
    with gate_at(DECIDED, admin_url) as gate:
        running = together([lambda: approve(wide, boss, one), lambda: take_back(wide, earner, one)])
        assert gate.wait_for(2, 0) == (2, 0)
        gate.open()
        done, _raised = outcomes(running)
    assert len(done) == 2


def test_two_workers_order_once(wide: World, earner: Earner) -> None:
    wide.bank_plan(TransferPlan.PAID)
    one = wide.withdrawal(*earner, 500_000)
    wide.approved(one, wide.operator())
    _done, raised = outcomes(together([lambda: jobs.order(wide.services, withdrawal=str(one))] * 5))
    assert raised == []
    jobs.ask_bank(wide.services)
    seen = wide.stands(one)
    assert [(try_.nth, try_.state) for try_ in seen.attempts] == [(1, AttemptState.PAID)]
    assert balances(wide, earner[0]) == (500_000, 0)
    with wide.work(Face.PLATFORM) as work:
        assert balance(work, transfers.BANK) == 499_500
