"""Clients are told what became of their visits. Letters hold no amounts.

What the store changed by itself also goes to the phone: somebody may be on the way already.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from portal.domain.bookings import queries
from portal.domain.bookings.events import (
    BookingBooked,
    BookingCancelled,
    BookingDone,
    BookingMissed,
    BookingMoved,
    BookingOffered,
    BookingReminded,
)
from portal.domain.bookings.values import BookingShown
from portal.domain.messages.actions import notify
from portal.kernel.spoken import Moment
from portal.kernel.words import Text, say
from portal.kernel.work import ActorKind, Work


def tell_booked(work: Work, event: BookingBooked) -> None:
    """It holds."""
    _tell(work, event.merchant_id, event.booking_id, "booking.booked", say("预约成功：%(when)s，%(store)s，%(what)s。"))


def tell_moved(work: Work, event: BookingMoved) -> None:
    """Another time."""
    if work.actor.kind is ActorKind.STAFF:
        text = say("门店把您的预约改到了 %(when)s，%(store)s，%(what)s。不方便可以再改或取消。")
        _tell(work, event.merchant_id, event.booking_id, "visit.moved", text)
        return
    _tell(work, event.merchant_id, event.booking_id, "booking.moved", say("预约改到了 %(when)s，%(store)s，%(what)s。"))


def tell_cancelled(work: Work, event: BookingCancelled) -> None:
    """Called off, by whomever; what was only held for a while says so, and the store says why."""
    if work.actor.kind is ActorKind.STAFF:
        why = say("门店取消了您 %(when)s 在 %(store)s 的预约：%(why)s。付过的钱会原路退回。")
        _tell(work, event.merchant_id, event.booking_id, "visit.cancelled", why)
        return
    held, told = say("没有按时确认或付款，%(store)s %(when)s 的预约已取消。"), say("%(store)s %(when)s 的预约已取消。")
    _tell(work, event.merchant_id, event.booking_id, "booking.cancelled", held if event.held else told)


def tell_offered(work: Work, event: BookingOffered) -> None:
    """A freed time, until a deadline."""
    text = say("候补有位了：%(store)s %(when)s，请在 %(until)s 前确认。")
    _tell(work, event.merchant_id, event.booking_id, "visit.offered", text)


def tell_reminded(work: Work, event: BookingReminded) -> None:
    """It begins soon."""
    text = say("提醒：%(when)s，%(store)s，%(what)s。来不了请提前取消，把时间让给别人。")
    _tell(work, event.merchant_id, event.booking_id, "visit.reminder", text)


def tell_missed(work: Work, event: BookingMissed) -> None:
    """Nobody came, or so it is taken as nobody marked it for a day."""
    if event.unseen:
        text = say("%(store)s 没有登记您 %(when)s 到店，这个预约已结束。预付的钱和次卡的次数都退给您。")
        _tell(work, event.merchant_id, event.booking_id, "booking.unseen", text)
        return
    text = say("%(store)s %(when)s 的预约记为爽约。有疑问请联系门店。")
    _tell(work, event.merchant_id, event.booking_id, "booking.missed", text)


def tell_closed(work: Work, event: BookingDone) -> None:
    """Nobody marked it for a day; who was served and marked as such knows."""
    if event.unseen:
        text = say("%(store)s 没有登记您 %(when)s 的预约，已按完成处理。没有去的话，请联系门店。")
        _tell(work, event.merchant_id, event.booking_id, "booking.closed", text)


def _tell(work: Work, merchant_id: UUID, booking_id: UUID, kind: str, text: Text) -> None:
    """A letter to who booked; a walk-in gets none."""
    shown = queries.of_house(work, merchant_id, booking_id)
    if shown is None or shown.person_id is None:
        return
    spoken = Text(text.msgid, _facts(shown))
    notify(work, person_id=shown.person_id, kind=kind, text=spoken, link=f"/bookings/{booking_id}")


def _facts(shown: BookingShown) -> dict[str, Any]:
    return {
        "when": Moment(shown.starts_at, weekday=True),
        "store": shown.store_name,
        "what": shown.title,
        "until": Moment(shown.held_until or shown.starts_at),
        "why": shown.ended_why,
    }


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = (
    (BookingBooked, tell_booked),
    (BookingMoved, tell_moved),
    (BookingCancelled, tell_cancelled),
    (BookingOffered, tell_offered),
    (BookingReminded, tell_reminded),
    (BookingMissed, tell_missed),
    (BookingDone, tell_closed),
)
