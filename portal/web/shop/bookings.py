"""Booking a store's services: what → who → day → time as radio buttons, one form, one button.

The times of two weeks are asked for at once; of three days the first stands open. Whoever is not signed in sees all of
it and signs in to confirm, with his choice kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from flask import request, url_for

from portal.domain.bookings import actions, queries
from portal.domain.bookings.errors import NoTime, NotThere
from portal.domain.bookings.rules.terms import with_passes
from portal.domain.bookings.values import HORIZON_DAYS, NOTE_MOST, Offer
from portal.domain.passes import queries as passes
from portal.domain.passes.queries import Usable
from portal.domain.stores import queries as stores
from portal.domain.stores.queries import Card, StoreGone
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import ANYONE, Permission
from portal.kernel.refusals import Refusal
from portal.kernel.work import Work
from portal.web import passmarks, visits
from portal.web.forms.base import Form
from portal.web.forms.bookings import TimeForm, WaitForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.shop import shop
from portal.web.storefront import kind_of

BOOK = Permission.BOOKING_BOOK
STRIP_DAYS = 14
OPEN_DAYS = 3
COUNTS = "it shows the form again with another sum, and keeps nothing"


def store_card(work: Work, store: UUID) -> Card:
    """A listed store. Raises NotThere."""
    try:
        return stores.card(work, store)
    except StoreGone as gone:
        raise NotThere from gone


@shop.get("/s/<uuid:store>/book", may=ANYONE)
def bookings_store(work: Work, store: UUID) -> Page:
    """What can be booked in a store, by category."""
    card = store_card(work, store)
    offers = queries.offers(work, card.merchant_id, store)
    groups: dict[str, list[Offer]] = {}
    for offer in offers:
        groups.setdefault(offer.service.draft.category, []).append(offer)
    return page("shop/bookings/store.html", card=card, groups=groups, kind=kind_of("", card.name), **shared())


def shared() -> dict[str, Any]:
    """What all templates of bookings use."""
    return {"length": visits.length, "rule_words": visits.rule_words, "clock": visits.clock, **visits.WORDS}


@dataclass(frozen=True)
class Asked:
    """What an address or a form asks for; `day` None means the first with a free time."""

    services: list[UUID]
    who: UUID | None
    day: date | None


def asked(work: Work, values: Any) -> Asked:
    """Of an address or a form."""
    who = visits.ids_in([values.get("who", "")])
    today = work.now().astimezone(SHANGHAI).date()
    day = visits.asked_day(values.get("day", ""), today, HORIZON_DAYS)
    return Asked(visits.ids_in(values.getlist("service")), who[0] if who else None, day)


@shop.get("/s/<uuid:store>/book/times", may=ANYONE)
def bookings_times(work: Work, store: UUID) -> Answer:
    """Who and when, for the services of the address."""
    want = asked(work, request.args)
    if not want.services:
        return see_other("shop.bookings_store", store=store)
    return times_page(work, store, want, TimeForm(formdata=None))


@shop.get("/s/<uuid:store>/book/confirm", may=BOOK)
def bookings_confirm(work: Work, store: UUID) -> Answer:
    """Signed in on the way: the same page, with the time that was chosen before."""
    want, at = asked(work, request.args), visits.received(request.args.get("at", ""))
    if not want.services:
        return see_other("shop.bookings_store", store=store)
    return times_page(work, store, _on_the_day(work, want, at), TimeForm(formdata=None))


@shop.post("/s/<uuid:store>/book/sum", may=BOOK, repeats=COUNTS)
def bookings_sum(work: Work, store: UUID) -> Answer:
    """What it costs with the passes that are ticked now."""
    want, at = asked(work, request.form), visits.received(request.form.get("at", ""))
    return times_page(work, store, _on_the_day(work, want, at), TimeForm())


def _on_the_day(work: Work, want: Asked, at: datetime | None) -> Asked:
    """With the day of a time that was chosen, when it can still be had."""
    today = work.now().astimezone(SHANGHAI).date()
    text = at.astimezone(SHANGHAI).date().isoformat() if at is not None else ""
    return replace(want, day=visits.asked_day(text, today, HORIZON_DAYS) or want.day)


def times_page(
    work: Work, store: UUID, want: Asked, form: Form, *, wait: WaitForm | None = None, status: int = 200
) -> Answer:
    """The page of times, as it was when something is refused."""
    card = store_card(work, store)
    try:
        chosen, more = queries.chosen_of(work, card.merchant_id, store, want.services)
    except Refusal as refusal:
        return see_other("shop.bookings_store", store=store, flash=str(refusal.sentence), tone="stop")
    today = work.now().astimezone(SHANGHAI).date()
    since = today if want.day is None or want.day < today + timedelta(days=STRIP_DAYS) else want.day
    people = _people(chosen)
    who = want.who if want.who in {one.id for one in people} else None
    found = queries.starts(work, card.merchant_id, store, chosen, since, STRIP_DAYS, technician_id=who)
    first = want.day or next((day for day, times in found.items() if times), since)
    pay_by, picked = _passes(work, card.merchant_id, chosen), request.values.get("at", "")
    paying = _paying(pay_by, sent=request.method == "POST" and wait is None)
    return page(
        "shop/bookings/times.html",
        "sum",
        status=status,
        card=card,
        chosen=chosen,
        more=more,
        people=people,
        who=who,
        form=form,
        wait=wait or WaitForm(formdata=None),
        wait_days=[(day, visits.day_words(day, today)) for day in found],
        days=_open(found, first, today),
        strip=visits.strip(found, first, today, _day_url(store, want, who)),
        picked=picked,
        gone=bool(picked) and not form.errors and not any(visits.sent(at) == picked for at in chain(*found.values())),
        passes=pay_by,
        pass_until=passmarks.until,
        paying=paying,
        terms=with_passes(chosen, paying),
        terms_words=visits.terms_words,
        today=today,
        first=first,
        sent=visits.sent,
        day_words=visits.day_words,
        note_most=NOTE_MOST,
        **shared(),
    )


def _people(chosen: Sequence[Offer]) -> list[Any]:
    """Technicians who can do all of it, in the store's order."""
    lists = [offer.able["technician"] for offer in chosen if "technician" in offer.able]
    if not lists:
        return []
    return [one for one in lists[0] if all(one in others for others in lists[1:])]


def _open(found: Any, first: date, today: date) -> list[tuple[date, str, Sequence[datetime]]]:
    days = [first + timedelta(days=n) for n in range(OPEN_DAYS)]
    return [(day, visits.day_words(day, today), found[day]) for day in days if day in found]


def _day_url(store: UUID, want: Asked, who: UUID | None) -> Any:
    services = [str(one) for one in want.services]
    stem = url_for("shop.bookings_times", store=store, service=services, who=who, day="")
    return lambda day: stem + day.isoformat()


def _passes(work: Work, merchant_id: UUID, chosen: Sequence[Offer]) -> dict[UUID, tuple[Usable, ...]]:
    """The passes of the person that could pay, by service; none without a sign-in."""
    if not work.may(BOOK):
        return {}
    return {offer.service.id: passes.usable(work, work.person_id, merchant_id, offer.service.id) for offer in chosen}


def _paying(pay_by: dict[UUID, tuple[Usable, ...]], *, sent: bool) -> dict[UUID, UUID]:
    """Which pass pays for which service: the one that ends first, until somebody chose another or none."""
    found: dict[UUID, UUID] = {}
    for service, usable in pay_by.items():
        ids = [one.pass_id for one in usable]
        wanted = visits.ids_in([request.form.get(f"pass-{service}", "")]) if sent else ids[:1]
        found.update((service, one) for one in wanted if one in ids)
    return found


@shop.post("/s/<uuid:store>/book/times", may=BOOK)
def bookings_book(work: Work, store: UUID) -> Answer:
    """Book it; on to the payment, or to the visit."""
    form, want = TimeForm(), asked(work, request.form)
    if form.validate():
        with form.tries(work):
            made = actions.book(work, store_id=store, technician_id=want.who, **_facts(form, want))
            if made.intent_id is not None:
                return see_other("shop.payments_show", payment=made.intent_id)
            return see_other("shop.bookings_show", booking=made.booking_id, flash=gettext("约好了，到店出示预约码。"))
    return times_page(work, store, _on_the_day(work, want, visits.received(form.at.data or "")), form, status=422)


def _facts(form: TimeForm, want: Asked) -> dict[str, Any]:
    at = visits.received(form.at.data or "")
    if at is None:
        raise NoTime
    found = {one: visits.ids_in([request.form.get(f"pass-{one}", "")]) for one in want.services}
    paid_by = {service: ids[0] for service, ids in found.items() if ids}
    return {"service_ids": want.services, "starts_at": at, "passes": paid_by, "note": form.note.data or ""}


@shop.post("/s/<uuid:store>/book/wait", may=BOOK)
def bookings_wait(work: Work, store: UUID) -> Answer:
    """Wait for a time of a day."""
    form, want = WaitForm(), asked(work, request.form)
    if form.validate() and want.day is not None:
        since, until = form.minutes()
        with form.tries(work):
            actions.wait(
                work,
                store_id=store,
                service_ids=want.services,
                day=want.day,
                technician_id=want.who,
                from_minute=since,
                until_minute=until,
            )
            return see_other("shop.bookings_list", flash=gettext("已加入候补，有空位马上通知您。"))
    return times_page(work, store, want, TimeForm(formdata=None), wait=form, status=422)
