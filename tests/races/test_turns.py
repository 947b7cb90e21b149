"""Two desks give out the next turn at once: two technicians get it, each once; without the lock one gets both."""

from __future__ import annotations

from uuid import UUID

import pytest

from portal.domain.turns import access, actions, queries
from portal.kernel.scope import Face
from tests.factories.stores import MadeStore
from tests.factories.world import World
from tests.races.gates import gate_at, outcomes, together

DESKS = 4


def listed(world: World, doers: int) -> tuple[MadeStore, list[UUID]]:
    """A store with so many technicians in today's list."""
    store = world.store(world.merchant())
    people = [world.resource(store).id for _ in range(doers)]
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        for one in people:
            actions.join(work, store.id, one)
    return store, people


def give(world: World, store: MadeStore) -> UUID:
    """The next turn, at one desk."""
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        return actions.take_next(work, store.id)


def crowd(wide: World, store: MadeStore, admin_url: str, at_gate: int, at_rows: int) -> tuple[list[UUID], list[object]]:
    """All desks at once: so many decide at the gate while the others wait for the list."""
    with gate_at("turns.held", admin_url) as gate:
        running = together([lambda: give(wide, store)] * DESKS)
        assert gate.wait_for(at_gate, at_rows) == (at_gate, at_rows)
        gate.open()
        won, refused = outcomes(running)
    return won, [type(one) for one in refused]


def test_one_after_the_other(wide: World, admin_url: str) -> None:
    store, people = listed(wide, DESKS)
    won, refused = crowd(wide, store, admin_url, 1, DESKS - 1)
    assert (sorted(won), refused) == (sorted(people), []), "each of them once"
    with wide.work(Face.OFFICE, merchant=store.merchant_id) as work:
        assert queries.order(work, store.merchant_id, store.id) == tuple(people), "turns went round once"
        board = queries.board(work, store.id)
    assert [one.taken for one in board.places] == [1] * DESKS


def test_control_without_the_lock_one_gets_all_turns(
    wide: World, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, people = listed(wide, DESKS)

    held = access.hold
    monkeypatch.setattr(access, "hold", lambda *of: held(*of).with_for_update(key_share=True, read=True))
    won, _ = crowd(wide, store, admin_url, DESKS, 0)
    assert won == [people[0]] * DESKS, "everybody decided by the same list"
