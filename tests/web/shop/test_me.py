"""我的: every page of it in both languages, the profile, hats, devices, consents and the move to another phone."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select, text

from portal.domain.identity.models import Person
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.world import World

PAGES = (
    *("shop.me", "shop.hats", "shop.profile", "shop.security", "shop.password", "shop.phone", "shop.sessions_list"),
    *("shop.consents", "shop.referrals", "shop.addresses_list", "shop.addresses_new", "shop.notifications_list"),
    *("signin.factor_setup", "shop.outbox"),
)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_page_of_mine_is_a_page(browser: Browser, world: World, locale: str) -> None:
    person = world.person("欧阳文山" * 10, locale=locale)
    world.letter(person)
    address = world.address(person)
    world.referral_link(person)
    mine = browser.as_(person)
    for endpoint in PAGES:
        page = mine.get(endpoint)
        assert page.soup.html["lang"] == ("en" if locale == "en" else "zh-CN")
        assert person.phone not in page.text, f"{endpoint}: the number is masked"
        assert page.response.headers["Cache-Control"] == "no-store"
    mine.get("shop.addresses_edit", address=address)


@pytest.mark.parametrize("endpoint", PAGES[:-1])
def test_strangers_are_sent_to_sign_in_and_back(browser: Browser, endpoint: str) -> None:
    there = browser.get(endpoint, status=303).response.headers["Location"]
    assert there.startswith("/signin?next=%2F")


def test_pages_of_mine_ask_the_database_little(app, browser: Browser, world: World) -> None:
    from_here: list[str] = []
    person = world.person()
    for number in range(25):
        world.letter(person, link=f"/{number}")
    mine = browser.as_(person)

    def note(_connection, _cursor, statement, *_more) -> None:
        from_here.append(statement)

    listen(world, note)
    for endpoint in PAGES[:-1]:
        from_here.clear()
        mine.get(endpoint)
        assert len(from_here) <= 12, f"{endpoint}: {len(from_here)}\n" + "\n".join(from_here)


def listen(world: World, note) -> None:
    event.listen(world.engine, "before_cursor_execute", note)


def test_the_profile(browser: Browser, world: World) -> None:
    person = world.person("陈静")
    mine = browser.as_(person)
    form = mine.get("shop.profile").form("profile")
    assert form["name"] == "陈静"
    mine.post("shop.profile_edit", {"name": "陈小静 🏮", "locale": "en"})
    page = mine.get("shop.me")
    assert "陈小静 🏮" in page.text
    assert page.soup.html["lang"] == "en"
    for name in ("", "   ", "x" * 41, "a\u202eb"):
        mine.post("shop.profile_edit", {"name": name, "locale": "zh"}, status=422)
    mine.post("shop.profile_edit", {"name": "陈静", "locale": "fr"}, status=422)
    other = world.person("何伟")
    more = {"id": str(other.id), "phone": "1", "state": "erased"}
    mine.post("shop.profile_edit", {"name": "陈静", "locale": "zh", **more})
    with world.work(Face.PLATFORM) as work:
        row = work.session.get(Person, person.id)
        assert (row.name, row.phone, row.state) == ("陈静", person.phone, "active")


def test_the_other_language_is_one_tap_away_and_comes_back(browser: Browser, world: World) -> None:
    start = browser.get("signin.start")
    link = next(a for a in start.soup.select("a[hreflang]") if "language" in a["href"])
    gone = browser.open(link["href"], status=303)
    assert gone.response.headers["Location"] == "/signin"
    assert browser.get("signin.start").soup.html["lang"] == "en"
    away = browser.open("/language?to=xx&next=//evil.example", status=303)
    assert away.response.headers["Location"] == "/"
    assert browser.get("signin.start").soup.html["lang"] == "en"


def test_hats_lead_to_the_office_and_to_every_counter(browser: Browser, world: World) -> None:
    person = world.person()
    assert "您现在只代表自己" in browser.as_(person).get("shop.hats").text
    merchant, other = world.merchant(Kind.BRAND, "茶小满"), world.merchant(Kind.BRAND, "别家")
    south, east = world.store(merchant, "南城店"), world.store(merchant, "东门店")
    world.store(other, "别家的店")
    world.staff(merchant, Role.OWNER, person=person)
    page = browser.as_(person).get("shop.hats")
    assert page.soup.select(f"a[href='/chain/{merchant.id}']") or page.soup.select(f"a[href='/chain/{merchant.id}/']")
    assert "茶小满 店主" in page.text
    assert [str(store.id) in str(page.soup) for store in (south, east)] == [True, True]
    assert "别家" not in page.text


def test_a_clerk_of_two_stores_chooses_his_counter(browser: Browser, world: World) -> None:
    merchant = world.merchant(Kind.BRAND, "茶小满")
    stores = [world.store(merchant, name) for name in ("南城店", "东门店", "科技园店")]
    clerk = world.staff(merchant, Role.CLERK, stores=(stores[0].id, stores[1].id))
    world.password(clerk)
    data = {"phone": clerk.phone, "password": "kapok-tree-7781"}
    arrived = browser.post("signin.password_check", data)
    assert arrived.response.headers["Location"] == "/hats"
    page = browser.follow(arrived)
    assert "南城店" in page.text
    assert "东门店" in page.text
    assert "科技园店" not in page.text


def test_devices_can_be_signed_out_one_by_one(app, browser: Browser, world: World) -> None:
    person = world.person()
    here, there = browser.as_(person), browser.as_(person)
    page = here.get("shop.sessions_list")
    assert page.text.count("测试浏览器") == 2
    assert page.text.count("这台") == 1
    ends = [form["action"] for form in page.soup.select("form[action$='/end']")]
    mine = next(row for row in page.soup.select(".rows li") if "这台" in row.get_text())
    other = next(action for action in ends if action not in str(mine))
    assert here.client.post(other, data={"csrf_token": here.csrf(), "key": str(person.id)}).status_code == 303
    there.get("shop.me", status=303)
    here.get("shop.me")
    stranger = browser.as_(world.person())
    data = {"csrf_token": stranger.csrf(), "key": str(person.id)}
    assert stranger.client.post(mine.form["action"], data=data).status_code == 404
    here.get("shop.me")


def test_all_devices_at_once(browser: Browser, world: World) -> None:
    person = world.person()
    browsers = [browser.as_(person) for _ in range(3)]
    browsers[0].post("shop.sessions_end_all")
    for one in browsers:
        one.get("shop.me", status=303)


def test_marketing_is_taken_back_as_easily_as_given(browser: Browser, world: World) -> None:
    mine = browser.as_(world.person())
    mine.post("shop.consents_give")
    assert "已同意" in mine.get("shop.consents").text
    mine.post("shop.consents_withdraw")
    page = mine.get("shop.consents")
    assert "未同意" in page.text
    assert "取消" in page.one(".rows").get_text(), "the record stays"
    mine.post("shop.consents_give")
    assert len(mine.get("shop.consents").soup.select(".rows li")) == 2


def change_phone(mine: Browser, world: World, old: str, new: str, status: int = 303, **codes: str):
    mine.post("shop.phone_codes", {"phone": new})
    page = mine.get("shop.phone_confirm")
    assert old not in page.text
    data = {"old_code": world.code_for(old), "new_code": world.code_for(new), **codes}
    return mine.post("shop.phone_change", data, status=status)


def test_the_phone_moves_with_a_code_from_each(browser: Browser, world: World) -> None:
    person, new = world.person(), "15400008899"
    mine, other = browser.as_(person), browser.as_(person)
    change_phone(mine, world, person.phone, new, status=422, new_code="000000")
    data = {"old_code": world.code_for(person.phone), "new_code": world.code_for(new)}
    mine.post("shop.phone_change", data)
    with world.work(Face.PLATFORM) as work:
        assert work.session.scalar(select(Person.phone).where(Person.id == person.id)) == new
    mine.get("shop.me")
    other.get("shop.me", status=303)


def test_a_phone_with_an_account_is_told_only_to_its_holder(browser: Browser, world: World) -> None:
    person, taken = world.person(), world.person()
    mine = browser.as_(person)
    refused = change_phone(mine, world, person.phone, taken.phone, status=422)
    assert "已经有自己的账号" in refused.text
    world.clock.advance(minutes=2)
    sent = mine.post("shop.phone_codes", {"phone": taken.phone}).response
    assert sent.headers["Location"] == "/me/phone/confirm"


def test_my_own_number_is_no_new_one(browser: Browser, world: World) -> None:
    person = world.person()
    refused = browser.as_(person).post("shop.phone_codes", {"phone": person.phone}, status=422)
    assert "这就是您现在的手机号" in refused.text


def test_no_phone_stands_in_an_address_or_an_audit_line(browser: Browser, world: World) -> None:
    person = world.person()
    change_phone(browser.as_(person), world, person.phone, "15400008899")
    with world.engine.connect() as connection:
        connection.execute(text("SET ROLE face_platform"))
        lines = connection.execute(text("SELECT action, facts::text FROM audit_entries")).all()
        connection.rollback()
    assert {"phone.changed", "sign_in.all_ended"} <= {action for action, _facts in lines}
    assert not any("154000" in facts for _action, facts in lines)


def test_a_technician_of_two_stores_chooses_and_is_remembered(browser: Browser, world: World) -> None:
    merchant = world.merchant(Kind.BRAND, "云上美肤")
    stores = [world.store(merchant, name) for name in ("南城店", "福田店", "科技园店")]
    doer = world.staff(merchant, Role.TECHNICIAN, stores=(stores[0].id, stores[1].id))
    for store in stores:
        world.resource(store)
    world.password(doer)
    arrived = browser.post("signin.password_check", {"phone": doer.phone, "password": "kapok-tree-7781"})
    assert arrived.response.headers["Location"] == "/hats"
    page = browser.follow(arrived)
    doors = [str(one["href"]) for one in page.soup.select("a[href$='/mine']")]
    assert sorted(doors) == sorted(f"/store/{one.id}/mine" for one in stores[:2])
    mine = browser.open(doors[0])
    bar = [one.text.strip() for one in mine.soup.select(".counter-bar a")]
    assert bar[:2] == ["我的", "预约"]
    again = browser.get("shop.me")
    assert f'href="{doors[0]}"' in str(again.soup)
