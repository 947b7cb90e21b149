"""The requests that must come to nothing: foreign addresses, foreign forms, foreign ids in one's own forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from tests.architecture.house import Declared
from tests.architecture.ids import IDS
from tests.architecture.matrix import KIND_OF_OFFICE, allowed
from tests.walker.crawl import Context, Crawl, addresses, contexts
from tests.walker.town import NOBODY, PLATFORM_ROLES, Actor, Town
from tests.walker.walk import SeenForm, Walk

UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
OTHER_METHODS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Probe:
    """One request by somebody who has no right to what it names."""

    endpoint: str
    actor: Actor
    method: str
    url: str
    fields: tuple[tuple[str, str], ...] = ()
    expect: str = "nothing"  # "shut": 403 or 404 or sign-in; "gone": 404; "nothing": no leak, no damage, no 500
    how: str = ""


STREET = ("shop", "signin", "callbacks", "sandbox")
"""Offices whose door is open to everybody; what lies behind it is for the permission, the row or a signature."""
CAPABILITIES = {
    "token": "who holds a printed code may read the name it stands for",
    "visit": "who holds a visit's secret link may see, move and cancel that visit",
    "gift": "who holds the secret link of an offered pass may see and take it",
    "link": "who holds a reservation's secret link may see, move and cancel that reservation",
    "slip": "who holds the secret link of a queue number may follow it, and leave",
    "feed": "who holds the secret address of a calendar feed may read it",
    "trade": "who holds the address of the pretend provider's cashier may pay there",
    "code": "a printed table code only asks to join the table it is stuck to",
    "provider": "a word of a closed list, no row",
}


SHOWN = {"product": "product_cards"}
"""Arguments whose rows the street sees once they stand in a table of the street as well."""


def shown(walk: Walk, name: str, url: str) -> bool:
    """True when the address names such a row."""
    cards = [row for town in (walk.a, walk.b) for row in town.rows.get(SHOWN.get(name, ""), ())]
    return any(str(row[f"{name}_id"]) in url for row in cards)


def private(walk: Walk, one: Declared, url: str) -> bool:
    """True when the address names a row that the street does not see, and not the secret that leads to it."""
    if "secret" in one.rule.arguments:
        return False
    for name in one.rule.arguments - set(CAPABILITIES):
        if shown(walk, name, url):
            continue
        source = IDS.get(name, "")
        if callable(source):
            return True
        table = walk.catalogue.tables.get(source.partition(".")[0])
        if table is None or ("SELECT" not in table.may("face_shop") and table.name != "stores"):
            return True
    return False


def staff_of(town: Town, kind: Kind) -> list[Actor]:
    """Everybody who works for the town's merchant of this kind."""
    return [actor for name, actor in town.actors.items() if name.startswith(f"{kind.value}.")]


def strangers(one: Declared, walk: Walk) -> list[Actor]:
    """Those who must not come in with B's address of this route."""
    a, b, office = walk.a, walk.b, one.office.name
    shut = [actor for actor in b.actors.values() if actor.shut in ("blocked", "ended", "signed-out")]
    if office in KIND_OF_OFFICE:
        kind = KIND_OF_OFFICE[office]
        others = [b.actors[f"{other.value}.owner"] for other in Kind if other is not kind]
        operators = [b.actors[role.value] for role in PLATFORM_ROLES]
        return [NOBODY, a.actors["consumer"], b.actors["consumer"], *staff_of(a, kind), *others, *operators, *shut]
    if office == "store":
        branch = [b.actors[f"{kind}.{role}.2"] for kind in ("brand", "alliance") for role in ("clerk", "manager")]
        staff = [*staff_of(a, Kind.BRAND), *staff_of(a, Kind.ALLIANCE), b.actors["supplier.owner"]]
        return [NOBODY, a.actors["consumer"], b.actors["consumer"], *staff, *branch, b.actors["platform_owner"], *shut]
    if office == "table":
        people = [b.actors[name] for name in ("asking", "consumer", "brand.owner", "platform_owner")]
        return [NOBODY, a.actors["guest"], a.actors["consumer"], a.actors["brand.owner"], *people, *shut]
    if office == "platform":
        return [NOBODY, a.actors["consumer"], a.actors["brand.owner"], a.actors["suspended.owner"], *shut]
    return [
        NOBODY,
        a.actors["consumer"],
        a.actors["brand.owner"],
        b.actors["neighbour"],
        a.actors["platform_owner"],
        *shut,
    ]


def expectation(walk: Walk, one: Declared, actor: Actor, url: str) -> str:
    """How a stranger must be answered at this address."""
    if one.office.name not in STREET:
        return "shut"
    signed_out = actor is NOBODY or actor.shut in ("blocked", "signed-out")
    return "shut" if private(walk, one, url) or (signed_out and not allowed(one, None)) else "nothing"


def foreign_addresses(walk: Walk) -> Iterator[Probe]:
    """Every GET route of town B for every stranger."""
    for one in walk.routes.values():
        if one.route.method != "GET" or (one.office.name in STREET and not one.rule.arguments):
            continue
        urls = {
            url for _actor, context in contexts(one, walk.b) for url in list(addresses(walk, one, walk.b, context))[-1:]
        }
        for url in sorted(urls):
            for actor in strangers(one, walk):
                if not _own(actor, url):
                    yield Probe(
                        one.endpoint, actor, "GET", url, expect=expectation(walk, one, actor, url), how="foreign page"
                    )


def _own(actor: Actor, url: str) -> bool:
    """True when the address is in reach of this actor after all (a store his membership covers)."""
    return actor.stores is not None and any(str(store) in url for store in actor.stores)


def foreign_forms(walk: Walk, seen: Crawl) -> Iterator[Probe]:
    """Every form that B's people saw, sent by every stranger; acts without a form are sent bare."""
    for one in walk.routes.values():
        if one.route.method != "POST":
            continue
        forms = [(form.url, form.fields, form.actor) for form in seen.forms.get(one.endpoint, ())[:2]]
        for url, fields, rightful in forms or _bare(walk, one):
            for actor in strangers(one, walk):
                if actor != rightful and not _own(actor, url) and (one.rule.arguments or one.office.name == "platform"):
                    expect = expectation(walk, one, actor, url)
                    yield Probe(one.endpoint, actor, "POST", url, fields, expect, "foreign form")


def _bare(walk: Walk, one: Declared) -> list[tuple[str, tuple[tuple[str, str], ...], Actor]]:
    found = [url for _actor, context in contexts(one, walk.b) for url in addresses(walk, one, walk.b, context)]
    return [(url, (), NOBODY) for url in found[-1:]]


def denied_roles(walk: Walk) -> Iterator[Probe]:
    """People of the house itself whose role lacks the right: the matrix, knocked at for real."""
    for one in walk.routes.values():
        for _actor, context in list(contexts(one, walk.b))[:1]:
            for url in list(addresses(walk, one, walk.b, context))[-1:]:
                for actor in _colleagues(one, walk.b, context):
                    if not allowed(one, actor.role):
                        yield Probe(one.endpoint, actor, one.route.method, url, (), "shut", "role without the right")


def _colleagues(one: Declared, town: Town, context: Context) -> list[Actor]:
    if one.office.name == "platform":
        return [town.actors[role.value] for role in PLATFORM_ROLES]
    if "merchant" not in context:
        return []
    inside = [actor for actor in town.actors.values() if actor.merchant and actor.merchant.id == context["merchant"]]
    return [actor for actor in inside if not actor.shut and actor.stores is None and actor.role is not Role.CONSUMER]


def suspended(walk: Walk) -> Iterator[Probe]:
    """Everything of a suspended merchant, for its own owner."""
    actor, merchant = walk.b.actors["suspended.owner"], walk.b.suspended
    assert merchant is not None
    context = {"merchant": merchant.id, "store": walk.b.stores[merchant.id][0].id}
    for one in walk.routes.values():
        if one.office.name in ("chain", "store"):
            for url in list(addresses(walk, one, walk.b, context))[:1]:
                yield Probe(one.endpoint, actor, one.route.method, url, (), "shut", "suspended")


def swapped_pages(walk: Walk, seen: Crawl) -> Iterator[Probe]:
    """A's own pages with one of B's ids in the address."""
    twins = walk.a.twin(walk.b)
    done = set()
    for page in seen.pages:
        endpoint = walk.endpoint_of(page.url, "GET")
        for own in dict.fromkeys(UUID_TEXT.findall(page.url)):
            key = (page.actor.name, endpoint, _place(page.url, own))
            if own in twins and endpoint and key not in done:
                done.add(key)
                url = page.url.replace(own, twins[own])
                yield Probe(
                    endpoint, page.actor, "GET", url, (), _after_swap(walk, page.actor, endpoint, url), "swapped page"
                )


def _place(url: str, own: str) -> tuple[str, int]:
    """Where in the address the id stands."""
    return ("path", urlsplit(url).path.find(own)) if own in urlsplit(url).path else ("query", 0)


def _after_swap(walk: Walk, actor: Actor, endpoint: str, url: str) -> str:
    one = walk.routes[endpoint]
    in_path = any(foreign in urlsplit(url).path for foreign in walk.a.twin(walk.b).values())
    office = one.office.name
    if office == "platform" or not in_path:
        return "nothing"
    return "shut" if office not in STREET or private(walk, one, url) else "nothing"


def swapped_forms(walk: Walk, seen: Crawl) -> Iterator[Probe]:
    """A's own forms with one of B's ids in the address or in a field, and with B's key smuggled in."""
    twins = walk.a.twin(walk.b)
    brand = str(walk.b.merchants[Kind.BRAND].id)
    for endpoint, forms in seen.forms.items():
        if walk.routes[endpoint].office.name == "platform":
            continue  # the operator is no tenant: he may act on everybody
        for form in forms[:2]:
            for own in dict.fromkeys(UUID_TEXT.findall(form.url)):
                if own in twins:
                    url = form.url.replace(own, twins[own])
                    expect = _after_swap(walk, form.actor, endpoint, url)
                    yield Probe(endpoint, form.actor, "POST", url, form.fields, expect, "swapped address")
            yield from _swapped_fields(endpoint, form, twins)
            smuggled = (*form.fields, ("merchant_id", brand), ("person_id", str(_person(walk))), ("state", "published"))
            yield Probe(endpoint, form.actor, "POST", form.url, smuggled, "nothing", "smuggled fields")


def _person(walk: Walk) -> str:
    person = walk.b.actors["consumer"].person
    assert person is not None
    return str(person.id)


def _swapped_fields(endpoint: str, form: SeenForm, twins: dict[str, str]) -> Iterator[Probe]:
    sent = list(form.fields)
    for option in form.soup.select("option[value], input[type=radio][value], input[type=checkbox][value]"):
        parent = option if option.name == "input" else option.find_parent("select")
        if parent is not None and parent.get("name"):
            sent.append((str(parent["name"]), str(option["value"])))
    for name, value in dict.fromkeys(sent):
        if value in twins:
            fields = (*(pair for pair in form.fields if pair[0] != name), (name, twins[value]))
            yield Probe(endpoint, form.actor, "POST", form.url, fields, "nothing", f"swapped field {name}")


def other_methods(walk: Walk) -> Iterator[Probe]:
    """Every other method on B's addresses, by A's owner."""
    for one in walk.routes.values():
        for _actor, context in list(contexts(one, walk.b))[:1]:
            for url in list(addresses(walk, one, walk.b, context))[-1:]:
                for method in OTHER_METHODS:
                    yield Probe(one.endpoint, walk.a.actors["brand.owner"], method, url, (), "nothing", "other method")
