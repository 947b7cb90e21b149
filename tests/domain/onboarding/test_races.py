"""Two reviewers at once: one decision wins. The lock is what decides, and the test notices when it is gone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from portal.domain.onboarding import access
from portal.domain.onboarding.actions import reviews
from portal.domain.tenants.models import Merchant
from portal.kernel.refusals import Conflict
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind, Work
from tests.factories.onboarding import MadeApplication
from tests.factories.persons import MadePerson
from tests.factories.world import World


def decide_at_once(
    world: World, made: MadeApplication, reviewers: list[MadePerson], *, agreed: bool = False
) -> list[object]:
    """Half of them approve, half refuse (all approve when they `agreed`); what each got."""
    start = Barrier(len(reviewers))

    def decide(place: int) -> object:
        try:
            with world.work(Face.PLATFORM, person=reviewers[place].id, kind=ActorKind.PLATFORM) as work:
                start.wait(10)
                if place % 2 and not agreed:
                    reviews.refuse(work, made.id, revision_id=made.revision_id, reason="资料不符")
                    return "refused"
                return reviews.approve(work, made.id, revision_id=made.revision_id)
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(len(reviewers)) as pool:
        return list(pool.map(decide, range(len(reviewers))))


def merchants(world: World) -> int:
    with world.work(Face.PLATFORM) as work:
        return work.session.scalar(select(func.count()).select_from(Merchant))


def test_of_four_reviewers_one_decides_and_three_read_who(world: World) -> None:
    reviewers = [world.operator() for _ in range(4)]
    names = {reviewer.name for reviewer in reviewers}
    for _ in range(5):
        made, before = world.submitted(), merchants(world)
        told = decide_at_once(world, made, reviewers)
        conflicts = [one for one in told if isinstance(one, Conflict)]
        assert len(conflicts) == 3
        assert all(any(name in str(one) for name in names) for one in conflicts)
        assert merchants(world) - before <= 1


def test_without_the_lock_two_decisions_win(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the race is real, the lock is what mends it."""
    lockless = access.access_application
    monkeypatch.setattr(
        reviews, "access_application", lambda work, application_id, lock=False: lockless(work, application_id)
    )
    pause = Barrier(2)
    decide = reviews._decide

    def slowly(work: Work, *args: object, **more: object) -> None:
        pause.wait(10)
        decide(work, *args, **more)

    monkeypatch.setattr(reviews, "_decide", slowly)
    made, reviewers = world.submitted(), [world.operator() for _ in range(2)]
    before = merchants(world)
    told = decide_at_once(world, made, reviewers, agreed=True)
    assert not any(isinstance(one, Conflict) for one in told)
    assert merchants(world) - before == 2
