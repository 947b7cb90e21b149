"""Values inside a sentence that look different in each language: money, days, moments, discounts.

They are handed to `say(…)` as they are; the web layer shows them in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.kernel.figures import SHANGHAI, say_day, say_discount, say_weekdays, say_yuan
from portal.kernel.words import Figure


@dataclass(frozen=True)
class Yuan(Figure):
    """An amount in fen: ¥5, ¥12.50."""

    fen: int

    def shown(self, locale: str) -> str:  # noqa: ARG002  # money looks the same everywhere
        """Without cents when there are none."""
        return say_yuan(self.fen).removesuffix(".00")


@dataclass(frozen=True)
class Discount(Figure):
    """A percentage that is paid: 8.5 折, 15% off."""

    pay_percent: int

    def shown(self, locale: str) -> str:
        """In the reader's language."""
        return say_discount(self.pay_percent, locale)


@dataclass(frozen=True)
class Day(Figure):
    """A local day: 7 月 5 日; with the year when it is not the year of `today`, with 周六 on demand."""

    day: date
    today: date | None = None
    weekday: bool = False

    def shown(self, locale: str) -> str:
        """In the reader's language."""
        text = say_day(self.day, locale, today=self.today)
        if self.weekday:
            return text
        return text.partition(" ")[2] if locale.startswith("en") else text.rpartition(" ")[0]


@dataclass(frozen=True)
class Moment(Figure):
    """A moment in Shanghai: 9 月 3 日 18:02; year and weekday as for `Day`."""

    at: datetime
    now: datetime | None = None
    weekday: bool = False

    def shown(self, locale: str) -> str:
        """In the reader's language."""
        today = local_day(self.now) if self.now is not None else None
        day = Day(local_day(self.at), today, weekday=self.weekday)
        return f"{day.shown(locale)} {self.at.astimezone(SHANGHAI):%H:%M}"


@dataclass(frozen=True)
class Weekdays(Figure):
    """A bit mask of weekdays, Monday bit 0: 每天, 周末, 周一、周三."""

    days: int

    def shown(self, locale: str) -> str:
        """In the reader's language."""
        return say_weekdays(self.days, locale)


def local_day(at: datetime) -> date:
    """The day of a moment in Shanghai."""
    return at.astimezone(SHANGHAI).date()
