"""How figures and times look to people: money, distances, counts, days and hours.

The locale is "zh" or "en" (a longer tag such as zh_Hans_CN is fine). Times are shown in Asia/Shanghai unless
the caller names a zone. Only formatting: nothing here is ever parsed back.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
THIN: Final = "\u202f"
"""The thin space between groups of thousands; the kind that never breaks a line."""

_WEEKDAYS: Final = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def say_yuan(fen: int) -> str:
    """¥12.50; from ten thousand yuan on with thin spaces: ¥12 345.00. Below zero with a true minus."""
    yuan, cents = divmod(abs(fen), 100)
    whole = f"{yuan:,}".replace(",", THIN) if yuan >= 10_000 else str(yuan)
    return f"{'−' if fen < 0 else ''}¥{whole}.{cents:02}"


def say_distance(metres: float) -> str:
    """860 m, 3.4 km, 128 km; closer than ten metres is 10 m, because no position is better than that."""
    rounded = max(10, round(metres / 10) * 10)
    if rounded < 1000:
        return f"{rounded} m"
    kilometres = metres / 1000
    return f"{kilometres:.1f} km" if kilometres < 99.95 else f"{kilometres:.0f} km"


def say_discount(percent: int, locale: str = "zh") -> str:
    """A percentage that is paid, as a discount: 85 is 8.5 折, in English 15% off."""
    if _language(locale) == "en":
        return f"{100 - percent}% off"
    tens, units = divmod(percent, 10)
    return f"{tens}.{units} 折" if units else f"{tens} 折"


def say_count(count: int, locale: str = "zh") -> str:
    """1200, 1.2 万, 3.5 亿, never rounded up; in English 1,200."""
    if _language(locale) == "en":
        return f"{count:,}"
    for size, unit in ((100_000_000, "亿"), (10_000, "万")):
        if count >= size:
            tenths = count * 10 // size
            return f"{tenths // 10}.{tenths % 10} {unit}" if tenths % 10 else f"{tenths // 10} {unit}"
    return str(count)


def say_monthly_sales(count: int, locale: str = "zh") -> str:
    """月售 36, 月售 1200+, 月售 1.2 万+: from a hundred on, rounded down to two figures that hold."""
    about = count if count < 100 else count - count % (100 if count < 10_000 else 1000)
    figure = say_count(about, locale) + ("" if count < 100 else "+")
    return f"{figure} sold this month" if _language(locale) == "en" else f"月售 {figure}"


def say_day(day: date, locale: str = "zh", *, today: date | None = None) -> str:
    """7 月 5 日 周六; with the year when it is not today's."""
    year = today is not None and day.year != today.year
    weekday = _WEEKDAYS[_language(locale)][day.weekday()]
    if _language(locale) == "en":
        return f"{weekday} {day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")
    return (f"{day.year} 年 " if year else "") + f"{day.month} 月 {day.day} 日 {weekday}"


def say_time(at: datetime, locale: str = "zh", *, day: date | None = None, zone: ZoneInfo = SHANGHAI) -> str:
    """14:30; seen from `day`, a time of the next day is 次日 02:00 and one further off has its date."""
    local = at.astimezone(zone)
    clock = f"{local:%H:%M}"
    if day is None or local.date() == day:
        return clock
    if local.date() != day + timedelta(days=1):
        return f"{say_day(local.date(), locale, today=day)} {clock}"
    return f"{clock} next day" if _language(locale) == "en" else f"次日 {clock}"


def say_weekdays(days: int, locale: str = "zh") -> str:
    """A bit mask of weekdays, Monday bit 0: 每天, 周一至周五, 周末, or one by one."""
    english = _language(locale) == "en"
    named = {0b1111111: ("每天", "every day"), 0b0011111: ("周一至周五", "Mon–Fri"), 0b1100000: ("周末", "weekends")}
    if days in named:
        return named[days][english]
    names = [name for at, name in enumerate(_WEEKDAYS[_language(locale)]) if days >> at & 1]
    return (", " if english else "、").join(names)


def _language(locale: str) -> str:
    return "en" if locale.startswith("en") else "zh"
