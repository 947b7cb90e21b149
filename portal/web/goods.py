"""How goods look: marks of their states, prices in words, margins, and the trees they are sorted by."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for

from portal.domain.catalogue.values import (
    FRESH,
    MOVEMENTS,
    ChangeState,
    Decision,
    ProductShown,
    ProductState,
    SkuShown,
)
from portal.domain.reference import queries as reference
from portal.domain.reference.values import Category, Purpose
from portal.kernel.figures import say_yuan
from portal.kernel.work import Work
from portal.web.locale import lazy_gettext as _l
from portal.web.storefront import all_below

MARKS: dict[ProductState, tuple[Any, str]] = {
    ProductState.DRAFT: (_l("草稿"), "draft"),
    ProductState.REVIEW: (_l("审核中"), "wait"),
    ProductState.ON_SALE: (_l("在售"), "ok"),
    ProductState.OFF_SALE: (_l("已下架"), "quiet"),
}
CHANGES: dict[ChangeState, tuple[Any, str]] = {
    ChangeState.WAITING: (_l("待审批"), "wait"),
    ChangeState.APPLIED: (_l("已生效"), "ok"),
    ChangeState.APPROVED: (_l("已批准"), "ok"),
    ChangeState.REFUSED: (_l("已驳回"), "stop"),
    ChangeState.WITHDRAWN: (_l("已撤回"), "quiet"),
}
DECISIONS: dict[Decision, tuple[Any, str]] = {
    Decision.WAITING: (_l("审核中"), "wait"),
    Decision.APPROVED: (_l("已通过"), "ok"),
    Decision.REFUSED: (_l("已驳回"), "stop"),
    Decision.WITHDRAWN: (_l("已撤回"), "quiet"),
}


def span(prices: list[int]) -> str:
    """¥32–¥64, or one price, or nothing."""
    if not prices:
        return ""
    low, high = (say_yuan(one).removesuffix(".00") for one in (min(prices), max(prices)))
    return low if low == high else f"{low}–{high}"


def supply_span(shown: ProductShown) -> str:
    """What its SKUs cost."""
    return span([sku.supply_fen for sku in shown.skus])


def sale_span(shown: ProductShown) -> str:
    """What the street pays; nothing before it was let in."""
    return span([sku.sale_fen for sku in shown.skus if sku.sale_fen is not None])


def percent(basis_points: int | None) -> str:
    """30.2 %, with a true minus; nothing for nothing."""
    if basis_points is None:
        return "—"
    tenths = abs(basis_points) // 10
    return f"{'−' if basis_points < 0 else ''}{tenths // 10}.{tenths % 10}%"


def margin_tone(sku: SkuShown) -> str:
    """Red when somebody pays less than it costs, amber when less than a tenth of the lowest price is left."""
    if sku.least_margin_bp is None:
        return "quiet"
    return "stop" if sku.loses else "wait" if sku.least_margin_bp < 1000 else "ok"


def pieces(shown: ProductShown) -> int:
    """What is available of all its SKUs."""
    return sum(sku.available for sku in shown.skus)


def picture(shown: ProductShown) -> str:
    """The first picture, small; nothing when there is none."""
    return url_for("pictures.show", name=shown.photos[0].small) if shown.photos else ""


def trees(work: Work, *, hidden: bool = True) -> dict[UUID, Category]:
    """The categories of goods in reading order."""
    return {one.id: one for one in reference.categories(work, Purpose.GOODS, hidden=hidden)}


def below(categories: dict[UUID, Category], code: str) -> tuple[Category | None, frozenset[UUID]]:
    """The category of this code with all below it."""
    chosen = next((one for one in categories.values() if one.code == code), None)
    return chosen, all_below(chosen, categories) if chosen else frozenset()


def fresh(categories: dict[UUID, Category]) -> frozenset[UUID]:
    """Fresh food, which is not taken back without reason unless somebody says so."""
    return below(categories, FRESH)[1]


SHOWN: dict[str, Any] = {
    "marks": MARKS,
    "change_marks": CHANGES,
    "decisions": DECISIONS,
    "movement_names": MOVEMENTS,
    "supply_span": supply_span,
    "sale_span": sale_span,
    "percent": percent,
    "margin_tone": margin_tone,
    "pieces": pieces,
    "picture_of": picture,
}
