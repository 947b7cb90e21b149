"""What the database itself refuses, whoever asks: changing what is written, moves that are not listed, others' rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import select

from portal.domain.ledger import queries
from portal.domain.ledger.models import LedgerBalance, LedgerEntry, LedgerKind, LedgerTransfer
from portal.domain.ledger.queries import EntryFilter
from portal.domain.ledger.values import HOUSE, MOVES, AccountKind, AccountRef
from portal.domain.tenants.values import Kind
from portal.jobs.timetable import close_days
from portal.kernel.clock import FixedClock
from portal.kernel.scope import Face, OutOfScope
from portal.localdb.bootstrap import FACES, connect
from portal.localdb.server import LocalPostgres
from tests.factories.world import World

WRITTEN_ONCE = ("ledger_journals", "ledger_transfers", "ledger_entries", "ledger_seals", "ledger_days")
ACTS = ("UPDATE {} SET day = day", "DELETE FROM {}", "TRUNCATE {} CASCADE")
DENIED = psycopg.errors.InsufficientPrivilege


@pytest.fixture
def as_role(postgres: LocalPostgres, database: str) -> Iterator[Callable[..., psycopg.Connection]]:
    opened: list[psycopg.Connection] = []

    def _as_role(role: str) -> psycopg.Connection:
        login = role if role in ("portal_owner", "portal_web") else "portal_web"
        address = postgres.url(db=database) if role == "superuser" else postgres.url(login, database)
        opened.append(connect(address))
        if role.startswith("face_"):
            opened[-1].execute(f"SET ROLE {role}")
        return opened[-1]

    yield _as_role
    for one in opened:
        one.close()


@pytest.fixture
def closed(world: World, clock: FixedClock) -> World:
    world.earned(uuid4(), 3200, margin=1390)
    clock.advance(days=1)
    close_days(world.services)
    return world


@pytest.mark.parametrize("table", WRITTEN_ONCE)
@pytest.mark.parametrize("role", [*FACES, "portal_web", "portal_owner", "superuser"])
def test_what_is_written_once_is_refused_to_everybody(closed: World, as_role: Callable, table: str, role: str) -> None:
    connection = as_role(role)
    for act in ACTS:
        with pytest.raises(DENIED) as refused:
            connection.execute(act.format(table))
        if role in ("portal_owner", "superuser"):
            assert "written once" in str(refused.value)


def test_control_without_the_triggers_the_owner_deletes(closed: World, as_role: Callable) -> None:
    admin = as_role("superuser")
    admin.execute("ALTER TABLE ledger_entries DISABLE TRIGGER written_once")
    assert admin.execute("DELETE FROM ledger_entries").rowcount == 6


@pytest.mark.parametrize("face", [face for face in FACES if face != "face_ledger"])
def test_only_the_ledgers_face_adds_rows(closed: World, as_role: Callable, face: str) -> None:
    connection = as_role(face)
    for table in (*WRITTEN_ONCE, "ledger_accounts", "ledger_balances", "ledger_holds", "ledger_reversals"):
        with pytest.raises(DENIED):
            connection.execute(f"INSERT INTO {table} DEFAULT VALUES")
    for table in ("ledger_balances", "ledger_holds", "ledger_snapshots"):
        with pytest.raises(DENIED):
            connection.execute(f"DELETE FROM {table}")
    with pytest.raises(DENIED):
        connection.execute("UPDATE ledger_balances SET balance = 1000000")


def test_the_ledgers_face_deletes_nothing(closed: World, as_role: Callable) -> None:
    connection = as_role("face_ledger")
    for table in ("ledger_accounts", "ledger_balances", "ledger_holds", "ledger_reversals", "ledger_snapshots"):
        with pytest.raises(DENIED):
            connection.execute(f"DELETE FROM {table}")


COPY = """
INSERT INTO ledger_transfers (id, day, journal_id, kind, asset, debit_owner_id, debit_account_id, debit_kind,
                              credit_owner_id, credit_account_id, credit_kind, amount)
SELECT gen_random_uuid(), day, journal_id, %s, asset, {}, amount FROM ledger_transfers WHERE kind = 'settle_now'
"""
FORTH = "debit_owner_id, debit_account_id, debit_kind, credit_owner_id, credit_account_id, credit_kind"
BACK = "credit_owner_id, credit_account_id, credit_kind, debit_owner_id, debit_account_id, debit_kind"


@pytest.mark.parametrize(
    ("kind", "sides"),
    [("gift", FORTH), ("margin", FORTH), ("settle_now", BACK), ("settle_now_reversed", BACK)],
    ids=["unknown", "between other kinds", "the wrong way round", "a reversal of nothing"],
)
def test_a_move_that_is_not_listed_cannot_be_written_down(
    closed: World, as_role: Callable, kind: str, sides: str
) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="listed"):
        as_role("superuser").execute(COPY.format(sides), (kind,))


def test_a_transfer_cannot_call_an_account_something_else(closed: World, as_role: Callable) -> None:
    lying = FORTH.replace("credit_kind", "'revenue'")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        as_role("superuser").execute(COPY.format(lying), ("margin",))


def test_the_list_in_the_database_is_the_list_in_the_code(world: World) -> None:
    with world.work(Face.PLATFORM) as work:
        rows = work.session.execute(select(LedgerKind)).scalars().all()
    listed = {(row.kind, row.debit_kind, row.credit_kind, row.asset, row.reverses) for row in rows}
    assert listed == {
        (kind.value, move.debit.value, move.credit.value, move.asset.value, move.reverses and move.reverses.value)
        for kind, move in MOVES.items()
    }


def test_an_office_reads_its_own_side_only(world: World) -> None:
    here, there = world.merchant(Kind.SUPPLIER), world.merchant(Kind.SUPPLIER)
    world.earned(here.id, 3200, margin=1390)
    world.earned(there.id, 500)
    with world.work(Face.OFFICE, merchant=here.id) as work:
        assert [row.balance for row in work.session.execute(select(LedgerBalance)).scalars()] == [3200]
        assert [row.amount for row in work.session.execute(select(LedgerEntry)).scalars()] == [3200]
        assert [line.amount for line in queries.own_entries(work, EntryFilter(), most=9)] == [3200]
        other = EntryFilter(account_id=AccountRef(AccountKind.AVAILABLE, there.id).id, owner_id=there.id)
        assert queries.own_entries(work, other, most=9) == ()
        assert queries.holdings(work) == {AccountKind.AVAILABLE: 3200}
        with pytest.raises(OutOfScope):
            work.session.execute(select(LedgerTransfer))


def test_row_security_says_the_same_below_the_application(world: World, as_role: Callable) -> None:
    here, there = world.merchant(Kind.SUPPLIER), world.merchant(Kind.SUPPLIER)
    world.earned(here.id, 3200)
    world.earned(there.id, 500)
    office = as_role("face_office")
    office.execute(f"SET app.merchant = '{here.id}'")
    for table in ("ledger_accounts", "ledger_balances", "ledger_entries"):
        assert office.execute(f"SELECT DISTINCT owner_id FROM {table}").fetchall() == [(here.id,)]
    office.execute(f"SET app.merchant = '{HOUSE}'")  # what no office can ask for: there is no such merchant
    for table in ("ledger_transfers", "ledger_journals", "ledger_reversals"):
        with pytest.raises(DENIED):
            office.execute(f"SELECT * FROM {table}")
