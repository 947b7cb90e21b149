"""What the rightful see: texts stay texts, other people's numbers stay masked, and what they do leaves a trail."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from lxml import html
from psycopg import sql

from tests.fuzz.values import sensible
from tests.walker.crawl import Crawl, crawl
from tests.walker.ledger import identity
from tests.walker.probes import STREET
from tests.walker.verdicts import new_key
from tests.walker.walk import SeenForm, Walk

PAYLOAD = "\"'><x-xss></script></textarea></title><x-xss>{{7*7}}${7*7}%(x)s<!--"
FULL_PHONE = re.compile(r"(?<![\d*])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
AN_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NO_TRAIL: dict[str, str] = {
    "platform.persons_find": "a look is not an act",
    "store.mine_arrive": "the visit keeps a log of its own: what, who and when",
    "store.mine_finish": "the visit keeps a log of its own: what, who and when",
    "store.visits_arrive": "the visit keeps a log of its own: what, who and when",
    "store.visits_finish": "the visit keeps a log of its own: what, who and when",
    "store.visits_no_show": "the visit keeps a log of its own: what, who and when",
    "store.visits_not_arrived": "the visit keeps a log of its own: what, who and when",
    "store.tab_add": "a draft that the staff is still writing: nothing is ordered by it",
}


@pytest.fixture(scope="module")
def seen(walk: Walk) -> Crawl:
    """What B's people see."""
    return crawl(walk, walk.b)


@pytest.fixture(autouse=True)
def _as_it_was(walk: Walk) -> Iterator[None]:
    yield
    walk.restore()


CHANGE = "replace({}::text, %s, %s)"


def spoil(walk: Walk) -> int:
    """Put markup behind every text that a person wrote, where the table allows it."""
    spoilt = 0
    for mark in walk.b.marks:
        if not mark.word.startswith("zz"):
            continue
        table = walk.catalogue.tables[mark.table]
        kind, new = table.columns[mark.column], mark.word + PAYLOAD
        inner = json.dumps(new)[1:-1] if kind == "jsonb" else new
        change = "ARRAY(SELECT replace(one, %s, %s) FROM unnest({}) AS one)" if kind.endswith("[]") else CHANGE
        statement = sql.SQL(f"UPDATE {{}} SET {{}} = {change}::{{}} WHERE {{}} = %s").format(
            sql.Identifier(mark.table), *([sql.Identifier(mark.column)] * 2), sql.SQL(kind), identity(table)
        )
        with walk.connection.transaction():
            spoilt += walk.connection.execute(statement, [mark.word, inner, mark.row]).rowcount
    return spoilt


def test_texts_of_people_stay_texts(walk: Walk) -> None:
    spoilt = spoil(walk)
    found = crawl(walk, walk.b)
    faults, shown = [], 0
    for page in found.pages:
        if page.response.mimetype != "text/html":
            continue
        shown += "&lt;x-xss" in page.text
        if "<x-xss" in page.text and BeautifulSoup(page.text, "html5lib").find("x-xss") is not None:
            faults.append(f"{page}: markup of a person became markup of the page")
        for island in html.document_fromstring(page.text).xpath("//script[@type='application/ld+json']/text()"):
            json.loads(str(island))
        if "7*7" not in page.text and "49${" in page.text:
            faults.append(f"{page}: a text was evaluated")
    print(f"\nspoilt: {spoilt} texts, {len(found.pages)} pages, shown as text on {shown}")
    assert shown > 30, "the payload was hardly shown: this proves nothing"
    assert not faults, "\n".join(faults[:20])


def test_numbers_of_others_are_masked(walk: Walk, seen: Crawl) -> None:
    """A full phone number of a person stands on no page but his own."""
    phones = {row["phone"]: row["id"] for row in walk.b.rows["persons"] if row["phone"]}
    faults = []
    for page in seen.pages:
        if page.url.startswith("/outbox"):
            continue  # the demo's letters; there is none in production
        reader = page.actor.person.id if page.actor.person else None
        for found in FULL_PHONE.findall(page.text):
            owner = phones.get(re.sub(r"\D", "", found))
            if owner is not None and owner != reader:
                faults.append(f"{page}: {found[:3]}…")
    assert not faults, "\n".join(faults[:20])


def test_addresses_hold_no_secrets(seen: Crawl) -> None:
    """No phone number and no code in any address that a page leads to."""
    faults = []
    for page in seen.pages:
        if page.response.mimetype != "text/html":
            continue
        links = map(str, html.document_fromstring(page.text).xpath("//a/@href"))
        plain = {
            link: AN_ID.sub("id", link) for link in links if not link.startswith("tel:")
        }  # an id may look like one
        faults += [f"{page}: {link}" for link in plain if FULL_PHONE.search(plain[link])]
    assert not faults


def filled(form: SeenForm, walk: Walk) -> list[tuple[str, str]]:
    """The form as a sensible person sends it."""
    fields = []
    for name, value in form.fields:
        tag = form.soup.find(attrs={"name": name})
        kind = str(tag.get("type", "")) if tag is not None else ""
        if not value and tag is not None and tag.name == "select":
            options = [str(one["value"]) for one in tag.select("option[value]") if one["value"]]
            value = options[0] if options else ""
        fields.append((name, value or ("" if kind == "hidden" else sensible(name, kind, _First()))))
    return [*fields, ("csrf_token", walk.csrf), ("key", new_key())]


class _First:
    """Dice that always fall on the first side."""

    @staticmethod
    def choice(values: tuple[str, ...]) -> str:
        return values[0]


def test_what_is_done_in_offices_leaves_a_trail(walk: Walk, seen: Crawl) -> None:
    """Every act of a merchant's or the platform's people that changes rows adds a line to the audit."""
    done, silent, outside = [], [], (*STREET, "table")
    for endpoint, forms in sorted(seen.forms.items()):
        one = walk.routes[endpoint]
        if one.office.name in outside or one.route.repeats:
            continue
        for form in forms:
            lines = _lines(walk)
            knock = walk.send(form.actor, form.url, filled(form, walk))
            if knock.status == 303 and not knock.to_sign_in and walk.moved():
                done.append(endpoint)
                if _lines(walk) == lines and endpoint not in NO_TRAIL:
                    silent.append(endpoint)
                walk.restore()
                break
            walk.restore()
    acts = {name for name, one in walk.routes.items() if one.route.method == "POST" and one.office.name not in outside}
    print(f"\ntrail: {len(done)} of {len(acts)} acts of offices were done for real, {len(silent)} without a line")
    print(f"trail: not done: {sorted(acts - set(done))}")
    assert not silent, ", ".join(silent)
    assert len(done) > len(acts) * 0.6


def _lines(walk: Walk) -> int:
    found = walk.connection.execute("SELECT count(*) FROM audit_entries").fetchone()
    assert found is not None
    return int(found[0])
