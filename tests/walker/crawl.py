"""What the rightful people of a town see: their pages, the forms on them, the addresses behind links.

This is the walker's positive control (a door nobody can open proves nothing) and the source of real requests.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from lxml import html

from portal.domain.tenants.values import KINDS_WITH_STORES, Kind
from portal.kernel.permissions import ANYONE, Role
from tests.architecture.house import Declared
from tests.architecture.matrix import KIND_OF_OFFICE, allowed
from tests.walker.tables import sitting_of
from tests.walker.town import NOBODY, PLATFORM_ROLES, Actor, Town
from tests.walker.walk import Knock, SeenForm, Walk

CANDIDATES = 4
MOST = {
    "order": 9,
    "case": 8,
    "intake": 6,
    "booking": 9,
    "dish": 8,
    "table": 16,
    "person": 8,
    "code": 8,
    "sitting": 8,
}  # rows with more situations than that
DEPTH = 2
PAGES_OF_ONE_SHAPE = 5  # behind links; addresses made from rows are all opened
TIMES = ("times", "1.7")  # another one than the usual
Context = dict[str, UUID]


@dataclass
class Crawl:
    """Everything that was seen of one town."""

    town: Town
    pages: list[Knock] = field(default_factory=list)
    forms: dict[str, list[SeenForm]] = field(default_factory=dict)
    opened: dict[str, Knock] = field(default_factory=dict)  # endpoint → a page or file that came, with the town's words
    refused: dict[str, Knock] = field(default_factory=dict)  # endpoint → the last answer that was no page
    shapes: dict[tuple[str, ...], int] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)


def contexts(one: Declared, town: Town) -> Iterator[tuple[Actor, Context]]:
    """Who rightfully uses this route in this town, and what his address fixes."""
    office = one.office.name
    if office in KIND_OF_OFFICE:
        kind = KIND_OF_OFFICE[office]
        yield from ((actor, {"merchant": town.merchants[kind].id}) for actor in first_allowed(one, town, kind))
    elif office == "store":
        yield from _at_counters(one, town)
    elif office == "table":
        yield town.actors["guest"], {"sitting": sitting_of(town)}
    elif office == "platform":
        operators = [town.actors[role.value] for role in PLATFORM_ROLES if allowed(one, role)]
        yield from ((operator, {}) for operator in operators[:1])
    else:
        yield from _on_the_street(one, town)


def _at_counters(one: Declared, town: Town) -> Iterator[tuple[Actor, Context]]:
    for kind in sorted(KINDS_WITH_STORES):
        merchant = town.merchants[kind]
        store = town.stores[merchant.id][0]
        for actor in first_allowed(one, town, kind, suffix=".1"):
            yield actor, {"merchant": merchant.id, "store": store.id}


def _on_the_street(one: Declared, town: Town) -> Iterator[tuple[Actor, Context]]:
    consumer = town.actors["consumer"].person
    assert consumer is not None
    yield town.actors["consumer"], {"person": consumer.id, "holder": consumer.id, "actor": consumer.id}
    if not one.rule.arguments:
        yield from ((town.actors[name], {}) for name in ("neighbour", "mover"))
    if "gift" in one.rule.arguments:
        yield town.actors["mover"], {}
    if "sitting" in one.rule.arguments:
        yield town.actors["asking"], {"sitting": sitting_of(town)}
    if one.route.may is ANYONE:
        halfway = [] if one.rule.arguments else [town.actors["asked"], town.actors["proven"]]
        yield from ((actor, {}) for actor in (NOBODY, *halfway))


def first_allowed(one: Declared, town: Town, kind: Kind, suffix: str = "") -> Iterator[Actor]:
    """The humblest of the merchant's people who may, and in a store its manager, who may do more on the same page."""
    names = [name for name in town.actors if name.startswith(f"{kind.value}.") and name.count(".") == 1]
    if suffix:
        names = [name for name in town.actors if name.startswith(f"{kind.value}.") and name.endswith(suffix)] + names
    may = [town.actors[name] for name in names if allowed(one, town.actors[name].role)]
    yield from may[:1]
    yield from [actor for actor in may[1:] if suffix and actor.role is Role.MANAGER and actor.stores][:1]


def addresses(walk: Walk, one: Declared, town: Town, context: Context) -> Iterator[str]:
    """Addresses of a route, filled with rows of the town that go together."""
    adapter = walk.app.url_map.bind("localhost")
    for values in filled(one, town, context):
        yield adapter.build(one.endpoint, values, method=one.route.method)


def filled(one: Declared, town: Town, context: Context) -> Iterator[dict[str, Any]]:
    """Argument values, each combination of rows that belong together, the last few only."""
    names = sorted(one.rule.arguments, key=lambda name: name not in context)
    combinations: list[dict[str, Any]] = [{}]
    for name in names:
        if name in context:
            combinations = [known | {name: context[name]} for known in combinations]
            continue
        combinations = [
            known | {name: value}
            for known in combinations
            for value in town.candidates(name, {**context, **known})[-MOST.get(name, CANDIDATES) :]
        ]
    yield from itertools.islice(combinations, max(CANDIDATES * 2, *(MOST.get(name, 0) for name in names), 0))


def crawl(walk: Walk, town: Town) -> Crawl:
    """Open every page as its rightful people, then what they lead to."""
    found = Crawl(town)
    for one in walk.routes.values():
        if one.route.method != "GET":
            continue
        for actor, context in contexts(one, town):
            for url in addresses(walk, one, town, context):
                _visit(walk, found, actor, url)
    look_deeper(walk, found)
    return found


def _visit(walk: Walk, found: Crawl, actor: Actor, url: str, depth: int = DEPTH) -> None:
    """Open a page, then what it leads to; of pages of one shape behind links, the first few."""
    endpoint = walk.endpoint_of(url, "GET")
    if endpoint is None or (actor.name, url) in found.seen:
        return
    shape = (actor.name, endpoint, *sorted(name for name, _value in parse_qsl(urlsplit(url).query)))
    found.shapes[shape] = found.shapes.get(shape, 0) + 1
    if depth < DEPTH and found.shapes[shape] > (PAGES_OF_ONE_SHAPE if actor.person else 2):
        return
    knock = _open(walk, found, actor, url)
    if knock and knock.status == 200 and knock.response.mimetype == "text/html" and depth:
        for link in _links(knock):
            _visit(walk, found, actor, link, depth - 1)


def _open(walk: Walk, found: Crawl, actor: Actor, url: str) -> Knock | None:
    """Open one page and keep its forms; None when it was seen already, writes, or is nobody's page."""
    endpoint = walk.endpoint_of(url, "GET")
    if endpoint not in walk.routes or (actor.name, url) in found.seen or walk.routes[endpoint].route.writes:
        return None
    found.seen.add((actor.name, url))
    knock = walk.knock(actor, "GET", url)
    _note(walk, found, knock, endpoint)
    return knock


def _note(walk: Walk, found: Crawl, knock: Knock, endpoint: str) -> None:
    if knock.status >= 400 or knock.to_sign_in:
        found.refused[endpoint] = knock
        return
    found.pages.append(knock)
    if endpoint not in found.opened or (not proves(walk, found, found.opened[endpoint]) and proves(walk, found, knock)):
        found.opened[endpoint] = knock
    for form in walk.forms(knock):
        kept = found.forms.setdefault(form.endpoint, [])
        if sum(form.actor == one.actor for one in kept) < CANDIDATES and (form.url, form.actor) not in {
            (one.url, one.actor) for one in kept
        }:
            kept.append(form)


def look_deeper(walk: Walk, found: Crawl) -> None:
    """Forms that only another form leads to: what a look at a voucher shows, an address filled further."""
    for kind in sorted(KINDS_WITH_STORES):
        merchant = found.town.merchants[kind]
        usable = [row for row in found.town.rows["vouchers"] if row["state"] == "usable"]
        code = next(row["code"] for row in usable if row["merchant_id"] == merchant.id)
        for shown in (code, *found.town.secrets["pass"]):
            _submit(walk, found, "store.redeem_look", [("code", shown)], kind.value)
    _adjust(walk, found)
    _asked_prices(walk, found)
    _reprice(walk, found)
    _send_off(walk, found)
    _ask_back(walk, found)
    _thrown_away(walk, found)


def _thrown_away(walk: Walk, found: Crawl) -> None:
    """The list that follows a dish's removal offers to take it back."""
    for office, kind in KIND_OF_OFFICE.items():
        merchant, actor = found.town.merchants[kind], found.town.actors[f"{kind.value}.owner"]
        rows = [row for row in found.town.rows["dishes"] if row["merchant_id"] == merchant.id]
        for gone in [row["id"] for row in rows if row["state"] == "gone"][:1]:
            _open(walk, found, actor, f"/{office}/{merchant.id}/dishes?gone={gone}")


def _adjust(walk: Walk, found: Crawl) -> None:
    """Goods that were ticked are changed together: the page asks how, the preview shows the form that does it."""
    merchant, actor = found.town.merchants[Kind.SUPPLIER], found.town.actors["supplier.owner"]
    ids = [("ids", str(row["id"])) for row in found.town.rows["products"] if row["merchant_id"] == merchant.id]
    _open(walk, found, actor, f"/supplier/{merchant.id}/products/adjust?{urlencode(ids)}")
    for form in list(found.forms.get("supplier.products_preview", ())):
        _show(walk, found, form, [*ids, ("what", "receive"), ("figure", "1")])


def _asked_prices(walk: Walk, found: Crawl) -> None:
    """SKUs whose price waits, wherever they stand among the goods."""
    merchant, rows = found.town.merchants[Kind.SUPPLIER], found.town.rows
    waiting = {row["sku_id"] for row in rows["price_changes"] if row["state"] == "waiting"}
    for sku in (row for row in rows["skus"] if row["id"] in waiting and row["merchant_id"] == merchant.id):
        url = f"/supplier/{merchant.id}/products/{sku['product_id']}/skus/{sku['id']}"
        _open(walk, found, found.town.actors["supplier.owner"], url)


def _reprice(walk: Walk, found: Crawl) -> None:
    """The rule for many sale prices is looked at in an address."""
    goods = [row for row in found.town.rows["sku_cards"] if row["sale_fen"]]
    ids = [("ids", str(row["sku_id"])) for row in goods[-2:]]
    _open(walk, found, found.town.actors["platform_owner"], f"/platform/prices/reprice?{urlencode([*ids, TIMES])}")


def _send_off(walk: Walk, found: Crawl) -> None:
    """Numbers pasted into the board are looked at before anything is sent."""
    for form in list(found.forms.get("supplier.orders_preview", ()))[:1]:
        numbers = "\n".join(f"SF{3_000_000_000_000 + n}" for n in range(sum(name == "row" for name, _ in form.fields)))
        fields = [(name, value) for name, value in form.fields if name != "paste"]
        _show(walk, found, form, [*fields, ("paste", numbers)])


def _ask_back(walk: Walk, found: Crawl) -> None:
    """What is asked back is an address until its last step: one piece of each line, for the first reason there is."""
    for page in [one for one in found.pages if walk.endpoint_of(one.url, "GET") == "shop.claims_choose"]:
        for form in html.document_fromstring(page.text).xpath("//form[contains(@action, '/ask/check')]"):
            reasons = form.xpath(".//input[@name='reason']/@value")[:1]
            pieces = [(str(name), "1") for name in form.xpath(".//input[starts-with(@name, 'n-')]/@name")]
            kinds = [("kind", str(value)) for value in form.xpath(".//input[@name='kind']/@value")]
            query = urlencode([*kinds, *pieces, *(("reason", str(one)) for one in reasons)])
            _open(walk, found, page.actor, f"{form.get('action')}?{query}")


def _show(walk: Walk, found: Crawl, form: SeenForm, fields: list[tuple[str, str]]) -> None:
    """Send it, and keep the forms of the answer."""
    for shown in walk.forms(walk.send(form.actor, form.url, [*fields, ("csrf_token", walk.csrf)])):
        found.forms.setdefault(shown.endpoint, []).append(shown)


def _submit(walk: Walk, found: Crawl, endpoint: str, fields: list[tuple[str, str]], of: str) -> None:
    for form in list(found.forms.get(endpoint, ())):
        if f".{of}." in form.actor.name:
            _show(walk, found, form, fields)


def proves(walk: Walk, found: Crawl, knock: Knock) -> bool:
    """True when the answer holds a word or an id of the town beyond its own address, or is a stored file."""
    if knock.shows(found.town.marks) or not knock.response.mimetype.startswith("text/"):
        return True
    shown = knock.text.replace(urlsplit(knock.url).path, "")
    return any(str(row.get("id", "-")) in shown for rows in found.town.rows.values() for row in rows)


def _links(knock: Knock) -> list[str]:
    page = html.document_fromstring(knock.text)
    links = [*page.xpath("//a/@href"), *page.xpath("//@hx-get")]
    return [link.partition("#")[0] for link in map(str, links) if link.startswith("/") and not link.startswith("//")]
