"""My visits, one visit with its code, and the same by a secret link without sign-in: move, call off, calendar."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request, url_for

from portal.domain.bookings import actions, queries
from portal.domain.bookings.errors import LinkOver, NoTime
from portal.domain.bookings.rules.links import Link
from portal.domain.bookings.rules.terms import kept
from portal.domain.bookings.values import CLOSES_AFTER, BookingShown, BookingState
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import ANYONE, Permission
from portal.kernel.work import Work
from portal.web import icalendars, locale, moving, visits
from portal.web.forms.base import Form
from portal.web.forms.bookings import CancelForm, TimeForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.shop import shop
from portal.web.shop.bookings import shared
from portal.web.wrongs import count_wrong, wrong_links

BOOK = Permission.BOOKING_BOOK
AGAIN = "the same time twice is one move; what was called off cannot be again"


@shop.get("/bookings", may=BOOK)
def bookings_list(work: Work) -> Page:
    """What is to come, what was; where I wait; the calendar feed."""
    over = request.args.get("tab") == "over"
    feed = queries.my_feed(work)
    return page(
        "shop/bookings/list.html",
        rows=queries.my_bookings(work, over=over),
        waiting=queries.waiting(work),
        over=over,
        feed=_feed_url(feed) if feed else "",
        span=visits.span,
        day_words=visits.day_words,
        today=work.now().astimezone(SHANGHAI).date(),
        **shared(),
    )


@shop.get("/bookings/<uuid:booking>", may=BOOK)
def bookings_show(work: Work, booking: UUID) -> Page:
    """One visit: its code, its facts, what may still be done."""
    return _show(work, queries.booking(work, booking), CancelForm(formdata=None))


def _show(work: Work, shown: BookingShown, form: Form, *, link: str = "", status: int = 200) -> Page:
    now = work.now()
    keep = kept(shown.prepay_fen if shown.paid else 0, shown.keep_fen, free=shown.free_to_cancel(now))
    costs = shown.state is BookingState.BOOKED and not shown.free_to_cancel(now)
    ready = shown.state in (BookingState.BOOKED, BookingState.ARRIVED)
    return page(
        "shop/bookings/show.html",
        status=status,
        visit=shown,
        form=form,
        link=link,
        secret="" if link else visits.secret_url(shown),
        qr=visits.shown_code(shown) if ready else None,
        digits=" ".join(shown.code[at : at + 4] for at in range(0, 12, 4)),
        keep_fen=keep,
        keep_uses=sum(bool(one.keeps and one.pass_use_id) for one in shown.lines) if costs else 0,
        movable=shown.state is BookingState.BOOKED and shown.free_to_cancel(now),
        open=shown.open and (shown.held_until is None or shown.held_until > now),
        span=visits.span,
        now=now,
        closes_at=shown.ends_at + CLOSES_AFTER,
        **shared(),
    )


@shop.get("/bookings/<uuid:booking>/move", may=BOOK)
def bookings_move(work: Work, booking: UUID) -> Page:
    """Another time for it."""
    return moving.move_page(work, queries.booking(work, booking), TimeForm(formdata=None), _urls(booking))


@shop.post("/bookings/<uuid:booking>/move", may=BOOK)
def bookings_moved(work: Work, booking: UUID) -> Answer:
    """Take it; the old one stays when the new one is gone."""
    form = TimeForm()
    if form.validate():
        with form.tries(work):
            actions.move(work, booking, starts_at=_at(form))
            return see_other("shop.bookings_show", booking=booking, flash=gettext("改好了。"))
    return moving.move_page(work, queries.booking(work, booking), form, _urls(booking), status=422)


def _at(form: TimeForm) -> Any:
    at = visits.received(form.at.data or "")
    if at is None:
        raise NoTime
    return at


def _urls(booking: UUID) -> moving.Urls:
    return moving.Urls(
        back=url_for("shop.bookings_show", booking=booking),
        here=url_for("shop.bookings_move", booking=booking),
        act=url_for("shop.bookings_moved", booking=booking),
    )


@shop.post("/bookings/<uuid:booking>/cancel", may=BOOK)
def bookings_cancel(work: Work, booking: UUID) -> Answer:
    """Call it off, for what the page said."""
    form = CancelForm()
    if form.validate():
        with form.tries(work):
            actions.cancel(work, booking, **form.cost(), why=form.why.data or "")
            return see_other("shop.bookings_show", booking=booking, flash=gettext("预约已取消。"))
    return _show(work, queries.booking(work, booking), form, status=422)


@shop.post("/bookings/<uuid:booking>/accept", may=BOOK)
def bookings_accept(work: Work, booking: UUID) -> Answer:
    """Take what the waiting list offers."""
    form = CancelForm()
    with form.tries(work):
        made = actions.accept(work, booking)
        if made.intent_id is not None:
            return see_other("shop.payments_show", payment=made.intent_id)
        return see_other("shop.bookings_show", booking=booking, flash=gettext("约好了，到店出示预约码。"))
    return _show(work, queries.booking(work, booking), form, status=422)


@shop.post("/bookings/<uuid:booking>/link", may=BOOK)
def bookings_link(work: Work, booking: UUID) -> Answer:
    """A new secret link; the former one is worthless."""
    actions.renew_link(work, booking)
    return see_other("shop.bookings_show", booking=booking, flash=gettext("链接已更换，旧的打不开了。"))


@shop.get("/bookings/<uuid:booking>/calendar", may=BOOK)
def bookings_calendar(work: Work, booking: UUID) -> Response:
    """The visit as a calendar file."""
    shown = queries.booking(work, booking)
    return icalendars.answer(icalendars.written([shown]), shown.number)


@shop.post("/bookings/waiting/<uuid:waiting>/withdraw", may=BOOK)
def bookings_unwait(work: Work, waiting: UUID) -> Answer:
    """Wait no more."""
    actions.withdraw(work, waiting)
    return see_other("shop.bookings_list", flash=gettext("不再候补。"))


@shop.post("/bookings/feed", may=BOOK)
def bookings_subscribe(work: Work) -> Answer:
    """A calendar feed, or a new address for it."""
    actions.renew_feed(work)
    return see_other("shop.bookings_list", flash=gettext("订阅地址好了，请复制到日历里。旧的地址已失效。"))


def _feed_url(link: Link) -> str:
    """The whole address of a feed, in the language in which its owner reads it."""
    return visits.public(url_for("shop.bookings_feed", feed=visits.feed_of(link), language=locale.current()))


@shop.get("/calendar/<string:feed>/visits.ics", may=ANYONE)
def bookings_feed(work: Work, feed: str) -> Response:
    """All visits of whoever made this address, for calendar apps: they read no language, their address says it."""
    link = visits.read_feed(feed)
    if link is None:
        raise LinkOver
    locale.speak(request.args.get("language", ""))
    return icalendars.answer(icalendars.written(queries.fed(work, link), name=gettext("我的预约")), "")


@shop.get("/visit/<string:visit>", may=ANYONE, gate=wrong_links)
def visits_show(work: Work, visit: str) -> Page:
    """One visit by its secret link."""
    return _show(work, _linked(work, visit)[1], CancelForm(formdata=None), link=visit)


def _linked(work: Work, text: str) -> tuple[Link, BookingShown]:
    """What a link opens; one that opens nothing is counted."""
    found = visits.read_link(text)
    try:
        if found is None:
            raise LinkOver
        return found, queries.linked(work, found)
    except LinkOver:
        count_wrong()
        raise


@shop.get("/visit/<string:visit>/move", may=ANYONE, gate=wrong_links)
def visits_move(work: Work, visit: str) -> Page:
    """Another time for it, without sign-in."""
    return moving.move_page(work, _linked(work, visit)[1], TimeForm(formdata=None), _link_urls(visit))


@shop.post("/visit/<string:visit>/move", may=ANYONE, repeats=AGAIN, gate=wrong_links)
def visits_moved(work: Work, visit: str) -> Answer:
    """Take it."""
    form, (link, shown) = TimeForm(), _linked(work, visit)
    if form.validate():
        with form.tries(work):
            actions.move_linked(work, link, starts_at=_at(form))
            return see_other("shop.visits_show", visit=visit, flash=gettext("改好了。"))
    return moving.move_page(work, shown, form, _link_urls(visit), status=422)


def _link_urls(link: str) -> moving.Urls:
    return moving.Urls(
        back=url_for("shop.visits_show", visit=link),
        here=url_for("shop.visits_move", visit=link),
        act=url_for("shop.visits_moved", visit=link),
    )


@shop.post("/visit/<string:visit>/cancel", may=ANYONE, repeats=AGAIN, gate=wrong_links)
def visits_cancel(work: Work, visit: str) -> Answer:
    """Call it off, without sign-in."""
    form, (link, _shown) = CancelForm(), _linked(work, visit)
    if form.validate():
        with form.tries(work):
            actions.cancel_linked(work, link, **form.cost())
            return see_other("shop.visits_show", visit=visit, flash=gettext("预约已取消。"))
    return _show(work, _linked(work, visit)[1], form, link=visit, status=422)


@shop.get("/visit/<string:visit>/calendar", may=ANYONE, gate=wrong_links)
def visits_calendar(work: Work, visit: str) -> Response:
    """The visit as a calendar file, without sign-in."""
    _link, shown = _linked(work, visit)
    return icalendars.answer(icalendars.written([shown]), shown.number)
