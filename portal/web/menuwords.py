"""How menus are said: prices with their unit, until when something is sold out, what is wrong with a row of a file."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import url_for

from portal.domain.menus.rules.repair import FEN, HUNDREDTHS, TROUBLES, YUAN
from portal.domain.menus.values import PRICINGS, DishState, Pricing
from portal.kernel.figures import SHANGHAI, say_time, say_yuan
from portal.kernel.hours import WeeklyHours, format_spans
from portal.web import locale
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l

CLOSES = time(5)
"""When the business day of a restaurant is over."""
UNTILS: tuple[tuple[str, Any], ...] = (
    ("day", _l("今天")),
    ("hour", _l("1 小时")),
    ("hours", _l("3 小时")),
    ("hand", _l("手动恢复")),
)
DAYS = (_l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日"))
STATES: dict[DishState, tuple[Any, str]] = {
    DishState.ON: (_l("在售"), "ok"),
    DishState.OFF: (_l("停售"), "quiet"),
    DishState.GONE: (_l("已删除"), "stop"),
}
IMPORT_STATES: dict[str, tuple[Any, str]] = {
    "ready": (_l("待处理"), "hot"),
    "applied": (_l("已导入"), "ok"),
    "discarded": (_l("已放弃"), "quiet"),
}
SCALES: tuple[tuple[int, Any], ...] = (
    (YUAN, _l("元：18 就是 ¥18")),
    (FEN, _l("分：1800 就是 ¥18")),
    (HUNDREDTHS, _l("百元：0.18 就是 ¥18")),
)


def until_of(choice: str, now: datetime) -> datetime | None:
    """The moment behind a choice; None: until somebody brings it back."""
    if choice == "hour":
        return now + timedelta(hours=1)
    if choice == "hours":
        return now + timedelta(hours=3)
    if choice == "hand":
        return None
    local = now.astimezone(SHANGHAI)
    day = local.date() + timedelta(days=0 if local.time() < CLOSES else 1)
    return datetime.combine(day, CLOSES, SHANGHAI).astimezone(UTC)


def until(at: datetime | None, now: datetime) -> str:
    """Until when something is sold out, in short."""
    if at is None:
        return gettext("手动恢复")
    today = now.astimezone(SHANGHAI).date()
    return gettext("到 %(at)s", at=say_time(at, locale.current(), day=today))


def price(one: Any) -> str:
    """¥48 / 份, ¥68 / 500 g, 时价, ¥16 起."""
    if one.pricing is Pricing.MARKET:
        return gettext("时价")
    if one.pricing is Pricing.WEIGHT:
        return f"{yuan(one.price_fen)} / {one.per_grams} g"
    fen = getattr(one, "from_fen", one.price_fen)
    if getattr(one, "several", getattr(one, "sized", False)):
        return gettext("%(price)s 起", price=yuan(fen))
    return f"{yuan(fen)} / {one.unit}"


def yuan(fen: int) -> str:
    """¥12.50, and ¥12 without cents."""
    return say_yuan(fen).removesuffix(".00")


def week(hours: WeeklyHours | None) -> str:
    """When a menu is served, in one line."""
    if hours is None:
        return gettext("全天")
    days = [format_spans(spans) for spans in hours.week]
    if len(set(days)) == 1:
        return gettext("每天 %(spans)s", spans=days[0])
    return " · ".join(f"{name} {spans}" for name, spans in zip(DAYS, days, strict=True) if spans)


def picture(one: Any, size: str = "small") -> str | None:
    """The address of a dish's picture, if it has one."""
    return url_for("pictures.show", name=one.picture[size]) if one.picture else None


SHOWN: dict[str, Any] = {
    "price": price,
    "fen": yuan,
    "until": until,
    "untils": UNTILS,
    "week": week,
    "picture_of": picture,
    "dish_states": STATES,
    "pricings": PRICINGS,
    "import_states": IMPORT_STATES,
    "scales": SCALES,
    "trouble_words": TROUBLES,
}
