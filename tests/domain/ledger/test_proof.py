"""`flask ledger proof` finds whatever does not follow from the entries, by name; and nothing in an honest ledger."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from click.testing import Result
from sqlalchemy import select

from portal.domain.ledger import actions
from portal.domain.ledger.models import LedgerProof
from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef, Business, Check
from portal.jobs.timetable import close_days, prove_ledger
from portal.kernel.clock import FixedClock
from portal.kernel.scope import Face
from portal.localdb.bootstrap import connect
from portal.localdb.server import LocalPostgres
from tests.factories.world import World

MERCHANT = uuid4()


@pytest.fixture
def tamper(postgres: LocalPostgres, database: str) -> Callable[..., None]:
    """A superuser who switches the triggers off."""

    def _tamper(statement: str, *facts: object) -> None:
        with connect(postgres.url(db=database)) as admin:
            admin.execute("SET session_replication_role = replica")
            assert admin.execute(statement, facts).rowcount == 1

    return _tamper


@pytest.fixture
def busy(world: World, clock: FixedClock) -> World:
    """A day of everything, closed; and a morning after it."""
    for _ in range(2):
        mine = world.earned(MERCHANT, 3200, margin=1390)
        _, journal = world.captured(100)
        withdrawal = Business("withdrawal", uuid4())
        with world.work(Face.JOB) as work:
            payment = journal.transfers[0].id
            actions.reverse(work, transfer_id=payment, amount=60, key=f"undo/{payment}", business=journal.business)
            held = actions.hold(work, account=mine, amount=800, key=f"{withdrawal.id}", business=withdrawal)
            facts = {"owner_id": MERCHANT, "hold_id": held.id, "business": withdrawal}
            payout = AccountRef(AccountKind.PAYOUT, HOUSE)
            actions.take(work, **facts, amount=500, to=payout, key=f"{withdrawal.id}/take")
            actions.release(work, **facts, amount=200, key=f"{withdrawal.id}/release")
        clock.advance(days=1)
    close_days(world.services)
    world.captured(42)
    return world


def proof(world: World) -> Result:
    return world.app.test_cli_runner().invoke(args=["ledger", "proof"])


def test_an_honest_ledger_has_no_difference(busy: World) -> None:
    result = proof(busy)
    assert result.exit_code == 0, result.output
    assert result.output.count(" ok") == len(Check)
    assert prove_ledger(busy.services) == 0
    with busy.work(Face.SHOP) as work:
        kept = work.session.execute(select(LedgerProof)).scalars().all()
    assert [one.differences for one in kept] == [0, 0]
    assert {row["check"]: row["looked_at"] for row in kept[0].checks}["days"] == 2


def test_an_empty_ledger_is_right(world: World) -> None:
    assert proof(world).exit_code == 0


AVAILABLE = str(AccountRef(AccountKind.AVAILABLE, MERCHANT).id)


def oldest(table: str, column: str = "id", of: str = "true") -> str:
    return f"{column} = (SELECT {column} FROM {table} WHERE {of} ORDER BY {column} LIMIT 1)"


MINE = "account_id = %s"
ENTRY = f"{MINE} AND {oldest('ledger_entries', 'transfer_id', MINE)}"
FORGERIES = {
    "balance": (f"UPDATE ledger_balances SET balance = balance + 1 WHERE {MINE}", AVAILABLE, "balances"),
    "entry": (f"UPDATE ledger_entries SET amount = amount + 1 WHERE {ENTRY}", AVAILABLE, "entries"),
    "entry removed": (f"DELETE FROM ledger_entries WHERE {ENTRY}", AVAILABLE, "entries"),
    "balance row removed": (f"DELETE FROM ledger_balances WHERE {MINE}", AVAILABLE, "balances"),
    "hold": (f"UPDATE ledger_holds SET taken = taken - 1 WHERE {oldest('ledger_holds')}", "", "holds"),
    "reversal": (
        f"UPDATE ledger_reversals SET reversed = 1 WHERE {oldest('ledger_reversals', 'transfer_id')}",
        "",
        "reversals",
    ),
    "snapshot": (
        f"UPDATE ledger_snapshots SET balance = 0 WHERE day = '2026-07-04' AND {MINE}",
        str(AccountRef(AccountKind.CLEARING, HOUSE).id),
        "snapshots",
    ),
    "account": ("UPDATE ledger_accounts SET owner_id = gen_random_uuid() WHERE id = %s", AVAILABLE, "accounts"),
    "transfer of a closed day": (
        f"UPDATE ledger_transfers SET line_id = gen_random_uuid() WHERE {oldest('ledger_transfers')}",
        "",
        "days",
    ),
    "time of a closed journal": (
        f"UPDATE ledger_journals SET at = at - interval '1 second' WHERE {oldest('ledger_journals')}",
        "",
        "days",
    ),
    "a published hash": ("UPDATE ledger_days SET chain = sha256('') WHERE day = '2026-07-04'", "", "days"),
    "the first day taken out": ("DELETE FROM ledger_days WHERE day = '2026-07-04'", "", "days"),
    "an empty journal": (
        f"UPDATE ledger_transfers SET journal_id = gen_random_uuid() WHERE {oldest('ledger_transfers')}",
        "",
        "journals",
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_is_named(busy: World, tamper: Callable[..., None], forgery: str) -> None:
    statement, account, check = FORGERIES[forgery]
    tamper(statement, *[account] * statement.count("%s"))
    result = proof(busy)
    assert result.exit_code == 1, result.output
    named = [line for line in result.output.splitlines() if line.startswith(f"{check}: ")]
    assert named, result.output
    if account:
        assert account in named[0]


def test_an_amount_changed_everywhere_still_breaks_the_chain(
    busy: World, postgres: LocalPostgres, database: str
) -> None:
    """Who changes transfer, entries and balance alike satisfies every sum, not the hash that was published."""
    with connect(postgres.url(db=database)) as admin:
        admin.execute("SET session_replication_role = replica")
        found = admin.execute(
            "SELECT id FROM ledger_transfers WHERE kind = 'settle_now' AND day = '2026-07-04'"
        ).fetchone()
        admin.execute("UPDATE ledger_transfers SET amount = amount + 5 WHERE id = %s", found)
        admin.execute("UPDATE ledger_entries SET amount = amount + 5 * sign(amount) WHERE transfer_id = %s", found)
        admin.execute("UPDATE ledger_balances SET balance = balance + 5 WHERE account_id = %s", (AVAILABLE,))
    result = proof(busy)
    assert result.exit_code == 1
    assert "days: day 2026-07-04" in result.output
    assert "days: chain 2026-07-04" in result.output
