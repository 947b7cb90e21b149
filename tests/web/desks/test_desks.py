"""The pages every merchant's office shares: first page, staff, legal data, trail; in both languages, for every kind."""

from __future__ import annotations

import io
from uuid import UUID, uuid4

import pytest

from portal.domain.tenants.queries import staff
from portal.domain.tenants.values import KINDS_WITH_STORES, ROLES_OF_KIND, Kind
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.onboarding import licence_number, photo
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World
from tests.web.platform.test_pages import counted

OFFICES = {Kind.SUPPLIER: "supplier", Kind.BRAND: "chain", Kind.ALLIANCE: "alliance", Kind.REGION: "region"}


def member_of(world: World, merchant: MadeMerchant, person: MadePerson) -> UUID:
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        return next(one.id for one in staff.members(work, merchant.id) if one.person_id == person.id)


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_page_of_every_kind(browser: Browser, world: World, kind: Kind, locale: str) -> None:
    merchant, office = world.merchant(kind), OFFICES[kind]
    owner = world.staff(merchant, person=world.person(locale=locale))
    his = browser.as_(owner)
    for page in ("home", "staff_list", "staff_new", "profile_show", "trail_list"):
        his.get(f"{office}.{page}", merchant=merchant.id)
    world.profile(merchant)
    change = world.change(merchant, owner, bank_number="9999990000004321", address="新址 1 号")
    manager = world.staff(merchant, Role.MANAGER)
    world.invited(merchant, owner, f"1540008{next(world.numbers):04d}", Role.MANAGER)
    member = member_of(world, merchant, manager)
    for page in ("home", "staff_list", "staff_new", "profile_show", "profile_edit", "trail_list"):
        with counted(world) as statements:
            his.get(f"{office}.{page}", merchant=merchant.id)
        assert len(statements) <= 12, (page, len(statements))
    his.get(f"{office}.staff_edit", merchant=merchant.id, member=member)
    his.get(f"{office}.trail_list", merchant=merchant.id, act="merchant.change_proposed", since="2026-07-01")
    assert his.client.get(his.url(f"{office}.trail_export", merchant=merchant.id)).status_code == 200
    his.post(f"{office}.profile_withdraw", merchant=merchant.id, change=change)
    browser.as_(manager).get(f"{office}.staff_list", merchant=merchant.id)
    browser.as_(manager).get(f"{office}.profile_show", merchant=merchant.id, status=403)
    browser.as_(manager).get(f"{office}.trail_list", merchant=merchant.id, status=403)


def test_the_first_page_counts_what_there_is(browser: Browser, world: World) -> None:
    merchant = world.merchant(Kind.ALLIANCE)
    owner = world.staff(merchant)
    world.staff(merchant, Role.CLERK)
    page = browser.as_(owner).get("alliance.home", merchant=merchant.id)
    tiles = {
        one.select_one(".label").get_text(): one.select_one("strong").get_text() for one in page.soup.select(".tile")
    }
    assert tiles["员工"] == "2"
    assert tiles["门店"] == "0"
    assert "发一张优惠券" in page.text


@pytest.mark.parametrize("kind", list(Kind))
def test_an_invitation_from_the_form_to_the_office(browser: Browser, world: World, kind: Kind) -> None:
    merchant, office, guest = world.merchant(kind), OFFICES[kind], world.person()
    owner, his = browser.as_(world.staff(merchant)), browser.as_(guest)
    role = ROLES_OF_KIND[kind][1]
    his.get("shop.invitations_list")
    form = owner.get(f"{office}.staff_new", merchant=merchant.id).form("/invite")
    sent = form | {"phone": guest.phone, "name": "小何", "role": role.value, "cover": "all"}
    listed = owner.follow(owner.post(f"{office}.staff_invite", sent, merchant=merchant.id, key=form["key"]))
    assert "小何" in listed.text
    assert guest.phone not in listed.text
    page = his.get("shop.invitations_list")
    assert merchant.name in page.text
    accepted = his.post("shop.invitations_accept", invitation=path_id(page))
    assert his.follow(accepted).status == 200
    his.get("shop.invitations_list")


def path_id(page) -> str:
    """The invitation in the address of the accepting form."""
    return next(str(form["action"]).split("/")[2] for form in page.soup.select("form[action*=accept]"))


def test_removal_and_suspended_members_are_out_at_the_next_request(browser: Browser, world: World) -> None:
    merchant = world.merchant()
    owner, manager = world.staff(merchant), world.staff(merchant, Role.MANAGER)
    hers = browser.as_(manager)
    hers.get("chain.home", merchant=merchant.id)
    browser.as_(owner).post("chain.staff_remove", merchant=merchant.id, member=member_of(world, merchant, manager))
    hers.get("chain.home", merchant=merchant.id, status=404)


def test_the_last_owner_stays_and_the_page_says_so(browser: Browser, world: World) -> None:
    merchant = world.merchant()
    person = world.staff(merchant)
    owner, member = browser.as_(person), member_of(world, merchant, person)
    assert "最后一位店主" in owner.post("chain.staff_remove", merchant=merchant.id, member=member, status=422).text
    data = {"role": "manager", "cover": "all"}
    owner.post("chain.staff_change", data, merchant=merchant.id, member=member, status=422)


def test_stores_can_be_chosen_and_only_ones_own(browser: Browser, world: World) -> None:
    merchant, other = world.merchant(), world.merchant()
    mine, theirs = world.store(merchant), world.store(other)
    owner, clerk = browser.as_(world.staff(merchant)), world.staff(merchant, Role.CLERK)
    member = member_of(world, merchant, clerk)
    data = {"role": "clerk", "cover": "some", "store_ids": [str(mine.id)]}
    owner.post("chain.staff_change", data, merchant=merchant.id, member=member)
    page = owner.get("chain.staff_edit", merchant=merchant.id, member=member)
    assert page.one(f"input[value='{mine.id}']").has_attr("checked")
    for bad in ([], [str(theirs.id)], [str(mine.id), str(theirs.id)], ["zzz"], [str(uuid4())]):
        sent = data | {"store_ids": bad}
        owner.post("chain.staff_change", sent, merchant=merchant.id, member=member, status=422)
    for role in ("owner", "platform_owner", "shipper", "", "😀"):
        owner.post("chain.staff_change", data | {"role": role}, merchant=merchant.id, member=member, status=422)


@pytest.mark.parametrize("phone", ["", "123", "😀", "9" * 900, "０７６９２２８１００００", "15400010001; DROP"])
def test_odd_phones_come_back_with_a_sentence(browser: Browser, world: World, phone: str) -> None:
    merchant = world.merchant()
    owner = browser.as_(world.staff(merchant))
    data = {"phone": phone, "name": "小何", "role": "clerk", "cover": "all"}
    seen = owner.post("chain.staff_invite", data, merchant=merchant.id, status=422)
    assert seen.one("#name")["value"] == "小何"
    assert seen.one(".error-summary")


def test_vital_data_change_by_review_and_the_contact_at_once(browser: Browser, world: World) -> None:
    merchant = world.merchant()
    world.profile(merchant)
    owner = browser.as_(world.staff(merchant))
    form = owner.get("chain.profile_edit", merchant=merchant.id).form("/profile/edit")
    del form["key"]  # each sending is another one
    owner.post("chain.profile_propose", form, merchant=merchant.id, status=422)  # nothing changed
    for bad in ({"licence_number": "1"}, {"bank_number": "abc"}, {"lat": "x"}, {"address": "长" * 999}):
        seen = owner.post("chain.profile_propose", form | {"name": "新名"} | bad, merchant=merchant.id, status=422)
        assert seen.one("#name")["value"] == "新名"
    sent = form | {"licence_number": licence_number(77), "file": (io.BytesIO(photo()), "licence.jpg")}
    owner.post("chain.profile_propose", sent, merchant=merchant.id)
    page = owner.get("chain.profile_show", merchant=merchant.id)
    assert len(page.soup.select("table.diff tr.changed")) == 1
    owner.post("chain.profile_propose", form | {"name": "新名"}, merchant=merchant.id, status=422)
    data = {"contact_name": "何伟", "contact_phone": "0769 2281 0000"}
    owner.post("chain.profile_contact", data, merchant=merchant.id)
    owner.post("chain.profile_contact", data | {"contact_phone": "1"}, merchant=merchant.id, status=422)
    assert world.profile_of(merchant).contact_name == "何伟"


def test_papers_are_the_merchants_and_the_reviewers(browser: Browser, world: World) -> None:
    made = world.submitted()
    reviewer = world.operator()
    merchant = world.approve(made, reviewer)
    owner, stranger = browser.as_(made.person), browser.as_(world.staff(world.merchant()))
    page = owner.get("chain.profile_show", merchant=merchant.id)
    href = str(page.soup.select_one("a[href*=papers]")["href"])
    paper = href.rsplit("/", 1)[1]
    response = owner.client.get(href)
    assert response.status_code == 200
    assert "sandbox" in response.headers["Content-Security-Policy"]
    stranger.open(href, status=404)
    elsewhere = world.merchant()
    browser.as_(world.staff(elsewhere)).get("chain.profile_paper", merchant=elsewhere.id, paper=paper, status=404)


def test_another_merchants_staff_is_404(browser: Browser, world: World) -> None:
    one, other = world.merchant(), world.merchant()
    owner, clerk = browser.as_(world.staff(one)), world.staff(other, Role.CLERK)
    member = member_of(world, other, clerk)
    owner.get("chain.staff_edit", merchant=one.id, member=member, status=404)
    owner.post("chain.staff_remove", merchant=one.id, member=member, status=404)
    owner.get("chain.staff_list", merchant=other.id, status=404)
    asked = world.invited(other, world.staff(other), f"1540008{next(world.numbers):04d}")
    owner.post("chain.staff_revoke", merchant=one.id, invitation=asked, status=404)


def test_invitations_can_be_taken_back_and_declined(browser: Browser, world: World) -> None:
    merchant, guest = world.merchant(), world.person()
    person = world.staff(merchant)
    owner, his = browser.as_(person), browser.as_(guest)
    asked = world.invited(merchant, person, guest.phone)
    owner.post("chain.staff_revoke", merchant=merchant.id, invitation=asked)
    his.post("shop.invitations_accept", invitation=asked, status=422)
    again = world.invited(merchant, person, guest.phone)
    his.post("shop.invitations_decline", invitation=again)
    assert "已谢绝" in owner.get("chain.staff_list", merchant=merchant.id).text
    browser.as_(world.person()).post("shop.invitations_accept", invitation=again, status=404)


def test_kinds_with_stores_are_those_with_a_counter() -> None:
    assert {Kind.BRAND, Kind.ALLIANCE} == KINDS_WITH_STORES
