"""Doors that stay shut are written down, at first each, then as one total: a loop cannot fill the audit."""

from __future__ import annotations

from sqlalchemy import select

from portal.jobs.timetable import sum_up_denials
from portal.kernel.audit import AuditEntry
from portal.kernel.denials import WRITTEN_EACH
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.world import World


def rows(world: World, person) -> list[tuple[str, dict[str, str]]]:
    with world.work(Face.PLATFORM) as work:
        mine = (AuditEntry.actor_id == person.id, AuditEntry.action.startswith("access."))
        found = work.session.scalars(select(AuditEntry).where(*mine).order_by(AuditEntry.id))
        return [(row.action, row.facts) for row in found]


def test_a_loop_leaves_few_rows_and_the_true_count(browser: Browser, world: World) -> None:
    curious, once = world.person(), world.person()
    window = browser.as_(curious)
    for _ in range(WRITTEN_EACH + 17):
        window.get("platform.home", status=404)
    browser.as_(once).get("platform.home", status=404)
    assert [action for action, _facts in rows(world, curious)] == ["access.denied"] * WRITTEN_EACH
    assert sum_up_denials(world.services) == 0, "the hour is not over"
    world.clock.advance(hours=1)
    assert sum_up_denials(world.services) == 2
    action, facts = rows(world, curious)[-1]
    assert (action, facts["times"]) == ("access.denied_often", str(WRITTEN_EACH + 17))
    assert [action for action, _facts in rows(world, once)] == ["access.denied"]
    assert sum_up_denials(world.services) == 0
    window.get("platform.home", status=404)
    assert rows(world, curious)[-1][0] == "access.denied", "the next hour is told again"
