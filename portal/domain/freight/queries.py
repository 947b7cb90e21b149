"""What sending costs, for carts and pages; and a supplier's templates for his desk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from portal.domain.catalogue.models import Product, ProductCard
from portal.domain.catalogue.rules.goods import bigrams
from portal.domain.freight.access import access_template
from portal.domain.freight.models import FreightGoods, FreightTemplate, FreightZone
from portal.domain.freight.rules import fees
from portal.domain.freight.rules.places import names_by_code
from portal.domain.freight.values import (
    FreightLine,
    GoodShown,
    Parcel,
    Quote,
    Tariff,
    Template,
    TemplateDraft,
    Unit,
    Zone,
)
from portal.domain.regions.queries import every
from portal.domain.regions.values import Level
from portal.kernel.permissions import Permission
from portal.kernel.scope import fixed
from portal.kernel.work import Work

PAGE = 30


def quote(work: Work, *, parcels: Sequence[Parcel], region_code: str | None) -> dict[UUID, Quote]:
    """What sending each merchant's goods to this place costs, in two statements (three when something is refused).

    Without a place: what most places pay. Asks no right: freight is a public fact, readable on every face that can
    read cards.
    """
    asked = {merchant: [FreightLine(*line) for line in lines] for merchant, lines in parcels}
    followed = _followed(work, asked)
    templates = _in_force(work, asked.keys(), set(followed.values()))
    found: dict[UUID, Quote] = {}
    defaults = {one.merchant_id: one.id for one in templates.values() if one.is_default}
    drafts = {one.id: one.draft for one in templates.values()}
    for merchant, lines in asked.items():
        its = [followed.get((merchant, line.product_id), defaults.get(merchant)) for line in lines]
        found[merchant] = fees.quote(merchant, lines, its, drafts, region_code)
    return _with_names(work, found)


def for_product(
    work: Work, merchant_id: UUID, product_id: UUID, *, region_code: str | None, grams: int, sale_fen: int
) -> Quote:
    """What sending one piece of a product costs; `rules.fees.in_short` says it in a word."""
    line = FreightLine(product_id, 1, grams, sale_fen)
    return quote(work, parcels=[(merchant_id, [line])], region_code=region_code)[merchant_id]


_ID: Any = FreightTemplate.id.type
_TEMPLATES: Any = (
    select(FreightTemplate, FreightZone)
    .outerjoin(
        FreightZone,
        (FreightZone.merchant_id == FreightTemplate.merchant_id) & (FreightZone.template_id == FreightTemplate.id),
    )
    .order_by(FreightTemplate.id, FreightZone.position)
    .execution_options(populate_existing=True)
)
_IN_FORCE: Any = fixed(
    _TEMPLATES.where(
        FreightTemplate.merchant_id == any_(bindparam("of_merchants", type_=ARRAY(_ID))),
        or_(FreightTemplate.is_default, FreightTemplate.id == any_(bindparam("of_templates", type_=ARRAY(_ID)))),
    )
)
_FOLLOWED: Any = fixed(
    select(FreightGoods.merchant_id, FreightGoods.product_id, FreightGoods.template_id).where(
        FreightGoods.merchant_id == any_(bindparam("of_merchants", type_=ARRAY(_ID))),
        FreightGoods.product_id == any_(bindparam("of_products", type_=ARRAY(_ID))),
    )
)


def _followed(work: Work, asked: Mapping[UUID, Sequence[FreightLine]]) -> dict[tuple[UUID, UUID], UUID]:
    """Which template is named by which of the products."""
    products = {line.product_id for lines in asked.values() for line in lines}
    rows = work.session.execute(_FOLLOWED, {"of_merchants": list(asked), "of_products": list(products)})
    return {(merchant, product): template for merchant, product, template in rows}


def _in_force(work: Work, merchants: Collection[UUID], ids: Collection[UUID]) -> dict[UUID, Template]:
    asked = {"of_merchants": list(merchants), "of_templates": list(ids)}
    return {one.id: one for one in _heads(work.session.execute(_IN_FORCE, asked))}


def _with_names(work: Work, found: dict[UUID, Quote]) -> dict[UUID, Quote]:
    """Say which goods are refused."""
    ids = [one for its in found.values() for one in its.refused]
    if not ids:
        return found
    query = select(ProductCard.merchant_id, ProductCard.product_id, ProductCard.name)
    query = query.where(ProductCard.merchant_id.in_(list(found)), ProductCard.product_id.in_(ids))
    names = {(row.merchant_id, row.product_id): row.name for row in work.session.execute(query)}
    for merchant, its in found.items():
        if its.refused:
            said = [names[merchant, one] for one in its.refused if (merchant, one) in names]
            found[merchant] = replace(its, refusal=fees.not_served(said))
    return found


def templates(work: Work) -> tuple[Template, ...]:
    """A supplier's templates, the default first, then by name; each with how many products name it."""
    work.require(Permission.FREIGHT_EDIT)
    query = select(FreightGoods.template_id, func.count()).where(FreightGoods.merchant_id == work.merchant_id)
    used = {row[0]: row[1] for row in work.session.execute(query.group_by(FreightGoods.template_id))}
    found = [
        replace(one, goods=used.get(one.id, 0)) for one in _read(work, FreightTemplate.merchant_id == work.merchant_id)
    ]
    return tuple(sorted(found, key=lambda one: (not one.is_default, one.draft.name, one.id)))


def template(work: Work, template_id: UUID) -> Template:
    """One template of the merchant whose office is open. Raises NotFound."""
    row = access_template(work, template_id)
    count = select(func.count()).select_from(FreightGoods)
    count = count.where(FreightGoods.merchant_id == row.merchant_id, FreightGoods.template_id == row.id)
    found = _read(work, FreightTemplate.merchant_id == row.merchant_id, FreightTemplate.id == row.id)[0]
    return replace(found, goods=work.session.execute(count).scalar_one())


def goods(
    work: Work, *, words: str = "", follows: UUID | None = None, plain: bool = False, after: UUID | None = None
) -> tuple[tuple[GoodShown, ...], bool]:
    """A page of the supplier's products by id, the newest first, and whether there is more: all, those that name a
    template, or those that name none (`plain`).
    """
    work.require(Permission.FREIGHT_EDIT)
    query = select(Product.id, Product.name, Product.state, FreightGoods.template_id).outerjoin(
        FreightGoods, (FreightGoods.merchant_id == Product.merchant_id) & (FreightGoods.product_id == Product.id)
    )
    query = query.where(Product.merchant_id == work.merchant_id)
    if words:
        query = query.where(Product.search.contains(bigrams(words)))
    if follows is not None:
        query = query.where(FreightGoods.template_id == follows)
    if plain:
        query = query.where(FreightGoods.template_id.is_(None))
    if after is not None:
        query = query.where(Product.id < after)
    rows = work.session.execute(query.order_by(Product.id.desc()).limit(PAGE + 1)).all()
    return tuple(GoodShown(*row) for row in rows[:PAGE]), len(rows) > PAGE


def places(work: Work) -> dict[str, str]:
    """All provinces and cities a template may name, by code."""
    return names_by_code(every(work, levels=(Level.PROVINCE, Level.CITY)))


def _read(work: Work, *wanted: Any) -> list[Template]:
    """Templates with their zones in one statement."""
    return _heads(work.session.execute(_TEMPLATES.where(*wanted)))


def _heads(rows: Iterable[Any]) -> list[Template]:
    heads: dict[UUID, FreightTemplate] = {}
    zones: dict[UUID, list[FreightZone]] = {}
    for head, zone in rows:
        heads[head.id] = head
        zones.setdefault(head.id, []).extend([zone] if zone else [])
    return [_shown(head, zones[head.id]) for head in heads.values()]


def _shown(row: FreightTemplate, zones: Sequence[FreightZone]) -> Template:
    tariffs = {zone.position: _tariff(zone) for zone in zones}
    named = tuple(Zone(tuple(zone.codes), tariffs[zone.position]) for zone in zones if zone.position)
    draft = TemplateDraft(row.name, Unit(row.unit), tariffs.get(0), named, tuple(row.unserved), row.free_over_fen)
    return Template(row.merchant_id, row.id, draft, row.is_default, row.version, row.updated_at)


def _tariff(zone: FreightZone) -> Tariff:
    return Tariff(zone.first_units, zone.first_fen, zone.next_units, zone.next_fen, zone.free_over_fen)
