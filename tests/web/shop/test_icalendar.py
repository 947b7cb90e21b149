"""Calendar files and feeds, read by a strict reader of RFC 5545 that shares nothing with the library behind them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.domain.bookings import actions
from portal.domain.bookings.values import Missed, Prepay
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.client import Browser
from tests.factories.bookings import SHANGHAI_FOUR
from tests.factories.world import World

NAME = re.compile(r"[A-Z0-9-]+")
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "LOCATION", "DESCRIPTION", "URL"}
Event = dict[str, str]


def read(body: bytes) -> list[Event]:
    """The events. Fails on what the standard forbids: line ends, folding, nesting, escapes, missing or double lines."""
    assert body.endswith(b"\r\n")
    raw = body.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 for line in raw), "75 octets without the line end"
    assert not any(b"\n" in line or b"\r" in line for line in raw)
    lines = re.sub(rb"\r\n[ \t]", b"", body).decode("utf-8").split("\r\n")[:-1]
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    found: list[Event] = []
    open_parts: list[str] = []
    for line in lines:
        name, value = _property(line)
        if name == "BEGIN":
            open_parts.append(value)
            if value == "VEVENT":
                found.append({})
        elif name == "END":
            assert open_parts.pop() == value
        elif open_parts[-1] == "VEVENT":
            assert name not in found[-1], f"{name} twice"
            found[-1][name] = value
        elif open_parts == ["VCALENDAR"]:
            assert name in {"VERSION", "PRODID", "CALSCALE", "METHOD", "X-WR-CALNAME", "REFRESH-INTERVAL"}
    assert not open_parts
    for event in found:
        assert set(event) >= ONCE - {"URL"}
        assert event["DTSTART"] < event["DTEND"]
    return found


def _property(line: str) -> tuple[str, str]:
    """Name and value of a content line; parameters are of no interest, but have to be well formed."""
    quoted, at = False, 0
    for at, sign in enumerate(line):  # noqa: B007
        quoted ^= sign == '"'
        if sign == ":" and not quoted:
            break
    else:
        raise AssertionError(f"no colon: {line}")
    head, value = line[:at], line[at + 1 :]
    name, *parameters = head.split(";")
    assert NAME.fullmatch(name), line
    assert all("=" in one for one in parameters), line
    if name in {"DTSTAMP", "DTSTART", "DTEND"}:
        assert re.fullmatch(r"\d{8}T\d{6}Z", value), line
    if name in {"SUMMARY", "LOCATION", "DESCRIPTION"}:
        assert not re.search(r"(?<!\\)(?:\\\\)*[,;]", value), f"unescaped: {line}"
        value = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
    return name, value


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_move_raises_the_sequence_and_a_cancellation_is_told(world: World, browser: Browser, locale: str) -> None:
    salon = world.salon(name="补水, 护理; 加\\强", prepay=Prepay.NONE, prepay_fen=0, missed=Missed.RETURN)
    booking = world.booked(salon)
    mine = browser.as_(salon.client)
    mine.open(f"/language?to={locale}&next=/", status=303)
    mine.post("shop.bookings_subscribe")
    address = mine.get("shop.bookings_list").one(".secret").get_text().partition("/calendar/")[2]
    street = browser.as_(None)

    def feed() -> Event:
        answer = street.client.get(f"/calendar/{address}")
        assert answer.mimetype == "text/calendar"
        return read(answer.data)[0]

    first = feed()
    assert first["UID"].startswith(str(booking))
    assert (first["DTSTART"], first["DTEND"]) == ("20260705T080000Z", "20260705T090000Z")
    assert (first["SEQUENCE"], first["STATUS"]) == ("0", "CONFIRMED")
    assert "补水, 护理; 加\\强" in first["SUMMARY"]
    with world.work(Face.PERSON, person=salon.client.id, kind=ActorKind.PERSON) as work:
        actions.move(work, booking, starts_at=SHANGHAI_FOUR + timedelta(hours=2))
    moved = feed()
    assert (moved["UID"], moved["SEQUENCE"], moved["DTSTART"]) == (first["UID"], "1", "20260705T100000Z")
    file = mine.client.get(mine.url("shop.bookings_calendar", booking=booking))
    assert read(file.data) == [moved]
    assert ".ics" in file.headers["Content-Disposition"]
    with world.work(Face.PERSON, person=salon.client.id, kind=ActorKind.PERSON) as work:
        actions.cancel(work, booking)
    gone = feed()
    assert (gone["STATUS"], gone["SEQUENCE"]) == ("CANCELLED", "2")
    mine.post("shop.bookings_subscribe")
    assert street.client.get(f"/calendar/{address}").status_code == 404, "the former address is worthless"
