"""Everything at once at one table: a phone pays, a friend orders, the staff merges, moves, clears and gives up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from portal.domain.bills import actions
from portal.domain.bills.values import BillState
from portal.domain.ledger import actions as ledger
from portal.domain.ledger import queries as books
from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef
from portal.domain.tabs import actions as tabs
from portal.domain.tabs.values import Wanted
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face
from portal.kernel.storms import weather
from tests.factories.world import World
from tests.races.gates import outcomes, together

ROUNDS = 3


def test_pay_order_merge_move_clear_and_give_up_at_once(wide: World) -> None:
    for _again in range(ROUNDS):
        everything_at_once(wide)
    with wide.work(Face.JOB) as work:
        assert ledger.prove(work).differences == 0


def everything_at_once(world: World) -> None:
    place = world.restaurant(3)
    beef, (here, there, free) = world.dish(place.menu), place.tables
    one, other = world.joins(here), world.joins(there)
    world.sends(one, beef)
    bill = world.bill(one)
    callback = world.paid_fact(world.at_cashier(one, world.asks_to_pay(one, bill)), 48_00)
    table, till = partial(world.at_table, one), partial(world.at_till, one.merchant_id)

    def does(where: Callable[[], AbstractContextManager[Any]], act: Callable[[Any], object]) -> object:
        def once() -> None:
            with where() as work:
                act(work)

        return weather(once)

    def orders(work: Any) -> None:
        tabs.add(work, one.sitting_id, Wanted(beef, {}))
        tabs.place(work, one.sitting_id)

    acts: list[Callable[[], object]] = [
        lambda: weather(lambda: world.told(callback)),
        lambda: does(table, orders),
        lambda: does(till, lambda work: tabs.merge(work, one.sitting_id, other.sitting_id)),
        lambda: does(till, lambda work: tabs.move_tables(work, one.sitting_id, [free.id])),
        lambda: does(till, lambda work: actions.clear(work, one.sitting_id)),
        lambda: does(table, lambda work: actions.give_up(work, bill)),
    ]
    _won, refused = outcomes(together(acts))
    assert all(isinstance(no, Refusal) for no in refused), refused
    assert world.bill_now(one.merchant_id, bill).state in (BillState.PAID, BillState.VOID)
    with world.work(Face.LEDGER) as work:
        assert books.balance(work, AccountRef(AccountKind.ESCROW, HOUSE, subject_id=bill)) == 0
    seen = [world.tab_seen(one.merchant_id, joined.sitting_id) for joined in (one, other)]
    for tab in seen:
        owed = sum(line.due_fen for line in tab.lines if line.counts and line.bill_id is None)
        assert not (tab.closed_at and owed), "nobody clears a table that owes"
    ids = [line.id for tab in seen for line in tab.lines]
    assert len(ids) == len(set(ids)) >= 1
