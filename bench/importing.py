"""`python -m bench.importing FILE`: products brought in by a process of its own; prints seconds and memory as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from portal.app import create_app
from portal.domain.imports.values import Kind
from portal.domain.tenants.values import Kind as MerchantKind
from portal.kernel.clock import FixedClock, SystemClock
from tests.factories.world import World


def megabytes() -> float:
    """The most this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Bring, check, apply, tell."""
    world = World(create_app(), FixedClock(SystemClock().now()))
    merchant = world.merchant(MerchantKind.SUPPLIER)
    owner = world.staff(merchant)
    content = Path(sys.argv[1]).read_bytes()
    batch_id = world.bring(merchant, owner, Kind.PRODUCTS, content)
    rows, before, began = content.count(b"\n") - 1, megabytes(), time.monotonic()
    del content
    batch = world.check(merchant, batch_id)
    checked = time.monotonic()
    assert (batch.new, batch.wrong) == (rows, 0), batch
    batch = world.carry_out(merchant, owner, batch_id)
    done = time.monotonic()
    assert (batch.done, batch.failed) == (rows, 0), batch
    figures = {"check": checked - began, "apply": done - checked, "grown": megabytes() - before, "peak": megabytes()}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
