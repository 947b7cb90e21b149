"""One order settled many times at once; a late refund against its settlement and against another refund of the line."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.domain.ledger import actions as ledger
from portal.domain.ledger.errors import KeyTaken
from portal.domain.ledger.values import AccountKind
from portal.domain.settlement import actions
from portal.domain.settlement.actions import settling
from portal.domain.settlement.models import Settlement
from portal.domain.tenants.values import Kind
from portal.kernel.scope import Face
from tests.domain.settlement.town import LineOf, Sold, balance, complete, escrow, refund, sell, settle
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World
from tests.races.gates import gate_at, outcomes, together

MANY = 8
SETTLE, BACK = "settlement.settle.checked", "settlement.give_back.checked"


@pytest.fixture
def supplier(wide: World) -> MadeMerchant:
    """Whose the money is."""
    return wide.merchant(Kind.SUPPLIER, "松湖优选")


@pytest.fixture
def sold(wide: World, supplier: MadeMerchant) -> Sold:
    """Paid and received."""
    return sell(wide, wide.person(), supplier, [LineOf(2, 4590, 3200, 600), LineOf()])


def settle_once(world: World, sold: Sold) -> bool:
    """As the worker does it."""
    with world.work(Face.JOB) as work:
        return actions.settle(work, sold.merchant_id, sold.order_id)


def stands(world: World, sold: Sold) -> tuple[int, int, int]:
    """What the supplier has, what the platform kept, what still lies in the escrow; the ledger proves itself."""
    with world.work(Face.JOB) as work:
        assert ledger.prove(work).differences == 0
    kinds = (AccountKind.AVAILABLE, AccountKind.REVENUE)
    return balance(world, kinds[0], sold.merchant_id), balance(world, kinds[1]), escrow(world, sold)


def test_many_at_once_settle_one_order_once(wide: World, sold: Sold, admin_url: str) -> None:
    complete(wide, sold)
    with gate_at(SETTLE, admin_url) as gate:
        running = together([lambda: settle_once(wide, sold)] * MANY)
        seen = gate.wait_for(1, MANY - 1)
        gate.open()
        done, raised = outcomes(running)
    assert seen == (1, MANY - 1)
    assert (sorted(done), raised) == ([False] * (MANY - 1) + [True], [])
    assert stands(wide, sold) == (2 * 3200 + 600 + 3200, 2 * 1390 + 1390, 0)


def test_control_without_the_lock_the_keys_still_hold(
    wide: World, sold: Sold, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: all are in the window; the ledger's keys and the rows' let one of them through."""
    complete(wide, sold)

    def unlocked(work: Any, merchant_id: UUID, order_id: UUID) -> Settlement:
        query = select(Settlement).where(Settlement.merchant_id == merchant_id, Settlement.order_id == order_id)
        return work.session.scalars(query).one()

    monkeypatch.setattr(settling, "access_settlement", unlocked)
    with gate_at(SETTLE, admin_url) as gate:
        running = together([lambda: settle_once(wide, sold)] * MANY)
        seen = gate.wait_for(MANY, 0)
        gate.open()
        done, raised = outcomes(running)
    assert seen[0] == MANY, "nobody waited for a row"
    assert done == [True]
    assert all(isinstance(one, IntegrityError | KeyTaken) for one in raised)
    assert stands(wide, sold) == (2 * 3200 + 600 + 3200, 2 * 1390 + 1390, 0)


def test_a_refund_and_the_settlement_of_its_order(wide: World, sold: Sold, admin_url: str) -> None:
    """The refund holds the order; the settlement waits and hands out what is left."""
    complete(wide, sold)
    with gate_at(SETTLE, admin_url) as gate:
        running = together([lambda: settle_once(wide, sold)])
        gate.wait_for(1, 0)
        running += together([lambda: refund(wide, sold, goods_fen=4590)])
        gate.wait_for(1, 1)
        gate.open()
        _done, raised = outcomes(running)
    assert raised == []
    assert stands(wide, sold) == (3200 + 600 + 3200, 1390 + 1390, 0)


def test_two_late_refunds_of_one_line_never_take_more_than_was_paid(wide: World, sold: Sold, admin_url: str) -> None:
    settle(wide, sold)
    with gate_at(BACK, admin_url) as gate:
        running = together([lambda: refund(wide, sold, goods_fen=6000)] * 2)
        gate.wait_for(1, 1)
        gate.open()
        done, raised = outcomes(running)
    assert (len(done), len(raised)) == (1, 1)
    assert isinstance(raised[0], ValueError)
    due = 6400 - 6400 * 6000 // 9180 + 600 + 3200
    assert stands(wide, sold) == (due, 2 * 4590 + 600 + 4590 - 6000 - due, 0)
