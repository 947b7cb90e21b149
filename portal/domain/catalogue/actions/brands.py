"""The operator keeps the list of brands."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from portal.domain.catalogue.access import access_brand
from portal.domain.catalogue.models import BrandRow
from portal.kernel.database import new_id
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work

NAME_MOST = 40


def add_brand(work: Work, *, name: str, name_en: str = "") -> UUID:
    """A new brand for everybody. Refuses a name that is there already."""
    work.require(Permission.CATEGORY_EDIT)
    name = clean_line(name, field="name", most=NAME_MOST)
    known = select(BrandRow.id).where(func.lower(BrandRow.name) == name.lower())
    if work.session.execute(known).scalar() is not None:
        raise Refusal(say("已经有这个品牌了。"), field="name")
    name_en = clean_line(name_en, field="name_en", most=2 * NAME_MOST, required=False)
    row = BrandRow(id=new_id(), name=name, name_en=name_en, created_at=work.now())
    work.session.add(row)
    work.audit("brand.added", "brand", row.id)
    work.session.flush()
    return row.id


def show_brand(work: Work, brand_id: UUID, *, shown: bool) -> None:
    """Offer it, or no longer; goods that carry it keep it."""
    work.require(Permission.CATEGORY_EDIT)
    row = access_brand(work, brand_id)
    row.hidden_at = None if shown else row.hidden_at or work.now()
    work.audit("brand.shown" if shown else "brand.hidden", "brand", brand_id)
