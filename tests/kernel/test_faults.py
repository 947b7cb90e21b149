"""Fault points are for tests: the portal passes them and can put nothing there."""

from __future__ import annotations

import re

from portal.kernel import faults
from portal.kernel.scope import Face
from portal.settings import ROOT
from tests.factories.world import World


def test_nothing_of_the_portal_sets_a_hook() -> None:
    setting = re.compile(r"HOOKS\s*\[|HOOKS\.(update|setdefault|pop)|HOOKS\s*=[^=]")
    setters = [
        path.name
        for path in (ROOT / "portal").rglob("*.py")
        if path.name != "faults.py" and setting.search(path.read_text("utf-8"))
    ]
    assert not setters
    assert faults.HOOKS == {}, "a test left something behind"


def test_a_point_without_a_hook_does_nothing(world: World) -> None:
    with world.work(Face.OFFICE, merchant=world.merchant().id) as work:
        faults.point(work, "anything")
