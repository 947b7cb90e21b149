"""Signing in by phone and code, as a person meets it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.domain.identity.models import Consent, Person, Referral, SignIn
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from portal.web import ways
from tests.client import Browser
from tests.factories.world import World

PHONE = "15400007788"
VOLATILE = re.compile(r'value="[^"]*"|content="[^"]*"|错误编号.*|error-id">[^<]*')


def body(seen) -> str:
    """A page without what is random in every page."""
    return VOLATILE.sub("", seen.response.get_data(as_text=True))


def ask(browser: Browser, phone: str = PHONE, **more: str):
    return browser.post("signin.code_send", {"phone": phone, **more})


def arrive(browser: Browser, phone: str):
    ask(browser, phone)
    return browser.post("signin.code_check", {"code": browser.world.code_for(phone)})


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_page_on_the_way_in_is_a_page(browser: Browser, world: World, locale: str) -> None:
    browser.open(browser.url("shop.language", to=locale), status=303)
    first = browser.get("signin.start")
    assert first.soup.html["lang"] == ("en" if locale == "en" else "zh-CN")
    browser.get("signin.password")
    browser.get("signin.terms")
    browser.get("signin.privacy")
    sent = browser.follow(ask(browser))
    assert "154 0000 7788" in sent.text
    assert PHONE not in sent.response.request.url
    proven = browser.post("signin.code_check", {"code": world.code_for(PHONE)})
    browser.follow(proven)
    browser.post("signin.welcome_join", {"name": "陈静"}, status=422)
    browser.post("signin.welcome_join", {"name": "陈静", "agreed": "y"})
    browser.get("shop.me")


def test_the_first_time_asks_for_a_name_and_an_agreement(browser: Browser, world: World) -> None:
    proven = arrive(browser, PHONE)
    assert proven.response.headers["Location"] == "/signin/welcome"
    page = browser.follow(proven)
    assert not page.one("input[name=marketing]").has_attr("checked")
    assert not page.one("input[name=agreed]").has_attr("checked")
    refused = browser.post("signin.welcome_join", {"name": "陈静"}, status=422)
    assert "请先阅读并同意" in refused.text
    assert refused.one("input[name=name]")["value"] == "陈静"
    with world.work(Face.GATE) as work:
        assert work.session.scalar(select(func.count()).select_from(Person)) == 0, "no account without agreement"
    browser.post("signin.welcome_join", {"name": " 陈  静 ", "agreed": "y", "marketing": "y"})
    with world.work(Face.PLATFORM) as work:
        person = work.session.scalars(select(Person)).one()
        assert (person.name, person.phone, person.locale) == ("陈 静", PHONE, "zh")
        kinds = set(work.session.scalars(select(Consent.kind)))
    assert kinds == {"terms", "privacy", "marketing"}
    browser.get("signin.welcome", status=303)
    again = browser.post("signin.welcome_join", {"name": "x", "agreed": "y"}, status=303)
    assert again.response.headers["Location"] == "/signin"


def test_a_known_phone_goes_straight_on(browser: Browser, world: World) -> None:
    person = world.person()
    assert arrive(browser, person.phone).response.headers["Location"] == "/"
    assert person.name in browser.get("shop.me").text


def test_known_and_unknown_phones_read_the_same(app, world: World) -> None:
    known = world.person()
    seen = []
    for phone in (known.phone, "15400007799"):
        fresh = Browser(app, world)
        sent = fresh.follow(ask(fresh, phone))
        wrong = fresh.post("signin.code_check", {"code": "00 00"}, status=422)
        soon = fresh.post("signin.code_send", {"phone": phone}, status=422)
        password = fresh.post("signin.password_check", {"phone": phone, "password": "kapok-tree-1"}, status=422)
        shown = f"{phone[:3]} {phone[3:7]} {phone[7:]}"
        seen.append([body(one).replace(phone, "…").replace(shown, "…") for one in (sent, wrong, soon, password)])
    assert seen[0] == seen[1]


def test_a_limited_request_keeps_the_valid_code(browser: Browser, world: World) -> None:
    person = world.person()
    ask(browser, person.phone)
    code = world.code_for(person.phone)
    refused = browser.post("signin.code_resend", status=422)
    assert "60 秒后才能再发" in refused.text
    browser.post("signin.code_check", {"code": code})
    browser.get("shop.me")


def test_five_wrong_codes_burn_it(browser: Browser, world: World) -> None:
    person = world.person()
    ask(browser, person.phone)
    code = world.code_for(person.phone)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for left in (4, 3, 2, 1):
        assert f"还可以试 {left} 次" in browser.post("signin.code_check", {"code": wrong}, status=422).text
    browser.post("signin.code_check", {"code": wrong}, status=422)
    assert "已经失效" in browser.post("signin.code_check", {"code": code}, status=422).text


def test_another_browser_cannot_try_or_burn_my_code(app, browser: Browser, world: World) -> None:
    person = world.person()
    ask(browser, person.phone)
    thief = Browser(app, world)
    thief.post("signin.code_check", {"code": world.code_for(person.phone)}, status=303)
    assert thief.get("shop.me", status=303).response.headers["Location"].startswith("/signin")
    browser.post("signin.code_check", {"code": world.code_for(person.phone)})


def test_the_same_code_ten_times_at_once_signs_in_once(app, browser: Browser, world: World) -> None:
    person = world.person()
    ask(browser, person.phone)
    code, token = world.code_for(person.phone), browser.csrf()
    cookie = browser.client.get_cookie("jieshi").value

    def try_it(_: int) -> int:
        client = app.test_client()
        client.set_cookie("jieshi", cookie)
        answer = client.post("/signin/code", data={"csrf_token": token, "key": str(uuid4()), "code": code})
        return answer.status_code

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(try_it, range(10)))
    assert sorted(statuses) == [303] + [422] * 9
    with world.work(Face.GATE) as work:
        assert work.session.scalar(select(func.count()).select_from(SignIn)) == 1


def test_addresses_and_browsers_are_limited_across_installations(app, browser: Browser, world: World) -> None:
    statuses = []
    for number in range(31):
        client = Browser(app, world).client
        with client.session_transaction() as session:
            session["csrf_token"] = "0" * 40
        data = {"csrf_token": browser.csrf(), "phone": f"1540002{number:04d}"}
        statuses.append(client.post("/signin", data=data).status_code)
    assert statuses == [303] * 30 + [429]


NO_PHONES = ("", "-1", "1380013800", "13800138000000", "1e999", "😀" * 20, "12345678901", "9" * 100_000, "' OR 1=1 --")


def test_what_is_no_phone_is_told_clearly(browser: Browser) -> None:
    for phone in NO_PHONES:
        refused = browser.post("signin.code_send", {"phone": phone}, status=422)
        assert refused.soup.select_one(".field-errors"), phone[:40]
        assert phone[:500] in str(refused.one("input[name=phone]")["value"])


def test_full_width_and_grouped_phones_are_understood(browser: Browser, world: World) -> None:
    browser.post("signin.code_send", {"phone": "＋８６ １５４-0000 7788"})
    assert world.code_for(PHONE)


def test_nul_is_refused_before_anything(browser: Browser) -> None:
    browser.post("signin.code_send", {"phone": "154\x0000007788"}, status=400)


ELSEWHERE = (
    *("//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example", "https://evil.example", "///evil"),
    *("/\t/evil.example", "/ /evil.example", "//user@evil.example/", "javascript:alert(1)", "evil.example", "", " /x"),
    *("/\u2028/evil.example", "http:///evil.example", "/x\r\nSet-Cookie:x", "/" + "x" * 3000, "/\u200b/evil", "/a\x00"),
)


def test_next_leads_to_own_paths_only(browser: Browser, world: World) -> None:
    assert [there for there in ELSEWHERE if ways.own_path(there) is not None] == []
    for ours in ("/", "/me/addresses?x=1&y=%2F", "/chain/1#top", "/%2fevil", "/signin"):
        assert ways.own_path(ours) == ours
    person = world.person()
    browser.open(browser.url("signin.start", next="//evil.example"))
    assert arrive(browser, person.phone).response.headers["Location"] == "/"


def test_next_is_kept_through_the_whole_way(browser: Browser, world: World) -> None:
    browser.open("/signin?next=/me/addresses?x=1")
    arrive(browser, PHONE)
    done = browser.post("signin.welcome_join", {"name": "陈静", "agreed": "y"})
    assert done.response.headers["Location"] == "/me/addresses?x=1"


def test_a_session_from_before_signing_in_is_worth_nothing(app, browser: Browser, world: World) -> None:
    browser.get("signin.start")
    before = browser.client.get_cookie("jieshi").value
    arrive(browser, world.person().phone)
    assert browser.client.get_cookie("jieshi").value != before
    fixed = app.test_client()
    fixed.set_cookie("jieshi", before)
    assert fixed.get("/me").status_code == 303


def test_a_blocked_person_is_told_after_proving_it(browser: Browser, world: World) -> None:
    person = world.person()
    with world.work(Face.PLATFORM) as work:
        work.session.get(Person, person.id).state = "blocked"
    ask(browser, person.phone)
    refused = browser.post("signin.code_check", {"code": world.code_for(person.phone)}, status=403)
    assert "停用" in refused.text


def test_a_referrer_is_shown_bound_once_and_only_if_wanted(app, browser: Browser, world: World) -> None:
    inviter = world.person("王秀兰")
    token = world.referral_link(inviter)
    shown = browser.get("shop.invited", token=token)
    assert "王**" in shown.text
    assert "秀兰" not in shown.text
    page = browser.follow(arrive(browser, PHONE))
    assert "王**" in page.text
    browser.post("signin.welcome_join", {"name": "陈静", "agreed": "y", "invited": "y"})
    with world.work(Face.PLATFORM) as work:
        referral = work.session.scalars(select(Referral)).one()
        assert referral.referrer_person_id == inviter.id
    other = Browser(app, world)
    other.get("shop.invited", token=token)
    arrive(other, "15400007790")
    other.post("signin.welcome_join", {"name": "何伟", "agreed": "y"})
    with world.work(Face.PLATFORM) as work:
        assert work.session.scalar(select(func.count()).select_from(Referral)) == 1, "unticked is unbound"


def test_an_account_keeps_its_referrer_whatever_it_scans_later(browser: Browser, world: World) -> None:
    token = world.referral_link(world.person("王秀兰"))
    mine = browser.as_(world.person("陈静"))
    assert "只在注册时绑定一次" in mine.get("shop.invited", token=token).text
    assert "没有推荐人" in mine.get("shop.referrals").text


def test_an_unknown_referrer_is_not_found(browser: Browser) -> None:
    browser.get("shop.invited", token="nobody", status=404)


def test_signing_out_ends_the_cookie_everywhere(app, browser: Browser, world: World) -> None:
    arrive(browser, world.person().phone)
    stale = browser.client.get_cookie("jieshi").value
    browser.post("signin.sign_out")
    thief = app.test_client()
    thief.set_cookie("jieshi", stale)
    assert thief.get("/me").headers["Location"].startswith("/signin")


def test_idle_and_absolute_time_outs(app, browser: Browser, world: World) -> None:
    arrive(browser, world.person().phone)
    for _ in range(8):
        world.clock.advance(days=20)
        browser.get("shop.me")
    world.clock.advance(days=21)
    browser.get("shop.me", status=303)
    other = Browser(app, world)
    arrive(other, world.person().phone)
    world.clock.advance(days=30, seconds=1)
    other.get("shop.me", status=303)


def test_the_outbox_shows_codes_in_a_demo_only(app, browser: Browser, world: World, monkeypatch) -> None:
    ask(browser)
    shown = browser.get("shop.outbox")
    assert world.code_for(PHONE) in shown.text
    settings = app.extensions["portal"].settings
    assert settings.is_demo
    object.__setattr__(settings, "mode", "production")
    browser.get("shop.outbox", status=404)
    assert "发件箱" not in browser.get("signin.start").text


def test_a_clerk_with_one_store_lands_on_the_counter(browser: Browser, world: World) -> None:
    merchant = world.merchant(Kind.BRAND)
    store = world.store(merchant)
    clerk = world.staff(merchant, Role.CLERK, stores=(store.id,))
    assert arrive(browser, clerk.phone).response.headers["Location"] == browser.url("store.counter", store=store.id)
