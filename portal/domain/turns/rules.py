"""Who is next, as pure functions over a row of people. Nothing here reads or writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

from portal.domain.turns.values import Declined, Requested, Turn, TurnRule
from portal.kernel.figures import SHANGHAI

Who = TypeVar("Who")
NIGHT = timedelta(hours=5)
"""A day of turns ends at five in the morning: who works past midnight stays in the list he began."""


def turn_day(now: datetime) -> date:
    """The day whose list holds now."""
    return (now.astimezone(SHANGHAI) - NIGHT).date()


def after(row: Sequence[Who], who: Who, turn: Turn, rule: TurnRule) -> tuple[Who, ...]:
    """The row once this happened to `who`, who must be in it. Nobody gets lost or comes twice."""
    if turn is Turn.TAKEN:
        return _to_end(row, who)
    if turn is Turn.REQUESTED:
        return _to_end(row, who) if rule.requested is Requested.END else tuple(row)
    if turn is Turn.DECLINED:
        if rule.declined is Declined.END:
            return _to_end(row, who)
        return _one_back(row, who) if rule.declined is Declined.ONE else tuple(row)
    return tuple(row)


def put(row: Sequence[Who], who: Who, nth: int) -> tuple[Who, ...]:
    """`who` as the nth from 1; below or beyond is the first or the last."""
    others = [one for one in row if one != who]
    at = min(max(nth - 1, 0), len(others))
    return (*others[:at], who, *others[at:])


def _to_end(row: Sequence[Who], who: Who) -> tuple[Who, ...]:
    return (*(one for one in row if one != who), who)


def _one_back(row: Sequence[Who], who: Who) -> tuple[Who, ...]:
    return put(row, who, list(row).index(who) + 2)
