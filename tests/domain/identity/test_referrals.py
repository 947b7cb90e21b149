"""The tree of referrers is a tree by constraint: one parent, nobody himself, no circle."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError, ProgrammingError

from portal.domain.identity.models import Referral
from portal.domain.identity.rules.names import masked_name
from portal.kernel.scope import Face, OutOfScope
from tests.factories.persons import MadePerson
from tests.factories.world import World


def bind(world: World, person: UUID, referrer: UUID) -> None:
    with world.work(Face.GATE) as work:
        work.session.add(
            Referral(
                person_id=person,
                token="t",
                referrer_person_id=referrer,
                shown_name="王**",
                bound_at=world.clock.now(),
            )
        )


@pytest.fixture
def three(world: World) -> list[MadePerson]:
    """Three persons, the oldest first."""
    return [world.person() for _ in range(3)]


def test_the_younger_is_brought_by_the_older_once(world: World, three: list[MadePerson]) -> None:
    old, middle, young = three
    bind(world, young.id, middle.id)
    bind(world, middle.id, old.id)
    with pytest.raises(IntegrityError, match="pk_referrals"):
        bind(world, young.id, old.id)


def test_nobody_brings_himself_and_no_circle_closes(world: World, three: list[MadePerson]) -> None:
    old, middle, young = three
    bind(world, young.id, middle.id)
    bind(world, middle.id, old.id)
    for referrer in (old, middle, young):
        with pytest.raises(IntegrityError, match="referrer_came_before"):
            bind(world, old.id, referrer.id)


def test_nobody_binds_somebody_else(world: World, three: list[MadePerson]) -> None:
    old, middle, young = three
    with pytest.raises(OutOfScope), world.work(Face.PERSON, person=middle.id) as work:
        work.session.add(
            Referral(
                person_id=young.id, token="t", referrer_person_id=old.id, shown_name="", bound_at=world.clock.now()
            )
        )


def test_what_was_bound_cannot_be_rewritten(world: World, three: list[MadePerson]) -> None:
    """Row security lets a person object, nothing else."""
    bind(world, three[1].id, three[0].id)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        world.work(Face.PERSON, person=three[1].id) as work,
    ):
        work.session.get(Referral, three[1].id).shown_name = "别人"


@pytest.mark.parametrize(
    ("name", "shown"), [("王秀兰", "王**"), ("欧阳文山", "欧阳**"), ("欧阳", "欧**"), ("Ann", "A**"), ("🏮", "🏮**")]
)
def test_a_masked_name_shows_the_family_and_never_the_length(name: str, shown: str) -> None:
    assert masked_name(name) == shown
