"""A store's queue: call, skip and seat with large buttons, numbers at the door, the screen there, its settings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for

from portal.domain.floor import queries as floor
from portal.domain.menus.values import Trade
from portal.domain.tabs import actions as tabs
from portal.domain.tabs import queries as tabs_queries
from portal.domain.waiting import actions, queries
from portal.domain.waiting.values import Rules
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.drawings import qr
from portal.web.forms.base import Form
from portal.web.forms.floor import ClassForm, DoorForm, LineForm, QueueForm
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, services
from portal.web.pages import Answer, Page, see_other
from portal.web.store import store as office
from portal.web.store.frame import counter_page

CALL, EDIT = Permission.QUEUE_CALL, Permission.FLOOR_EDIT
AT = "store.queue_board"

office.nav.append(NavItem(_l("排队"), AT, CALL, trade=Trade.TABLES))


@office.get("/queue", may=CALL)
def queue_board(work: Work, store: UUID) -> Page:
    """Who waits, who is called, what to press next."""
    return _board(work, store, DoorForm(formdata=None, people=2))


def _board(work: Work, store: UUID, form: Form, *, wrong: Form | None = None, status: int = 200) -> Page:
    facts: dict[str, Any] = {"queue": queries.queue(work, store), "seated": queries.seated_today(work, store)}
    facts |= {"form": form, "wrong": wrong}
    return counter_page(work, store, "store/queue/board.html", status=status, at=AT, **facts)


@office.post("/queue/take", may=CALL)
def queue_take(work: Work, store: UUID) -> Answer:
    """A number for who has no phone at hand; the slip has a code to follow it."""
    form = DoorForm()
    if form.validate():
        with form.tries(work):
            taken = actions.take_at_door(work, store_id=store, people=form.people.data or 1, name=form.name.data or "")
            return see_other("store.queue_slip", slip=taken.link)
    return _board(work, store, form, status=422)


@office.get("/queue/slip/<slip>", may=CALL)
def queue_slip(work: Work, store: UUID, slip: str) -> Page:
    """The slip: the number, large, and a code that follows it."""
    number, _today = queries.linked(work, slip)
    address = services().addresses.public_url + url_for("shop.queue_linked", slip=slip)
    return counter_page(work, store, "store/queue/slip.html", at=AT, number=number, code=qr(address))


def _act(work: Work, store: UUID, act: Any, done: str) -> Answer:
    form = Form()
    with form.tries(work):
        act()
        return see_other("store.queue_board", flash=done)
    return _board(work, store, DoorForm(formdata=None, people=2), wrong=form, status=422)


@office.post("/queue/<uuid:number>/call", may=CALL)
def queue_call(work: Work, store: UUID, number: UUID) -> Answer:
    """It is their turn."""
    return _act(work, store, lambda: actions.call(work, number), gettext("已叫号。"))


@office.post("/queue/<uuid:number>/again", may=CALL)
def queue_again(work: Work, store: UUID, number: UUID) -> Answer:
    """Once more."""
    return _act(work, store, lambda: actions.call(work, number, again=True), gettext("已再叫一次。"))


@office.post("/queue/<uuid:number>/skip", may=CALL)
def queue_skip(work: Work, store: UUID, number: UUID) -> Answer:
    """They did not come."""
    return _act(work, store, lambda: actions.skip(work, number), gettext("已过号。"))


@office.post("/queue/<uuid:number>/back", may=CALL)
def queue_back(work: Work, store: UUID, number: UUID) -> Answer:
    """They have come back."""
    return _act(work, store, lambda: actions.take_back(work, number), gettext("已排回队里。"))


@office.post("/queue/<uuid:number>/seat", may=CALL)
def queue_seat(work: Work, store: UUID, number: UUID) -> Answer:
    """They sit down; with `open` at the best table that is free, whose sitting begins at once."""
    if request.form.get("open") == "yes" and work.may(Permission.TAB_ORDER):
        return _seat_and_open(work, store, number)
    return _act(work, store, lambda: actions.seat(work, number), gettext("已入座。"))


def _seat_and_open(work: Work, store: UUID, number: UUID) -> Answer:
    form = Form()
    with form.tries(work):
        people = actions.seat(work, number)
        taken = {table for one in tabs_queries.floor_state(work, store) for table in one.table_ids}
        place = floor.free_now(work, store, people, taken=taken)
        tabs.open(work, store, place.table_ids, people)
        return see_other(
            "store.queue_board", flash=gettext("已入座并开台：%(tables)s。", tables="、".join(place.names))
        )
    return _board(work, store, DoorForm(formdata=None, people=2), wrong=form, status=422)


@office.post("/queue/<uuid:number>/unseat", may=CALL)
def queue_unseat(work: Work, store: UUID, number: UUID) -> Answer:
    """The wrong one."""
    return _act(work, store, lambda: actions.unseat(work, number), gettext("已撤销入座。"))


@office.post("/queue/<uuid:number>/dismiss", may=CALL)
def queue_dismiss(work: Work, store: UUID, number: UUID) -> Answer:
    """They have gone."""
    return _act(work, store, lambda: actions.dismiss(work, number), gettext("已移出队列。"))


@office.post("/queue/open", may=CALL)
def queue_open(work: Work, store: UUID) -> Answer:
    """Phones may take numbers."""
    return _act(work, store, lambda: actions.set_taking(work, store, taking=True), gettext("已开放手机取号。"))


@office.post("/queue/shut", may=CALL)
def queue_shut(work: Work, store: UUID) -> Answer:
    """Not for now."""
    return _act(work, store, lambda: actions.set_taking(work, store, taking=False), gettext("已暂停手机取号。"))


@office.get("/queue/screen", may=CALL)
def queue_screen(work: Work, store: UUID) -> Page:
    """For a screen at the door: who is called, how many wait; asks anew every five seconds."""
    address = services().addresses.public_url + url_for("shop.queue_show", store=store)
    shown = counter_page(
        work, store, "store/queue/screen.html", at=AT, queue=queries.queue(work, store), code=qr(address)
    )
    return Page(shown.template, shown.context, "numbers")


@office.get("/queue/settings", may=EDIT)
def queue_settings(work: Work, store: UUID) -> Page:
    """Which queues there are and what becomes of who does not come."""
    return _settings(work, store)


def _settings(
    work: Work, store: UUID, *, form: Form | None = None, fresh: Form | None = None, line: LineForm | None = None
) -> Page:
    """The page with what is in force in each form but the wrong one, which stands as it was entered."""
    queue = queries.queue(work, store)
    known = {"back_by": queue.rules.back_by, "keep_minutes": queue.rules.keep_minutes, "note": queue.rules.note}
    forms = {one.known.id: LineForm(formdata=None, obj=one.known).beside(one.known.id) for one in queue.lines}
    if line is not None and line.row is not None:
        forms[line.row] = line
    facts = {
        "form": form or QueueForm(formdata=None, **known),
        "fresh": fresh or ClassForm(formdata=None),
        "lines": [(one.known, forms[one.known.id]) for one in queue.lines],
    }
    status = 422 if form or fresh or line else 200
    return counter_page(work, store, "store/queue/settings.html", status=status, at=AT, **facts)


@office.post("/queue/settings", may=EDIT)
def queue_settings_save(work: Work, store: UUID) -> Answer:
    """Keep them."""
    form = QueueForm()
    if form.validate():
        with form.tries(work):
            known = queries.rules_of(work, work.merchant_id, store)
            facts = Rules(known.taking, form.back_by.data or 0, form.keep_minutes.data or 1, form.note.data or "")
            actions.set_rules(work, store, facts)
            return see_other("store.queue_settings", flash=gettext("已保存。"))
    return _settings(work, store, form=form)


@office.post("/queue/lines/new", may=EDIT)
def queue_line_add(work: Work, store: UUID) -> Answer:
    """Another queue."""
    form = ClassForm()
    if form.validate():
        with form.tries(work):
            facts: dict[str, Any] = {"name": form.name.data or "", "letter": (form.letter.data or "").upper()}
            sizes: dict[str, Any] = {name: form[name].data for name in ("people_from", "people_to", "turn_minutes")}
            actions.add_class(work, store_id=store, **facts, **sizes)
            return see_other("store.queue_settings", flash=gettext("已添加队列。"))
    return _settings(work, store, fresh=form)


@office.post("/queue/lines/<uuid:line>", may=EDIT)
def queue_line_save(work: Work, store: UUID, line: UUID) -> Answer:
    """Other sizes."""
    form = LineForm().beside(line)
    if form.validate():
        with form.tries(work):
            sizes = {name: form[name].data for name in ("people_from", "people_to", "turn_minutes")}
            actions.edit_class(work, line, name=form.name.data or "", **sizes)
            return see_other("store.queue_settings", flash=gettext("已保存。"))
    return _settings(work, store, line=form)


@office.post("/queue/lines/<uuid:line>/retire", may=EDIT)
def queue_line_retire(work: Work, store: UUID, line: UUID) -> Answer:
    """Not needed any more."""
    known = next((one.known for one in queries.queue(work, store).lines if one.known.id == line), None)
    form = LineForm(formdata=None, obj=known).beside(line)
    with form.tries(work):
        actions.retire_class(work, line)
        return see_other("store.queue_settings", flash=gettext("已停用这个队列。"))
    return _settings(work, store, line=form)
