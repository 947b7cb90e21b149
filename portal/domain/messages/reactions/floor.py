"""Who reserved a table, or waits in a queue, is told what became of it; who has no account gets a text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal.domain.floor.events import (
    TableBooked,
    TableCancelled,
    TableEvent,
    TableMissed,
    TableMoved,
    TableSoon,
)
from portal.domain.messages.actions import notify, text_to_phone
from portal.domain.waiting.events import QueueCalled, QueueEvent, QueueSkipped, QueueSoon
from portal.kernel import phones
from portal.kernel.spoken import Moment, Yuan
from portal.kernel.words import Text, say
from portal.kernel.work import Work


def _tell(work: Work, event: TableEvent, kind: str, text: Text) -> None:
    if event.person_id is not None:
        notify(work, person_id=event.person_id, kind=kind, text=text, link=f"/tables/{event.booking_id}")
    elif phones.is_mobile(event.phone, demo=True):
        text_to_phone(work, phone=event.phone, kind=kind, text=text, expires_at=work.now() + timedelta(hours=2))


def tell_booked(work: Work, event: TableBooked) -> None:
    """It is sure."""
    facts: dict[str, object] = {"store": event.store, "when": Moment(event.starts_at), "people": event.people}
    text = say("%(store)s 订好了：%(when)s，%(people)s 人。", **facts)
    if event.address and event.person_id is None:
        facts["address"] = event.address
        text = say("%(store)s 订好了：%(when)s，%(people)s 人。改期或取消：%(address)s", **facts)
    _tell(work, event, "table.booked", text)


def tell_moved(work: Work, event: TableMoved) -> None:
    """The store has moved it; who moved it himself knows."""
    if event.by_staff:
        facts = {"store": event.store, "when": Moment(event.starts_at), "people": event.people}
        _tell(work, event, "table.moved", say("%(store)s 把您的订座改为 %(when)s，%(people)s 人。", **facts))


def tell_cancelled(work: Work, event: TableCancelled) -> None:
    """The store has cancelled it and says why."""
    if event.by_staff:
        facts = {"store": event.store, "when": Moment(event.starts_at), "reason": event.reason}
        _tell(work, event, "table.cancelled", say("%(store)s 取消了 %(when)s 的订座：%(reason)s", **facts))


def tell_missed(work: Work, event: TableMissed) -> None:
    """Nobody came."""
    text = say("%(store)s 没有等到您，订座已取消。", store=event.store)
    if event.kept_fen:
        text = say("%(store)s 没有等到您，定金 %(fen)s 不退。", store=event.store, fen=Yuan(event.kept_fen))
    elif event.back_fen:
        text = say("%(store)s 没有登记您入座，%(fen)s 已原路退回。", store=event.store, fen=Yuan(event.back_fen))
    _tell(work, event, "table.missed", text)


def tell_soon(work: Work, event: TableSoon) -> None:
    """It begins soon."""
    facts = {"store": event.store, "when": Moment(event.starts_at), "people": event.people}
    _tell(work, event, "table.soon", say("别忘了：%(when)s 在 %(store)s 有订座，%(people)s 人。", **facts))


def _queue(work: Work, event: QueueEvent, kind: str, text: Text) -> None:
    if event.person_id is not None:
        notify(work, person_id=event.person_id, kind=kind, text=text, link=f"/queue/{event.number_id}")


def tell_called(work: Work, event: QueueCalled) -> None:
    """It is their turn."""
    facts = {"store": event.store, "number": event.text, "minutes": event.minutes}
    text = say("%(store)s 叫到您的号 %(number)s 了，请到门口入座，保留 %(minutes)s 分钟。", **facts)
    _queue(work, event, "queue.called", text)


def tell_near(work: Work, event: QueueSoon) -> None:
    """Few are before them."""
    facts = {"store": event.store, "number": event.text, "ahead": event.ahead}
    _queue(work, event, "queue.soon", say("%(store)s 快到您了：%(number)s 前面还有 %(ahead)s 桌。", **facts))


def tell_skipped(work: Work, event: QueueSkipped) -> None:
    """They did not come."""
    facts = {"store": event.store, "number": event.text, "back": event.back_by}
    text = say("%(store)s 的 %(number)s 已过号，请重新取号。", store=event.store, number=event.text)
    if event.back_by:
        text = say("%(store)s 的 %(number)s 已过号，回到门口找店员，顺延 %(back)s 桌。", **facts)
    _queue(work, event, "queue.skipped", text)


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = (
    (TableBooked, tell_booked),
    (TableMoved, tell_moved),
    (TableCancelled, tell_cancelled),
    (TableMissed, tell_missed),
    (TableSoon, tell_soon),
    (QueueCalled, tell_called),
    (QueueSoon, tell_near),
    (QueueSkipped, tell_skipped),
)
