"""What the street pays: written here and nowhere else, each change kept with what it was before and who made it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from portal.domain.catalogue import errors
from portal.domain.catalogue.access import access_product
from portal.domain.catalogue.actions.cards import refresh_card
from portal.domain.catalogue.models import Product, SaleChange, Sku, SkuSale
from portal.domain.catalogue.queries.platform import lines_of
from portal.domain.catalogue.queries.pricing import batch_rows, moves
from portal.domain.catalogue.queries.terms import in_force
from portal.domain.catalogue.rules.goods import check_sale, lowest
from portal.domain.catalogue.rules.markup import Rule
from portal.domain.catalogue.values import SaleDraft
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work


def set_sale(work: Work, product_id: UUID, *, sales: Sequence[SaleDraft], below: bool = False) -> None:
    """Other sale and member prices for SKUs of a product, at once. Refuses a price below supply unless `below`."""
    work.require(Permission.PRICE_EDIT)
    product = access_product(work, product_id, lock=True, may=Permission.PRICE_EDIT)
    write(work, product, sales, below=below)
    refresh_card(work, product.merchant_id, product.id)


def apply_rule(work: Work, sku_ids: Sequence[UUID], rule: Rule, *, seen: str, below: bool = False) -> tuple[UUID, int]:
    """Set the prices that were previewed, all or none; the batch and how many changed. `seen` is the preview's mark.

    Refuses when a price or a supply price has moved since, and prices below supply unless `below`.
    """
    work.require(Permission.PRICE_EDIT)
    ids = {line.sku.product_id for line in lines_of(work, sku_ids)}
    products = [access_product(work, one, lock=True, may=Permission.PRICE_EDIT) for one in sorted(ids)]
    shown = moves(work, sku_ids, rule)
    if shown.mark != seen:
        raise Conflict(say("价格或供货价刚刚变了，请重新看一遍再应用。"))
    changed = [one for one in shown.moves if one.changes]
    if not changed:
        raise Refusal(say("这条规则没有改变任何价格。"))
    batch = new_id()
    for product in products:
        its = [one for one in changed if one.sku.product_id == product.id]
        if its:
            drafts = [SaleDraft(one.sku.id, one.sale_fen, one.member_fen) for one in its]
            write(work, product, drafts, below=below, batch=batch)
            refresh_card(work, product.merchant_id, product.id)
    work.audit("price.batch_set", "batch", batch, prices=len(changed), thousandths=rule.thousandths)
    return batch, len(changed)


def undo(work: Work, batch_id: UUID) -> tuple[int, int]:
    """Put back the prices before a batch: how many, and how many stay. A price stays that was changed since, that was
    taken back before, or that was below the present supply price.
    """
    work.require(Permission.PRICE_EDIT)
    rows = batch_rows(work, batch_id)
    batch, count = new_id(), 0
    for product_id in sorted({row.product_id for row in rows}):
        product = access_product(work, product_id, lock=True, may=Permission.PRICE_EDIT)
        back = [one for one in batch_rows(work, batch_id) if one.product_id == product_id and one.can_go_back]
        drafts = [SaleDraft(one.sku_id, one.old_sale_fen or 0, one.old_member_fen) for one in back]
        write(work, product, drafts, batch=batch, undoes={one.sku_id: one.id for one in back})
        refresh_card(work, product.merchant_id, product.id)
        count += len(back)
    if not count:
        raise Conflict(say("没有能撤销的价格：后来又改过，或者已经撤销了。"))
    work.audit("price.batch_undone", "batch", batch_id, prices=count)
    return count, len(rows) - count


def write(
    work: Work,
    product: Product,
    sales: Sequence[SaleDraft],
    *,
    below: bool = False,
    batch: UUID | None = None,
    undoes: dict[UUID, UUID] | None = None,
) -> None:
    """Keep these prices of a locked product and remember what they were; the cards are the caller's."""
    batch = batch or new_id()
    query = select(Sku, SkuSale).outerjoin(
        SkuSale, (SkuSale.merchant_id == Sku.merchant_id) & (SkuSale.sku_id == Sku.id)
    )
    query = query.where(Sku.merchant_id == product.merchant_id, Sku.product_id == product.id)
    query = query.execution_options(populate_existing=True)
    known = {row.Sku.id: (row.Sku, row.SkuSale) for row in work.session.execute(query)}
    for draft in sorted(sales, key=lambda one: one.sku_id):
        check_sale(draft)
        sku, now = known.get(draft.sku_id, (None, None))
        terms = in_force(work, product.merchant_id, draft.sku_id, work.now()) if sku is not None else None
        if sku is None or terms is None:
            raise Refusal(say("这个规格还没有审核通过，不能定价。"))
        loses = lowest(draft) < terms.supply_fen
        if loses and not below:
            name = " ".join([product.name, "/".join(sku.choice)]).strip()
            raise errors.BelowSupply(name, lowest(draft), terms.supply_fen)
        _remember(work, product, draft, now, terms.supply_fen, batch, (undoes or {}).get(draft.sku_id))
        _keep(work, product, draft, loses=loses)
        facts = {"sale": draft.sale_fen, "member": draft.member_fen or 0, "supply": terms.supply_fen}
        work.audit("price.sale_set", "sku", sku.id, about=product.merchant_id, below=int(loses), **facts)
    work.session.flush()


def _keep(work: Work, product: Product, draft: SaleDraft, *, loses: bool) -> None:
    work.session.merge(
        SkuSale(
            merchant_id=product.merchant_id,
            sku_id=draft.sku_id,
            sale_fen=draft.sale_fen,
            member_fen=draft.member_fen,
            below_supply=loses,
            set_at=work.now(),
            set_by=work.actor.person_id,
        )
    )


def _remember(
    work: Work,
    product: Product,
    draft: SaleDraft,
    now: SkuSale | None,
    supply_fen: int,
    batch: UUID,
    undoes: UUID | None,
) -> None:
    old = (now.sale_fen, now.member_fen) if now else (None, None)
    if old == (draft.sale_fen, draft.member_fen):
        return
    work.session.add(
        SaleChange(
            merchant_id=product.merchant_id,
            id=new_id(),
            sku_id=draft.sku_id,
            batch_id=batch,
            undoes=undoes,
            old_sale_fen=old[0],
            old_member_fen=old[1],
            sale_fen=draft.sale_fen,
            member_fen=draft.member_fen,
            supply_fen=supply_fen,
            made_at=work.now(),
            made_by=work.actor.person_id,
        )
    )
