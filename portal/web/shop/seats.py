"""Sitting down: the printed code asks to join, a friend's invitation lets in. Nobody needs a number or an account.

Guesses are counted by address; what an address knows is refused in a sentence.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request, url_for

from portal.domain.tabs import actions, errors
from portal.domain.tabs import queries as tabs
from portal.domain.tabs.values import NAME_MOST, Entrance, GuestState, Joined
from portal.kernel.limits import Limit
from portal.kernel.permissions import ANYONE
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import seats, sessions
from portal.web.forms.base import Form
from portal.web.htmx import htmx
from portal.web.locale import gettext
from portal.web.office import Checks, services
from portal.web.pages import Answer, SeeOther, page
from portal.web.shop import shop

_TOO_MANY = say("试错的次数太多了。请扫桌上的码，或十分钟后再试。")
WRONG = Limit("seats.wrong", 30, 600, _TOO_MANY, failures_only=True)
JOINS = Limit("seats.join", 20, 600, say("这台手机加入得太频繁，请稍后再试，或叫服务员。"))


def guesses(_args: dict[str, Any]) -> Checks:
    """Looks, and counts only what turns out wrong."""
    return [(WRONG, request.remote_addr or "")]


def joining(args: dict[str, Any]) -> Checks:
    """The same, and no browser sits down all the time."""
    return [*guesses(args), (JOINS, sessions.device())]


@shop.get("/t/<uuid:store>/<code>", may=ANYONE, gate=guesses)
def seats_ask(work: Work, store: UUID, code: str) -> Answer:
    """What the printed card leads to: the table, whether somebody sits there, and one button."""
    entrance = _entrance(work, store, code)
    if entrance.own_id is not None and (seat := _seat(work, entrance.own_id)) is not None:
        return _on(seat.sitting_id, seat.state)
    return _ask(entrance, code, Form(formdata=None))


def _entrance(work: Work, store: UUID, code: str) -> Entrance:
    try:
        return tabs.entrance(work, store, code)
    except errors.NoSuchTable:
        services().gate.miss(*guesses({}))
        raise


def _ask(entrance: Entrance, code: str, form: Form, *, status: int = 200) -> Answer:
    return page(
        "shop/seats/ask.html",
        status=status,
        entrance=entrance,
        code=code,
        form=form,
        people=request.form.get("people", ""),
        name=request.form.get("name", ""),
        name_most=NAME_MOST,
    )


@shop.post("/t/<uuid:store>/<code>", may=ANYONE, repeats="a browser that sits there already is led back", gate=joining)
def seats_join(work: Work, store: UUID, code: str) -> Answer:
    """Ask to join, or open the table where guests may."""
    entrance, form = _entrance(work, store, code), Form()
    if entrance.own_id is not None and (seat := _seat(work, entrance.own_id)) is not None:
        return _on(seat.sitting_id, seat.state)
    if form.validate():
        with form.tries(work):
            people = max(entrance.people, 1) if entrance.sitting_id else seats.whole("people")
            joined = actions.join(work, store, code, people=people, name=request.form.get("name", ""))
            return _sit(joined)
    return _ask(entrance, code, form, status=422)


@shop.get("/join/<uuid:sitting>/<secret>", may=ANYONE, gate=guesses)
def seats_invited(work: Work, sitting: UUID, secret: str) -> Answer:
    """A friend's link: which table, and one button."""
    if (seat := _seat(work, sitting)) is not None:
        return _on(seat.sitting_id, seat.state)
    return _invited(work, sitting, secret, Form(formdata=None))


def _invited(work: Work, sitting: UUID, secret: str, form: Form, *, status: int = 200) -> Answer:
    found = tabs.invited(work, sitting, secret)
    if found is None:
        services().gate.miss(*guesses({}))
        raise errors.InviteOver
    store_name, tables = found
    return page(
        "shop/seats/invited.html",
        status=status,
        form=form,
        sitting=sitting,
        secret=secret,
        store_name=store_name,
        table_name="、".join(one.name for one in tables),
        name=request.form.get("name", ""),
        name_most=NAME_MOST,
    )


@shop.post(
    "/join/<uuid:sitting>/<secret>", may=ANYONE, repeats="a browser that sits there already is led back", gate=joining
)
def seats_accept(work: Work, sitting: UUID, secret: str) -> Answer:
    """Sit down with a friend's invitation."""
    if (seat := _seat(work, sitting)) is not None:
        return _on(seat.sitting_id, seat.state)
    form = Form()
    if form.validate():
        with form.tries(work):
            return _sit(actions.join_by_invite(work, sitting, secret, name=request.form.get("name", "")))
    return _invited(work, sitting, secret, form, status=422)


@shop.get("/waiting/<uuid:sitting>", may=ANYONE, gate=seats.guesses)
def seats_wait(work: Work, sitting: UUID) -> Answer:
    """Until somebody lets me in; the page asks by itself."""
    seat = seats.seat_at(work, sitting)
    if seat.state is GuestState.IN:
        answer = _on(seat.sitting_id, seat.state)
        return Response(headers={"HX-Redirect": answer.location}) if htmx.wants_block else answer
    if htmx.wants_block:
        return Response(status=204)
    return page("shop/seats/waiting.html", sitting=sitting)


def _seat(work: Work, sitting_id: UUID) -> Any:
    """The seat this browser has there already; None when it has none that is good."""
    try:
        return seats.seat_at(work, sitting_id)
    except Refusal:
        return None


def _sit(joined: Joined) -> SeeOther:
    seats.keep(joined)
    return _on(joined.sitting_id, joined.state, gettext("坐好了，开始点菜吧。"))


def _on(sitting_id: UUID, state: GuestState, note: str = "") -> SeeOther:
    if state is GuestState.IN:
        return SeeOther(url_for("table.menu_show", sitting=sitting_id), note)
    return SeeOther(url_for("shop.seats_wait", sitting=sitting_id))
