"""Buyers learn when a parcel left, when it is being brought, when it arrived, and when something is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.domain.messages.actions import notify
from portal.domain.shipping.events import ParcelProgressed, ParcelSent
from portal.domain.shipping.rules.recognising import NAMES
from portal.domain.shipping.values import ParcelState
from portal.kernel.words import Text, say
from portal.kernel.work import Work

TAIL = 4


def tell_sent(work: Work, event: ParcelSent) -> None:
    """It left."""
    _tell(work, event, "parcel.sent", say("您的订单已发货：%(carrier)s %(number)s。", **_names(event)))


def tell_progress(work: Work, event: ParcelProgressed) -> None:
    """The carrier said something that matters."""
    text = _words(event)
    if text is not None:
        _tell(work, event, f"parcel.{event.state.value}", text)


def _words(event: ParcelProgressed) -> Text | None:
    names = _names(event)
    sentences = {
        ParcelState.DELIVERING: say("包裹正在派送，请留意电话（%(carrier)s，尾号 %(tail)s）。", **names),
        ParcelState.DELIVERED: say("包裹已签收（%(carrier)s，尾号 %(tail)s）。东西齐了，请确认收货。", **names),
        ParcelState.TROUBLE: say("包裹在路上遇到问题（%(carrier)s，尾号 %(tail)s），点开看快递怎么说。", **names),
        ParcelState.RETURNED: say("包裹已退回商家（%(carrier)s，尾号 %(tail)s）。请联系商家。", **names),
    }
    return sentences.get(event.state)


def _names(event: ParcelSent | ParcelProgressed) -> dict[str, Any]:
    carrier = NAMES.get(event.carrier, NAMES["other"])
    return {"carrier": carrier, "number": event.number, "tail": event.number[-TAIL:]}


def _tell(work: Work, event: ParcelSent | ParcelProgressed, kind: str, text: Text) -> None:
    link = f"/orders/{event.orders[0][0]}/parcels/{event.parcel_id}" if event.orders else ""
    notify(work, person_id=event.person_id, kind=kind, text=text, link=link)


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = (
    (ParcelSent, tell_sent),
    (ParcelProgressed, tell_progress),
)
