"""The page that gives a visit another time: for the client, and for who has its secret link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request

from portal.domain.bookings import queries
from portal.domain.bookings.values import HORIZON_DAYS, BookingShown
from portal.kernel.figures import SHANGHAI
from portal.kernel.work import Work
from portal.web import visits
from portal.web.forms.base import Form
from portal.web.pages import Page, page

STRIP_DAYS = 14
OPEN_DAYS = 3


@dataclass(frozen=True)
class Urls:
    """Where it goes back to, where days are chosen, where it is sent."""

    back: str
    here: str
    act: str


def move_page(work: Work, shown: BookingShown, form: Form, urls: Urls, *, status: int = 200) -> Page:
    """Times at which the visit could be instead; its own time counts as free."""
    today = work.now().astimezone(SHANGHAI).date()
    asked = visits.asked_day(request.args.get("day", ""), today, HORIZON_DAYS)
    since = today if asked is None or asked < today + timedelta(days=STRIP_DAYS) else asked
    found = queries.times_to_move(work, shown, since, STRIP_DAYS)
    first = asked or next((day for day, times in found.items() if times), since)
    return page(
        "shop/bookings/move.html",
        status=status,
        visit=shown,
        form=form,
        urls=urls,
        days=[
            (day, visits.day_words(day, today), found[day])
            for day in (first + timedelta(days=n) for n in range(OPEN_DAYS))
            if day in found
        ],
        strip=visits.strip(found, first, today, _day_url(urls)),
        picked=request.form.get("at", ""),
        sent=visits.sent,
        clock=visits.clock,
        span=visits.span,
    )


def _day_url(urls: Urls) -> Any:
    def url(day: date) -> str:
        return f"{urls.here}?day={day.isoformat()}"

    return url
