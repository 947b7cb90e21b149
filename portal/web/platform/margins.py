"""What the platform keeps, by day and by supplier: a chart drawn here, tables, and a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from flask import Response, request

from portal.domain.settlement import queries
from portal.domain.settlement.queries import MarginLine
from portal.domain.settlement.values import Period
from portal.domain.tenants.queries.merchants import merchant_names
from portal.kernel.permissions import Permission
from portal.kernel.spoken import local_day
from portal.kernel.work import Work
from portal.web import sheets
from portal.web.asking import asked_day
from portal.web.forms.tenants import uuid_or_none
from portal.web.locale import gettext
from portal.web.pages import Page, page
from portal.web.platform import platform
from portal.web.statementbooks import yuan

Key = TypeVar("Key", date, UUID)
SEE = Permission.LEDGER_VIEW
DEFAULT, LONGEST = timedelta(days=29), timedelta(days=92)
WIDE, HIGH, LEFT, BOTTOM = 720, 200, 8, 24


@dataclass(frozen=True)
class Sum:
    """Settled sales of a day or a supplier: what suppliers got, what the platform kept."""

    supplier_fen: int
    margin_fen: int

    @property
    def sales_fen(self) -> int:
        """Both together."""
        return self.supplier_fen + self.margin_fen

    @property
    def rate(self) -> str:
        """The margin in per cent of sales, with one decimal; a dash without sales."""
        if self.sales_fen <= 0:
            return "—"
        tenths = (abs(self.margin_fen) * 2000 + self.sales_fen) // (2 * self.sales_fen)
        return f"{'−' if self.margin_fen < 0 and tenths else ''}{tenths // 10}.{tenths % 10}%"


@dataclass(frozen=True)
class Bar:
    """One day of the chart, in the units of its view box."""

    day: date
    fen: int
    x: float
    y: float
    width: float
    height: float
    labelled: bool


@dataclass(frozen=True)
class Chart:
    """Bars of margins; those below zero hang from the line."""

    bars: tuple[Bar, ...]
    zero: float
    wide: int = WIDE
    high: int = HIGH + BOTTOM


@platform.get("/margins", may=SEE)
def margins_show(work: Work) -> Page:
    """The chart, suppliers by margin, days."""
    period, of = _asked(work), uuid_or_none(request.args.get("of"))
    lines = queries.margins(work, period)
    names = merchant_names(work, {line.merchant_id for line in lines})
    shown = [line for line in lines if of in (None, line.merchant_id)]
    days = summed((line.day, line) for line in shown)
    suppliers = summed((line.merchant_id, line) for line in lines)
    return page(
        "platform/margins/show.html",
        period=period,
        of=of,
        names=names,
        total=Sum(sum(one.supplier_fen for one in shown), sum(one.margin_fen for one in shown)),
        suppliers=sorted(suppliers.items(), key=lambda one: -one[1].margin_fen),
        days=sorted(days.items(), reverse=True),
        chart=drawn(period, {day: one.margin_fen for day, one in days.items()}),
    )


@platform.get("/margins/export", may=SEE)
def margins_export(work: Work) -> Response:
    """Every supplier on every day as a table file."""
    period = _asked(work)
    lines = queries.margins(work, period)
    names = merchant_names(work, {line.merchant_id for line in lines})
    head = (
        *(gettext("记账日"), gettext("商家"), gettext("销售额（元）"), gettext("商家所得（元）")),
        gettext("平台毛利（元）"),
    )
    rows: sheets.Rows = [head]
    for line in lines:
        money = (yuan(line.sales_fen), yuan(line.supplier_fen), yuan(line.margin_fen))
        rows.append((line.day.isoformat(), names.get(line.merchant_id, ""), *money))
    return sheets.download(rows, f"margins-{period.first}_{period.last}", request.args.get("format", "csv"))


def _asked(work: Work) -> Period:
    """The days in the address, at most a quarter; the last thirty by default."""
    today = local_day(work.now())
    last = asked_day("until") or today
    first = asked_day("since") or last - DEFAULT
    first, last = min(first, last), max(first, last)
    return Period(max(first, last - LONGEST), last)


def summed(lines: Iterable[tuple[Key, MarginLine]]) -> dict[Key, Sum]:
    """Sums by key."""
    found: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for key, line in lines:
        found[key][0] += line.supplier_fen
        found[key][1] += line.margin_fen
    return {key: Sum(*both) for key, both in found.items()}


def drawn(period: Period, margins: dict[date, int]) -> Chart:
    """The margins of the period as bars, none for a day without."""
    days = [period.first + timedelta(days=at) for at in range((period.last - period.first).days + 1)]
    top, low = max([0, *margins.values()]), min([0, *margins.values()])
    unit = HIGH / ((top - low) or 1)
    zero, step = top * unit, (WIDE - 2 * LEFT) / len(days)
    every = -(-len(days) // 8)
    bars = tuple(
        Bar(
            day=day,
            fen=(fen := margins.get(day, 0)),
            x=round(LEFT + at * step, 2),
            y=round(zero - max(fen, 0) * unit, 2),
            width=round(max(step * 0.72, 1), 2),
            height=round(max(abs(fen) * unit, 1 if fen else 0), 2),
            labelled=at % every == 0,
        )
        for at, day in enumerate(days)
    )
    return Chart(bars, round(zero, 2))
