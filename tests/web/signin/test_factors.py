"""The second factor: who needs it, how it is set up, that digits and recovery codes work once."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from portal.domain.identity.actions import factors as acts
from portal.domain.identity.models import Credential, RecoveryCode
from portal.domain.identity.rules import factors
from portal.domain.identity.values import DEMO_TOTP_SECRET
from portal.jobs.timetable import seal_secrets
from portal.kernel.refusals import Denied
from portal.kernel.scope import Face, Scope
from portal.kernel.sealing import Seal
from portal.kernel.work import Actor, ActorKind, open_work
from tests.client import Browser, Seen
from tests.factories.persons import MadePerson
from tests.factories.world import World


def digits(world: World, secret: str = DEMO_TOTP_SECRET) -> str:
    return factors.digits_at(secret, world.clock.now())


def prove(browser: Browser, factor: str, status: int = 303) -> Seen:
    return browser.post("signin.second_factor_check", {"factor": factor}, status=status)


@pytest.fixture
def enrolled(world: World) -> MadePerson:
    """Somebody with the demo town's authenticator."""
    person = world.person()
    world.authenticator(person)
    return person


def test_setting_it_up(browser: Browser, world: World) -> None:
    mine = browser.as_(world.person(), second_factor=False)
    asked = mine.open("/signin/second-factor?next=/me/security", status=303)
    assert asked.response.headers["Location"] == "/signin/second-factor/set-up?next=/me/security"
    assert not mine.get("signin.factor_setup").soup.select(".qr")
    mine.post("signin.factor_start")
    page = mine.get("signin.factor_setup")
    assert page.soup.select(".qr svg path")
    secret = page.one(".secret-key code").get_text().replace(" ", "").strip()
    wrong = mine.post("signin.factor_confirm", {"factor": "000 000"}, status=422)
    assert "动态码不对" in wrong.text
    done = mine.post("signin.factor_confirm", {"factor": digits(world, secret)}, status=200)
    words = [tag.get_text() for tag in done.soup.select(".recovery-codes code")]
    assert len(set(words)) == 8
    assert all(re.fullmatch(r"[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}", word) for word in words)
    assert "已开启" in mine.get("shop.security").text
    assert "二次验证已开启" in mine.get("shop.notifications_list").text
    assert mine.get("signin.factor_setup", status=303), "the secret is never shown again"
    with world.work(Face.GATE) as work:
        kept = work.session.scalars(select(RecoveryCode.digest)).all()
    assert not any(word.replace("-", "").encode() in digest for word in words for digest in kept)


def test_the_right_digits_open_a_new_session(app, browser: Browser, world: World, enrolled: MadePerson) -> None:
    mine = browser.as_(enrolled, second_factor=False)
    mine.get("signin.second_factor")
    before = mine.client.get_cookie("jieshi").value
    prove(mine, digits(world))
    stale = app.test_client()
    stale.set_cookie("jieshi", before)
    assert stale.get("/me").status_code == 303, "the session without the factor has ended"
    mine.get("shop.me")


def test_digits_work_once(browser: Browser, world: World, enrolled: MadePerson) -> None:
    used = digits(world)
    prove(browser.as_(enrolled, second_factor=False), used)
    prove(browser.as_(enrolled, second_factor=False), used, status=422)
    world.clock.advance(seconds=30)
    prove(browser.as_(enrolled, second_factor=False), used, status=422)
    prove(browser.as_(enrolled, second_factor=False), digits(world))


def test_a_neighbouring_step_is_accepted_a_distant_one_is_not(
    browser: Browser, world: World, enrolled: MadePerson
) -> None:
    early = digits(world)
    world.clock.advance(seconds=30)
    prove(browser.as_(enrolled, second_factor=False), early)
    old = digits(world)
    world.clock.advance(seconds=90)
    prove(browser.as_(enrolled, second_factor=False), old, status=422)


def test_full_width_digits_are_digits(browser: Browser, world: World, enrolled: MadePerson) -> None:
    wide = digits(world).translate({48 + n: 0xFF10 + n for n in range(10)})
    prove(browser.as_(enrolled, second_factor=False), f"{wide[:3]} {wide[3:]}")


def test_nonsense_is_refused(browser: Browser, enrolled: MadePerson) -> None:
    for typed in ("", "-1", "😀😀😀", "9" * 100_000, "AAAAA-AAAAA", "1e999"):
        prove(browser.as_(enrolled, second_factor=False), typed, status=422)


def test_guessing_is_limited_by_person(browser: Browser, world: World, enrolled: MadePerson) -> None:
    for _ in range(6):
        prove(browser.as_(enrolled, second_factor=False), "000000", status=422)
    prove(browser.as_(enrolled, second_factor=False), digits(world), status=429)
    world.clock.advance(minutes=3)
    prove(browser.as_(enrolled, second_factor=False), digits(world))


def test_a_recovery_code_works_once_and_can_be_renewed(browser: Browser, world: World, enrolled: MadePerson) -> None:
    mine = browser.as_(enrolled)
    renewed = mine.post("shop.recovery_renew", {"factor": digits(world)}, status=200)
    word = renewed.soup.select(".recovery-codes code")[0].get_text()
    prove(browser.as_(enrolled, second_factor=False), word.lower())
    prove(browser.as_(enrolled, second_factor=False), word, status=422)
    assert "还剩 7 个" in mine.get("shop.security").text
    world.clock.advance(minutes=10)
    mine.post("shop.recovery_renew", {"factor": digits(world)}, status=200)
    other = renewed.soup.select(".recovery-codes code")[1].get_text()
    prove(browser.as_(enrolled, second_factor=False), other, status=422)


def reset(world: World, person: MadePerson, rights: frozenset) -> None:
    operator = world.person()
    actor = Actor(ActorKind.PLATFORM, operator.id)
    scope = Scope(Face.PLATFORM, person_id=operator.id)
    with open_work(world.engine, scope=scope, actor=actor, clock=world.clock, permissions=rights) as work:
        acts.reset_for(work, person.id)


def test_the_platform_may_reset_it_and_only_with_the_right(
    browser: Browser, world: World, enrolled: MadePerson
) -> None:
    with pytest.raises(Denied):
        reset(world, enrolled, frozenset())
    reset(world, enrolled, frozenset({acts.Permission.FACTOR_RESET}))
    mine = browser.as_(enrolled, second_factor=False)
    assert "set-up" in mine.get("signin.second_factor", status=303).response.headers["Location"]
    with world.work(Face.GATE) as work:
        assert work.session.get(Credential, enrolled.id).totp_secret is None


def test_an_office_that_handles_money_asks_for_it(browser: Browser, world: World, enrolled: MadePerson) -> None:
    world.operator(person=enrolled)
    mine = browser.as_(enrolled, second_factor=False)
    asked = mine.get("platform.home", status=303).response.headers["Location"]
    assert asked.startswith("/signin/second-factor?next=")
    page = mine.open(asked)
    form = page.one("form[action*=second-factor]")
    response = mine.client.post(form["action"], data={"csrf_token": mine.csrf(), "factor": digits(world)})
    assert response.headers["Location"].startswith("/platform")
    mine.get("platform.home")


def test_an_unconfirmed_secret_opens_nothing(browser: Browser, world: World, enrolled: MadePerson) -> None:
    with world.work(Face.GATE) as work:
        work.session.execute(update(Credential).values(totp_confirmed_at=None))
    prove(browser.as_(enrolled, second_factor=False), digits(world), status=422)


def kept_secret(world: World, person: MadePerson) -> str:
    with world.work(Face.GATE) as work:
        return work.session.get(Credential, person.id).totp_secret


def test_the_secret_is_sealed_where_it_lies(browser: Browser, world: World, enrolled: MadePerson) -> None:
    fresh = world.person()
    mine = browser.as_(fresh, second_factor=False)
    mine.post("signin.factor_start")
    for person in (enrolled, fresh):
        assert kept_secret(world, person).startswith(world.services.seal.mark)
    assert DEMO_TOTP_SECRET not in kept_secret(world, enrolled)


def test_a_secret_kept_open_by_an_earlier_release_works_and_is_sealed(
    browser: Browser, world: World, enrolled: MadePerson
) -> None:
    with world.work(Face.GATE) as work:
        work.session.execute(update(Credential).values(totp_secret=DEMO_TOTP_SECRET))
    prove(browser.as_(enrolled, second_factor=False), digits(world))
    assert seal_secrets(world.services) == 1
    assert seal_secrets(world.services) == 0
    world.clock.advance(minutes=2)
    prove(browser.as_(enrolled, second_factor=False), digits(world))
    assert kept_secret(world, enrolled).startswith(world.services.seal.mark)


def test_a_replaced_key_opens_the_old_seals_until_the_worker_has_been_there(
    browser: Browser, world: World, enrolled: MadePerson
) -> None:
    old = Seal("a-former-key-of-the-installation-0001")
    with world.work(Face.GATE) as work:
        acts.set_up_demo(work, old, enrolled.id)
    prove(browser.as_(enrolled, second_factor=False), digits(world), status=422)
    assert seal_secrets(world.services) == 0, "without the former key nothing opens it"
    both = Seal(world.services.settings.secret_key, "a-former-key-of-the-installation-0001")
    assert seal_secrets(replace(world.services, seal=both)) == 1
    prove(browser.as_(enrolled, second_factor=False), digits(world))
