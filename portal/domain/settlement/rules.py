"""Periods of statements and what a refund takes back, as pure arithmetic on days and fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.domain.ordering.rules import LineMoney
from portal.domain.settlement.values import Cycle, Period

DAY = timedelta(days=1)
_EARLIEST = date(2000, 1, 1)


def natural(day: date, cycle: Cycle) -> Period:
    """The whole period of this cycle that the day lies in: a month, its halves (1–15, 16–), Monday to Sunday."""
    if cycle is Cycle.WEEKLY:
        first = day - timedelta(days=day.weekday())
        return Period(first, first + 6 * DAY)
    after = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    if cycle is Cycle.MONTHLY:
        return Period(day.replace(day=1), after - DAY)
    if day.day <= 15:
        return Period(day.replace(day=1), day.replace(day=15))
    return Period(day.replace(day=16), after - DAY)


def period_of(day: date, terms: Sequence[tuple[date, Cycle]]) -> tuple[Period, Cycle]:
    """The period that the day lies in when the cycle changes on the days of `terms`; before the first it is monthly.

    Periods never overlap and leave no day out: a change cuts the running one short.
    """
    known = [(_EARLIEST, Cycle.MONTHLY), *sorted(terms)]
    at = max(index for index, (since, _cycle) in enumerate(known) if since <= day)
    since, cycle = known[at]
    whole = natural(day, cycle)
    last = whole.last if at + 1 == len(known) else min(whole.last, known[at + 1][0] - DAY)
    return Period(max(whole.first, since), last), cycle


@dataclass(frozen=True)
class Share:
    """What one side gets of a line or gives back of it: the merchant's due, and the margin (below zero: a subsidy)."""

    due_fen: int
    margin_fen: int


def share(money: LineMoney) -> Share:
    """Whose the money of the line is now."""
    return Share(money.due_fen, money.margin_fen)


def taken_back(before: LineMoney, *, goods_fen: int, freight_fen: int) -> tuple[Share, LineMoney]:
    """What both sides give back when so much more is refunded, and the line as it then stands.

    It depends on the sums only: any row of refunds ends alike, and all together give back just what was posted.
    """
    after = replace(
        before,
        refunded_goods_fen=before.refunded_goods_fen + goods_fen,
        refunded_freight_fen=before.refunded_freight_fen + freight_fen,
    )
    return Share(before.due_fen - after.due_fen, before.margin_fen - after.margin_fen), after
