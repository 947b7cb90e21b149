"""What a supplier does with his freight templates."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from portal.domain.catalogue.models import Product
from portal.domain.freight.access import access_template, access_turn
from portal.domain.freight.errors import DefaultNeeded, TemplateStale, TemplateUsed, TooManyTemplates
from portal.domain.freight.models import FreightGoods, FreightTemplate, FreightZone
from portal.domain.freight.queries import places
from portal.domain.freight.queries import template as template_now
from portal.domain.freight.rules.drafts import checked
from portal.domain.freight.values import MOST_TEMPLATES, NAME_MOST, Tariff, TemplateDraft
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


def create(work: Work, *, draft: TemplateDraft, default: bool = False) -> UUID:
    """A new template; as default it takes the place of the former one."""
    work.require(Permission.FREIGHT_EDIT)
    draft = checked(draft, places(work))
    return _add(work, draft, default=default)


def _add(work: Work, draft: TemplateDraft, *, default: bool) -> UUID:
    access_turn(work)
    held = select(func.count()).select_from(FreightTemplate).where(FreightTemplate.merchant_id == work.merchant_id)
    if work.session.execute(held).scalar_one() >= MOST_TEMPLATES:
        raise TooManyTemplates(MOST_TEMPLATES)
    if default:
        _nobody_default(work)
    faults.point(work, "freight.add.checked")
    now, row_id = work.now(), new_id()
    row = FreightTemplate(
        merchant_id=work.merchant_id,
        id=row_id,
        name=draft.name,
        unit=draft.unit.value,
        unserved=list(draft.unserved),
        free_over_fen=draft.free_over_fen,
        is_default=default,
        version=1,
        created_at=now,
        updated_at=now,
    )
    work.session.add(row)
    work.session.flush()
    _write_zones(work, row_id, draft)
    work.audit("freight.created", "freight_template", row_id)
    return row_id


def edit(work: Work, template_id: UUID, *, draft: TemplateDraft, version: int) -> None:
    """Say it otherwise; orders that were placed keep what they paid. What is counted cannot change."""
    row = access_template(work, template_id, lock=True)
    if row.version != version:
        raise TemplateStale
    draft = checked(draft, places(work))
    if draft.unit.value != row.unit:
        raise NotFound
    row.name, row.unserved, row.free_over_fen = draft.name, list(draft.unserved), draft.free_over_fen
    row.version, row.updated_at = row.version + 1, work.now()
    mine = (FreightZone.merchant_id == row.merchant_id, FreightZone.template_id == row.id)
    work.session.execute(delete(FreightZone).where(*mine))
    _write_zones(work, row.id, draft)
    work.audit("freight.edited", "freight_template", row.id)


def copy(work: Work, template_id: UUID, *, name: str) -> UUID:
    """The same under another name; no goods follow it yet."""
    work.require(Permission.FREIGHT_EDIT)
    shown = template_now(work, template_id)
    draft = TemplateDraft(**{**vars(shown.draft), "name": name[:NAME_MOST]})
    return _add(work, draft, default=False)


def make_default(work: Work, template_id: UUID) -> None:
    """From now on goods that name no template follow this one."""
    access_turn(work)
    row = access_template(work, template_id, lock=True)
    if row.is_default:
        return
    _nobody_default(work)
    row.is_default = True
    work.session.flush()
    work.audit("freight.default", "freight_template", row.id)


def remove(work: Work, template_id: UUID, *, instead: UUID | None = None) -> None:
    """Delete it. Goods that name it follow `instead`, which also becomes the default when this one was; the last
    template may go without: then everything travels free unless goods name it.
    """
    access_turn(work)
    row = access_template(work, template_id, lock=True)
    other = access_template(work, instead, lock=True) if instead not in (None, template_id) else None
    mine = (FreightGoods.merchant_id == row.merchant_id, FreightGoods.template_id == row.id)
    used = work.session.execute(select(func.count()).select_from(FreightGoods).where(*mine)).scalar_one()
    if other is None:
        _may_go(work, row, used)
    else:
        work.session.execute(update(FreightGoods).where(*mine).values(template_id=other.id))
    was_default = row.is_default
    work.session.delete(row)
    work.session.flush()
    if was_default and other is not None:
        other.is_default = True
        work.session.flush()
    work.audit("freight.removed", "freight_template", template_id, moved=used)


def _may_go(work: Work, row: FreightTemplate, used: int) -> None:
    if used:
        raise TemplateUsed(used)
    others = select(func.count()).select_from(FreightTemplate).where(FreightTemplate.merchant_id == row.merchant_id)
    if row.is_default and work.session.execute(others).scalar_one() > 1:
        raise DefaultNeeded


def assign(work: Work, product_ids: Sequence[UUID], *, template_id: UUID | None) -> int:
    """Let these products follow a template, or the default again; how many. NotFound when one is another's."""
    work.require(Permission.FREIGHT_EDIT)
    if template_id is not None:
        access_template(work, template_id, lock=True)
    ids = sorted(set(product_ids))
    query = select(Product.id).where(Product.merchant_id == work.merchant_id, Product.id.in_(ids)).order_by(Product.id)
    if len(work.session.execute(query.with_for_update(key_share=True)).all()) != len(ids):
        raise NotFound
    mine = (FreightGoods.merchant_id == work.merchant_id, FreightGoods.product_id.in_(ids))
    if template_id is None:
        work.session.execute(delete(FreightGoods).where(*mine))
    else:
        rows = [{"merchant_id": work.merchant_id, "product_id": one, "template_id": template_id} for one in ids]
        put = insert(FreightGoods).values(rows)
        key = [FreightGoods.merchant_id, FreightGoods.product_id]
        work.session.execute(put.on_conflict_do_update(index_elements=key, set_={"template_id": template_id}))
    work.audit("freight.assigned", "freight_template", template_id, goods=len(ids))
    return len(ids)


def _nobody_default(work: Work) -> None:
    mine = (FreightTemplate.merchant_id == work.merchant_id, FreightTemplate.is_default)
    work.session.execute(update(FreightTemplate).where(*mine).values(is_default=False))


def _write_zones(work: Work, template_id: UUID, draft: TemplateDraft) -> None:
    every_zone: list[tuple[int, Sequence[str], Tariff]] = [(0, (), draft.rest)] if draft.rest is not None else []
    every_zone += [(at, zone.codes, zone.tariff) for at, zone in enumerate(draft.zones, 1)]
    for at, codes, tariff in every_zone:
        row = FreightZone(
            merchant_id=work.merchant_id, template_id=template_id, position=at, codes=list(codes), **vars(tariff)
        )
        work.session.add(row)
    work.session.flush()
