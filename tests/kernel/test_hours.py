"""Opening hours: read, kept, and told truly on a continuous time line."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel.figures import SHANGHAI
from portal.kernel.hours import (
    Closed,
    HoursProblem,
    HoursRefused,
    Open,
    Span,
    WeeklyHours,
    format_dates,
    format_spans,
    from_json,
    intervals,
    open_times,
    parse_dates,
    parse_spans,
    parse_week,
    say_spans,
    state_at,
    to_json,
)

MONDAY = date(2026, 7, 6)
WHOLE = (Span(0, 1440),)


def at(day: int, clock: str) -> datetime:
    """A moment in Shanghai, in July 2026 (the 6th is a Monday)."""
    hour, minute = clock.split(":")
    return datetime(2026, 7, day, int(hour), int(minute), tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("10:00-14:00, 17:00-02:00", ((600, 240), (1020, 540))),
        ("１０：００－１４：００，１７：００～次日０２：００", ((600, 240), (1020, 540))),
        ("17:00–次日 02:00、10:00 至 14:00", ((600, 240), (1020, 540))),
        ("10:00-14:00 17:00-22:00", ((600, 240), (1020, 300))),
        ("9:30-20:00", ((570, 630),)),
        ("18:00-24:00", ((1080, 360),)),
        ("18:00-00:00", ((1080, 360),)),
        ("9-18", ((540, 540),)),
        ("9点-18点30分", ((540, 570),)),
        ("22:00-次日22:00", ((1320, 1440),)),
        ("24 小时", ((0, 1440),)),
        ("00:00-24:00", ((0, 1440),)),
        ("２４小时", ((0, 1440),)),
        ("休息", ()),
        ("", ()),
        ("6:00-10:00,10:00-11:00", ((360, 240), (600, 60))),
    ],
)
def test_a_day_is_read_as_people_write_it(text, spans):
    assert parse_spans(text) == spans
    assert parse_spans(format_spans(parse_spans(text))) == spans
    assert parse_spans(say_spans(parse_spans(text))) == spans


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("10:00-14:00, 13:00-15:00", HoursProblem.OVERLAP),
        ("17:00-02:00, 23:00-01:00", HoursProblem.OVERLAP),
        ("00:00-00:00", HoursProblem.SAME_TIME),
        ("10:00-10:00", HoursProblem.SAME_TIME),
        ("10:00-次日11:00", HoursProblem.TOO_LONG),
        ("10:00", HoursProblem.UNREADABLE),
        ("25:00-26:00", HoursProblem.UNREADABLE),
        ("10:60-11:00", HoursProblem.UNREADABLE),
        ("ten to six", HoursProblem.UNREADABLE),
        ("10:00-14:00-18:00", HoursProblem.UNREADABLE),
        ("9" * 1000, HoursProblem.UNREADABLE),
        ("1-2,3-4,5-6,7-8,9-10,11-12,13-14", HoursProblem.TOO_MANY),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(text, problem):
    with pytest.raises(HoursRefused) as refused:
        parse_spans(text, field="hours")
    assert refused.value.problem is problem
    assert "%" not in str(refused.value)


def test_a_week_in_one_text():
    week = parse_week("周一至周五 10:00-22:00；周六、周日：09:00-23:00").week
    assert week == (((600, 720),),) * 5 + (((540, 840),),) * 2
    assert parse_week("10:00-22:00").week == (((600, 720),),) * 7
    assert parse_week("工作日 10:00-22:00").week[5] == ()
    assert parse_week("Mon-Wed, Sun 9:00-12:00").week == (((540, 180),),) * 3 + ((),) * 3 + (((540, 180),),)
    assert parse_week("周五-周一 18:00-02:00\n周三 24小时").week[2] == WHOLE
    with pytest.raises(HoursRefused) as refused:
        parse_week("周一 9:00-12:00; 周一至周三 13:00-14:00")
    assert refused.value.problem is HoursProblem.TWICE
    with pytest.raises(HoursRefused) as refused:
        parse_week("周日 20:00-03:00; 周一 02:00-05:00")
    assert refused.value.problem is HoursProblem.OVERLAP_NEXT_DAY
    assert "周日" in str(refused.value)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    with suppress(HoursRefused):
        parse_spans(text)
    with suppress(HoursRefused):
        parse_week(text)


def test_exceptions_are_written_one_a_line():
    text = "2026-02-16 10:00-14:00, 17:00-02:00\n2026-02-17 休息"
    dates = parse_dates("\n２０２６年２月１７日：休息\n2026/2/16 10:00-14:00，17:00-次日02:00 \n")
    assert dates == ((date(2026, 2, 16), parse_spans("10:00-14:00, 17:00-02:00")), (date(2026, 2, 17), ()))
    assert format_dates(dates) == text
    assert parse_dates(text) == WeeklyHours(exceptions=dates).exceptions
    assert parse_dates(" \n") == ()
    for wrong, problem in (
        ("2026-02-30 休息", HoursProblem.UNREADABLE_DATE),
        ("春节 休息", HoursProblem.UNREADABLE_DATE),
        ("2026-02-17 休息\n2026-2-17 休息", HoursProblem.TWICE),
        ("2026-02-17 9:00-12:00, 11:00-13:00", HoursProblem.OVERLAP),
    ):
        with pytest.raises(HoursRefused) as refused:
            parse_dates(wrong)
        assert refused.value.problem is problem


def test_readers_see_the_next_day():
    spans = parse_spans("10:00-14:00, 17:00-02:00")
    assert say_spans(spans) == "10:00–14:00、17:00–次日 02:00"
    assert say_spans(spans, "en") == "10:00–14:00, 17:00–02:00 next day"
    assert (say_spans(WHOLE), say_spans((), "en")) == ("24 小时", "Closed")


def test_mondays_evening_does_not_open_mondays_small_hours():
    hours = parse_week("周一 18:00-02:00")
    assert state_at(hours, at(6, "01:00")) == Closed(at(6, "18:00"))
    assert state_at(hours, at(6, "18:00")) == Open(at(7, "02:00"), closing_soon=False)
    assert state_at(hours, at(7, "01:45")) == Open(at(7, "02:00"), closing_soon=True)
    assert state_at(hours, at(7, "02:00")) == Closed(at(13, "18:00"))


def test_an_exception_takes_what_starts_that_day_and_leaves_last_nights_guests():
    hours = WeeklyHours(week=(parse_spans("18:00-03:00"),) * 7, exceptions=((date(2026, 7, 7), ()),))
    assert state_at(hours, at(7, "01:00")) == Open(at(7, "03:00"), closing_soon=False)
    assert state_at(hours, at(7, "20:00")) == Closed(at(8, "18:00"))
    assert state_at(hours, at(8, "01:00")) == Closed(at(8, "18:00"))


def test_round_the_clock_has_no_end_until_an_exception():
    assert state_at(WeeklyHours.always(), at(6, "12:00")) == Open(None, closing_soon=False)
    closed_friday = WeeklyHours(week=(WHOLE,) * 7, exceptions=((date(2026, 7, 10), ()),))
    assert state_at(closed_friday, at(6, "12:00")) == Open(at(10, "00:00"), closing_soon=False)
    assert state_at(closed_friday, at(10, "12:00")) == Closed(at(11, "00:00"))
    assert state_at(WeeklyHours(), at(6, "12:00")) == Closed(None)


def test_touching_ranges_are_one_opening():
    hours = WeeklyHours.every_day(parse_spans("10:00-14:00, 14:00-24:00"))
    assert open_times(hours, at(6, "12:00"), 2) == [
        (at(6, "12:00"), at(7, "00:00")),
        (at(7, "10:00"), at(8, "00:00")),
        (at(8, "10:00"), at(8, "12:00")),
    ]


def test_kept_as_small_json():
    hours = WeeklyHours(
        week=(parse_spans("10:00-14:00, 17:00-02:00"),) * 6 + ((),),
        exceptions=((date(2026, 2, 17), ()), (date(2026, 2, 16), parse_spans("10:00-12:00"))),
        zone=ZoneInfo("Asia/Singapore"),
    )
    kept = json.loads(json.dumps(to_json(hours)))
    assert from_json(kept) == hours
    assert kept["dates"] == {"2026-02-16": [[600, 120]], "2026-02-17": []}
    assert to_json(WeeklyHours.always()) == {"v": 1, "week": [[[0, 1440]]] * 7}
    assert hash(hours) == hash(from_json(kept))


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"v": 2, "week": []},
        {"v": 1, "week": [[]] * 6},
        {"v": 1, "week": [[[0, 1441]]] + [[]] * 6},
        {"v": 1, "week": [[[0, 60], [30, 60]]] + [[]] * 6},
        {"v": 1, "week": [[[0.5, 60]]] + [[]] * 6},
        {"v": 1, "week": [[[True, 60]]] + [[]] * 6},
        {"v": 1, "week": [["ab"]] + [[]] * 6},
        {"v": 1, "week": [[]] * 7, "zone": "Mars/Olympus"},
        {"v": 1, "week": [[]] * 7, "zone": "../etc/passwd"},
        {"v": 1, "week": [[]] * 7, "dates": {"2026-02-30": []}},
        {"v": 1, "week": None},
        [],
    ],
)
def test_json_that_is_not_ours_is_an_error(kept):
    with pytest.raises(ValueError, match=r"."):
        from_json(kept)


spans_of_a_day = st.lists(st.tuples(st.integers(0, 47), st.integers(1, 48)), max_size=3).map(
    lambda pairs: tuple(Span(start * 30, length * 30) for start, length in pairs)
)
dates = st.integers(-3, 10).map(lambda days: MONDAY + timedelta(days=days))


@st.composite
def any_hours(draw):
    """Hours that stand: overlapping draws are thinned until they do."""
    week = [list(draw(spans_of_a_day)) for _ in range(7)]
    exceptions = [(day, list(draw(spans_of_a_day))) for day in draw(st.lists(dates, max_size=3, unique=True))]
    while True:
        try:
            return WeeklyHours(
                week=tuple(map(tuple, week)),
                exceptions=tuple((day, tuple(spans)) for day, spans in exceptions),
            )
        except HoursRefused:
            longest = max([*week, *(spans for _, spans in exceptions)], key=len)
            longest.pop()


def grid(hours: WeeklyHours, days: range) -> set[datetime]:
    """Every half hour that is open, counted one by one: the slow truth."""
    return {
        datetime(2026, 7, 6, tzinfo=SHANGHAI).astimezone(UTC) + timedelta(days=offset, minutes=minute)
        for offset in days
        for span in hours.by_date.get(MONDAY + timedelta(days=offset), hours.week[offset % 7])
        for minute in range(span.start, span.start + span.length, 30)
    }


@settings(max_examples=200, deadline=None)
@given(any_hours(), st.integers(0, 3 * 48), st.integers(1, 6 * 48))
def test_the_time_line_equals_a_grid_counted_by_hand(hours, start, length):
    half = timedelta(minutes=30)
    begin = datetime(2026, 7, 6, tzinfo=SHANGHAI).astimezone(UTC) + start * half
    truth = grid(hours, range(-5, 30))
    found = intervals(hours, begin, begin + length * half)
    slots = [begin + step * half for step in range(length)]
    assert [slot for slot in slots if any(a <= slot < b for a, b in found)] == [s for s in slots if s in truth]
    assert all(one[1] < other[0] for one, other in pairwise(found))
    state = state_at(hours, begin)
    if isinstance(state, Open):
        assert begin in truth
        if state.until is not None:
            assert state.until not in truth
            assert all(begin + step * half in truth for step in range(int((state.until - begin) / half)))
    else:
        assert begin not in truth
        later = sorted(slot for slot in truth if slot > begin)
        assert state.opens_at == (later[0] if later else None)


def test_a_clock_change_moves_the_moment_not_the_wall_clock():
    hours = WeeklyHours(week=(parse_spans("10:00-18:00"),) * 7, zone=ZoneInfo("Europe/Berlin"))
    before = intervals(hours, datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC))
    after = intervals(hours, datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC))
    assert (before[0][0].hour, after[0][0].hour) == (9, 8)
