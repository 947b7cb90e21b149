"""Visits as iCalendar: a file of one, a feed of all; a reserved table as a file.

Written by the `icalendar` library (RFC 5545), times in UTC. The identity of an event is the booking's id; a move raises
SEQUENCE, so that calendars take the newer one. Cancelled visits stay in the feed as cancelled until they are old.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import Response
from icalendar import Alarm, Calendar, Event, vText

from portal.domain.bookings.values import BookingShown, BookingState
from portal.domain.floor.values import Booking as Table
from portal.domain.floor.values import BookingState as TableState
from portal.web import visits
from portal.web.locale import gettext

_GONE = (BookingState.CANCELLED, BookingState.NO_SHOW)
_NO_TABLE = (TableState.CANCELLED, TableState.EXPIRED, TableState.MISSED)


def written(bookings: Sequence[BookingShown], *, name: str = "") -> bytes:
    """The calendar of these visits; `name` is what calendar apps call a feed."""
    return _calendar([_event(one) for one in bookings], name)


def of_table(one: Table, address: str, at: datetime) -> bytes:
    """A table's reservation as it is at `at`; `address` leads back to it."""
    event, gone = Event(), one.state in _NO_TABLE
    event.add("uid", f"{one.id}@tables")
    event.add("dtstamp", at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", one.starts_at.astimezone(UTC))
    event.add("dtend", one.ends_at.astimezone(UTC))
    event.add("sequence", one.sequence + gone)
    event.add("status", "CANCELLED" if gone else "CONFIRMED")
    event.add("summary", gettext("%(store)s · 订座 %(people)s 人", store=one.store, people=one.people))
    event.add("location", one.store)
    event.add("description", "\n".join((gettext("订座号 %(number)s", number=one.number), address)))
    event["url"] = vText(address)
    if not gone:
        event.add_component(_alarm(gettext("订座快到时间了")))
    return _calendar([event], "")


def _calendar(events: Sequence[Event], name: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//JieShi//Bookings 1.0//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for one in events:
        calendar.add_component(one)
    return bytes(calendar.to_ical())


def _event(one: BookingShown) -> Event:
    event = Event()
    event.add("uid", f"{one.id}@bookings")
    event.add("dtstamp", one.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", one.starts_at.astimezone(UTC))
    event.add("dtend", one.ends_at.astimezone(UTC))
    event.add("sequence", one.sequence + (one.state in _GONE))
    event.add("status", "CANCELLED" if one.state in _GONE else "CONFIRMED")
    event.add("summary", f"{one.store_name} · {one.title}")
    event.add("location", one.store_name)
    event.add("description", _words(one))
    event["url"] = vText(visits.secret_url(one))
    if one.state is BookingState.BOOKED:
        event.add_component(_alarm(gettext("预约快到了")))
    return event


def _words(one: BookingShown) -> str:
    lines = [f"{visits.clock(line.starts_at)} {line.name} {line.technician}".strip() for line in one.lines]
    digits = " ".join(one.code[at : at + 4] for at in range(0, 12, 4))
    return "\n".join([*lines, gettext("预约码 %(code)s", code=digits), visits.secret_url(one)])


def _alarm(words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", timedelta(hours=-2))
    return alarm


def answer(body: bytes, name: str) -> Response:
    """As calendars take it; a file with a name is kept, a feed is read."""
    headers = {"Cache-Control": "private, no-store"}
    if name:
        headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return Response(body, mimetype="text/calendar", headers=headers, content_type="text/calendar; charset=utf-8")
