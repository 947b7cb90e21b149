"""What the platform does through its pages: decide, suspend, reveal, appoint, keep the house in order."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.domain.onboarding.queries import applications
from portal.domain.onboarding.values import ApplicationState
from portal.domain.reference import queries as reference
from portal.domain.reference.values import UNDO_MINUTES, Audience, Purpose
from portal.kernel.audit import AuditEntry
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.world import World


@pytest.fixture
def owner(browser: Browser, world: World) -> Browser:
    return browser.as_(world.operator())


def test_a_reviewer_asks_then_approves_and_the_second_reads_who(browser: Browser, world: World, owner: Browser) -> None:
    made = world.submitted()
    form = owner.get("platform.applications_show", application=made.id).form("/ask")
    asked = owner.post(
        "platform.applications_ask", form | {"note-address": "写到门牌号"}, application=made.id, key=form["key"]
    )
    assert "补充" in owner.follow(asked).text
    with world.work(Face.PERSON, person=made.person.id) as work:
        shown = applications.application(work, made.id)
        assert shown.asked == {"address": "写到门牌号"}
    late = browser.as_(world.operator(Role.PLATFORM_REVIEWER))
    told = late.post("platform.applications_approve", {"revision": form["revision"]}, application=made.id, status=422)
    assert "已由" in told.text
    late.post(
        "platform.applications_refuse",
        {"revision": form["revision"], "reason": "晚了"},
        application=made.id,
        status=422,
    )


def test_the_same_approval_sent_twice_makes_one_merchant(world: World, owner: Browser) -> None:
    made = world.submitted()
    form, key = {"revision": str(made.revision_id)}, str(uuid4())
    first = owner.post("platform.applications_approve", form, application=made.id, key=key)
    second = owner.post("platform.applications_approve", form, application=made.id, key=key)
    assert first.response.headers["Location"] == second.response.headers["Location"]
    with world.work(Face.PERSON, person=made.person.id) as work:
        assert applications.application(work, made.id).state is ApplicationState.APPROVED


def test_a_refusal_without_a_reason_keeps_the_page(world: World, owner: Browser) -> None:
    made = world.submitted()
    for reason in ("", "   ", "x" * 3000, "\u202e"):
        data = {"revision": str(made.revision_id), "reason": reason}
        seen = owner.post("platform.applications_refuse", data, application=made.id, status=422)
        assert seen.one(".error-summary")
    owner.post("platform.applications_refuse", {"revision": "zzz", "reason": "x"}, application=made.id, status=404)


def test_suspension_shuts_the_office_at_the_next_request(browser: Browser, world: World, owner: Browser) -> None:
    merchant = world.merchant()
    clerk = browser.as_(world.staff(merchant, Role.MANAGER))
    clerk.get("chain.home", merchant=merchant.id)
    owner.post("platform.merchants_suspend", {"reason": "资质过期"}, merchant=merchant.id)
    assert "暂停" in clerk.get("chain.home", merchant=merchant.id, status=403).text
    assert "资质过期" in owner.get("platform.merchants_show", merchant=merchant.id).text
    owner.post("platform.merchants_suspend", {"reason": "再来"}, merchant=merchant.id, status=422)
    owner.post("platform.merchants_reinstate", merchant=merchant.id)
    clerk.get("chain.home", merchant=merchant.id)
    owner.post("platform.merchants_close", {"reason": "不再经营"}, merchant=merchant.id)
    clerk.get("chain.home", merchant=merchant.id, status=404)
    owner.post("platform.merchants_reinstate", merchant=merchant.id, status=422)


def test_a_phone_is_revealed_once_with_a_trace(world: World, owner: Browser) -> None:
    person = world.person("欧阳文山")
    found = owner.post("platform.persons_find", {"phone": person.phone, "name": ""}, status=200)
    assert person.phone not in found.text
    assert owner.post("platform.persons_find", {"phone": person.phone[-4:], "name": "欧阳文山"}, status=200).one(
        "ul.rows li a"
    )
    for phone in ("", "12", "5" * 500, "😀", person.phone[-4:]):
        owner.post("platform.persons_find", {"phone": phone, "name": ""}, status=422)
    page = owner.get("platform.persons_show", person=person.id)
    shown = f"{person.phone[:3]} {person.phone[3:7]} {person.phone[7:]}"
    assert shown not in page.text
    revealed = owner.post("platform.persons_reveal", {"reason": "complaint"}, person=person.id, status=200)
    assert shown in revealed.text
    assert shown not in owner.get("platform.persons_show", person=person.id).text
    owner.post("platform.persons_reveal", {"reason": "curious"}, person=person.id, status=422)
    with world.work(Face.PLATFORM) as work:
        entries = work.session.query(AuditEntry).filter_by(action="person.revealed").all()
        assert [entry.subject_id for entry in entries] == [person.id]
        assert person.phone not in repr([(entry.facts, entry.action) for entry in entries])


def test_a_blocked_person_is_signed_out(browser: Browser, world: World, owner: Browser) -> None:
    person = world.person()
    his = browser.as_(person)
    his.get("shop.applications_list")
    owner.post("platform.persons_block", person=person.id)
    his.get("shop.applications_list", status=303)
    owner.post("platform.persons_unblock", person=person.id)
    browser.as_(person).get("shop.applications_list")


def test_operators_come_change_and_go(browser: Browser, world: World, owner: Browser) -> None:
    person = world.person()
    for phone in ("", "1", person.phone[:-1] + "x"):
        data = {"phone": phone, "role": "platform_support"}
        owner.post("platform.operators_appoint", data, status=422)
    owner.post("platform.operators_appoint", {"phone": person.phone, "role": "owner"}, status=422)
    owner.post("platform.operators_appoint", {"phone": person.phone, "role": "platform_support"})
    his = browser.as_(person)
    his.get("platform.persons_list")
    owner.post("platform.operators_change", {"role": "platform_reviewer"}, person=person.id)
    his.get("platform.persons_list", status=403)
    owner.post("platform.operators_reset", person=person.id, status=404)  # he never set one up
    owner.post("platform.operators_dismiss", person=person.id)
    his.get("platform.home", status=404)


def test_categories_through_their_pages(world: World, owner: Browser) -> None:
    def names() -> list[str]:
        with world.work(Face.PLATFORM) as work:
            return [node.name for node in reference.categories(work, Purpose.STORES)]

    with world.work(Face.PLATFORM) as work:
        food = reference.categories(work, Purpose.STORES)[0]
    owner.post(
        "platform.categories_add", {"purpose": "stores", "parent_id": str(food.id), "name": "潮菜", "name_en": ""}
    )
    assert "潮菜" in names()
    for bad in ({"name": ""}, {"name": "潮菜"}, {"name": "很" * 90}, {"purpose": "x", "name": "a"}):
        data = {"purpose": "stores", "parent_id": str(food.id), "name_en": ""} | bad
        owner.post("platform.categories_add", data, status=422)
    owner.post("platform.categories_add", {"purpose": "stores", "parent_id": "zz", "name": "a"}, status=404)
    owner.post("platform.categories_move", {"to": "down"}, category=food.id)
    owner.post("platform.categories_hide", category=food.id)
    assert "潮菜" not in names()
    owner.post("platform.categories_show", category=food.id)
    owner.post("platform.categories_rename", {"name": "吃喝", "name_en": "Food"}, category=food.id)
    assert "吃喝" in names()
    owner.post("platform.categories_rename", {"name": "x", "name_en": ""}, category=uuid4(), status=404)


def test_parameters_through_their_page(world: World, owner: Browser) -> None:
    soon = world.clock.now() + timedelta(days=2)
    owner.post("platform.parameters_set", {"name": "undo_minutes", "value": "30", "effective_at": "", "note": "试行"})
    when = f"{soon:%Y-%m-%dT%H:%M}"
    owner.post("platform.parameters_set", {"name": "undo_minutes", "value": "20", "effective_at": when, "note": ""})
    with world.work(Face.PLATFORM) as work:
        assert reference.value_of(work, UNDO_MINUTES) == 30
        later = reference.history(work)[UNDO_MINUTES.name][0]
    assert later.effective_at < soon, "what is typed is Shanghai's time"
    for bad in ("", "abc", "-1", "9" * 40, "1.5", "１e9", "😀"):
        data = {"name": "undo_minutes", "value": bad, "effective_at": "", "note": ""}
        assert owner.post("platform.parameters_set", data, status=422).one(".error-summary")
    for when in ("yesterday", "0001-01-01T00:00", "9999-12-31T23:59:59", "2020-01-01T00:00"):
        data = {"name": "undo_minutes", "value": "10", "effective_at": when, "note": ""}
        owner.post("platform.parameters_set", data, status=422)
    owner.post("platform.parameters_set", {"name": "nothing", "value": "1", "effective_at": "", "note": ""}, status=404)
    owner.post("platform.parameters_cancel", value=later.id)
    owner.post("platform.parameters_cancel", value=uuid4(), status=404)


def test_an_announcement_reaches_the_offices(browser: Browser, world: World, owner: Browser) -> None:
    merchant = world.merchant()
    manager = browser.as_(world.staff(merchant, Role.MANAGER))
    words = {"title": "今晚维护", "body": "两点到四点\n后台打不开", "title_en": "Maintenance", "body_en": ""}
    data = words | {"audience": "offices", "until": ""}
    seen = owner.post("platform.announcements_draft", data)
    made = seen.response.headers["Location"].rsplit("/", 1)[1]
    assert "今晚维护" not in manager.get("chain.home", merchant=merchant.id).text
    owner.post("platform.announcements_publish", announcement=made)
    assert "今晚维护" in manager.get("chain.home", merchant=merchant.id).text
    owner.post("platform.announcements_save", data | {"title": ""}, announcement=made, status=422)
    owner.post("platform.announcements_save", data | {"until": "soon"}, announcement=made, status=422)
    owner.post("platform.announcements_save", data | {"title": "<script>1</script>"}, announcement=made)
    assert "今晚维护" not in browser.as_(None).get("shop.announcements_list").text
    owner.post("platform.announcements_save", data | {"audience": "everyone"}, announcement=made)
    owner.post("platform.announcements_publish", announcement=made)
    assert "今晚维护" in browser.as_(None).get("shop.announcements_list").text
    owner.post("platform.announcements_withdraw", announcement=made)
    with world.work(Face.SHOP) as work:
        assert reference.notices(work, Audience.OFFICES) == ()


def test_the_trail_is_a_file_too_and_a_formula_stays_a_text(world: World, owner: Browser) -> None:
    owner.post("platform.merchants_suspend", {"reason": "=1+1"}, merchant=world.merchant(name="=cmd()").id)
    response = owner.client.get(owner.url("platform.trail_export", act="merchant.suspended"))
    text = response.data.decode("utf-8-sig")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert len(text.splitlines()) == 2
    assert "'=cmd()" in text


def test_a_change_of_vital_data_is_decided_once(world: World, owner: Browser) -> None:
    merchant = world.merchant()
    world.profile(merchant)
    change = world.change(merchant, world.staff(merchant), address="新址")
    owner.post("platform.changes_refuse", {"reason": ""}, change=change, status=422)
    owner.post("platform.changes_approve", change=change)
    assert "已由" in owner.post("platform.changes_refuse", {"reason": "x"}, change=change, status=422).text
    assert world.profile_of(merchant).address == "新址"
