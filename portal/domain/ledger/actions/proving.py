"""The recount: every balance from the entries, every entry from its transfer, every closed day from its transfers.

Reads one moment of the whole ledger; PostgreSQL adds up, rows come in lots. Changes nothing but keeps the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from psycopg.types.json import Jsonb

from portal.domain.ledger import rules
from portal.domain.ledger.actions.closing import LOT, digest_of
from portal.domain.ledger.actions.recounts import ACCOUNTS, COUNTS, DAYS, RECOUNTS
from portal.domain.ledger.values import GUARDED, AccountKind, AccountRef, Asset, Check, Difference, Finding, Proof
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

MOST_NAMED = 20
KEEP = """
INSERT INTO ledger_proofs (id, began_at, ended_at, transfers, differences, checks) VALUES (%s, %s, %s, %s, %s, %s)
"""


def prove(work: Work) -> Proof:
    """Recount everything as it stands at one moment. Must be the first thing its Work does."""
    began_at = work.now()
    driver: Any = work.session.connection().connection.driver_connection
    driver.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    driver.execute("SET LOCAL statement_timeout = 0")
    with borrowed(work, Scope(Face.LEDGER)):
        counts = {check: driver.execute(question).fetchone()[0] for check, question in COUNTS.items()}
        findings = [_finding(check, counts[check], _by_sql(driver, check)) for check in RECOUNTS]
        findings.append(_finding(Check.ACCOUNTS, counts[Check.ACCOUNTS], _accounts(driver)))
        findings.append(_finding(Check.DAYS, counts[Check.DAYS], _days(driver)))
        findings.sort(key=lambda one: one.check)
    return Proof(began_at, work.now(), counts[Check.ZERO], tuple(findings))


def keep_proof(work: Work, proof: Proof) -> None:
    """Write down for the pages what a proof found: figures, no names."""
    checks = [
        {"check": one.check.value, "looked_at": one.looked_at, "differences": one.differences} for one in proof.findings
    ]
    facts = (new_id(), proof.began_at, proof.ended_at, proof.transfers, proof.differences, Jsonb(checks))
    with borrowed(work, Scope(Face.LEDGER)):
        driver: Any = work.session.connection().connection.driver_connection
        driver.execute(KEEP, facts)


def _finding(check: Check, looked_at: int, differences: Iterator[Difference]) -> Finding:
    count, first = 0, []
    for one in differences:
        count += 1
        if count <= MOST_NAMED:
            first.append(one)
    return Finding(check, looked_at, count, tuple(first))


def _by_sql(driver: Any, check: Check) -> Iterator[Difference]:
    for name, stands, recounted in _rows(driver, RECOUNTS[check], {"guarded": [kind.value for kind in GUARDED]}):
        yield Difference(name, str(stands), str(recounted))


def _accounts(driver: Any) -> Iterator[Difference]:
    """Accounts whose id does not follow from what they are, or that are guarded against their kind."""
    for owner_id, id_, kind, asset, subject_id, guarded in _rows(driver, ACCOUNTS, {}):
        ref = AccountRef(AccountKind(kind), owner_id, Asset(asset), subject_id)
        if ref.id != id_ or ref.is_guarded != guarded:
            yield Difference(f"{kind} {owner_id}/{id_}", f"{id_} {guarded}", f"{ref.id} {ref.is_guarded}")


def _days(driver: Any) -> Iterator[Difference]:
    """Closed days whose transfers, place in the chain or predecessor are not what was published."""
    before, expected = rules.GENESIS, None
    for day, transfers, sums, digest, chain in driver.execute(DAYS).fetchall():
        if expected is not None and day != expected:
            yield Difference(f"day {expected}", "missing", "closed")
        found = digest_of(driver, day)
        if found != (transfers, sums, digest):
            yield Difference(
                f"day {day}", f"{transfers} {sums} {digest[:16]}", f"{found[0]} {found[1]} {found[2][:16]}"
            )
        recounted = rules.chain(before, day, *found)
        if recounted != chain:
            yield Difference(f"chain {day}", chain[:16], recounted[:16])
        before, expected = chain, day + timedelta(days=1)


def _rows(driver: Any, question: str, facts: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    with driver.cursor(name="ledger_proof") as cursor:
        cursor.itersize = LOT
        yield from cursor.execute(question, facts)
