"""An account that changes while an order to the bank is under way."""

from __future__ import annotations

from portal.adapters.bank.sandbox import SandboxBank
from portal.domain.onboarding.actions import profiles
from portal.domain.payouts.values import WithdrawalState
from portal.domain.sandbox.values import TransferPlan
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.domain.payouts.test_withdrawals import held
from tests.factories.world import World

S = WithdrawalState


def test_what_the_bank_never_heard_of_does_not_go_to_an_account_of_today(world: World) -> None:
    """Ordered while the bank cannot be reached, and the account changes before it can: nobody approved the new one."""
    merchant, owner = world.earner(1_000_000)
    world.bank_plan(TransferPlan.PAID)
    bank = world.services.bank
    assert isinstance(bank, SandboxBank)
    reached = bank.send

    def unreachable(*_args: object) -> tuple[int, bytes]:
        raise OSError("no route")

    bank.send = unreachable
    one = world.withdrawal(merchant, owner, 100_000)
    world.approved(one, world.operator())
    world.run_jobs()
    assert world.stands(one).line.state is S.ORDERED
    change = world.change(merchant, owner, bank_number="9999991111112222")
    reviewer = world.operator(Role.PLATFORM_REVIEWER)
    with world.work(Face.PLATFORM, person=reviewer.id, kind=ActorKind.PLATFORM) as work:
        profiles.approve(work, change)
    bank.send = reached
    world.clock.advance(minutes=10)
    world.bank_asked()
    assert world.stands(one).line.state is S.ORDERED, "it may still be on its way there"
    world.clock.advance(hours=3)
    world.bank_asked()
    assert world.stands(one).line.state is S.RETURNED
    assert held(world, merchant) == {"available": 1_000_000}
