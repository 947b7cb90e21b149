"""Twenty at once: one balance is withdrawn once, a transfer is undone once, opposite orders do not stop each other."""

from __future__ import annotations

from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest

from portal.domain.ledger import actions, queries
from portal.domain.ledger.actions import posting
from portal.domain.ledger.errors import Insufficient, NothingLeft
from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef, Business, JournalKind, Transfer, TransferKind
from portal.kernel.scope import Face
from portal.kernel.storms import weather
from portal.localdb.bootstrap import connect
from tests.factories.world import World
from tests.races.gates import outcomes, together

MANY = 20


def at_once(world: World, act: Any) -> tuple[list[Any], list[BaseException]]:
    """`act(work, number)` in twenty transactions that begin together."""
    barrier = Barrier(MANY)

    def run(number: int) -> Any:
        def one() -> Any:
            with world.work(Face.JOB) as work:
                return act(work, number)

        barrier.wait()
        return weather(one)

    return outcomes(together([lambda number=number: run(number) for number in range(MANY)]))


def balance(world: World, ref: AccountRef) -> int:
    with world.work(Face.PLATFORM) as work:
        return queries.balance(work, ref)


def differences(world: World) -> int:
    with world.work(Face.JOB) as work:
        return actions.prove(work).differences


def withdraw(mine: AccountRef) -> Any:
    def act(work: Any, number: int) -> Any:
        business = Business("withdrawal", UUID(int=number))
        return actions.hold(work, account=mine, amount=1000, key=f"withdraw/{number}", business=business)

    return act


def test_of_twenty_withdrawals_of_one_balance_one_wins(wide: World) -> None:
    mine = wide.earned(uuid4(), 1500)
    won, refused = at_once(wide, withdraw(mine))
    assert len(won) == 1
    assert [type(one) for one in refused] == [Insufficient] * (MANY - 1)
    assert (balance(wide, mine), differences(wide)) == (500, 0)


def test_control_without_the_guard_several_win(wide: World, admin_url: str) -> None:
    """The race is real: without the check of the balance all twenty withdraw, and the proof sees it."""
    mine = wide.earned(uuid4(), 1500)
    with connect(admin_url) as admin:
        admin.execute("ALTER TABLE ledger_balances DROP CONSTRAINT ck_ledger_balances_not_below_zero")
    won, _refused = at_once(wide, withdraw(mine))
    assert len(won) == MANY
    assert differences(wide) > 0


def test_the_same_key_twenty_times_is_one_journal(wide: World) -> None:
    order = uuid4()
    escrow = AccountRef(AccountKind.ESCROW, HOUSE, subject_id=order)
    paid = Transfer(TransferKind.CAPTURE, AccountRef(AccountKind.CLEARING, HOUSE), escrow, 100)

    def capture(work: Any, _number: int) -> Any:
        business = Business("order", order)
        return actions.post(work, kind=JournalKind.CAPTURE, key=f"{order}", business=business, transfers=[paid])

    won, refused = at_once(wide, capture)
    assert refused == []
    assert len({one.id for one in won}) == 1
    assert sum(not one.is_repeat for one in won) == 1
    assert (balance(wide, escrow), differences(wide)) == (100, 0)


def test_of_twenty_refunds_of_sixty_out_of_a_hundred_one_wins(wide: World) -> None:
    escrow, journal = wide.captured(100)
    wide.captured(5000)  # money elsewhere does not help

    def undo(work: Any, number: int) -> Any:
        facts = {"transfer_id": journal.transfers[0].id, "business": journal.business}
        return actions.reverse(work, amount=60, key=f"undo/{number}", **facts)

    won, refused = at_once(wide, undo)
    assert len(won) == 1
    assert {type(one) for one in refused} == {NothingLeft}
    assert (balance(wide, escrow), differences(wide)) == (40, 0)


def opposite(wide: World) -> Any:
    here, there = wide.earned(uuid4(), 10_000), wide.earned(uuid4(), 10_000)

    def act(work: Any, number: int) -> Any:
        """Half of them name one merchant first, half the other."""
        pair = (here, there) if number % 2 else (there, here)
        fees = AccountRef(AccountKind.FEES, HOUSE)
        moves = [Transfer(TransferKind.WITHDRAWAL_FEE, one, fees, 1) for one in pair]
        business = Business("withdrawal", uuid4())
        return actions.post(work, kind=JournalKind.FEE, key=f"fee/{number}", business=business, transfers=moves)

    return act


def test_opposite_orders_do_not_stop_each_other(wide: World, admin_url: str) -> None:
    won, refused = at_once(wide, opposite(wide))
    assert refused == []
    assert len(won) == MANY
    assert (deadlocks(admin_url), differences(wide)) == (0, 0)


def test_control_in_the_order_of_the_caller_they_do(
    wide: World, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order matters: locked as they are named, with a pause between, the database has to break a deadlock."""

    def as_named(transfers: Any) -> dict[UUID, AccountRef]:
        return {ref.id: ref for one in transfers for ref in (one.debit, one.credit)}

    act = opposite(wide)
    monkeypatch.setattr(posting.rules, "accounts_of", as_named)
    slow = posting.sql.CHANGE_BALANCE.replace("balance + %s", "balance + %s + 0 * length(pg_sleep(0.05)::text)")
    monkeypatch.setattr(posting.sql, "CHANGE_BALANCE", slow)
    at_once(wide, act)
    assert deadlocks(admin_url) > 0


def deadlocks(admin_url: str) -> int:
    with connect(admin_url) as admin:
        admin.execute("SELECT pg_stat_force_next_flush()")
        row = admin.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetchone()
    assert row is not None
    return int(row[0])  # type: ignore[call-overload]
