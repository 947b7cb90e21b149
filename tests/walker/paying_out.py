"""Withdrawals for a town: one that waits at every merchant, one at the pretend bank; a proposal about money."""

from __future__ import annotations

from uuid import UUID

from portal.domain.payouts import actions
from portal.domain.payouts.queries import terms
from portal.domain.payouts.rules import fee_of
from portal.domain.reference.actions import terms as money
from portal.domain.reference.values import NEW_ACCOUNT_HOURS, WITHDRAWAL_FEE_RATE, WITHDRAWAL_LEAST
from portal.domain.sandbox.values import TransferPlan
from portal.domain.tenants.values import Kind
from portal.jobs import payouts as jobs
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World
from tests.walker.town import Town

ASKED = 120_00


def begin(world: World, town: Town) -> None:
    """Accounts are paid to at once in the towns, so that there is something to see."""
    first, second = world.person(), world.person()
    with world.work(Face.PLATFORM, person=first.id, kind=ActorKind.PLATFORM) as work:
        at_once = money.propose(work, NEW_ACCOUNT_HOURS.name, value=0, effective_at=None, note="演示")
    with world.work(Face.PLATFORM, person=second.id, kind=ActorKind.PLATFORM) as work:
        money.confirm(work, at_once)
        parameter = WITHDRAWAL_FEE_RATE if town.letter == "A" else WITHDRAWAL_LEAST
        money.propose(work, parameter.name, value=parameter.default + 1, effective_at=None, note=f"{town.letter} 镇")
    for merchant in town.merchants.values():
        world.earned(merchant.id, 5 * ASKED)
        _ask(world, town, merchant)
    sent = _ask(world, town, town.merchants[Kind.SUPPLIER])
    world.bank_plan(TransferPlan.PENDING)
    with world.work(Face.PLATFORM, person=first.id, kind=ActorKind.PLATFORM) as work:
        actions.approve(work, sent)
    jobs.order(world.services, withdrawal=str(sent))


def _ask(world: World, town: Town, merchant: MadeMerchant) -> UUID:
    owner = town.actors[f"{merchant.kind.value}.owner"].person
    assert owner is not None
    with world.work(Face.OFFICE, merchant=merchant.id, person=owner.id, kind=ActorKind.STAFF) as work:
        return actions.ask(work, amount_fen=ASKED, fee_fen=fee_of(ASKED, terms(work)))
