"""`python -m tests.importing MERCHANT BATCH PERSON`: a file that was brought, checked and applied as the worker does.

In a process of its own, which prints its seconds and its memory as JSON. Must not recount anything: it would measure
its own recount.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psutil

from portal.app import create_app
from portal.domain.imports import actions
from portal.domain.imports.values import RIGHTS, Kind
from portal.jobs import imports as jobs
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, open_work
from portal.services import Services
from portal.settings import ROOT, Settings

HOURS = 3600


@dataclass(frozen=True)
class Worked:
    """Seconds of checking and applying; megabytes by which the process grew, and held at its peak."""

    check: float
    apply: float
    grown: float
    peak: float

    def told(self, rows: int) -> str:
        """For people who read the log."""
        rate = rows / (self.check + self.apply)
        return (
            f"{rows} rows: checked in {self.check:.0f} s, applied in {self.apply:.0f} s, {rate:.0f} rows/s; "
            f"memory grew by {self.grown:.0f} MB to {self.peak:.0f} MB"
        )


def child_environment(settings: Settings) -> dict[str, str]:
    """What a process on this test's database and folder is started with."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "PORTAL_MODE": "test",
        "DATABASE_URL": settings.database_url,
        "PORTAL_VAR": str(settings.data_dir),
    }


def work_alone(env: Mapping[str, str], kind: Kind, merchant: UUID, batch: UUID, person: UUID | None = None) -> Worked:
    """Let a process of its own, under the settings in `env`, check a batch and, when a person lets it, apply it."""
    ids = [kind.value, str(merchant), str(batch), *([str(person)] if person else [])]
    line = [sys.executable, "-m", "tests.importing", *ids]
    answer = subprocess.run(line, cwd=ROOT, env=dict(env), stdout=subprocess.PIPE, check=True, timeout=2 * HOURS)
    return Worked(**json.loads(answer.stdout.splitlines()[-1]))


def most_held() -> int:
    """Bytes this program has held at most. `ru_maxrss` would count the process that started it as well."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def go(services: Services, kind: Kind, merchant: UUID, batch: UUID, person: UUID) -> None:
    """The person lets it go ahead."""
    scope, actor = Scope(Face.OFFICE, merchant_id=merchant), Actor(ActorKind.STAFF, person)
    rights = frozenset({RIGHTS[kind]})
    with open_work(services.engine, scope=scope, actor=actor, clock=services.clock, permissions=rights) as work:
        actions.go(work, batch)


def main(kind: Kind, merchant: UUID, batch: UUID, person: UUID | None) -> None:
    """Check, apply, tell."""
    services: Services = create_app().extensions["portal"]
    ids = {"merchant": str(merchant), "batch": str(batch)}
    before, began = psutil.Process().memory_info().rss, time.monotonic()
    jobs.read(services, **ids)
    checked = done = time.monotonic()
    if person is not None:
        go(services, kind, merchant, batch, person)
        jobs.apply(services, **ids)
        done = time.monotonic()
    peak = most_held()
    grown = (peak - before) / 2**20
    print(json.dumps({"check": checked - began, "apply": done - checked, "grown": grown, "peak": peak / 2**20}))


if __name__ == "__main__":
    kind, *ids = sys.argv[1:]
    merchant, batch, person, *_ = [*map(UUID, ids), None]
    assert merchant is not None
    assert batch is not None
    main(Kind(kind), merchant, batch, person)
