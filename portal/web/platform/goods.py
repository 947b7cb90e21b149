"""Goods before the platform: the review queue, one product with what changed and its prices, off sale with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from flask import request

from portal.domain.catalogue import actions, queries
from portal.domain.catalogue.queries import platform as lists
from portal.domain.catalogue.values import ProductShown, SaleDraft
from portal.kernel.money import parse_yuan
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import goods
from portal.web.forms.base import Form
from portal.web.forms.catalogue import OffForm
from portal.web.goodsdiff import diff_rows
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.platform import platform

REVIEW = Permission.PRODUCT_REVIEW


@platform.get("/goods", may=REVIEW)
def goods_list(work: Work) -> Page:
    """What waits for review, longest first."""
    return page("platform/goods/list.html", lines=lists.queue(work), now=work.now())


@platform.get("/goods/<uuid:product>", may=REVIEW)
def goods_show(work: Work, product: UUID) -> Page:
    """One product: what was handed in, against what was let in."""
    return _show(work, product, OffForm(formdata=None))


def _show(work: Work, product: UUID, form: Form, *, status: int = 200) -> Page:
    shown = queries.product(work, product, may=REVIEW)
    versions = lists.versions(work, product)
    waiting = next((one for one in versions if one.id == shown.waiting), None)
    categories = goods.trees(work)
    return page(
        "platform/goods/show.html",
        status=status,
        form=form,
        shown=shown,
        version=waiting,
        versions=versions,
        diff=diff_rows(categories, waiting) if waiting else [],
        lines=price_rows(shown, (one["id"] for one in waiting.facts["skus"])) if waiting else [],
        categories=categories,
        **goods.SHOWN,
    )


def price_rows(shown: ProductShown, ids: Iterable[str]) -> list[dict[str, Any]]:
    """The SKUs with the prices to show in their fields: what was typed, what the street pays, or what is suggested."""
    wanted = set(ids)
    rows = []
    for sku in shown.skus:
        if str(sku.id) in wanted:
            sale, member = (request.form.get(f"{name}-{sku.id}") for name in ("sale", "member"))
            own = _plain(sku.member_fen) if sku.member_fen else ""
            typed = _plain(sku.sale_fen or sku.suggested_fen) if sale is None else sale
            rows.append({"sku": sku, "sale": typed, "member": own if member is None else member})
    return rows


def _plain(fen: int) -> str:
    yuan, cents = divmod(fen, 100)
    return f"{yuan}.{cents:02}" if cents else str(yuan)


def sales_of(ids: Iterable[UUID]) -> list[SaleDraft]:
    """The prices typed for these SKUs. Refuses what is no price; says of which field."""
    found = []
    for sku_id in ids:
        sale = parse_yuan(request.form.get(f"sale-{sku_id}", ""), field=f"sale-{sku_id}")
        member = request.form.get(f"member-{sku_id}", "").strip()
        found.append(SaleDraft(sku_id, sale, parse_yuan(member) if member else None))
    return found


@platform.post("/goods/<uuid:product>/approve", may=REVIEW)
def goods_approve(work: Work, product: UUID) -> Answer:
    """On sale at these prices."""
    form, revision = OffForm(), _revision()
    version = next((one for one in lists.versions(work, product) if one.id == revision), None)
    ids = [UUID(one["id"]) for one in version.facts["skus"]] if version else []

    def act() -> None:
        below = request.form.get("below") == "1"
        actions.approve(work, product, revision_id=revision, sales=sales_of(ids), below=below)

    return _decide(work, product, form, act, gettext("已通过，商品上架了。"))


@platform.post("/goods/<uuid:product>/refuse", may=REVIEW)
def goods_refuse(work: Work, product: UUID) -> Answer:
    """Back to the supplier."""
    form = OffForm()

    def act() -> None:
        actions.refuse(work, product, revision_id=_revision(), reason=form.reason.data or "")

    return _decide(work, product, form, act, gettext("已驳回，供应商会收到原因。"))


@platform.post("/goods/<uuid:product>/off", may=REVIEW)
def goods_off(work: Work, product: UUID) -> Answer:
    """Off sale until a review."""
    form = OffForm()
    reason = form.reason.data or ""
    return _decide(
        work, product, form, lambda: actions.force_off(work, product, reason=reason), gettext("已强制下架。")
    )


def _revision() -> UUID:
    try:
        return UUID(request.form.get("revision", ""))
    except ValueError:
        return UUID(int=0)


def _decide(work: Work, product: UUID, form: Form, act: Callable[[], None], flash: str) -> Answer:
    if form.validate():
        with form.tries(work):
            act()
            return see_other("platform.goods_show", product=product, flash=flash)
    return _show(work, product, form, status=422)
