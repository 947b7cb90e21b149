"""A table at a restaurant: people, day, time, done; one's reservations, moved and cancelled here or by their link."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from wtforms.fields.choices import SelectChoice

from portal.domain.floor import actions, queries
from portal.domain.floor.errors import NoSuchTime
from portal.domain.floor.queries import Offer
from portal.domain.floor.rules import cancelling_costs
from portal.domain.floor.values import Booking, BookingState
from portal.kernel.figures import SHANGHAI, say_day
from portal.kernel.permissions import ANYONE, Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.work import Work
from portal.web import icalendars, locale
from portal.web.asking import asked_day
from portal.web.floorwords import MARKS, evening_of
from portal.web.forms.base import Form
from portal.web.forms.bookings import CancelForm
from portal.web.forms.floor import PartyForm, moment_of
from portal.web.locale import gettext
from portal.web.office import services
from portal.web.pages import Answer, Page, page, see_other
from portal.web.shop import shop
from portal.web.wrongs import count_wrong, wrong_links

BOOK = Permission.TABLE_BOOK
SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 12)
AGAIN = "cancelling twice is once, moving to the same time moves nothing"


@shop.get("/s/<uuid:store>/table", may=BOOK)
def tables_new(work: Work, store: UUID) -> Page:
    """How many, which day, which time."""
    return _new(work, store, PartyForm(formdata=None))


def _new(work: Work, store: UUID, form: PartyForm, *, status: int = 200) -> Page:
    action = url_for("shop.tables_book", store=store)
    try:
        found = _asked(work, store, form.people.data or 2)
    except Refusal as no:
        if isinstance(no, NotFound) or no.status == 410:
            raise
        return page("shop/tables/none.html", status=422, store_id=store, sentence=no.sentence)
    return page("shop/tables/new.html", status=status, action=action, moving=None, **_choices(work, found, form))


def _asked(work: Work, store: UUID, people: int, day: date | None = None) -> Offer:
    said = request.values.get("people", "")
    size = int(said) if said.isascii() and said.isdigit() and len(said) <= 3 else people
    return queries.offer(work, store, people=size, day=asked_day("day") or day)


def _choices(work: Work, found: Offer, form: PartyForm) -> dict[str, Any]:
    """The page's choices: sizes, days, and times as radio buttons."""
    spoken, today = locale.current(), work.now().astimezone(SHANGHAI).date()
    form.at.choices = [SelectChoice(slot.at.isoformat(), _hour(slot.at, found)) for slot in found.slots if slot.free]
    sizes = sorted({size for size in SIZES if size <= found.most} | {found.people})
    return {
        "form": form,
        "offer": found,
        "sizes": sizes,
        "days": [(one, say_day(one.day, spoken, today=today)) for one in found.days],
        "full": sum(not slot.free for slot in found.slots),
        "stay": int(found.rules.stay(found.people).total_seconds() // 60),
    }


def _hour(at: datetime, found: Offer) -> str:
    local = at.astimezone(SHANGHAI)
    time = f"{local:%H:%M}"
    return time if local.date() == found.day else gettext("次日 %(time)s", time=time)


@shop.post("/s/<uuid:store>/table", may=BOOK)
def tables_book(work: Work, store: UUID) -> Answer:
    """Reserve; on to the deposit when the store asks for one."""
    form = PartyForm()
    if form.validate():
        with form.tries(work):
            facts = {"name": form.name.data or "", "note": form.note.data or ""}
            made = actions.book(work, store_id=store, people=form.people.data or 1, at=_at(form), **facts)
            if made.intent_id is not None:
                return see_other("shop.payments_show", payment=made.intent_id)
            return see_other(
                "shop.tables_show", party=made.booking_id, flash=gettext("订好了。有变化请尽早改期或取消。")
            )
    return _new(work, store, form, status=422)


def _at(form: PartyForm) -> datetime:
    at = moment_of(form.at.data)
    if at is None:
        raise NoSuchTime
    return at


@shop.get("/tables", may=BOOK)
def tables_list(work: Work) -> Page:
    """What was reserved, what is to come first."""
    found = queries.mine(work)
    coming = sorted((one for one in found if one.living), key=lambda one: one.starts_at)
    past = [one for one in found if not one.living]
    return page("shop/tables/list.html", coming=coming, past=past, marks=MARKS)


@shop.get("/tables/<uuid:party>", may=BOOK)
def tables_show(work: Work, party: UUID) -> Page:
    """One reservation."""
    return _show(work, queries.booking(work, party, may=BOOK), Form(), party=party)


def _show(work: Work, shown: Booking, form: Form, *, status: int = 200, **where: Any) -> Page:
    now, linked = work.now(), "link" in where
    free = now <= shown.free_until
    paid = shown.deposit_fen if shown.state is BookingState.BOOKED else 0
    return page(
        "shop/tables/show.html",
        status=status,
        booking=shown,
        mark=MARKS[shown.state],
        form=form,
        keep_fen=cancelling_costs(shown.deposit_kind, paid, shown.free_until, now),
        free=free,
        movable=shown.state.value == "booked" and free,
        cancel_url=url_for("shop.tables_cancel_linked" if linked else "shop.tables_cancel", **where),
        move_url=url_for("shop.tables_move_linked" if linked else "shop.tables_move", **where),
        file_url=url_for("shop.tables_calendar_linked" if linked else "shop.tables_calendar", **where),
    )


@shop.post("/tables/<uuid:party>/cancel", may=BOOK)
def tables_cancel(work: Work, party: UUID) -> Answer:
    """Not after all."""
    form = CancelForm()
    with form.tries(work):
        actions.cancel(work, party, keep_fen=form.keep_fen())
        return see_other("shop.tables_show", party=party, flash=gettext("已取消订座。"))
    return _show(work, queries.booking(work, party, may=BOOK), form, status=422, party=party)


@shop.get("/tables/<uuid:party>/move", may=BOOK)
def tables_move(work: Work, party: UUID) -> Page:
    """Another time."""
    shown = queries.booking(work, party, may=BOOK)
    return _moving(work, shown, PartyForm(formdata=None), party=party)


def _moving(work: Work, shown: Booking, form: PartyForm, *, status: int = 200, **where: Any) -> Page:
    linked = "link" in where
    found = _asked(work, shown.store_id, form.people.data or shown.people, evening_of(shown.starts_at))
    return page(
        "shop/tables/new.html",
        status=status,
        action=url_for("shop.tables_moved_linked" if linked else "shop.tables_moved", **where),
        moving=shown,
        **_choices(work, found, form),
    )


@shop.post("/tables/<uuid:party>/move", may=BOOK)
def tables_moved(work: Work, party: UUID) -> Answer:
    """Moved."""
    form = PartyForm()
    if form.validate():
        with form.tries(work):
            actions.move(work, party, at=_at(form), people=form.people.data or 1)
            return see_other("shop.tables_show", party=party, flash=gettext("已改期。"))
    return _moving(work, queries.booking(work, party, may=BOOK), form, status=422, party=party)


@shop.get("/tables/<uuid:party>/calendar", may=BOOK)
def tables_calendar(work: Work, party: UUID) -> Response:
    """The reservation as a calendar file."""
    return _file(work, queries.booking(work, party, may=BOOK), url_for("shop.tables_show", party=party))


def _file(work: Work, shown: Booking, path: str) -> Response:
    body = icalendars.of_table(shown, services().addresses.public_url + path, work.now())
    return icalendars.answer(body, shown.number)


@shop.get("/tables/by/<link>/calendar", may=ANYONE, gate=wrong_links)
def tables_calendar_linked(work: Work, link: str) -> Response:
    """The same for who has the link."""
    return _file(work, _by(work, link), url_for("shop.tables_linked", link=link))


@shop.get("/tables/by/<link>", may=ANYONE, gate=wrong_links)
def tables_linked(work: Work, link: str) -> Page:
    """The reservation that a link opens; who has it needs no account."""
    return _show(work, _by(work, link), Form(), link=link)


def _by(work: Work, link: str) -> Booking:
    try:
        return queries.linked(work, link)
    except NotFound:
        count_wrong()
        raise


@shop.post("/tables/by/<link>/cancel", may=ANYONE, repeats=AGAIN, gate=wrong_links)
def tables_cancel_linked(work: Work, link: str) -> Answer:
    """Not after all."""
    form = CancelForm()
    shown = _by(work, link)
    with form.tries(work):
        actions.cancel_linked(work, link, keep_fen=form.keep_fen())
        return see_other("shop.tables_linked", link=link, flash=gettext("已取消订座。"))
    return _show(work, shown, form, status=422, link=link)


@shop.get("/tables/by/<link>/move", may=ANYONE, gate=wrong_links)
def tables_move_linked(work: Work, link: str) -> Page:
    """Another time."""
    return _moving(work, _by(work, link), PartyForm(formdata=None), link=link)


@shop.post("/tables/by/<link>/move", may=ANYONE, repeats=AGAIN, gate=wrong_links)
def tables_moved_linked(work: Work, link: str) -> Answer:
    """Moved."""
    form, shown = PartyForm(), _by(work, link)
    if form.validate():
        with form.tries(work):
            actions.move_linked(work, link, at=_at(form), people=form.people.data or 1)
            return see_other("shop.tables_linked", link=link, flash=gettext("已改期。"))
    return _moving(work, shown, form, status=422, link=link)
