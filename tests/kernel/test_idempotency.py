"""One key, one answer: also when a refusal has begun the transaction anew in between."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from portal.kernel.idempotency import once
from portal.kernel.refusals import Conflict
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.world import World

ANSWER = {"location": "/s"}


def again() -> dict[str, Any]:
    raise AssertionError("it was done before")


@pytest.mark.parametrize("refused", [False, True])
def test_an_answer_is_kept_and_given_again(world: World, refused: bool) -> None:
    key, person = uuid4(), world.person()

    def asking() -> Any:
        return world.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON)

    with asking() as work:

        def act() -> dict[str, Any]:
            if refused:
                work.start_again()
            return ANSWER

        assert once(work, key, "asked", act) == (ANSWER, False)
    with asking() as work:
        assert once(work, key, "asked", again) == (ANSWER, True)
    with asking() as work, pytest.raises(Conflict):
        once(work, key, "something else", again)
