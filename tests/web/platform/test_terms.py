"""Money parameters: proposed by one, confirmed by another, in force from then on and not before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.domain.payouts.queries import terms
from portal.domain.reference import queries
from portal.domain.reference.actions import parameters
from portal.domain.reference.actions import terms as acts
from portal.kernel.permissions import Role
from portal.kernel.refusals import Conflict, Denied, Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.client import Browser
from tests.factories.persons import MadePerson
from tests.factories.world import World

RATE = "withdrawal_fee_basis_points"


@pytest.fixture
def two(world: World) -> tuple[MadePerson, MadePerson]:
    return world.operator(Role.PLATFORM_FINANCE), world.operator()


def in_force(world: World) -> int:
    with world.work(Face.JOB) as work:
        return terms(work).basis_points


def act(world: World, person: MadePerson):
    return world.work(Face.PLATFORM, person=person.id, kind=ActorKind.PLATFORM)


def test_one_proposes_another_confirms(world: World, browser: Browser, two: tuple[MadePerson, MadePerson]) -> None:
    first, second = (browser.as_(person) for person in two)
    first.post("platform.terms_propose", {"name": RATE, "value": "8", "note": "银行降价"})
    assert in_force(world) == 10
    own = first.get("platform.terms_list")
    assert "提现¥10000的手续费：¥10→¥8" in "".join(own.text.split())
    assert "等另一位同事确认" in own.text
    with world.work(Face.PLATFORM) as work:
        proposed = next(one.proposed for one in queries.parameters(work, money=True) if one.parameter.name == RATE)
    assert proposed is not None
    first.post("platform.terms_confirm", value=proposed.id, status=403)
    world.clock.advance(hours=3)
    second.post("platform.terms_confirm", value=proposed.id)
    assert in_force(world) == 8
    assert "确认" in second.get("platform.terms_list").text
    second.post("platform.terms_confirm", value=proposed.id, status=422)


def test_a_date_must_still_be_ahead_when_it_is_confirmed(world: World, two: tuple[MadePerson, MadePerson]) -> None:
    first, second = two
    later = world.clock.now() + timedelta(days=1)
    with act(world, first) as work:
        one = acts.propose(work, RATE, value=8, effective_at=later, note="下月起")
        with pytest.raises(Conflict):
            acts.propose(work, RATE, value=7, effective_at=None, note="又一个")
    world.clock.advance(days=2)
    assert in_force(world) == 10
    with pytest.raises(Conflict, match="已经过了"), act(world, second) as work:
        acts.confirm(work, one)
    with act(world, second) as work:
        acts.cancel(work, one)
    with act(world, first) as work:
        two_ = acts.propose(work, RATE, value=7, effective_at=world.clock.now() + timedelta(days=1), note="重来")
    with act(world, second) as work:
        acts.confirm(work, two_)
    assert in_force(world) == 10
    world.clock.advance(days=1)
    assert in_force(world) == 7
    with pytest.raises(Conflict), act(world, first) as work:
        acts.cancel(work, two_)


def test_a_confirmed_one_is_cancelled_before_it_begins(world: World, two: tuple[MadePerson, MadePerson]) -> None:
    first, second = two
    with act(world, first) as work:
        one = acts.propose(work, RATE, value=8, effective_at=world.clock.now() + timedelta(days=1), note="试")
    with act(world, second) as work:
        acts.confirm(work, one)
        acts.cancel(work, one)
        acts.cancel(work, one)
    world.clock.advance(days=2)
    assert in_force(world) == 10


def test_one_person_alone_sets_no_money(world: World, two: tuple[MadePerson, MadePerson]) -> None:
    first, _second = two
    with pytest.raises(Denied), act(world, first) as work:
        parameters.set_value(work, RATE, value=8, effective_at=None, note="")
    with act(world, first) as work:
        one = acts.propose(work, RATE, value=8, effective_at=None, note="试")
    with pytest.raises(Denied), act(world, first) as work:
        parameters.cancel(work, one)
    with pytest.raises(Refusal), act(world, first) as work:
        acts.propose(work, "withdrawal_least_fen", value=5, effective_at=None, note="太低")


@pytest.mark.parametrize(
    "data",
    [
        {"name": RATE, "value": "", "note": "x"},
        {"name": RATE, "value": "八", "note": "x"},
        {"name": RATE, "value": "-1", "note": "x"},
        {"name": RATE, "value": "501", "note": "x"},
        {"name": RATE, "value": "8", "note": ""},
        {"name": RATE, "value": "8", "note": "x", "effective_at": "2020-01-01T00:00"},
        {"name": "withdrawal_least_fen", "value": "1.234", "note": "x"},
    ],
)
def test_bad_input_is_said(browser: Browser, two: tuple[MadePerson, MadePerson], data: dict[str, str]) -> None:
    page = browser.as_(two[0]).post("platform.terms_propose", data, status=422)
    assert page.soup.select(".error-summary")


def test_only_those_of_money_see_it(world: World, browser: Browser) -> None:
    browser.as_(world.operator(Role.PLATFORM_REVIEWER)).get("platform.terms_list", status=403)
    browser.as_(world.operator(Role.PLATFORM_SUPPORT)).get("platform.payouts_list", status=403)
