"""A technician's own phone page: who is next, what must be known of him, today's and tomorrow's visits, the month."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import session

from portal.domain.bookings import queries as bookings
from portal.domain.bookings.values import BookingShown, BookingState
from portal.domain.calendar import queries as calendars
from portal.domain.clients import queries as clients
from portal.domain.commissions import actions
from portal.domain.commissions import queries as commissions
from portal.domain.menus.values import Trade
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import crewwords
from portal.web.forms.base import Form
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem
from portal.web.pages import Answer, Page, see_other
from portal.web.store import boardview
from portal.web.store import store as office
from portal.web.store.board import TECHNICIAN, board_page

SEE = Permission.BOOKING_VIEW
HERE = "store.mine"
AHEAD = frozenset({BookingState.BOOKED, BookingState.ARRIVED})
SHOWN = AHEAD | {BookingState.DONE}

office.nav.append(NavItem(_l("我的"), HERE, SEE, trade=Trade.SERVICES))


@office.get("/mine", may=SEE)
def mine(work: Work, store: UUID) -> Page:
    """What is mine today and tomorrow. This browser remembers the store for the next time."""
    session["mine"] = str(store)
    return _mine(work, store, Form(formdata=None))


def _mine(work: Work, store: UUID, form: Form, *, status: int = 200) -> Page:
    now, today = work.now(), boardview.board_day(work.now())
    team = calendars.resources(work, store, TECHNICIAN)
    me = next((one for one in team if one.membership_id and one.membership_id == work.actor.membership_id), None)
    start, end = boardview.window(today)[0], boardview.window(today + timedelta(days=1))[1]
    visits = [one for one in bookings.bookings_between(work, store, start, end) if me and _is_of(one, me.id)]
    ahead = [one for one in visits if one.state in AHEAD]
    month = commissions.this_month(now)
    total, entries = commissions.own(work, month)
    return board_page(
        work,
        store,
        "store/mine/mine.html",
        status=status,
        at=HERE,
        me=me,
        first=ahead[0] if ahead else None,
        first_today=bool(ahead) and boardview.board_day(ahead[0].starts_at) <= today,
        days=[(day, [one for one in visits if boardview.board_day(one.starts_at) == day]) for day in _two(today)],
        cares=clients.cares(work, [one.id for one in visits]),
        late={one.id: boardview.late_minutes(one, now) for one in visits},
        month=month,
        total=total,
        entries=entries[:5],
        kinds=crewwords.KINDS,
        form=form,
    )


def _two(today: date) -> tuple[date, date]:
    return today, today + timedelta(days=1)


def _is_of(booking: BookingShown, resource_id: UUID) -> bool:
    return booking.state in SHOWN and any(line.technician_id == resource_id for line in booking.lines)


@office.post("/mine/<uuid:booking>/arrive", may=SEE)
def mine_arrive(work: Work, store: UUID, booking: UUID) -> Answer:
    """My client is there."""
    form = Form()
    with form.tries(work):
        actions.arrive_own(work, booking)
        return see_other(HERE, flash=gettext("已到店，开始吧。"))
    return _mine(work, store, form, status=422)


@office.post("/mine/<uuid:booking>/finish", may=SEE)
def mine_finish(work: Work, store: UUID, booking: UUID) -> Answer:
    """My work is done."""
    form = Form()
    with form.tries(work):
        actions.finish_own(work, booking)
        return see_other(HERE, flash=gettext("完成，提成已记到这个月。"))
    return _mine(work, store, form, status=422)
