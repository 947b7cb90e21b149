"""Opening hours on a continuous time line: a week of ranges, dated exceptions, one zone.

A range belongs to the day it starts on and may run past midnight; asking "open at one in the morning"
therefore looks at yesterday's ranges, never at today's evening. Pure: no clock of its own, no SQL.
"""

from portal.kernel.hours.dates import format_dates, parse_dates
from portal.kernel.hours.problems import HoursProblem, HoursRefused
from portal.kernel.hours.text import format_spans, parse_spans, parse_week, say_spans
from portal.kernel.hours.timeline import CLOSING_SOON, Closed, Open, intervals, open_times, state_at
from portal.kernel.hours.week import Span, WeeklyHours, from_json, to_json

__all__ = [
    "CLOSING_SOON",
    "Closed",
    "HoursProblem",
    "HoursRefused",
    "Open",
    "Span",
    "WeeklyHours",
    "format_dates",
    "format_spans",
    "from_json",
    "intervals",
    "open_times",
    "parse_dates",
    "parse_spans",
    "parse_week",
    "say_spans",
    "state_at",
    "to_json",
]
