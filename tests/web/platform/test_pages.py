"""Every page of the platform's office, in both languages, with something on it and empty; few statements each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from portal.domain.identity.models import Referral, ReferralLink
from portal.domain.reference import queries as reference
from portal.domain.reference.actions import announcements, parameters
from portal.domain.reference.values import Audience
from portal.domain.tenants.actions import merchants
from portal.domain.tenants.values import Kind
from portal.kernel.audit import AuditEntry
from portal.kernel.permissions import Role
from portal.kernel.refusals import Busy
from portal.kernel.scope import Face
from portal.web import trace
from tests.client import Browser
from tests.factories.world import World

LISTS = (
    "platform.home",
    "platform.applications_list",
    "platform.changes_list",
    "platform.merchants_list",
    "platform.persons_list",
    "platform.categories_list",
    "platform.categories_new",
    "platform.parameters_list",
    "platform.announcements_list",
    "platform.announcements_new",
    "platform.operators_list",
    "platform.trail_list",
    "platform.referrals_list",
)


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """The statements the portal sends."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_more) -> None:
        seen.append(statement)

    event.listen(world.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(world.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_list_is_a_page_when_there_is_nothing(browser: Browser, world: World, locale: str) -> None:
    owner = browser.as_(world.operator(person=world.person(locale=locale)))
    for endpoint in LISTS:
        owner.get(endpoint)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_page_when_there_is_a_street(browser: Browser, world: World, locale: str) -> None:
    operator = world.operator(person=world.person(locale=locale))
    reviewer = world.operator(Role.PLATFORM_REVIEWER)
    waiting = [world.submitted(kind) for kind in Kind]
    world.clock.advance(days=4)
    world.ask(waiting[0], reviewer, address="请写到门牌号", licence="看不清")
    again = world.submitted()
    merchant = world.approve(again, reviewer)
    change = world.change(merchant, again.person, bank_number="9999990000004321", address="新址 1 号")
    suspended = world.merchant()
    with world.work(Face.PLATFORM, person=operator.id) as work:
        merchants.suspend(work, suspended.id, reason="资质过期")
        later = work.now() + timedelta(days=1)
        parameters.set_value(work, "undo_minutes", value=30, effective_at=None, note="试行")
        parameters.set_value(work, "undo_minutes", value=20, effective_at=later, note="")
        made = announcements.draft(
            work, title="停机", body="今晚\n维护", title_en="", body_en="", audience=Audience.EVERYONE, until=later
        )
        announcements.publish(work, made)
    with world.work(Face.PLATFORM) as work:
        category = reference.categories(work)[0].id
    owner = browser.as_(operator)
    for endpoint in LISTS:
        with counted(world) as statements:
            owner.get(endpoint)
        assert len(statements) <= 12, (endpoint, len(statements))
    for endpoint, values in (
        ("platform.applications_show", {"application": waiting[0].id}),
        ("platform.applications_show", {"application": waiting[3].id}),
        ("platform.applications_show", {"application": again.id}),
        ("platform.changes_show", {"change": change}),
        ("platform.merchants_show", {"merchant": merchant.id}),
        ("platform.merchants_show", {"merchant": suspended.id}),
        ("platform.persons_show", {"person": again.person.id}),
        ("platform.categories_edit", {"category": category}),
        ("platform.announcements_edit", {"announcement": made}),
        ("platform.applications_list", {"state": "all", "kind": "brand", "age": 3, "q": "松湖"}),
        ("platform.changes_list", {"state": "all"}),
        ("platform.merchants_list", {"state": "suspended", "kind": "brand", "q": "茶"}),
        ("platform.trail_list", {"act": "merchant.suspended", "since": "2026-07-01", "until": "2026-07-31"}),
        ("platform.trail_list", {"of": merchant.id, "actor": reviewer.id}),
    ):
        with counted(world) as statements:
            owner.get(endpoint, **values)
        assert len(statements) <= 12, (endpoint, values, len(statements))


@pytest.mark.parametrize(
    "query",
    [
        "?state=nonsense&kind=x&age=-5&after=1_2&q=%00",
        "?age=９&after=" + "9" * 400,
        "?q=" + "长" * 500,
        "?q=%F0%9F%98%80'--",
    ],
)
def test_nonsense_in_the_address_is_no_accident(browser: Browser, world: World, query: str) -> None:
    owner = browser.as_(world.operator())
    status = 400 if "%00" in query else 200
    for path in ("/platform/applications", "/platform/merchants", "/platform/trail", "/platform/changes"):
        owner.open(path + query, status=status)


def test_roles_see_what_is_theirs(browser: Browser, world: World) -> None:
    reviewer = browser.as_(world.operator(Role.PLATFORM_REVIEWER))
    reviewer.get("platform.applications_list")
    for endpoint in ("persons_list", "parameters_list", "operators_list", "trail_list", "categories_list"):
        reviewer.get(f"platform.{endpoint}", status=403)
    support = browser.as_(world.operator(Role.PLATFORM_SUPPORT))
    support.get("platform.persons_list")
    support.get("platform.applications_list", status=403)
    support.get("platform.home")
    browser.as_(world.person()).get("platform.home", status=404)


def test_a_document_is_the_reviewers_and_the_applicants_only(browser: Browser, world: World) -> None:
    made = world.submitted()
    document = world.document_of(made)
    values = {"application": made.id, "document": document}
    reviewer = browser.as_(world.operator())
    response = reviewer.client.get(reviewer.url("platform.applications_document", **values))
    headers = response.headers
    assert response.data[:3] == b"\xff\xd8\xff"
    assert all(value.isascii() for value in headers.values()), "headers travel as ASCII"
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "no-store" in headers["Cache-Control"]
    owner = browser.as_(made.person)
    assert owner.client.get(owner.url("shop.applications_document", **values)).status_code == 200
    browser.as_(world.person()).get("shop.applications_document", status=404, **values)
    browser.as_(world.operator(Role.PLATFORM_SUPPORT)).get("platform.applications_document", status=403, **values)
    other = world.submitted()
    browser.as_(other.person).get("shop.applications_document", status=404, application=other.id, document=document)


def viewed(world: World) -> list[tuple[object, object, object]]:
    with world.work(Face.PLATFORM) as work:
        found = work.session.scalars(select(AuditEntry).where(AuditEntry.action == "document.viewed"))
        return [(one.actor_id, one.subject_id, one.facts.get("kind")) for one in found]


def test_who_opens_a_private_document_is_written_down(browser: Browser, world: World) -> None:
    made, operator = world.submitted(), world.operator(Role.PLATFORM_REVIEWER)
    document = world.document_of(made)
    values = {"application": made.id, "document": document}
    own = browser.as_(made.person)
    own.client.get(own.url("shop.applications_document", **values))
    assert viewed(world) == [], "his own"
    reviewer = browser.as_(operator)
    reviewer.get("platform.applications_show", application=made.id)
    assert viewed(world) == [], "the page alone shows none"
    address = reviewer.url("platform.applications_document", **values)
    reviewer.client.get(address)
    reviewer.client.get(address)
    assert viewed(world) == [(operator.id, document, "licence")], "read again at once: one look"
    browser.as_(world.operator(Role.PLATFORM_SUPPORT)).get("platform.applications_document", status=403, **values)
    world.clock.advance(minutes=16)
    reviewer.client.get(address)
    assert len(viewed(world)) == 2


def test_a_document_that_cannot_be_written_down_is_not_sent(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = world.submitted()
    reviewer = browser.as_(world.operator(Role.PLATFORM_REVIEWER))

    def fail(*_args: object, **_facts: object) -> None:
        raise Busy

    monkeypatch.setattr(trace.looks, "write_down", fail)
    address = reviewer.url("platform.applications_document", application=made.id, document=world.document_of(made))
    assert reviewer.client.get(address).status_code == 503


def test_a_draft_is_not_the_platforms(browser: Browser, world: World) -> None:
    made = world.draft()
    browser.as_(world.operator()).get("platform.applications_show", status=404, application=made.id)


def test_a_reviewer_sees_where_the_applicant_says_he_is(browser: Browser, world: World) -> None:
    placed = world.submitted(facts=world.particulars(Kind.BRAND, lat=23.0205, lng=113.7518))
    nowhere = world.submitted()
    reviewer = browser.as_(world.operator(Role.PLATFORM_REVIEWER))
    page = reviewer.get("platform.applications_show", application=placed.id)
    assert "23.020500, 113.751800 (WGS-84)" in page.text
    assert page.one("[data-map]")["data-lat"] == "23.0205"
    assert len(page.soup.select("a[href^='https://uri.amap.com']")) == 1, "without script and tiles a link leads there"
    page = reviewer.get("platform.applications_show", application=nowhere.id)
    assert "没有在地图上标出位置" in page.text
    assert not page.soup.select("[data-map]")


def test_contested_referrers_are_judged_once(browser: Browser, world: World) -> None:
    inviter, person = world.person(), world.person()
    with world.work(Face.PERSON, person=inviter.id) as work:
        work.session.add(ReferralLink(token="t" * 20, person_id=inviter.id, shown_name="陈**", created_at=work.now()))
    with world.work(Face.GATE) as work:
        row = Referral(person_id=person.id, token="t" * 20, referrer_person_id=inviter.id, shown_name="陈**")
        row.bound_at = row.contested_at = work.now()
        row.state, row.contest_reason = "contested", "不认识这个人"
        work.session.add(row)
    owner = browser.as_(world.operator())
    assert "不认识这个人" in owner.get("platform.referrals_list").text
    owner.post("platform.referrals_remove", person=person.id)
    owner.post("platform.referrals_uphold", person=person.id, status=422)
    assert "已解除" in owner.get("platform.referrals_list", judged=1).text
