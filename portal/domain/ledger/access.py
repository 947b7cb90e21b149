"""The ways to the ledger's rows: its own face for a moment, one journal, one transfer, one hold.

These serve the features above, which know whose row they ask for; pages read through `queries`, each with its own face.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

import psycopg
from psycopg.errors import CheckViolation
from sqlalchemy.exc import DBAPIError

from portal.domain.ledger.errors import HoldSpent, Insufficient, NothingLeft
from portal.domain.ledger.values import (
    AccountKind,
    AccountRef,
    Asset,
    Business,
    Hold,
    Journal,
    JournalKind,
    Posted,
    Transfer,
    TransferKind,
)
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face
from portal.kernel.work import Work

REFUSALS: dict[str, type[Insufficient | NothingLeft | HoldSpent]] = {
    "ck_ledger_balances_not_below_zero": Insufficient,
    "ck_ledger_reversals_not_more_than_moved": NothingLeft,
    "ck_ledger_holds_not_more_than_held": HoldSpent,
}
JOURNAL_BY_KEY = """
SELECT id, kind, fingerprint, business_type, business_id, at, day FROM ledger_journals WHERE key = %s
"""
_TRANSFER = """
SELECT t.id, t.kind, t.asset, t.debit_kind, t.debit_owner_id, d.subject_id, t.credit_kind, t.credit_owner_id,
       c.subject_id, t.amount, t.reverses_id, t.line_id
FROM ledger_transfers t
JOIN ledger_accounts d ON d.owner_id = t.debit_owner_id AND d.id = t.debit_account_id
JOIN ledger_accounts c ON c.owner_id = t.credit_owner_id AND c.id = t.credit_account_id
"""
TRANSFER = f"{_TRANSFER} WHERE t.id = %s"
TRANSFERS_OF = f"{_TRANSFER} WHERE t.journal_id = %s ORDER BY t.id"
SPOIL = "DO $$ BEGIN RAISE EXCEPTION 'a posting was broken off'; END $$"
BALANCE = "SELECT balance FROM ledger_balances WHERE owner_id = %s AND account_id = %s"
LOCK_BALANCE = f"{BALANCE} FOR UPDATE"
HOLD = """
SELECT h.id, a.kind, a.owner_id, a.asset, a.subject_id, h.amount, h.taken, h.released
FROM ledger_holds h JOIN ledger_accounts a ON a.owner_id = h.owner_id AND a.id = h.account_id
WHERE h.owner_id = %s AND h.id = %s
"""


@contextmanager
def as_ledger(work: Work) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A pipeline with the ledger's role; what the database refuses comes back as the house's refusal."""
    driver: Any = work.session.connection().connection.driver_connection
    first: psycopg.Error | None = None  # what follows it is only that the pipeline is broken
    try:
        with driver.pipeline():
            try:
                driver.execute(f"SET LOCAL ROLE {Face.LEDGER.role}")
                yield driver
                driver.execute(f"SET LOCAL ROLE {work.scope.face.role}")
            except psycopg.Error as error:
                first = error
            except BaseException:
                driver.execute(SPOIL)  # nobody goes on with this face, or commits the half of something
                raise
    except psycopg.Error as error:
        raise _refused(first or error) from error
    if first is not None:
        raise _refused(first) from first


def spoil(work: Work) -> None:
    """Make the transaction fail, so that a half-written posting can never be committed, whoever caught the error."""
    driver: Any = work.session.connection().connection.driver_connection
    with suppress(psycopg.Error):
        driver.execute(SPOIL)


def _refused(error: psycopg.Error) -> Exception:
    """The house's refusal for a check that spoke, else what SQLAlchemy would have raised."""
    refusal = REFUSALS.get(error.diag.constraint_name or "") if isinstance(error, CheckViolation) else None
    return refusal() if refusal else DBAPIError.instance(None, None, error, psycopg.Error)


def access_journal_by_key(work: Work, key: str) -> tuple[Journal, bytes]:
    """The journal with this key and the digest of what it was asked for. Raises NotFound."""
    with as_ledger(work) as driver:
        row = driver.execute(JOURNAL_BY_KEY, (key,)).fetchone()
        rows = driver.execute(TRANSFERS_OF, (row[0],)).fetchall() if row else []
    if row is None:
        raise NotFound
    journal_id, kind, known, type_, id_, at, day = row
    posted = tuple(Posted(one[0], _transfer(one[1:])) for one in rows)
    return Journal(journal_id, JournalKind(kind), key, Business(type_, id_), at, day, posted), bytes(known)


def access_transfer(work: Work, transfer_id: UUID) -> Transfer:
    """A transfer as it was written. Raises NotFound."""
    with as_ledger(work) as driver:
        row = driver.execute(TRANSFER, (transfer_id,)).fetchone()
    if row is None:
        raise NotFound
    return _transfer(row[1:])


def access_hold(work: Work, owner_id: UUID, hold_id: UUID) -> Hold:
    """A hold as it stands. Raises NotFound."""
    with as_ledger(work) as driver:
        row = driver.execute(HOLD, (owner_id, hold_id)).fetchone()
    if row is None:
        raise NotFound
    id_, kind, owner, asset, subject, *figures = row
    return Hold(id_, AccountRef(AccountKind(kind), owner, Asset(asset), subject), *figures)


def access_balance(work: Work, ref: AccountRef, *, lock: bool = False) -> int:
    """What a guarded account has, nothing before it is opened; with `lock` nobody changes it while this Work lasts."""
    with as_ledger(work) as driver:
        row = driver.execute(LOCK_BALANCE if lock else BALANCE, (ref.owner_id, ref.id)).fetchone()
    return int(row[0]) if row else 0


def _transfer(row: tuple[Any, ...]) -> Transfer:
    kind, asset, debit, credit, (amount, reverses, line) = row[0], Asset(row[1]), row[2:5], row[5:8], row[8:11]
    sides = [AccountRef(AccountKind(side[0]), side[1], asset, side[2]) for side in (debit, credit)]
    return Transfer(TransferKind(kind), sides[0], sides[1], amount, reverses, line)
