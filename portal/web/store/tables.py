"""A store's table reservations: the evening by table and by time, taken by phone, seated, moved, missed, cancelled."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import request, url_for
from wtforms.fields.choices import SelectChoice

from portal.domain.floor import actions, queries
from portal.domain.floor.values import Booking, BookingState, Rules
from portal.domain.menus.values import Trade
from portal.domain.tabs import actions as tabs
from portal.kernel import phones
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web.asking import asked_day, asked_words
from portal.web.floorwords import MARKS, NIGHT, evening_of
from portal.web.forms.base import Form
from portal.web.forms.floor import CallForm, ReasonForm
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, services
from portal.web.pages import Answer, Page, see_other
from portal.web.store import seatline
from portal.web.store import store as office
from portal.web.store.frame import counter_page

SEE, EDIT = Permission.BOOKING_VIEW, Permission.BOOKING_EDIT
AT = "store.tables_day"

office.nav.append(NavItem(_l("订座"), AT, SEE, trade=Trade.TABLES))


def window(day: date) -> tuple[datetime, datetime]:
    """An evening belongs to its day until five in the morning."""
    start = datetime.combine(day, datetime.min.time(), SHANGHAI) + NIGHT
    return start, start + timedelta(days=1)


@office.get("/tables", may=SEE)
def tables_day(work: Work, store: UUID) -> Page:
    """A day's reservations."""
    now, q = work.now(), asked_words()
    day = asked_day("day") or evening_of(now)
    found = queries.on_day(work, store, *window(day), q=q)
    known, plan = queries.rules(work, store), queries.plan(work, store)
    return counter_page(
        work,
        store,
        "store/tables/day.html",
        at=AT,
        day=day,
        q=q,
        days=[day + timedelta(days=n) for n in (-1, 1)],
        today=evening_of(now),
        rows=[(one, _late(one, known, now)) for one in found],
        line=seatline.draw(plan.in_use, found, now, late=timedelta(minutes=known.late_minutes)),
        people=sum(one.people for one in found if one.state in (BookingState.BOOKED, BookingState.SEATED)),
        has_tables=bool(plan.in_use),
        marks=MARKS,
    )


def _late(one: Booking, known: Rules, now: datetime) -> int:
    """Minutes beyond the time; 0 when nobody is waited for."""
    minutes = int((now - one.starts_at).total_seconds() // 60)
    return minutes if one.state is BookingState.BOOKED and minutes >= known.late_minutes else 0


@office.get("/tables/new", may=EDIT)
def tables_call(work: Work, store: UUID) -> Page:
    """Somebody rings up."""
    day = asked_day("day") or evening_of(work.now())
    return _form(work, store, CallForm(formdata=None, day=day, hour="18:30", people=4))


def _form(work: Work, store: UUID, form: CallForm, booking: Booking | None = None, *, status: int = 200) -> Page:
    plan = queries.plan(work, store)
    form.tables.choices = [SelectChoice(str(one.id), f"{one.name} ({one.seats_max})") for one in plan.in_use]
    action = url_for("store.tables_change", party=booking.id) if booking else url_for("store.tables_take")
    facts: dict[str, Any] = {"form": form, "booking": booking, "action": action}
    return counter_page(work, store, "store/tables/edit.html", status=status, at=AT, **facts)


@office.post("/tables/new", may=EDIT)
def tables_take(work: Work, store: UUID) -> Answer:
    """Take it; the link to manage it is told once."""
    form = CallForm()
    chosen = _chosen(work, store, form)
    if form.validate():
        with form.tries(work):
            facts: dict[str, Any] = {"name": form.name.data or "", "phone": _phone(form), "note": form.note.data or ""}
            facts |= {"people": form.people.data or 1, "at": _at(form), "tables": chosen}
            made = actions.take(work, store_id=store, address=_address, **facts)
            done = gettext("已订座。顾客可用这个链接改期或取消：%(link)s", link=_address(made.link))
            return see_other("store.tables_show", party=made.booking_id, flash=done)
    return _form(work, store, form, status=422)


def _address(link: str) -> str:
    return services().addresses.public_url + str(url_for("shop.tables_linked", link=link))


def _chosen(work: Work, store: UUID, form: CallForm) -> tuple[UUID, ...]:
    known = {str(one.id): one.id for one in queries.plan(work, store).in_use}
    form.tables.choices = [SelectChoice(one, one) for one in known]
    return tuple(known[one] for one in form.tables.data or () if one in known)


def _at(form: CallForm) -> datetime:
    at = form.at()
    if at is None:
        raise Refusal(say("请按 18:30 这样填写时间。"), field="hour")
    return at


def _phone(form: CallForm) -> str:
    typed = (form.phone.data or "").strip()
    return phones.normalise_phone(typed, demo=services().settings.is_demo) if typed else ""


def _booking(work: Work, store: UUID, party: UUID) -> Booking:
    found = queries.booking(work, party, may=SEE)
    if found.store_id != store:
        raise NotFound
    return found


@office.get("/tables/<uuid:party>", may=SEE)
def tables_show(work: Work, store: UUID, party: UUID) -> Page:
    """One reservation and what can be done."""
    return _show(work, store, party, ReasonForm(formdata=None))


def _show(work: Work, store: UUID, party: UUID, form: Form, *, status: int = 200) -> Page:
    found = _booking(work, store, party)
    facts: dict[str, Any] = {"booking": found, "mark": MARKS[found.state], "form": form, "show_phone": phones.show}
    facts["begun"] = work.now() >= found.starts_at
    return counter_page(work, store, "store/tables/show.html", status=status, at=AT, **facts)


@office.get("/tables/<uuid:party>/change", may=EDIT)
def tables_edit(work: Work, store: UUID, party: UUID) -> Page:
    """Another time, size or table."""
    found = _booking(work, store, party)
    local = found.starts_at.astimezone(SHANGHAI)
    facts = {"day": local.date(), "hour": f"{local:%H:%M}", "people": found.people, "name": found.name}
    tables = [str(one) for one in found.table_ids]
    return _form(work, store, CallForm(formdata=None, tables=tables, phone=found.phone, **facts), found)


@office.post("/tables/<uuid:party>/change", may=EDIT)
def tables_change(work: Work, store: UUID, party: UUID) -> Answer:
    """Change it."""
    form, found = CallForm(), _booking(work, store, party)
    chosen = _chosen(work, store, form)
    if form.validate():
        with form.tries(work):
            actions.move_by_staff(work, party, at=_at(form), people=form.people.data or 1, tables=chosen)
            return see_other("store.tables_show", party=party, flash=gettext("已修改。"))
    return _form(work, store, form, found, status=422)


@office.post("/tables/<uuid:party>/seat", may=EDIT)
def tables_seat(work: Work, store: UUID, party: UUID) -> Answer:
    """They have come; with `open` their table's sitting begins at once."""
    form, found = ReasonForm(), _booking(work, store, party)
    with form.tries(work):
        ids = actions.seat(work, party)
        if request.form.get("open") == "yes" and work.may(Permission.TAB_ORDER):
            tabs.open(work, store, ids, found.people)
            return see_other("store.tables_day", flash=gettext("%(name)s 已入座并开台。", name=found.name))
        return see_other("store.tables_show", party=party, flash=gettext("%(name)s 已入座。", name=found.name))
    return _show(work, store, party, form, status=422)


def _act(work: Work, store: UUID, party: UUID, act: Any, done: str) -> Answer:
    form = ReasonForm()
    _booking(work, store, party)
    with form.tries(work):
        act(form)
        return see_other("store.tables_show", party=party, flash=done)
    return _show(work, store, party, form, status=422)


@office.post("/tables/<uuid:party>/unseat", may=EDIT)
def tables_unseat(work: Work, store: UUID, party: UUID) -> Answer:
    """The wrong one."""
    return _act(work, store, party, lambda _form: actions.unseat(work, party), gettext("已撤销入座。"))


@office.post("/tables/<uuid:party>/miss", may=EDIT)
def tables_miss(work: Work, store: UUID, party: UUID) -> Answer:
    """Nobody came."""
    return _act(work, store, party, lambda _form: actions.miss(work, party), gettext("已记为爽约，桌台放出。"))


@office.post("/tables/<uuid:party>/cancel", may=EDIT)
def tables_cancel(work: Work, store: UUID, party: UUID) -> Answer:
    """The store cancels, with a reason."""

    def act(form: ReasonForm) -> None:
        actions.cancel_by_staff(work, party, reason=form.reason.data or "")

    return _act(work, store, party, act, gettext("已取消，顾客会收到通知。"))
