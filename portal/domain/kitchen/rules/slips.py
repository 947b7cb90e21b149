"""What kitchen papers say. Papers are in Chinese: they are the store's, whoever reads the pages in what language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from portal.domain.kitchen.values import Form, Line, Side, Size, TicketKind
from portal.kernel.figures import SHANGHAI
from portal.kernel.words import Text, say

RULE: Final = Line(form=Form.RULE)
HEADS: Final = {
    TicketKind.MAKE: say("制作单"),
    TicketKind.CHANGE: say("改单"),
    TicketKind.CANCEL: say("退菜"),
}
MOVED: Final = say("转台")
COPY: Final = say("补打")
TEST: Final = say("测试页")


@dataclass(frozen=True)
class Item:
    """A dish on a slip; `before` is how many it was, of a change."""

    name: str
    choice: str
    note: str
    unit: str
    quantity: int
    grams: int | None = None
    before: int = 0


@dataclass(frozen=True)
class Head:
    """What stands above the dishes."""

    kind: TicketKind
    station: str
    place: str
    nth: int
    people: int
    at: datetime
    note: str = ""


def slip(head: Head, items: Sequence[Item]) -> tuple[Line, ...]:
    """The paper for one station: table first and largest, then the dishes."""
    when = f"{head.at.astimezone(SHANGHAI):%m-%d %H:%M}"
    told = _said(say("第 %(nth)s 轮 · %(people)s 人 · %(when)s", nth=head.nth, people=head.people, when=when))
    top = [
        Line(f"{_said(HEADS[head.kind])} · {head.station}" if head.station else _said(HEADS[head.kind]), bold=True),
        Line(head.place, size=Size.LARGE, bold=True),
        Line(told),
    ]
    if head.note:
        top.append(Line(_said(say("整单备注：%(note)s", note=head.note)), size=Size.TALL))
    body = [line for item in items for line in _item(head.kind, item)]
    return (*top, RULE, *body, RULE)


def title(head: Head, items: Sequence[Item]) -> str:
    """What a list calls this paper."""
    first = items[0].name
    what = first if len(items) == 1 else _said(say("%(first)s 等 %(count)s 样", first=first, count=len(items)))
    return f"{_said(HEADS[head.kind])} · {head.place} · {what}"


def _item(kind: TicketKind, item: Item) -> list[Line]:
    name = item.name
    if kind is TicketKind.CANCEL:
        name = _said(say("退：%(name)s", name=name))
    many = f"×{item.quantity}" if kind is not TicketKind.CHANGE else f"{item.before}→{item.quantity}"
    lines = [Line(name, form=Form.PAIR, right=many, size=Size.LARGE, bold=True)]
    if item.grams:
        lines.append(Line(_said(say("称重 %(grams)s 克", grams=item.grams)), size=Size.TALL))
    if item.choice:
        lines.append(Line(item.choice, size=Size.TALL))
    if item.note:
        lines.append(Line(_said(say("备注：%(note)s", note=item.note)), size=Size.TALL, bold=True))
    return lines


def moved(before: str, place: str, station: str, at: datetime) -> tuple[Line, ...]:
    """转台: what hangs there for one table goes to another."""
    head = _said(MOVED)
    return (
        Line(f"{head} · {station}" if station else head, bold=True),
        Line(f"{before} → {place}", size=Size.LARGE, bold=True),
        Line(_said(say("没上的菜请送到新桌：%(place)s", place=place)), size=Size.TALL),
        Line(f"{at.astimezone(SHANGHAI):%m-%d %H:%M}"),
        RULE,
    )


def moved_title(before: str, place: str) -> str:
    """What a list calls it."""
    return f"{_said(MOVED)} · {before} → {place}"


def copied(lines: Sequence[Line], at: datetime) -> tuple[Line, ...]:
    """The same paper, marked as printed again."""
    mark = Line(f"【{_said(COPY)}】", size=Size.LARGE, side=Side.CENTRE, bold=True)
    when = _said(say("补打于 %(when)s，请先看原单有没有打出来", when=f"{at.astimezone(SHANGHAI):%m-%d %H:%M}"))
    return (mark, Line(when, side=Side.CENTRE), *lines)


def test_page(name: str, at: datetime) -> tuple[Line, ...]:
    """What a new printer prints."""
    return (
        Line(name, size=Size.LARGE, side=Side.CENTRE, bold=True),
        Line(_said(TEST), side=Side.CENTRE),
        RULE,
        Line(_said(say("能看清这行字，就可以用了")), form=Form.PAIR, right="¥12.50"),
        Line(f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"),
        RULE,
    )


def _said(text: Text) -> str:
    return str(text)
