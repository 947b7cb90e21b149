"""A limit of failures only: looking costs nothing, missing counts, and the window ends."""

from __future__ import annotations

import pytest

from portal.kernel.limits import Limit
from portal.kernel.refusals import TooMany
from tests.factories.world import World

WRONG = Limit("test.wrong", 3, 60, failures_only=True)
EACH = Limit("test.each", 5, 60)


def test_only_failures_count(world: World) -> None:
    gate = world.services.gate
    for _ in range(10):
        gate.hit((WRONG, "a"))
    for _ in range(3):
        gate.hit((WRONG, "a"))
        gate.miss((WRONG, "a"))
    with pytest.raises(TooMany):
        gate.hit((WRONG, "a"))
    gate.hit((WRONG, "b"))
    world.clock.advance(seconds=60)
    gate.hit((WRONG, "a"))


def test_it_stands_beside_a_limit_of_every_hit(world: World) -> None:
    gate = world.services.gate
    for _ in range(5):
        gate.hit((WRONG, "c"), (EACH, "c"))
    with pytest.raises(TooMany):
        gate.hit((WRONG, "c"), (EACH, "c"))


def test_what_was_right_is_taken_off_again_but_nobody_elses(world: World) -> None:
    gate = world.services.gate
    for _ in range(20):
        at = world.clock.now()
        gate.hit((EACH, "d"))
        gate.pardon((EACH, "d"), at=at)
    for _ in range(5):
        gate.hit((EACH, "d"))
    world.clock.advance(seconds=60)
    for _ in range(5):
        gate.hit((EACH, "d"))
    gate.pardon((EACH, "d"), at=at)
    with pytest.raises(TooMany):
        gate.hit((EACH, "d"))
