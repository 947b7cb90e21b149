"""Every route, every role, another tenant's ids: nothing shown, nothing changed; with all walls, then with one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.walker import probes
from tests.walker.crawl import Crawl, crawl, proves
from tests.walker.verdicts import LAWFUL_CHANGES, only_row_security, run
from tests.walker.walk import Walk

WHAT = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}[^ ;]*|^.*?\[")
UNTESTED: dict[str, str] = {}
"""endpoint → why no rightful visitor of the town opens it."""
_SIGNED = "another machine calls it, with a signature"
FORMLESS: dict[str, str] = {
    "callbacks.notices_take": _SIGNED,
    **{
        f"{office}.floor_table_place": "the plan's script says where a table was dragged to; its page has fields for it"
        for office in ("chain", "alliance")
    },
    **{
        f"sandbox.{name}": _SIGNED
        for name in (
            "orders_collect",
            "orders_tell",
            "orders_close",
            "refunds_give",
            "refunds_tell",
            "transfers_make",
            "transfers_tell",
        )
    },
}
"""POST endpoint → why no page of the towns shows a form for it."""


@pytest.fixture(scope="session")
def seen_in_a(walk: Walk) -> Crawl:
    """What A's people see of A."""
    return crawl(walk, walk.a)


@pytest.fixture(scope="session")
def seen_in_b(walk: Walk) -> Crawl:
    """What B's people see of B: the positive control."""
    found = crawl(walk, walk.b)
    print(f"\ncrawl: {len(found.pages)} pages, {sum(map(len, found.forms.values()))} forms")
    return found


@pytest.fixture(autouse=True)
def _as_it_was(walk: Walk) -> Iterator[None]:
    yield
    if walk.moved():
        walk.restore()


def test_the_rightful_are_let_in_and_see_their_own(walk: Walk, seen_in_b: Crawl) -> None:
    closed, blind = [], []
    for one in walk.routes.values():
        if one.route.method != "GET" or one.endpoint in UNTESTED:
            continue
        knock = seen_in_b.opened.get(one.endpoint)
        if knock is None:
            closed.append(
                f"{one.endpoint}: {seen_in_b.refused.get(one.endpoint, 'no row of the town fits its arguments')}"
            )
        elif one.rule.arguments and knock.status == 200 and not proves(walk, seen_in_b, knock):
            blind.append(f"{knock}")
    assert not closed, "nobody opened these, so probing them proves nothing:\n" + "\n".join(closed)
    assert not blind, "these pages show nothing of the town:\n" + "\n".join(blind)
    assert set(UNTESTED) <= set(walk.routes)
    assert not [name for name in UNTESTED if name in seen_in_b.opened], "dead lines in UNTESTED"


def test_every_act_has_a_form_somewhere(walk: Walk, seen_in_b: Crawl) -> None:
    acts = {one.endpoint for one in walk.routes.values() if one.route.method == "POST"}
    missing = acts - set(seen_in_b.forms) - set(FORMLESS)
    assert not missing, f"no page of the town leads there: {sorted(missing)}"
    assert not [name for name in FORMLESS if name in seen_in_b.forms], "dead lines in FORMLESS"


def told(faults: list[str]) -> str:
    """Every kind of fault once, with how many there were of it and the first in full."""
    kinds: dict[str, list[str]] = {}
    for fault in faults:
        kinds.setdefault(" ".join(WHAT.sub("", fault).split()[-14:]), []).append(fault)
    return "\n".join(f"{len(alike)} × {alike[0][:600]}" for alike in kinds.values())


def report(walk: Walk, name: str, before: int, faults: list[str]) -> None:
    print(f"\nwalker: {name}: {walk.probes - before} probes, {len(faults)} faults")


def test_strangers_see_no_page_of_another_tenant(walk: Walk) -> None:
    before = walk.probes
    faults = run(walk, probes.foreign_addresses(walk))
    report(walk, "foreign pages", before, faults)
    assert not faults, told(faults)


def test_strangers_send_no_form_of_another_tenant(walk: Walk, seen_in_b: Crawl) -> None:
    before = walk.probes
    faults = run(walk, probes.foreign_forms(walk, seen_in_b))
    report(walk, "foreign forms", before, faults)
    assert not faults, told(faults)


def test_foreign_ids_in_own_addresses_lead_nowhere(walk: Walk, seen_in_a: Crawl) -> None:
    before = walk.probes
    faults = run(walk, probes.swapped_pages(walk, seen_in_a))
    report(walk, "swapped addresses", before, faults)
    assert not faults, told(faults)


def test_foreign_ids_in_own_forms_do_nothing(walk: Walk, seen_in_a: Crawl) -> None:
    before = walk.probes
    faults = run(walk, probes.swapped_forms(walk, seen_in_a))
    report(walk, "swapped forms", before, faults)
    assert not faults, told(faults)


def test_a_role_without_the_right_is_refused(walk: Walk) -> None:
    before = walk.probes
    faults = run(walk, probes.denied_roles(walk))
    report(walk, "roles without the right", before, faults)
    assert not faults, told(faults)


def test_a_suspended_merchant_is_closed(walk: Walk) -> None:
    before = walk.probes
    faults = run(walk, probes.suspended(walk))
    report(walk, "suspended", before, faults)
    assert not faults, told(faults)


def test_other_methods_do_nothing(walk: Walk) -> None:
    before = walk.probes
    faults = run(walk, probes.other_methods(walk))
    report(walk, "other methods", before, faults)
    assert not faults, told(faults)


@pytest.mark.prove
def test_row_security_alone_keeps_the_tenants_apart(walk: Walk, seen_in_a: Crawl, seen_in_b: Crawl) -> None:
    """The guard off, owner filters out of the SQL, every right granted: only leaks and damage count."""
    before = walk.probes
    everything = [
        *probes.foreign_addresses(walk),
        *probes.foreign_forms(walk, seen_in_b),
        *probes.swapped_pages(walk, seen_in_a),
        *probes.swapped_forms(walk, seen_in_a),
    ]
    with only_row_security(walk.app.extensions["portal"].engine) as taken:
        faults = run(walk, everything, by_status=False)
    report(walk, f"row security alone ({taken['filters']} owner filters taken out)", before, faults)
    assert taken["filters"] > 100
    assert not faults, told(faults)


@pytest.mark.prove
def test_without_any_wall_the_walker_finds_leaks(walk: Walk, seen_in_a: Crawl) -> None:
    """The negative control: with row security opened as well, the same probes must see and do harm."""
    before = walk.probes
    with walls_open(walk), only_row_security(walk.app.extensions["portal"].engine):
        faults = run(
            walk, [*probes.swapped_pages(walk, seen_in_a), *probes.swapped_forms(walk, seen_in_a)], by_status=False
        )
    report(walk, "no wall at all", before, faults)
    assert sum("shows" in fault for fault in faults) > 10, "no leak was seen: the probes are blind"
    assert sum("changed" in fault or "new" in fault for fault in faults) > 10, "no damage was done: the probes are lame"


@contextmanager
def walls_open(walk: Walk) -> Iterator[None]:
    """Every keyed policy lets everything through."""
    keyed = [(t, p) for t in walk.catalogue.tables.values() for p in t.policies if p.keyed]
    for table, policy in keyed:
        walk.connection.execute(f"ALTER POLICY {policy.name} ON {table.name} USING (true) WITH CHECK (true)")
    yield
    for table, policy in keyed:
        condition = f"USING ({policy.using}) WITH CHECK ({policy.check})"
        walk.connection.execute(f"ALTER POLICY {policy.name} ON {table.name} {condition}")


def test_a_page_leaves_the_database_as_it_was(walk: Walk, seen_in_b: Crawl) -> None:
    """GET changes nothing: every page of the town is opened again, then the rows are compared."""
    for page in seen_in_b.pages:
        walk.knock(page.actor, "GET", page.url)
    assert not walk.moved()


def test_every_page_answers_htmx(walk: Walk, seen_in_b: Crawl) -> None:
    """A block rendered alone sees nothing that the page has set; its language and addresses must still be right."""
    faults = []
    for page in seen_in_b.pages:
        if page.response.mimetype == "text/html" and page.status == 200:
            knock = walk.knock(page.actor, "GET", page.url, headers={"HX-Request": "true"})
            if knock.status not in (200, 204, 286):  # 204: nothing new; 286: htmx may stop asking
                faults.append(str(knock))
            if "HX-Request" not in knock.response.headers.get("Vary", ""):
                faults.append(f"{knock}: Vary does not name HX-Request")
    assert not faults, told(faults)


def test_lawful_changes_are_of_living_routes(walk: Walk) -> None:
    assert all(endpoint in walk.routes and table in walk.catalogue.tables for endpoint, table in LAWFUL_CHANGES)
