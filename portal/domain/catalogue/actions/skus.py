"""Writes the SKUs of a product by their combination: what stays keeps its id, its stock and its terms."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.domain.catalogue.actions.facts import live_skus
from portal.domain.catalogue.actions.pricing import ask
from portal.domain.catalogue.actions.stock import open_stock
from portal.domain.catalogue.actions.terms import has_terms
from portal.domain.catalogue.models import Product, Sku
from portal.domain.catalogue.values import ChangeState, SkuDraft
from portal.kernel.database import new_id
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work


def write_skus(work: Work, product: Product, drafts: Sequence[SkuDraft]) -> int:
    """Make the product's SKUs these; how many supply prices wait for approval because of it.

    A combination that is gone ends; its history stays.
    """
    known = {tuple(row.choice): row for row in live_skus(work, product.merchant_id, product.id)}
    kept = {draft.values for draft in drafts}
    for choice, row in known.items():
        if choice not in kept:
            row.ended_at = work.now()
    work.session.flush()
    _check_codes(work, product, drafts)
    new: list[tuple[Sku, int]] = []
    waiting = 0
    for position, draft in enumerate(drafts):
        found = known.get(draft.values)
        if found is None:
            new.append((_add(work, product, position, draft), draft.opening))
        else:
            waiting += _change(work, found, position, draft)
    work.session.flush()
    for row, opening in new:
        open_stock(work, row, opening)
    return waiting


def _add(work: Work, product: Product, position: int, draft: SkuDraft) -> Sku:
    row = Sku(
        merchant_id=product.merchant_id,
        id=new_id(),
        product_id=product.id,
        position=position,
        choice=list(draft.values),
        code=draft.code,
        barcode=draft.barcode,
        grams=draft.grams,
        supply_fen=draft.supply_fen,
        suggested_fen=draft.suggested_fen,
        low_mark=draft.low_mark,
        created_at=work.now(),
    )
    work.session.add(row)
    return row


def _change(work: Work, row: Sku, position: int, draft: SkuDraft) -> int:
    """1 when the new supply price has to wait."""
    row.position, row.code, row.barcode, row.grams = position, draft.code, draft.barcode, draft.grams
    row.low_mark = draft.low_mark
    if (row.supply_fen, row.suggested_fen) == (draft.supply_fen, draft.suggested_fen):
        return 0
    if not has_terms(work, row.merchant_id, row.id):
        row.supply_fen, row.suggested_fen = draft.supply_fen, draft.suggested_fen
        return 0
    state = ask(work, row.id, supply_fen=draft.supply_fen, suggested_fen=draft.suggested_fen)
    return int(state is ChangeState.WAITING)


def _check_codes(work: Work, product: Product, drafts: Sequence[SkuDraft]) -> None:
    codes = {draft.code: number for number, draft in enumerate(drafts) if draft.code}
    taken = select(Sku.code).where(Sku.merchant_id == product.merchant_id, Sku.product_id != product.id)
    taken = taken.where(Sku.code.in_(codes), Sku.ended_at.is_(None)).limit(1)
    used: str | None = work.session.execute(taken).scalar()
    if used is not None:
        sentence = say("商家编码 %(code)s 已经用在别的商品上。", code=used)
        raise Refusal(sentence, field=f"skus-{codes[used]}-code")
