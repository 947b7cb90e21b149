"""Waiting at a full restaurant: how many wait, a number for one's party, its place, and that it was called."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g, url_for

from portal.domain.stores.queries.cards import card
from portal.domain.waiting import actions, queries
from portal.domain.waiting.values import Number, Queue
from portal.kernel.permissions import ANYONE, Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web.floorwords import NUMBERS
from portal.web.forms.base import Form
from portal.web.forms.floor import DoorForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.shop import shop
from portal.web.wrongs import count_wrong, wrong_links

TAKE = Permission.QUEUE_TAKE


@shop.get("/s/<uuid:store>/queue", may=ANYONE)
def queue_show(work: Work, store: UUID) -> Answer:
    """How many wait for which table; one's own number, if there is one."""
    mine = queries.mine_at(work, store) if g.get("signed_in") else None
    if mine is not None:
        return see_other("shop.queue_number", number=mine)
    return _show(work, store, DoorForm(formdata=None, people=2))


def _show(work: Work, store: UUID, form: DoorForm, *, status: int = 200) -> Page:
    known, found = card(work, store), queries.open_queue(work, store)
    return page("shop/queue/show.html", status=status, card=known, queue=found, form=form)


@shop.post("/s/<uuid:store>/queue", may=TAKE)
def queue_take(work: Work, store: UUID) -> Answer:
    """A number."""
    form = DoorForm()
    if form.validate():
        with form.tries(work):
            taken = actions.take(work, store_id=store, people=form.people.data or 1)
            done = gettext("取号成功：%(number)s。", number=taken.text)
            return see_other("shop.queue_number", number=taken.number_id, flash=done)
    return _show(work, store, form, status=422)


@shop.get("/queue/<uuid:number>", may=TAKE)
def queue_number(work: Work, number: UUID) -> Page:
    """One's place in line."""
    found, today = queries.number(work, number)
    return _number(work, found, today, url_for("shop.queue_leave", number=number), Form())


def _number(work: Work, found: Number, today: Queue, leave_url: str, form: Form, *, status: int = 200) -> Page:
    known: dict[str, Any] = {"number": found, "mark": NUMBERS[found.state], "leave_url": leave_url}
    store = card(work, found.store_id)
    return page("shop/queue/number.html", block="place", status=status, card=store, queue=today, form=form, **known)


@shop.post("/queue/<uuid:number>/leave", may=TAKE)
def queue_leave(work: Work, number: UUID) -> Answer:
    """Not any more."""
    form = Form()
    with form.tries(work):
        actions.leave(work, number)
        return see_other("shop.queue_number", number=number, flash=gettext("已放弃排队。"))
    found, today = queries.number(work, number)
    return _number(work, found, today, url_for("shop.queue_leave", number=number), form, status=422)


@shop.get("/queue/by/<slip>", may=ANYONE, gate=wrong_links)
def queue_linked(work: Work, slip: str) -> Page:
    """The place of a number that was taken at the door."""
    found, today = _by(work, slip)
    return _number(work, found, today, url_for("shop.queue_leave_linked", slip=slip), Form())


def _by(work: Work, slip: str) -> tuple[Number, Queue]:
    try:
        return queries.linked(work, slip)
    except NotFound:
        count_wrong()
        raise


@shop.post("/queue/by/<slip>/leave", may=ANYONE, repeats="leaving twice is once", gate=wrong_links)
def queue_leave_linked(work: Work, slip: str) -> Answer:
    """Not any more."""
    form, (found, today) = Form(), _by(work, slip)
    with form.tries(work):
        actions.leave_linked(work, slip)
        return see_other("shop.queue_linked", slip=slip, flash=gettext("已放弃排队。"))
    return _number(work, found, today, url_for("shop.queue_leave_linked", slip=slip), form, status=422)
