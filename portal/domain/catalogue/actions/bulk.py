"""New products by the hundred, with the checks and walls of `create`, in a fixed number of statements.

A draft that is refused keeps nothing and does not stop the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from portal.domain.catalogue import errors
from portal.domain.catalogue.access import access_product
from portal.domain.catalogue.models import BrandRow, Product, Revision, Sku, Stock, StockMovement
from portal.domain.catalogue.queries.bulk import ids_by_code
from portal.domain.catalogue.rules.goods import bigrams, tidy
from portal.domain.catalogue.values import STATES, Movement, ProductDraft, ProductState
from portal.domain.reference import queries as reference
from portal.domain.reference.values import Purpose
from portal.domain.stores.actions.bulk import insert_many
from portal.kernel.audit import AuditEntry
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.words import say
from portal.kernel.work import Work

Rows = list[dict[str, Any]]


def create_many(work: Work, *, drafts: Sequence[ProductDraft]) -> list[UUID | Refusal]:
    """Write new drafts, as `create` does for one; for each its id, or why it is refused."""
    work.require(Permission.PRODUCT_EDIT)
    categories = {one.id for one in reference.categories(work, Purpose.GOODS)}
    brands = {row.id: row.name for row in work.session.execute(select(BrandRow)).scalars()}
    taken = _taken(work, drafts)
    answers: list[UUID | Refusal] = []
    rows: tuple[Rows, Rows, Rows] = ([], [], [])
    for draft in drafts:
        try:
            tidied = _checked(draft, categories, brands, taken)
        except Refusal as refusal:
            answers.append(refusal)
            continue
        answers.append(_add(work, tidied, brands, rows))
    products, skus, openings = rows
    insert_many(work, Product, products)
    insert_many(work, Sku, skus)
    audit_many(work, "product.created", "product", [(row["id"], {}) for row in products])
    _open_stocks(work, openings)
    return answers


def _taken(work: Work, drafts: Sequence[ProductDraft]) -> set[str]:
    """Codes of these drafts that other goods of the merchant carry."""
    return set(ids_by_code(work, [sku.code.strip() for draft in drafts for sku in draft.skus]))


def _checked(draft: ProductDraft, categories: set[UUID], brands: dict[UUID, str], taken: set[str]) -> ProductDraft:
    """The tidy draft; its codes are taken from now on."""
    draft = tidy(draft)
    if draft.category_id not in categories:
        raise Refusal(say("请选择商品类目。"), field="category")
    if draft.brand_id is not None and draft.brand_id not in brands:
        raise Refusal(say("没有这个品牌，请重新选择。"), field="brand")
    for at, sku in enumerate(draft.skus):
        if sku.code in taken:
            raise Refusal(say("商家编码 %(code)s 已经用在别的商品上。", code=sku.code), field=f"skus-{at}-code")
    taken.update(sku.code for sku in draft.skus if sku.code)
    return draft


def _add(work: Work, draft: ProductDraft, brands: dict[UUID, str], rows: tuple[Rows, Rows, Rows]) -> UUID:
    products, skus, openings = rows
    now, product_id = work.now(), new_id()
    brand = brands[draft.brand_id] if draft.brand_id else ""
    codes = [text for sku in draft.skus for text in (*sku.values, sku.code)]
    products.append(
        {
            "merchant_id": work.merchant_id,
            "id": product_id,
            "name": draft.name,
            "category_id": draft.category_id,
            "brand_id": draft.brand_id,
            "detail": draft.detail,
            "returnable": draft.returnable,
            "options": [{"name": one.name, "values": list(one.values)} for one in draft.options],
            "search": bigrams(draft.name, brand, *codes),
            "state": ProductState.DRAFT.value,
            "reason": "",
            "forced_off": False,
            "version": 1,
            "created_at": now,
            "updated_at": now,
        }
    )
    for position, sku in enumerate(draft.skus):
        row = {
            "merchant_id": work.merchant_id,
            "id": new_id(),
            "product_id": product_id,
            "position": position,
            "choice": list(sku.values),
            **{name: getattr(sku, name) for name in ("code", "barcode", "grams", "supply_fen", "suggested_fen")},
            "low_mark": sku.low_mark,
            "created_at": now,
        }
        skus.append(row)
        openings.append({"merchant_id": work.merchant_id, "sku_id": row["id"], "opening": sku.opening})
    return product_id


def _open_stocks(work: Work, openings: Rows) -> None:
    """The first stock of each SKU, on the worker's face."""
    with borrowed(work, Scope(Face.JOB)):
        stocks = [
            {"merchant_id": one["merchant_id"], "sku_id": one["sku_id"], "bucket": 0}
            | {"available": one["opening"], "held": 0}
            for one in openings
        ]
        insert_many(work, Stock, stocks)
        received = [
            movement(work, one["sku_id"], 0, Movement.RECEIVED, change=one["opening"], left=one["opening"])
            | {"merchant_id": one["merchant_id"]}
            for one in openings
            if one["opening"]
        ]
        insert_many(work, StockMovement, received)


def movement(
    work: Work, sku_id: UUID, bucket: int, kind: Movement, *, change: int, left: int, note: str = ""
) -> dict[str, Any]:
    """A movement as a row, without its merchant and business."""
    return {
        "id": new_id(),
        "sku_id": sku_id,
        "bucket": bucket,
        "kind": kind.value,
        "change": change,
        "held_change": 0,
        "left": left,
        "note": note,
        "made_at": work.now(),
        "made_by": work.actor.person_id,
    }


def audit_many(work: Work, action: str, subject: str, done: Sequence[tuple[UUID, dict[str, Any]]]) -> None:
    """`Work.audit` for many of one kind."""
    rows = [
        {
            "id": new_id(),
            "at": work.now(),
            "actor_kind": work.actor.kind.value,
            "actor_id": work.actor.person_id,
            "merchant_id": work.merchant_id,
            "action": action,
            "subject_type": subject,
            "subject_id": subject_id,
            "facts": {key: str(value) for key, value in facts.items()},
            "request_id": work.request_id,
        }
        for subject_id, facts in done
    ]
    insert_many(work, AuditEntry, rows)


def discard(work: Work, product_id: UUID, *, version: int) -> None:
    """Throw away a draft that was never handed in, with everything of it. Refuses when it was changed after `version`,
    or handed in.
    """
    work.require(Permission.PRODUCT_EDIT)
    product = access_product(work, product_id, lock=True, may=Permission.PRODUCT_EDIT)
    if product.version != version:
        raise errors.ProductStale
    of_it = select(Revision.id).where(Revision.merchant_id == product.merchant_id, Revision.product_id == product.id)
    handed_in = work.session.execute(of_it.limit(1)).scalar() is not None
    if product.state != ProductState.DRAFT or product.approved_at is not None or handed_in:
        raise errors.ProductMoved(STATES[ProductState(product.state)])
    gone = delete(Product).where(Product.merchant_id == product.merchant_id, Product.id == product.id)
    work.session.execute(gone, execution_options={"synchronize_session": False})
    work.session.expunge(product)
    work.audit("product.discarded", "product", product_id)
