"""Merchants of the town apply, are let in, open their stores and hire; what is there already is left as it is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from portal.commands.demo import drawings
from portal.commands.demo.casting import Cast
from portal.domain.onboarding import rules
from portal.domain.onboarding.actions import applications, reviews
from portal.domain.onboarding.queries import applications as onboarding
from portal.domain.onboarding.values import DocumentKind, Particulars
from portal.domain.reference import queries as reference
from portal.domain.regions import queries as regions
from portal.domain.stores.actions import editing
from portal.domain.stores.actions import pictures as adding
from portal.domain.stores.queries.names import store_names
from portal.domain.stores.values import GivenPosition, StoreFacts
from portal.domain.tenants.actions import invitations
from portal.domain.tenants.queries import staff as tenants
from portal.domain.tenants.values import Kind
from portal.kernel import phones
from portal.kernel.geo import Datum
from portal.kernel.hours import Span, WeeklyHours, parse_spans
from portal.kernel.permissions import Role

REVIEWER = "15400000008"
APPLIED, OPENED, HIRED = timedelta(days=105), timedelta(days=100), timedelta(days=98)


@dataclass
class Founded:
    """What the town consists of, by name."""

    merchants: dict[str, UUID] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)  # merchant → phone
    stores: dict[str, UUID] = field(default_factory=dict)


@dataclass(frozen=True)
class Maps:
    """Categories and areas by the names the town uses."""

    categories: dict[str, UUID]
    areas: dict[str, str]


def open_merchants(cast: Cast, town: dict[str, Any]) -> Founded:
    """Let in every merchant that is not there yet, with its stores and staff."""
    founded, names = Founded(), maps(cast)
    fronts = [store["name"] for merchant in town["merchants"] for store in merchant.get("stores", ())]
    for number, merchant in enumerate(town["merchants"], start=1):
        name, owner = merchant["name"], merchant["owner"]
        with cast.platform() as work:
            known = {called: known_id for known_id, called, _role in tenants.hats_of(work, cast.ids[owner])}
        if name not in known:
            cast.studio.order(drawings.shop_front, fronts)
        merchant_id = known.get(name) or let_in(cast, apply(cast, merchant, number, names))
        founded.merchants[name], founded.owners[name] = merchant_id, owner
        if "stores" in merchant:
            founded.stores |= _open_stores(cast, merchant, merchant_id, names)
        _hire(cast, founded, merchant, town)
    return founded


def maps(cast: Cast) -> Maps:
    """Read the names once."""
    with cast.platform() as work:
        categories = {node.name: node.id for node in reference.categories(work)}
        areas = {}
        for city in regions.children(work, "44"):
            areas[city.name] = city.code
            for area in regions.children(work, city.code):
                areas[f"{city.name}/{area.name}"] = area.code
                if area.name == city.name:  # a city of towns: Dongguan
                    areas |= {f"{city.name}/{town.name}": town.code for town in regions.children(work, area.code)}
    return Maps(categories, areas)


def area_code(maps: Maps, area: str) -> str:
    """The code of "city/area"; the area may be written short."""
    return next(code for name, code in maps.areas.items() if name.startswith(area))


def apply(cast: Cast, merchant: dict[str, Any], number: int, maps: Maps) -> UUID:
    """The owner's application, complete and submitted; its id."""
    owner, kind, name = merchant["owner"], Kind(merchant["kind"]), merchant["name"]
    licence = f"9199000{0}MA{number:07d}"[:17]
    facts = Particulars(
        name=name,
        legal_name=f"东莞市{name}有限公司" if kind is not Kind.ALLIANCE else f"东莞市{name}店（个体工商户）",
        licence_number=licence + rules.check_digit(licence),
        representative=merchant["representative"],
        contact_name=merchant["representative"],
        contact_phone=owner,
        address=f"广东省{merchant['area'].replace('/', '')}{merchant['address']}",
        category_id=maps.categories[merchant["category"]] if "category" in merchant else None,
        region_code=area_code(maps, merchant["area"]) if kind is Kind.REGION else "",
        bank_holder=merchant["representative"],
        bank_name="东江农商银行 松湖支行",
    )
    storage = cast.services.storage
    with cast.person(owner, ago=APPLIED) as work:
        application_id = applications.start(work, kind)
        applications.save(work, application_id, facts, bank_number=f"999999{number:013d}")
        paper = drawings.paper(name)
        applications.attach(work, storage, application_id, kind=DocumentKind.LICENCE, content=paper)
        if kind in (Kind.BRAND, Kind.ALLIANCE):
            front = drawings.shop_front(name)
            applications.attach(work, storage, application_id, kind=DocumentKind.SHOP_FRONT, content=front)
        applications.submit(work, application_id, demo=True)
    return application_id


def with_bank(facts: Particulars, bank_name: str) -> Particulars:
    """The same particulars with a mended bank."""
    return replace(facts, bank_name=bank_name)


def let_in(cast: Cast, application_id: UUID) -> UUID:
    """The platform approves the latest revision; the merchant's id."""
    with cast.platform(REVIEWER, ago=OPENED) as work:
        revisions = onboarding.application(work, application_id).revisions
        return reviews.approve(work, application_id, revision_id=revisions[-1].id)


def _open_stores(cast: Cast, merchant: dict[str, Any], merchant_id: UUID, maps: Maps) -> dict[str, UUID]:
    """All stores of a merchant; those that are new are entered, pictured and shown together."""
    owner = merchant["owner"]
    with cast.staff(owner, merchant_id, Role.OWNER) as work:
        known = {known.name: known.id for known in store_names(work, closed=True)}
    new = [store for store in merchant["stores"] if store["name"] not in known]
    if new:
        category = maps.categories[merchant["category"]]
        with cast.staff(owner, merchant_id, Role.OWNER, ago=OPENED) as work:
            opened = {store["name"]: editing.create(work, facts=_facts(store, category, maps)) for store in new}
        with cast.staff(owner, merchant_id, Role.OWNER) as work:
            for name, store_id in opened.items():
                adding.add_pictures(work, store_id, pictures=[cast.studio.picture(drawings.shop_front, name)])
            editing.show(work, list(opened.values()))
        known |= opened
    return {store["name"]: known[store["name"]] for store in merchant["stores"]}


def _facts(store: dict[str, Any], category: UUID, maps: Maps) -> StoreFacts:
    lat, lng = store["at"]
    return StoreFacts(
        name=store["name"],
        category_id=category,
        phone=phones.normalise_phone(store["phone"], demo=True),
        region_code=area_code(maps, store["area"]),
        address=store["address"],
        given=GivenPosition(lat, lng, Datum.WGS84),
        hours=_hours(store["hours"]),
    )


def _hours(texts: str | list[str]) -> WeeklyHours:
    if isinstance(texts, str):
        return WeeklyHours.every_day(parse_spans(texts))
    return WeeklyHours(tuple(_day(text) for text in texts))


def _day(text: str) -> tuple[Span, ...]:
    return () if text == "closed" else tuple(parse_spans(text))


def _hire(cast: Cast, founded: Founded, merchant: dict[str, Any], town: dict[str, Any]) -> None:
    merchant_id = founded.merchants[merchant["name"]]
    names = {person["phone"]: person["name"] for person in town["people"]}
    for member in merchant.get("staff", ()):
        phone = member["phone"]
        with cast.platform() as work:
            if merchant_id in {hat for hat, _name, _role in tenants.hats_of(work, cast.ids[phone])}:
                continue
        covered = frozenset(founded.stores[name] for name in member["stores"]) if "stores" in member else None
        with cast.staff(merchant["owner"], merchant_id, Role.OWNER, ago=HIRED) as work:
            invitation_id = invitations.invite(
                work, phone=phone, name=names[phone], role=Role(member["role"]), store_ids=covered
            )
        with cast.person(phone, ago=HIRED) as work:
            invitations.accept(work, invitation_id)
