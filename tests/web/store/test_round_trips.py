"""A redemption waits for the database at most fourteen times, gate, BEGIN and COMMIT counted, as libpq sends it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from psycopg.pq import Trace
from sqlalchemy import event

from tests.client import Browser
from tests.domain.vouchers.town import a_town
from tests.factories.world import World

MOST = 14
WARM = 8  # the driver prepares a statement when it has seen it five times


@contextmanager
def traced(world: World, path: Path) -> Iterator[Path]:
    """Let libpq write down every message of the engine's connections."""
    engine, files = world.engine, []

    def begin(connection: Any, *_rest: Any) -> None:
        file = path.open("a")
        files.append(file)
        connection.pgconn.trace(file.fileno())
        connection.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS | Trace.REGRESS_MODE)

    engine.dispose()
    event.listen(engine, "connect", begin)
    yield path
    engine.dispose()
    event.remove(engine, "connect", begin)
    for file in files:
        file.close()


def messages(path: Path) -> list[str]:
    """What went over the line so far."""
    return path.read_text().splitlines()


def waits(lines: list[str]) -> int:
    """How often the server became ready again: each is a round trip."""
    return sum("ReadyForQuery" in line for line in lines)


def test_a_redemption_takes_at_most_fourteen_round_trips(world: World, browser: Browser, tmp_path: Path) -> None:
    town = a_town(world)
    clerk = browser.as_(town.clerk)
    coupon = world.coupon(town.merchant, town.store)
    vouchers = [world.collected(coupon, world.person()) for _ in range(WARM + 5)]
    address = clerk.url("store.redeem_confirm", store=town.store.id)
    seen: list[int] = []
    with traced(world, tmp_path / "trace") as path:
        for voucher in vouchers:
            body = {"csrf_token": clerk.csrf(), "key": str(uuid4()), "code": voucher.qr}
            before = messages(path) if path.exists() else []
            assert clerk.client.post(address, data=body).status_code == 303
            now = messages(path)
            seen.append(waits(now[len(before) :]))
            last = [line for line in now[len(before) :] if "\tParse\t" in line or "\tQuery\t" in line]
    print(f"redeem.round_trips: {seen[-1]} (limit {MOST}); cold {seen[0]}, while preparing at most {max(seen[1:])}")
    assert set(seen[WARM:]) == {seen[-1]}, seen
    assert seen[-1] <= MOST, "\n".join(last)
