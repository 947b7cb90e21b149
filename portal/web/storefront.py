"""How a store looks to a reader: its hours in one line, its benefits as tags, its picture or the drawn stand-in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import url_for

from portal.domain.reference.values import Category
from portal.domain.stores.queries import Card, Near
from portal.domain.stores.values import Benefit
from portal.kernel.figures import SHANGHAI, say_discount, say_monthly_sales, say_time, say_yuan
from portal.kernel.hours import Closed, Open
from portal.kernel.words import say
from portal.web import locale
from portal.web.locale import said

KINDS = {
    "tea": ("茶", "饮", "咖啡"),
    "cake": ("蛋糕", "烘焙", "面包", "甜品"),
    "night": ("夜宵", "宵夜", "烧烤", "酒"),
    "hair": ("发", "理发"),
    "beauty": ("美容", "美肤", "美甲", "养生"),
    "mart": ("超市", "便利", "生鲜", "百货"),
    "food": ("餐", "菜", "火锅", "粉", "面", "食", "小吃", "饭"),
}


def kind_of(*names: str) -> str:
    """The stand-in for a missing picture, by the words of category and name."""
    text = "".join(names)
    return next((kind for kind, words in KINDS.items() if any(word in text for word in words)), "shop")


def hours_fact(state: Open | Closed | None, now: datetime) -> tuple[str, str]:
    """Open or closed in a word, and until when, for a store's own page."""
    line, is_open = hours_line(state, now)
    word, _, until = line.partition(" · ")
    if state is None:
        return said(say("未填写")), line
    if not until:
        return (said(say("营业中")) if is_open else said(say("休息中"))), line
    return word, until


def hours_line(state: Open | Closed | None, now: datetime) -> tuple[str, bool]:
    """Open or closed in one line, and whether it is open."""
    spoken, today = locale.current(), now.astimezone(SHANGHAI).date()
    match state:
        case None:
            return said(say("营业时间待补充")), False
        case Open(until=None):
            return said(say("24 小时营业")), True
        case Open(until=datetime() as until, closing_soon=soon):
            at = say_time(until, spoken, day=today)
            return (said(say("快打烊了 · 到 %(at)s", at=at)) if soon else said(say("营业中 · 到 %(at)s", at=at))), True
        case Closed(opens_at=datetime() as opens):
            return _opens(opens, now, spoken), False
    return said(say("暂停营业")), False


def _opens(opens: datetime, now: datetime, spoken: str) -> str:
    today, day = now.astimezone(SHANGHAI).date(), opens.astimezone(SHANGHAI).date()
    if day == today + timedelta(days=1):
        return said(say("休息中 · 明天 %(at)s 开门", at=say_time(opens, spoken)))
    return said(say("休息中 · %(at)s 开门", at=say_time(opens, spoken, day=today)))


def benefit_tag(benefit: Benefit) -> str:
    """满 ¥30 减 ¥5, 满 ¥100 享 8.5 折, 减 ¥5."""
    threshold = say_yuan(benefit.threshold_fen).removesuffix(".00")
    if benefit.kind == "percent":
        what = say_discount(benefit.value, locale.current())
        whole = said(say("满 %(threshold)s 享 %(what)s", threshold=threshold, what=what))
        return whole if benefit.threshold_fen else what
    amount = say_yuan(benefit.value).removesuffix(".00")
    if benefit.threshold_fen:
        return said(say("满 %(threshold)s 减 %(amount)s", threshold=threshold, amount=amount))
    return said(say("减 %(amount)s", amount=amount))


def top_of(category: Category, categories: Mapping[Any, Category]) -> Category:
    """The top of its tree."""
    while category.parent_id in categories:
        category = categories[category.parent_id]
    return category


def all_below(category: Category, categories: Mapping[Any, Category]) -> frozenset[Any]:
    """The category with everything below it; `categories` names parents before their children."""
    found = {category.id}
    for one in categories.values():
        if one.parent_id in found:
            found.add(one.id)
    return frozenset(found)


def category_name(card: Card, categories: dict[Any, Category]) -> str:
    """The category in the reader's language, or nothing."""
    known = categories.get(card.category_id)
    return known.called(locale.current()) if known else ""


def shown(near: Near, now: datetime, categories: dict[Any, Category]) -> dict[str, Any]:
    """A row of a list as `ui.store_card` takes it."""
    card = near.card
    known = categories.get(card.category_id)
    words, is_open = hours_line(card.state_at(now), now)
    line = [category_name(card, categories)]
    if card.month_sales:
        line.append(say_monthly_sales(card.month_sales, locale.current()))
    return {
        "href": url_for("shop.stores_show", store=card.store_id),
        "name": card.name,
        "picture": url_for("pictures.show", name=card.cover.small) if card.cover else None,
        "tone": card.cover.tone if card.cover else None,
        "kind": kind_of(known.name if known else "", card.name),
        "rating": card.rating,
        "votes": card.rating_count or None,
        "category": " · ".join(part for part in line if part),
        "metres": near.distance_metres,
        "hours": words,
        "open": is_open,
        "tags": [benefit_tag(benefit) for benefit in card.benefits_at(now)],
    }
