"""What messages are made of: sentences that are kept and spoken later, and which letters also go by text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from portal.kernel.spoken import Day, Discount, Moment, Weekdays, Yuan
from portal.kernel.words import Figure, Text

BY_TEXT = frozenset({"account", "application", "staff", "visit"})  # families of kinds that also go to the phone
TEXTS_KEPT = timedelta(days=30)
LETTERS_KEPT = timedelta(days=180)
PAGE = 20


def family(kind: str) -> str:
    """The part of `application.approved` before the point: it chooses the sign and the way."""
    return kind.partition(".")[0]


FIGURES: dict[str, type[Figure]] = {one.__name__: one for one in (Yuan, Discount, Day, Moment, Weekdays)}


def packed(text: Text) -> dict[str, Any]:
    """A sentence as data; sentences and figures among its values are packed as well."""
    return {"msgid": text.msgid, "params": {name: _packed(value) for name, value in text.params.items()}}


def unpacked(words: dict[str, Any]) -> Text:
    """The sentence again, figures and all."""
    return Text(words["msgid"], {name: _unpacked(value) for name, value in words["params"].items()})


def _packed(value: Any) -> Any:
    if isinstance(value, Text):
        return packed(value)
    if isinstance(value, Figure):
        return {"figure": type(value).__name__, **{name: _packed(part) for name, part in vars(value).items()}}
    if isinstance(value, datetime | date):
        return {"moment" if isinstance(value, datetime) else "day": value.isoformat()}
    return value if isinstance(value, int | float | bool | None) else str(value)


def _unpacked(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "msgid" in value:
        return unpacked(value)
    if "figure" in value:
        parts = {name: _unpacked(part) for name, part in value.items() if name != "figure"}
        return FIGURES[value["figure"]](**parts)
    return datetime.fromisoformat(value["moment"]) if "moment" in value else date.fromisoformat(value["day"])


@dataclass(frozen=True)
class Letter:
    """One notification as pages show it."""

    id: UUID
    kind: str
    text: Text
    link: str
    created_at: datetime
    read: bool

    @property
    def family(self) -> str:
        """What it is about: account, application, staff, coupon …"""
        return family(self.kind)


@dataclass(frozen=True)
class Letters:
    """A page of notifications; `before` is where the next page begins, None at the end."""

    rows: list[Letter]
    before: UUID | None
    unread: int


@dataclass(frozen=True)
class OutboxRow:
    """A text as the development outbox shows it, number and all."""

    id: UUID
    phone: str
    kind: str
    text: Text | None
    state: str
    created_at: datetime
    code: str


@dataclass(frozen=True)
class OutgoingText:
    """What a messenger is given: the number, which template, its values, and the sentence they make."""

    phone: str
    kind: str
    params: dict[str, Any]
    sentence: str
