"""The pretend aggregator behaves as a real one: slow to begin, in any order, strict about phones, sometimes silent."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portal.adapters.tracking.sandbox import Fate, SandboxTracker, fate_of
from portal.domain.shipping.ports import Sought, Track, TrackerRefused, TrackerSilent
from portal.domain.shipping.rules.tracking import standing
from portal.domain.shipping.values import ParcelState
from portal.kernel.clock import FixedClock

START = datetime(2026, 7, 4, 4, 0, tzinfo=UTC)
SOUGHT = Sought("sf", "", "0001", START, ("广东省", "深圳市", "南山区"))


def number(fate: Fate) -> str:
    return next(one for at in range(9000) if fate_of(one := f"SF{2_000_000_000_000 + at}") is fate)


def told(sought: Sought, hours: float) -> Track | None:
    return SandboxTracker(FixedClock(START + timedelta(hours=hours))).query(sought)


def test_what_is_known_grows_with_the_clock_and_is_always_the_same() -> None:
    sought, before = replace(SOUGHT, number=number(Fate.ARRIVES)), 0
    assert told(sought, 0.5) is None
    for hours in range(4, 90, 6):
        track = told(sought, hours)
        assert track is not None
        assert track == told(sought, hours)
        assert len(track.reports) >= before
        assert len({one.source_id for one in track.reports}) == len(track.reports)
        assert all(START < one.at <= START + timedelta(hours=hours) for one in track.reports)
        before = len(track.reports)
    times = [one.at for one in track.reports]
    assert times != sorted(times), "in no order"
    assert "深圳市" in {one.place for one in track.reports}


@pytest.mark.parametrize(
    ("fate", "days", "state"),
    [
        (Fate.ARRIVES, 3, ParcelState.DELIVERED),
        (Fate.LATE, 3, ParcelState.MOVING),
        (Fate.LATE, 6, ParcelState.DELIVERED),
        (Fate.STUCK, 1.6, ParcelState.TROUBLE),
        (Fate.STUCK, 4, ParcelState.DELIVERED),
        (Fate.REFUSED, 6, ParcelState.RETURNED),
    ],
)
def test_every_fate_comes_about(fate: Fate, days: float, state: ParcelState) -> None:
    track = told(replace(SOUGHT, number=number(fate)), days * 24)
    assert track is not None
    assert standing(track.reports).state is state


def test_fates_are_dealt_as_in_life() -> None:
    dealt = Counter(fate_of(f"YT{3_000_000_000_000 + at}") for at in range(2000))
    assert 0.65 < dealt[Fate.ARRIVES] / 2000 < 0.75
    assert all(dealt[fate] > 20 for fate in Fate)
    assert told(replace(SOUGHT, number=number(Fate.UNKNOWN)), 999) is None


def test_it_refuses_and_falls_silent() -> None:
    tracker = SandboxTracker(FixedClock(START))
    for wrong in (replace(SOUGHT, phone_tail=""), replace(SOUGHT, carrier="other"), replace(SOUGHT, carrier="nobody")):
        for ask in (tracker.query, tracker.subscribe):
            with pytest.raises(TrackerRefused):
                ask(wrong)
    tracker.subscribe(replace(SOUGHT, carrier="yto", phone_tail=""))
    with pytest.raises(TrackerSilent):
        SandboxTracker(FixedClock(START), out=lambda: True).query(SOUGHT)
