"""What a posting costs beside its own statements, and whether many postings into one derived account wait for it.

Run as a program it is one client process of the second question: `python -m bench.ledger ADDRESS hot|spread SECONDS`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psutil
import psycopg
from sqlalchemy import Engine

from bench.installation import Installation
from bench.meter import cpu_seconds
from bench.report import Figure
from portal.domain.ledger import actions
from portal.domain.ledger.actions import statements as sql
from portal.domain.ledger.values import (
    HOUSE,
    AccountKind,
    AccountRef,
    Business,
    JournalKind,
    Transfer,
    TransferKind,
)
from portal.kernel.clock import SystemClock
from portal.kernel.database import make_engine, new_id
from portal.kernel.figures import SHANGHAI
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, open_work
from portal.settings import ROOT

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))
POSTINGS, WARM = 300, 60
PROCESSES, THREADS, SECONDS = 4, 8, 6.0
CLEARING, REVENUE = AccountRef(AccountKind.CLEARING, HOUSE), AccountRef(AccountKind.REVENUE, HOUSE)
SCOPE, ACTOR = Scope(Face.JOB), Actor(ActorKind.JOB)


def ledger(installation: Installation) -> dict[str, Figure]:
    """Both figures, and how long the proof of all that takes."""
    installation.database("bench_ledger")
    address = installation.environment("bench_ledger")["DATABASE_URL"]
    database = installation.server.pid()
    assert database is not None
    return {
        "ledger.post_vs_sql": _post_vs_sql(address, database),
        "ledger.hot_account": _hot_account(address),
        "ledger.proof": _proof(address),
    }


def _post_vs_sql(address: str, database: int) -> Figure:
    """CPU of client and server: a payment and its settlement by `post`, and by the same statements alone."""
    engine = make_engine(_dialect(address))
    merchant = AccountRef(AccountKind.AVAILABLE, uuid4())
    cost: dict[str, list[float]] = {"post": [], "sql": []}
    with psycopg.connect(_plain(address)) as raw:
        ways: dict[str, Callable[[], None]] = {
            "post": lambda: _by_post(engine, merchant),
            "sql": lambda: _by_sql(raw, merchant),
        }
        for way in ways.values():
            for _ in range(WARM):
                way()
        for number in range(ROUNDS):
            for name in ("post", "sql") if number % 2 else ("sql", "post"):
                before = time.process_time() + cpu_seconds([database])
                for _ in range(POSTINGS):
                    ways[name]()
                time.sleep(0.05)  # the kernel books the last tick
                cost[name].append((time.process_time() + cpu_seconds([database]) - before) / POSTINGS * 1000)
    engine.dispose()
    post, alone = statistics.median(cost["post"]), statistics.median(cost["sql"])
    note = f"{post:.2f} ms against {alone:.2f} ms of CPU for a payment and its settlement (3 transfers)"
    return Figure(post / alone, 3, "×", note)


def _by_post(engine: Engine, merchant: AccountRef) -> None:
    order, clock = new_id(), SystemClock()
    business, escrow = Business("order", order), AccountRef(AccountKind.ESCROW, HOUSE, subject_id=order)
    acts = (
        (JournalKind.CAPTURE, [Transfer(TransferKind.CAPTURE, CLEARING, escrow, 4590)]),
        (
            JournalKind.SETTLEMENT,
            [
                Transfer(TransferKind.SETTLE_NOW, escrow, merchant, 3200),
                Transfer(TransferKind.MARGIN, escrow, REVENUE, 1390),
            ],
        ),
    )
    for kind, transfers in acts:
        with open_work(engine, scope=SCOPE, actor=ACTOR, clock=clock) as work:
            actions.post(work, kind=kind, key=f"{kind}/{order}", business=business, transfers=transfers)


def _by_sql(connection: psycopg.Connection[Any], merchant: AccountRef) -> None:
    """The same rows by the same statements; the role, the account ids and everything else is given."""
    order, at = new_id(), datetime.now(UTC)
    escrow = AccountRef(AccountKind.ESCROW, HOUSE, subject_id=order)
    both = [("settle_now", escrow, merchant, 3200), ("margin", escrow, REVENUE, 1390)]
    for kind, moves in (("capture", [("capture", CLEARING, escrow, 4590)]), ("settlement", both)):
        with connection.transaction(), connection.pipeline():
            connection.execute("SET LOCAL ROLE face_ledger")
            journal, day = new_id(), at.astimezone(SHANGHAI).date()
            claim = (journal, kind, f"sql/{kind}/{order}", b"0" * 32, "order", order, at, day, "job", None)
            connection.execute(sql.ADD_JOURNAL, claim).fetchone()
            if kind == "capture":
                _open(connection, escrow, at)
            _write(connection, journal, day, at, order, moves)


def _open(connection: psycopg.Connection[Any], ref: AccountRef, at: datetime) -> None:
    columns = ([ref.owner_id], [ref.id], [ref.kind.value], [ref.asset.value])
    connection.execute(sql.OPEN_ACCOUNTS, (at, *columns, [ref.subject_id], [True]))
    connection.execute(sql.OPEN_BALANCES, columns)


def _write(
    connection: psycopg.Connection[Any],
    journal: UUID,
    day: Any,
    at: datetime,
    order: UUID,
    moves: list[tuple[str, AccountRef, AccountRef, int]],
) -> None:
    ids, kinds, debits, credits_, amounts = [new_id() for _ in moves], *map(list, zip(*moves, strict=True))
    columns: list[Any] = [ids, kinds, ["CNY"] * len(moves)]
    for refs in (debits, credits_):
        columns += [[ref.owner_id for ref in refs], [ref.id for ref in refs], [ref.kind.value for ref in refs]]
    nothing = [None] * len(moves)
    connection.execute(sql.ADD_TRANSFERS, (day, journal, *columns, amounts, nothing, nothing))
    refs = [*debits, *credits_]
    sides = ([r.owner_id for r in refs], [r.id for r in refs], ids * 2, [-a for a in amounts] + amounts, kinds * 2)
    connection.execute(sql.ADD_ENTRIES, (day, at, "order", order, *sides))
    changes = {ref.id: (ref, 0) for ref in refs if ref.is_guarded}
    for ref, amount in zip(refs, sides[3], strict=True):
        if ref.id in changes:
            changes[ref.id] = (ref, changes[ref.id][1] + amount)
    for ref, change in changes.values():
        connection.execute(sql.CHANGE_BALANCE, (change, ref.owner_id, ref.id))


def _hot_account(address: str) -> Figure:
    """Payments a second of 32 clients into one clearing account, against one for each client."""
    rates: dict[str, list[float]] = {"hot": [], "spread": []}
    for number in range(min(ROUNDS, 5)):
        for way in ("hot", "spread") if number % 2 else ("spread", "hot"):
            rates[way].append(_clients(address, way))
    hot, spread = statistics.median(rates["hot"]), statistics.median(rates["spread"])
    note = f"{hot:.0f} payments a second into one account, {spread:.0f} into {PROCESSES * THREADS}"
    return Figure(hot / spread, 0.8, "×", note, least=True)


def _proof(address: str) -> Figure:
    """Seconds for each hundred thousand transfers; what was written while measuring must be right."""
    engine = make_engine(_dialect(address))
    process = psutil.Process()
    before, began = process.memory_info().rss, time.perf_counter()
    with open_work(engine, scope=SCOPE, actor=ACTOR, clock=SystemClock()) as work:
        proof = actions.prove(work)
    spent, grown = time.perf_counter() - began, (process.memory_info().rss - before) / 2**20
    engine.dispose()
    if proof.differences:
        raise RuntimeError(f"the ledger is wrong after measuring: {proof.findings}")
    note = f"{proof.transfers} transfers recounted, {grown:.0f} MB more memory"
    return Figure(spent / max(1, proof.transfers) * 100_000, None, "s", note)


def _clients(address: str, way: str) -> float:
    command = [sys.executable, "-m", "bench.ledger", address, way, str(SECONDS)]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(PROCESSES)]
    return sum(float(one.communicate()[0]) for one in running)


def client(address: str, way: str, seconds: float) -> float:
    """Postings a second of one process with its threads."""
    engine = make_engine(_dialect(address), pool_size=THREADS)
    with ThreadPoolExecutor(THREADS) as pool:
        counts = list(pool.map(lambda _number: _busy(engine, way, seconds), range(THREADS)))
    engine.dispose()
    return sum(counts) / seconds


def _busy(engine: Engine, way: str, seconds: float) -> int:
    clearing = CLEARING if way == "hot" else AccountRef(AccountKind.CLEARING, uuid4())
    clock, count, until = SystemClock(), 0, time.monotonic() + seconds
    while time.monotonic() < until:
        order = new_id()
        escrow = AccountRef(AccountKind.ESCROW, HOUSE, subject_id=order)
        paid = [Transfer(TransferKind.CAPTURE, clearing, escrow, 100)]
        business = Business("order", order)
        with open_work(engine, scope=SCOPE, actor=ACTOR, clock=clock) as work:
            actions.post(work, kind=JournalKind.CAPTURE, key=f"hot/{order}", business=business, transfers=paid)
        count += 1
    return count


def _dialect(address: str) -> str:
    return address.replace("postgresql://", "postgresql+psycopg://", 1)


def _plain(address: str) -> str:
    return address.replace("postgresql+psycopg://", "postgresql://", 1)


if __name__ == "__main__":
    print(client(sys.argv[1], sys.argv[2], float(sys.argv[3])))
