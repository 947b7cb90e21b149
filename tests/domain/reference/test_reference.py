"""Categories, parameters with effective dates, announcements."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.domain.identity.actions import codes
from portal.domain.identity.models import Code
from portal.domain.identity.values import Purpose as SignIn
from portal.domain.onboarding.actions import applications
from portal.domain.reference import queries
from portal.domain.reference.actions import announcements, categories, parameters
from portal.domain.reference.values import PARAMETERS, UNDO_MINUTES, Audience, Purpose
from portal.domain.tenants.queries import staff
from portal.domain.tenants.values import Kind
from portal.kernel.refusals import Conflict, NotFound, Refusal
from portal.kernel.scope import Face
from tests.factories.world import World


@pytest.fixture
def office(world: World):
    operator = world.operator()
    return lambda: world.work(Face.PLATFORM, person=operator.id)


def test_an_installation_begins_with_two_trees_in_two_languages(office) -> None:
    with office() as work:
        stores, goods = queries.categories(work, Purpose.STORES), queries.categories(work, Purpose.GOODS)
    assert (stores[0].name, stores[0].called("en"), stores[1].depth) == ("美食", "Food", 1)
    assert len(stores) > 20
    assert len(goods) > 10
    assert all(node.name_en for node in (*stores, *goods))
    assert len({node.code for node in (*stores, *goods)}) == len(stores) + len(goods)


def test_categories_are_added_renamed_moved_and_hidden(office) -> None:
    with office() as work:
        food = queries.categories(work, Purpose.STORES)[0]
        new = categories.add(work, purpose=Purpose.GOODS, parent_id=food.id, name=" 潮汕菜 ", name_en="Chaoshan")
        deep = categories.add(work, purpose=Purpose.STORES, parent_id=new, name="牛肉火锅", name_en="")
        with pytest.raises(Refusal):
            categories.add(work, purpose=Purpose.STORES, parent_id=deep, name="太深了", name_en="")
        with pytest.raises(Refusal):
            categories.add(work, purpose=Purpose.STORES, parent_id=food.id, name="潮汕菜", name_en="")
        with pytest.raises(Refusal):
            categories.rename(work, new, name="火锅", name_en="")
        categories.rename(work, new, name="潮菜", name_en="Teochew")
        categories.move(work, new, up=True)
        categories.move(work, food.id, up=True)
        categories.hide(work, new)
        assert deep not in {node.id for node in queries.categories(work)}
        shown = {node.id: node for node in queries.categories(work, hidden=True)}
        assert (shown[new].name, shown[new].purpose, shown[deep].hidden) == ("潮菜", Purpose.STORES, True)
        categories.show(work, new)
        assert deep in {node.id for node in queries.categories(work)}
        order = [node.id for node in queries.categories(work, Purpose.STORES) if node.parent_id == food.id]
        assert order.index(new) == len(order) - 2


@pytest.mark.parametrize("name", ["", "  ", "很" * 21, "a\u0007b", "\u202e倒"])
def test_odd_names_are_refused_at_their_field(office, name: str) -> None:
    with office() as work, pytest.raises(Refusal) as caught:
        categories.add(work, purpose=Purpose.STORES, parent_id=None, name=name, name_en="")
    assert caught.value.field == "name"


def test_a_parameter_counts_from_its_moment_on(world: World, office) -> None:
    later = world.clock.now() + timedelta(days=1)
    with office() as work:
        assert queries.value_of(work, UNDO_MINUTES) == 60
        parameters.set_value(work, "undo_minutes", value=30, effective_at=None, note="")
        parameters.set_value(work, "undo_minutes", value=5, effective_at=later, note="新规则")
        assert queries.value_of(work, UNDO_MINUTES) == 30
        shown = {one.parameter.name: one for one in queries.parameters(work)}
        assert set(shown) == {name for name, one in PARAMETERS.items() if not one.money}
        assert shown["undo_minutes"].coming.value == 5
    world.clock.advance(days=1)
    with office() as work:
        assert queries.value_of(work, UNDO_MINUTES) == 5
        assert [one.value for one in queries.history(work)[UNDO_MINUTES.name]] == [5, 30]


def test_a_future_value_may_be_cancelled_a_past_one_not(world: World, office) -> None:
    with office() as work:
        now = parameters.set_value(work, "undo_minutes", value=30, effective_at=None, note="")
        later = parameters.set_value(
            work, "undo_minutes", value=5, effective_at=work.now() + timedelta(days=1), note=""
        )
        parameters.cancel(work, later)
        parameters.cancel(work, later)
        with pytest.raises(Conflict):
            parameters.cancel(work, now)
    world.clock.advance(days=2)
    with office() as work:
        assert queries.value_of(work, UNDO_MINUTES) == 30


@pytest.mark.parametrize("value", [-1, 1441, 10**12])
def test_a_parameter_has_limits(office, value: int) -> None:
    with office() as work, pytest.raises(Refusal) as caught:
        parameters.set_value(work, "undo_minutes", value=value, effective_at=None, note="")
    assert caught.value.field == "value"


def test_the_past_is_not_rewritten_and_names_are_known(world: World, office) -> None:
    yesterday = world.clock.now() - timedelta(days=1)
    with office() as work:
        with pytest.raises(Refusal):
            parameters.set_value(work, "undo_minutes", value=9, effective_at=yesterday, note="")
        with pytest.raises(NotFound):
            parameters.set_value(work, "free_money", value=1, effective_at=None, note="")
        with pytest.raises(NotFound):
            parameters.cancel(work, uuid4())


def test_readers_see_what_was_published_and_nothing_else(world: World, office) -> None:
    words = {
        "title": "停机通知",
        "body": "今晚 2 点\r\n维护",
        "title_en": "",
        "body_en": "",
        "audience": Audience.OFFICES,
    }
    until = world.clock.now() + timedelta(days=2)
    with office() as work:
        made = announcements.draft(work, **words, until=until)
        assert queries.notices(work, Audience.OFFICES) == ()
        announcements.publish(work, made)
        announcements.edit(work, made, **words | {"title": "改了没发"}, until=until)
    with world.work(Face.SHOP) as work:
        assert queries.notices(work, Audience.SHOP) == ()
        (notice,) = queries.notices(work, Audience.OFFICES)
        assert (notice.titled("en"), notice.written("zh")) == ("停机通知", "今晚 2 点\n维护")
    with office() as work:
        announcements.publish(work, made)
        assert queries.notices(work, Audience.OFFICES)[0].title == "改了没发"
        announcements.withdraw(work, made)
        announcements.withdraw(work, made)
        assert queries.notices(work, Audience.OFFICES) == ()
        announcements.publish(work, made)
    world.clock.advance(days=3)
    with office() as work:
        assert queries.notices(work, Audience.OFFICES) == ()
        with pytest.raises(Refusal):
            announcements.publish(work, made)


def test_a_parameter_is_what_the_code_does(world: World, office) -> None:
    with office() as work:
        parameters.set_value(work, "code_minutes", value=2, effective_at=None, note="")
        parameters.set_value(work, "invitation_days", value=1, effective_at=None, note="")
        parameters.set_value(work, "open_applications", value=1, effective_at=None, note="")
    with world.work(Face.GATE) as work:
        code = work.session.get_one(Code, codes.issue(work, "s", phone="15400080001", purpose=SignIn.SIGN_IN))
        assert code.expires_at - code.created_at == timedelta(minutes=2)
    merchant = world.merchant()
    asked = world.invited(merchant, world.staff(merchant), "15400080002")
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        assert staff.invitation(work, asked).expires_at == work.now() + timedelta(days=1)
    with world.work(Face.PERSON, person=world.person().id) as work:
        applications.start(work, Kind.BRAND)
        with pytest.raises(Refusal):
            applications.start(work, Kind.BRAND)
