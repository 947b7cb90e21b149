"""One visit at the desk: a walk-in or a call, its page, arrived, done, missed, another time, called off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import request
from wtforms.fields.choices import SelectChoice

from portal.domain.bookings import actions
from portal.domain.bookings import queries as bookings
from portal.domain.bookings.values import BookingShown, ServiceShown
from portal.domain.calendar import queries as calendars
from portal.domain.clients import actions as client_actions
from portal.domain.clients import queries as clients
from portal.domain.turns import queries as turns
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.forms.base import Form
from portal.web.forms.board import LATER, NOW, CancelForm, MoveForm, VisitForm
from portal.web.forms.crew import id_of
from portal.web.locale import gettext
from portal.web.office import services
from portal.web.pages import Answer, Page, see_other
from portal.web.store import boardview
from portal.web.store import store as office
from portal.web.store.board import AT, TECHNICIAN, asked_moment, board_page, day_of
from portal.web.wording import yuan

SEE, EDIT = Permission.BOOKING_VIEW, Permission.BOOKING_EDIT
ONE = "/visits/<uuid:booking>"
HERE = "store.visits_show"


@office.get("/visits/new", may=EDIT)
def visits_new(work: Work, store: UUID) -> Page:
    """Who, what, by whom; the board's free places fill in time and technician."""
    at = asked_moment()
    later = at is not None and abs((at - work.now()).total_seconds()) > 30 * 60
    facts = VisitForm.filled(at or work.now()) | {"when": LATER if later else NOW}
    facts |= {"who": request.args.get("technician", ""), "client": request.args.get("client", "")}
    form = VisitForm(formdata=None, **facts)
    if form.client.data:
        form.client_name.data = clients.client_name(work, id_of(form.client.data))
    return _new(work, store, form)


@office.post("/visits/new", may=EDIT)
def visits_make(work: Work, store: UUID) -> Answer:
    """Take the time."""
    form = VisitForm()
    _offer(work, store, form)
    if form.validate():
        with form.tries(work):
            booking_id = _make(work, store, form)
            if form.client.data:
                client_actions.tie_by_desk(work, id_of(form.client.data), booking_id)
            made = bookings.booking(work, booking_id, may=SEE)
            return see_other(AT, day=day_of(made), flash=_told(made))
    return _new(work, store, form, status=422)


def _make(work: Work, store: UUID, form: VisitForm) -> UUID:
    facts: dict[str, Any] = {
        "store_id": store,
        "service_ids": form.services(),
        "client_name": form.client_name.data or "",
        "client_phone": form.client_phone.data or "",
        "demo": services().settings.is_demo,
        "technician_id": form.technician(),
        "overrides": form.overrides.data or "",
        "note": form.note.data or "",
    }
    if form.when.data == LATER:
        return actions.book_for(work, starts_at=form.moment(), **facts)
    return actions.walk_in(work, **facts)


def _told(made: BookingShown) -> str:
    who = "、".join(dict.fromkeys(line.technician for line in made.lines if line.technician))
    return str(gettext("已安排：%(what)s · %(who)s", what=made.title, who=who or gettext("不需要技师")))


def _new(work: Work, store: UUID, form: VisitForm, *, status: int = 200) -> Page:
    _offer(work, store, form)
    first = turns.board(work, store)
    name = next((one.name for one in first.places if one.resource_id == first.next_id), "")
    return board_page(work, store, "store/visits/new.html", status=status, form=form, next_name=name)


def _offer(work: Work, store: UUID, form: VisitForm) -> None:
    found = bookings.offers(work, work.merchant_id, store)
    choices = [SelectChoice(str(one.service.id), _service(one.service)) for one in found]
    form.offer(choices, _team(work, store))


def _service(service: ServiceShown) -> str:
    facts = {"name": service.name, "minutes": service.draft.minutes, "price": yuan(service.draft.price_fen)}
    return str(gettext("%(name)s · %(minutes)s 分钟 · %(price)s", **facts))


def _team(work: Work, store: UUID) -> list[SelectChoice]:
    return [SelectChoice(str(one.id), one.name) for one in calendars.resources(work, store, TECHNICIAN)]


@office.get(ONE, may=SEE)
def visits_show(work: Work, store: UUID, booking: UUID) -> Page:
    """All of it, with what must be known of the client."""
    return _show(work, store, booking, Form(formdata=None))


def _show(work: Work, store: UUID, booking: UUID, form: Form, *, status: int = 200) -> Page:
    shown, now = bookings.booking(work, booking, may=SEE), work.now()
    return board_page(
        work,
        store,
        "store/visits/show.html",
        status=status,
        visit=shown,
        care=clients.cares(work, [booking]).get(booking),
        late=boardview.late_minutes(shown, now),
        begun=shown.starts_at <= now,
        day=day_of(shown),
        form=form,
    )


@office.post(f"{ONE}/arrive", may=EDIT)
def visits_arrive(work: Work, store: UUID, booking: UUID) -> Answer:
    """The client is there."""
    return _step(work, store, booking, actions.arrive, gettext("已到店。"))


@office.post(f"{ONE}/not-arrived", may=EDIT)
def visits_not_arrived(work: Work, store: UUID, booking: UUID) -> Answer:
    """The wrong row was tapped."""
    return _step(work, store, booking, actions.not_arrived, gettext("已改回未到店。"))


@office.post(f"{ONE}/finish", may=EDIT)
def visits_finish(work: Work, store: UUID, booking: UUID) -> Answer:
    """Done."""
    return _step(work, store, booking, actions.finish, gettext("服务完成，提成已记。"))


@office.post(f"{ONE}/no-show", may=EDIT)
def visits_no_show(work: Work, store: UUID, booking: UUID) -> Answer:
    """The client did not come."""
    return _step(work, store, booking, actions.no_show, gettext("已记为爽约，空出的时间可以再约。"))


@office.post(f"{ONE}/cancel", may=EDIT)
def visits_cancel(work: Work, store: UUID, booking: UUID) -> Answer:
    """Called off by the store: all goes back."""
    form = CancelForm()
    with form.tries(work):
        actions.cancel_by_store(work, booking, why=form.why.data or "")
        return see_other(HERE, booking=booking, flash=gettext("已取消，预付的钱原路退回。"), tone="info")
    return _show(work, store, booking, form, status=422)


def _step(work: Work, store: UUID, booking: UUID, act: Callable[[Work, UUID], None], told: str) -> Answer:
    form = Form()
    with form.tries(work):
        act(work, booking)
        return see_other(HERE, booking=booking, flash=told)
    return _show(work, store, booking, form, status=422)


@office.get(f"{ONE}/move", may=EDIT)
def visits_move(work: Work, store: UUID, booking: UUID) -> Page:
    """Another time or technician."""
    shown = bookings.booking(work, booking, may=SEE)
    doers = {str(one.technician_id or "") for one in shown.lines}
    who = request.args.get("technician") or (doers.pop() if len(doers) == 1 else "")
    form = MoveForm(formdata=None, **MoveForm.filled(asked_moment() or shown.starts_at), who=who)
    return _move(work, store, shown, form)


@office.post(f"{ONE}/move", may=EDIT)
def visits_move_do(work: Work, store: UUID, booking: UUID) -> Answer:
    """Take it; the board's drag and its keys send the same form."""
    form = MoveForm()
    form.who.choices = [SelectChoice("", ""), *_team(work, store)]
    if form.validate():
        with form.tries(work):
            facts: dict[str, Any] = {"starts_at": form.moment(), "technician_id": form.technician()}
            facts |= {"line_id": id_of(form.line.data) if form.line.data else None}
            actions.move_by_store(work, booking, **facts, overrides=form.overrides.data or "")
            moved = bookings.booking(work, booking, may=SEE)
            return see_other(AT, day=day_of(moved), flash=gettext("已改期，客人会收到通知。"))
    return _move(work, store, bookings.booking(work, booking, may=SEE), form, status=422)


def _move(work: Work, store: UUID, shown: BookingShown, form: MoveForm, *, status: int = 200) -> Page:
    several = len({one.technician_id for one in shown.lines}) > 1
    anybody = gettext("各做各的，没空再换人") if several else gettext("谁有空都行")
    form.who.choices = [SelectChoice("", anybody), *_team(work, store)]
    dragged = next((one.name for one in shown.lines if str(one.id) == form.line.data and len(shown.lines) > 1), "")
    context: dict[str, Any] = {"visit": shown, "form": form, "day": day_of(shown), "dragged": dragged}
    return board_page(work, store, "store/visits/move.html", status=status, **context)
