"""Payments at every stage for a town: to be paid, waiting at the cashier, paid with a refund that failed, a misfit."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from portal.domain.payments import actions
from portal.domain.payments.values import Order, Part, RefundOrder
from portal.domain.sandbox import actions as sandbox
from portal.domain.sandbox.models import SandboxTrade
from portal.domain.sandbox.values import ReturnPlan, TradePlan
from portal.kernel.database import new_id
from portal.kernel.scope import Face
from tests.factories.payments import HUNDRED
from tests.factories.world import World
from tests.walker.town import Town


def begin(world: World, town: Town) -> None:
    """What the consumer was asked to pay, and what came of it."""
    consumer, letter = town.actors["consumer"].person, town.letter
    assert consumer is not None
    gateway, subject = world.gateway(), new_id()
    world.payment(consumer)
    paid = world.paid(consumer, parts=(Part(subject, HUNDRED),))
    refund = world.given_back(paid, subject, 10_00)
    with world.work(Face.JOB) as work:
        actions.returned_late(work, refund, refused=True)
    waiting = world.attempt(consumer, world.payment(consumer))
    world.told(world.paid_fact(waiting, HUNDRED + 1))
    gateway.start(_order(world, waiting, f"{letter} 镇的订单"))
    _a_refund_there(world, f"{letter} 镇退货的订单")


def _order(world: World, attempt: UUID, title: str) -> Order:
    until = world.clock.now() + timedelta(minutes=30)
    base = world.services.addresses
    return Order(attempt.hex, HUNDRED, "CNY", title, until, base.notify("sandbox"), base.back(attempt))


def _a_refund_there(world: World, title: str) -> None:
    """A refund that the pretend provider still works on."""
    gateway, number = world.gateway(), new_id()
    with world.work(Face.PLATFORM, person=world.person().id) as work:
        sandbox.switch(work, trades=TradePlan.PAID, refunds=ReturnPlan.PENDING)
    url = gateway.start(_order(world, number, title)).url
    with world.work(Face.PROVIDER) as work:
        row = work.session.get(SandboxTrade, UUID(url.rpartition("/")[2]))
        assert row is not None
        sandbox.pay(work, row.id)
    gateway.refund(RefundOrder(new_id().hex, number.hex, 5_00, HUNDRED, "CNY", ""))
