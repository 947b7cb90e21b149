"""Passwords at the door and on the account's pages; what ends when they change."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.identity.models import Credential
from portal.domain.identity.rules import passwords
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.world import World

GOOD = "kapok-tree-7781"


def enter(browser: Browser, phone: str, password: str, status: int = 303):
    return browser.post("signin.password_check", {"phone": phone, "password": password}, status=status)


def test_phone_and_password_open_the_door(browser: Browser, world: World) -> None:
    person = world.person()
    world.password(person, GOOD)
    enter(browser, person.phone, GOOD)
    assert person.name in browser.get("shop.me").text


def test_whatever_is_wrong_reads_the_same(app, world: World) -> None:
    person = world.person()
    world.password(person, GOOD)
    for typed in ("wrong-password", "", "😀" * 30, "x" * 100_000, GOOD.upper(), GOOD + " "):
        for phone in (person.phone, "15400009911", "nonsense"):
            page = enter(Browser(app, world), phone, typed, status=422)
            assert not page.soup.select("#password")[0].get("value"), "a password is never sent back"
            if typed and len(typed) < 200:
                assert "手机号或密码不对" in page.text


def test_a_person_without_password_cannot_enter_by_one(browser: Browser, world: World) -> None:
    enter(browser, world.person().phone, "anything-at-all", status=422)


def test_ten_wrong_tries_wait_a_quarter_of_an_hour_and_no_longer(app, world: World) -> None:
    person = world.person()
    world.password(person, GOOD)
    for _ in range(10):
        enter(Browser(app, world), person.phone, "wrong-password", status=422)
    limited = enter(Browser(app, world), person.phone, GOOD, status=429)
    assert int(limited.response.headers["Retry-After"]) <= 900
    world.clock.advance(minutes=15)
    enter(Browser(app, world), person.phone, GOOD)


def test_right_passwords_cost_nothing_however_many(app, world: World) -> None:
    person = world.person()
    world.password(person, GOOD)
    for _ in range(9):
        enter(Browser(app, world), person.phone, "wrong-password", status=422)
    for _ in range(12):
        enter(Browser(app, world), person.phone, GOOD)
    enter(Browser(app, world), person.phone, "wrong-password", status=422)
    enter(Browser(app, world), person.phone, GOOD, status=429)


def test_an_address_is_shut_out_by_sixty_wrong_tries_and_not_by_right_ones(app, world: World) -> None:
    person, other = world.person(), world.person()
    world.password(person, GOOD)
    for number in range(60):
        enter(Browser(app, world), f"154000088{number:02d}", "wrong-password", status=422)
        if number % 10 == 0:
            enter(Browser(app, world), person.phone, GOOD)
    enter(Browser(app, world), other.phone, "wrong-password", status=429)


def test_the_hash_is_argon2id(world: World) -> None:
    person = world.person()
    world.password(person, GOOD)
    with world.work(Face.GATE) as work:
        kept = work.session.scalars(select(Credential.password_hash)).one()
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def set_password(browser: Browser, status: int = 303, **data: str):
    return browser.post("shop.password_change", data, status=status)


def with_code(browser: Browser, world: World, phone: str) -> str:
    browser.post("shop.password_code")
    return world.code_for(phone)


def test_the_first_password_needs_a_code(browser: Browser, world: World) -> None:
    person = world.person()
    mine = browser.as_(person)
    assert "设置密码" in mine.get("shop.password").text
    refused = set_password(mine, 422, new_password=GOOD)
    assert "请先填写当前密码" in refused.text
    code = with_code(mine, world, person.phone)
    set_password(mine, code=code, new_password=GOOD)
    enter(browser, person.phone, GOOD)


def test_the_present_password_is_proof_enough(browser: Browser, world: World) -> None:
    person = world.person()
    world.password(person, GOOD)
    mine = browser.as_(person)
    assert "当前密码不对" in set_password(mine, 422, current_password="nope-nope", new_password="lychee-wood-99").text
    set_password(mine, current_password=GOOD, new_password="lychee-wood-99")
    enter(browser, person.phone, "lychee-wood-99")


def test_a_sign_in_code_sets_no_password(browser: Browser, world: World) -> None:
    person = world.person()
    browser.post("signin.code_send", {"phone": person.phone})
    code = world.code_for(person.phone)
    mine = browser.as_(person)
    refused = set_password(mine, 422, code=code, new_password=GOOD)
    assert "已经失效" in refused.text


def test_changing_it_signs_out_the_others_and_tells_the_owner(app, browser: Browser, world: World) -> None:
    person = world.person()
    world.password(person, GOOD)
    here, there = browser.as_(person), browser.as_(person)
    there.get("shop.me")
    set_password(here, current_password=GOOD, new_password="lychee-wood-99")
    assert there.get("shop.me", status=303).response.headers["Location"].startswith("/signin")
    assert "密码已更改" in here.get("shop.notifications_list").text


WEAK = ["short7", "password", "Password123", "12345678", "87654321", "qwertyuiop", "aaaaaaaa", "abababab", "woaini1314"]
WEAK += ["5201314520", "1qaz2wsx", "admin@123", "iloveyou1", "a1234567", "12341234", "qwer1234", "11223344"]


@pytest.mark.parametrize("weak", WEAK)
def test_what_everybody_tries_first_is_refused(weak: str) -> None:
    assert passwords.weakness(weak, "15400000001"), weak


FINE = [GOOD, "正确的马电池订书钉", "🐎🔋📎🔑🐎🔋📎🏮", "x7 kq 92 mv", "Zhongshan-road-31", "b" * 60 + "cdef"]


@pytest.mark.parametrize("fine", FINE)
def test_what_is_long_and_odd_will_do(fine: str) -> None:
    assert passwords.weakness(fine, "15400000001") is None
    assert passwords.matches(passwords.hashed(fine), fine)
    assert not passwords.matches(passwords.hashed(fine), fine[:-1])


def test_nothing_is_cut_off_and_the_phone_is_no_password() -> None:
    long = "kapok" * 20 + "1"
    assert not passwords.matches(passwords.hashed(long), long[:-1] + "2")
    assert passwords.weakness("a15400000001b", "15400000001") == "phone"
    assert passwords.weakness("k" * 100 + "apok-tree-77" * 10, "") == "long"
