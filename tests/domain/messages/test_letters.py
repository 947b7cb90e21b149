"""Letters and texts: written from every face, kept as data, handed over once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError

from portal.domain.identity.models import Notification
from portal.domain.messages.actions import notify
from portal.domain.messages.models import TextMessage
from portal.domain.messages.values import packed, unpacked
from portal.domain.tenants.values import Kind
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face, OutOfScope
from portal.kernel.spoken import Day, Discount, Moment, Weekdays, Yuan
from portal.kernel.words import say
from tests.factories.world import World


def count(world: World) -> int:
    with world.work(Face.JOB) as work:
        return work.session.scalar(select(func.count()).select_from(Notification))


@pytest.mark.parametrize("face", [Face.OFFICE, Face.PLATFORM, Face.JOB, Face.GATE, Face.PERSON, Face.SHOP])
def test_every_face_may_write_a_letter_to_anybody(world: World, face: Face) -> None:
    reader, writer = world.person(), world.person()
    merchant = world.merchant(Kind.BRAND).id if face is Face.OFFICE else None
    with world.work(face, person=writer.id, merchant=merchant) as work:
        notify(work, person_id=reader.id, kind="application.approved", text=say("您的申请已通过。"))
        assert work.scope.face is face, "the borrowed face is given back"
    assert count(world) == 1


def test_a_letter_is_part_of_the_act_it_tells_about(world: World) -> None:
    reader = world.person()

    def act() -> None:
        with world.work(Face.PLATFORM) as work:
            notify(work, person_id=reader.id, kind="account.x", text=say("…"))
            raise Refusal(say("不行。"))

    with pytest.raises(Refusal):
        act()
    assert count(world) == 0


@pytest.mark.parametrize("face", [Face.GATE])
def test_who_writes_letters_cannot_read_them(world: World, face: Face) -> None:
    merchant = world.merchant(Kind.BRAND).id if face is Face.OFFICE else None
    for model in (Notification, TextMessage):
        with pytest.raises(ProgrammingError, match="permission denied"), world.work(face, merchant=merchant) as work:
            work.session.execute(select(model))


def test_a_person_reads_his_own_letters_and_no_texts(world: World) -> None:
    reader, other = world.person(), world.person()
    world.letter(reader)
    world.letter(other)
    with world.work(Face.PERSON, person=reader.id) as work:
        assert work.session.scalar(select(func.count()).select_from(Notification)) == 1
        with pytest.raises(OutOfScope):
            work.session.execute(select(TextMessage))


def test_sentences_and_figures_survive_being_kept() -> None:
    at = datetime(2026, 9, 3, 10, 2, tzinfo=UTC)
    text = say(
        "%(a)s %(b)s %(c)s %(d)s %(e)s %(f)s %(g)s",
        a=Yuan(1250),
        b=Discount(85),
        c=Day(date(2026, 9, 3), date(2026, 7, 1)),
        d=Moment(at, None, weekday=True),
        e=Weekdays(0b1100000),
        f=say("在%(store)s", store="南城店"),
        g=7,
    )
    assert unpacked(packed(text)) == text
    assert str(unpacked(packed(text))) == str(text)
