"""Races on purpose: workers are held inside the window between a check and a write, until all of them are there.

The gate is an advisory lock that the test holds and the workers wait for at a fault point; `pg_locks` proves how many
wait at it, and how many wait for a row that one of those holds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text

from portal.kernel import faults
from portal.kernel.work import Work
from portal.localdb.bootstrap import connect

GATE = 720_077
_PATIENCE = 2.5  # seconds; the portal itself gives up on a lock after three


class Gate:
    """Closed from the beginning; `open` lets everybody through at the same moment."""

    def __init__(self, admin_url: str) -> None:
        self.admin = connect(admin_url)
        self.admin.execute("SELECT pg_advisory_lock(%s)", [GATE])

    def hold(self, work: Work) -> None:
        """The hook of a fault point."""
        work.session.execute(text(f"SELECT pg_advisory_xact_lock_shared({GATE})"))

    def waiting(self) -> tuple[int, int]:
        """How many sessions of this database wait at the gate, and how many for somebody's row."""
        row = self.admin.execute(
            """
            SELECT count(*) FILTER (WHERE l.locktype = 'advisory'), count(*) FILTER (WHERE l.locktype <> 'advisory')
            FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE NOT l.granted AND a.datname = current_database()
            """
        ).fetchone()
        assert row is not None
        return int(row[0]), int(row[1])

    def wait_for(self, at_gate: int, at_rows: int) -> tuple[int, int]:
        """Wait until at least so many are there; returns how many were seen."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            seen = self.waiting()
            if seen[0] >= at_gate and seen[1] >= at_rows:
                return seen
            time.sleep(0.005)
        return self.waiting()

    def open(self) -> None:
        """Now."""
        self.admin.execute("SELECT pg_advisory_unlock(%s)", [GATE])


@contextmanager
def gate_at(point: str, admin_url: str) -> Iterator[Gate]:
    """A closed gate at this fault point."""
    gate = Gate(admin_url)
    faults.HOOKS[point] = gate.hold
    try:
        yield gate
    finally:
        del faults.HOOKS[point]
        gate.admin.close()


def together(acts: list[Callable[[], Any]]) -> list[Future[Any]]:
    """Start all acts, each in a thread of its own; the results are waited for by whoever asks."""
    pool = ThreadPoolExecutor(len(acts))
    futures = [pool.submit(act) for act in acts]
    pool.shutdown(wait=False)
    return futures


def outcomes(futures: list[Future[Any]]) -> tuple[list[Any], list[BaseException]]:
    """What came back, and what was raised."""
    raised = [error for future in futures if (error := future.exception(timeout=20)) is not None]
    return [future.result() for future in futures if future.exception() is None], raised
