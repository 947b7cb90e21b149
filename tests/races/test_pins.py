"""Eight guess a manager's PIN in the same moment: five are compared, three are told to wait, each wrong one is in the
trail. The control counts only after the comparison, as one would at first: then all eight are compared.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.domain.bills import actions
from portal.domain.bills.values import Rules
from portal.kernel.audit import AuditEntry
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from portal.web.store import pins
from tests.client import Browser
from tests.factories.tabs import MadePlace
from tests.factories.world import World
from tests.races.gates import gate_at, outcomes, together

MOST, MANY = 5, 8


@pytest.fixture
def place(world: World) -> MadePlace:
    """A store that lets nobody take anything off without its manager."""
    made = world.restaurant()
    with world.at_till(made.merchant.id, role=Role.MANAGER) as work:
        actions.set_rules(work, made.store.id, Rules(free_fen=0))
    return made


def all_at_once(browser: Browser, world: World, place: MadePlace, admin_url: str, *, arrive: int) -> list[int]:
    """Statuses of eight guesses from one phone; `arrive` reach the comparison."""
    clerk = browser.as_(world.staff(place.merchant, Role.CLERK))
    guest = world.joins(place.tables[0])
    world.sends(guest, world.dish(place.menu))
    (line,) = world.tab_seen(guest.merchant_id, guest.sitting_id).lines
    where: dict[str, Any] = {"store": place.store.id, "sitting": guest.sitting_id, "item": line.id}
    form = clerk.get("store.tab_adjust", **where).form("/adjust")
    path = f"/store/{place.store.id}/tabs/{guest.sitting_id}/lines/{line.id}/adjust"
    form |= {"kind": "cancel", "quantity": "1", "reason": "上错了"}

    def guess(nth: int) -> Any:
        entered = {**form, "key": str(UUID(int=nth + 1)), "pin": f"48291{nth}"}
        return lambda: clerk.client.post(path, data=entered)

    with gate_at("bills.pin.typed", admin_url) as gate:
        running = together([guess(nth) for nth in range(MANY)])
        assert gate.wait_for(1, arrive - 1) == (1, arrive - 1), "one compares, the others wait for the table"
        gate.open()
        answers, broken = outcomes(running)
    assert not broken
    return sorted(answer.status_code for answer in answers)


def test_no_more_than_the_limit_are_compared_however_many_come_at_once(
    browser: Browser, world: World, place: MadePlace, admin_url: str
) -> None:
    assert all_at_once(browser, world, place, admin_url, arrive=MOST) == [422] * MOST + [429] * (MANY - MOST)
    with world.work(Face.PLATFORM) as work:
        trail = list(work.session.scalars(select(AuditEntry).where(AuditEntry.action == "pin.wrong")))
    assert [(one.subject_id, one.merchant_id) for one in trail] == [(place.store.id, place.merchant.id)] * MOST
    assert {one.actor_id for one in trail} != {None}
    assert not [one for one in trail if "4829" in str(one.facts)]


def test_control_counting_afterwards_lets_all_of_them_through(
    browser: Browser, world: World, place: MadePlace, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PER_PERSON", "PER_STORE"):
        monkeypatch.setattr(pins, name, replace(getattr(pins, name), failures_only=True))
    assert all_at_once(browser, world, place, admin_url, arrive=MANY) == [422] * MANY
