"""The board of bookings: a day by technician, a week at a glance, time that is kept free."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import request
from wtforms.fields.choices import SelectChoice

from portal.domain.bookings import queries as bookings
from portal.domain.bookings.values import BookingShown, BookingState
from portal.domain.calendar import actions as calendar
from portal.domain.calendar import queries as calendars
from portal.domain.clients import queries as clients
from portal.domain.menus.values import Trade
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import bookingboard
from portal.web.asking import asked_day
from portal.web.forms.board import BlockForm, chosen_one
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem
from portal.web.pages import Answer, Page, see_other
from portal.web.store import boardview
from portal.web.store import store as office
from portal.web.store.frame import counter_page

SEE, EDIT, HOURS = Permission.BOOKING_VIEW, Permission.BOOKING_EDIT, Permission.CALENDAR_EDIT
AT = "store.board_day"
GONE = frozenset({BookingState.NO_SHOW, BookingState.CANCELLED})
TECHNICIAN = "technician"

office.nav.append(NavItem(_l("预约"), AT, SEE, trade=Trade.SERVICES))


@office.get("/board", may=SEE)
def board_day(work: Work, store: UUID) -> Page:
    """Who does what today, or on another day."""
    now = work.now()
    day = asked_day("day") or boardview.board_day(now)
    visits = bookings.bookings_between(work, store, *boardview.window(day))
    cares = clients.cares(work, [one.id for one in visits])
    table = boardview.lay_out(day, _plans(work, store, *boardview.window(day)), visits, cares, now)
    return board_page(
        work,
        store,
        "store/board/day.html",
        table=table,
        today=boardview.board_day(now),
        waiting=[one for one in bookings.waiting_in(work, store) if one.day == day],
        gone=[one for one in visits if one.state in GONE],
        late=[one for one in visits if boardview.late_minutes(one, now)],
        counts=_counts(visits),
        days=[day + timedelta(days=n) for n in (-1, 1)],
    )


@office.get("/board/week", may=SEE)
def board_week(work: Work, store: UUID) -> Page:
    """Seven days: how full everybody is, and where there is room."""
    day = asked_day("day") or boardview.board_day(work.now())
    monday = day - timedelta(days=day.weekday())
    start, end = boardview.window(monday)[0], boardview.window(monday + timedelta(days=6))[1]
    visits = bookings.bookings_between(work, store, start, end)
    return board_page(
        work,
        store,
        "store/board/week.html",
        rows=boardview.lay_out_week(monday, _plans(work, store, start, end), visits),
        monday=monday,
        week=[monday + timedelta(days=n) for n in range(7)],
        today=boardview.board_day(work.now()),
    )


@office.get("/board/block", may=HOURS)
def block_new(work: Work, store: UUID) -> Page:
    """Keep some time free: of whom, when, why."""
    at = asked_moment() or work.now()
    facts = BlockForm.filled(at) | {"end": BlockForm.filled(at + timedelta(hours=1))["at"]}
    form = BlockForm(formdata=None, **facts, who=request.args.get("technician", ""))
    return _block(work, store, form)


@office.post("/board/block", may=HOURS)
def block_make(work: Work, store: UUID) -> Answer:
    """Do it."""
    form = BlockForm()
    _offer(work, store, form)
    if form.validate():
        with form.tries(work):
            who = chosen_one(form.who)
            if who is not None:
                calendar.block(work, who, form.moment(), form.until(), form.reason.data or "")
                return see_other(AT, day=form.day.data, flash=gettext("已留出这段时间，顾客约不到。"))
            form.who.errors = [*form.who.errors, gettext("请选择是谁的时间。")]
    return _block(work, store, form, status=422)


@office.post("/board/blocks/<uuid:block>/lift", may=HOURS)
def block_lift(work: Work, block: UUID) -> Answer:
    """Give it back."""
    calendar.unblock(work, block)
    return see_other(AT, flash=gettext("这段时间又可以预约了。"), tone="info")


def _block(work: Work, store: UUID, form: BlockForm, *, status: int = 200) -> Page:
    _offer(work, store, form)
    return board_page(work, store, "store/board/block.html", status=status, form=form)


def _offer(work: Work, store: UUID, form: BlockForm) -> None:
    found = [one for one in calendars.resources(work, store) if one.kind in ("technician", "room", "device")]
    form.who.choices = [SelectChoice(str(one.id), one.name) for one in found]


def _plans(work: Work, store: UUID, start: datetime, end: datetime) -> tuple[Any, ...]:
    team = calendars.resources(work, store, TECHNICIAN)
    return calendars.day_plan(work, work.merchant_id, [one.id for one in team], start, end)


def _counts(visits: tuple[BookingShown, ...]) -> dict[str, int]:
    states = [one.state for one in visits]
    done, here = states.count(BookingState.DONE), states.count(BookingState.ARRIVED)
    ahead = sum(one.open for one in visits)
    return {"ahead": ahead, "here": here, "done": done, "missed": states.count(BookingState.NO_SHOW)}


def asked_moment() -> datetime | None:
    """`at` of the address, as the board's links write it; nonsense is none."""
    try:
        found = datetime.fromisoformat(request.args.get("at", ""))
    except ValueError:
        return None
    return found if found.tzinfo is not None and 2000 <= found.year <= 2100 else None


def board_page(work: Work, store: UUID, template: str, *, status: int = 200, at: str = AT, **context: Any) -> Page:
    """A page of the board: the counter's frame, made wide, with the words of bookings."""
    return counter_page(work, store, template, status=status, at=at, **bookingboard.SHOWN, **context)


def day_of(booking: BookingShown) -> date:
    """The board's day a visit is on."""
    return boardview.board_day(booking.starts_at)
