"""The worker takes what was enqueued with a commit, and only that; the timetable tidies up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from croniter import croniter
from procrastinate import App, PsycopgConnector
from sqlalchemy import func, select, text

from portal.domain.identity.models import Code, Notification, SignIn
from portal.domain.messages.models import TextMessage
from portal.domain.reference.actions import categories
from portal.domain.reference.values import Purpose
from portal.domain.stores.actions import cards
from portal.domain.stores.models import StoreCard
from portal.jobs.timetable import TIMETABLE
from portal.jobs.worker import equip
from portal.kernel.idempotency import StoredAnswer
from portal.kernel.jobs import QUEUE
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face
from portal.kernel.words import say
from tests.factories.world import World

PHONE = "15400007788"


@pytest.fixture
def queue(world: World) -> App:
    """A queue of its own on this test's database."""
    address = world.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    made = equip(App(connector=PsycopgConnector(conninfo=address)), world.services)
    made.periodic_registry.periodic_tasks.clear()  # here the tests ask, not the clock on the wall
    return made


def drain(queue: App) -> None:
    queue.run_worker(queues=[QUEUE], wait=False, install_signal_handlers=False, listen_notify=False)


def states(world: World) -> list[tuple[str, str]]:
    with world.work(Face.JOB) as work:
        rows = work.session.execute(select(TextMessage.kind, TextMessage.state).order_by(TextMessage.id))
        return [(kind, state) for kind, state in rows]


def test_a_code_is_sent_after_the_commit(world: World, queue: App) -> None:
    world.send_code(PHONE)
    assert states(world) == [("code.sign_in", "queued")]
    drain(queue)
    assert states(world) == [("code.sign_in", "sent")]
    drain(queue)
    assert states(world) == [("code.sign_in", "sent")]


def test_a_rolled_back_act_sends_nothing(world: World, queue: App) -> None:
    with pytest.raises(Refusal):
        world.send_code(PHONE) and world.send_code(PHONE)
    with world.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM jobs.procrastinate_jobs")).scalar() == 1


def test_jobs_hold_ids_and_no_phones(world: World, queue: App) -> None:
    world.send_code(PHONE)
    world.letter(world.person(), say("您的申请已通过。"), kind="application.approved")
    with world.engine.connect() as connection:
        arguments = connection.execute(text("SELECT args::text FROM jobs.procrastinate_jobs")).scalars().all()
    assert len(arguments) == 2
    assert not any(PHONE in one or "154000" in one for one in arguments)


def test_a_late_code_is_not_sent(world: World, queue: App) -> None:
    world.send_code(PHONE)
    world.clock.advance(minutes=11)
    drain(queue)
    assert states(world) == [("code.sign_in", "late")]


def test_some_letters_also_go_to_the_phone(world: World, queue: App) -> None:
    person = world.person()
    world.letter(person, kind="coupon.new")
    world.letter(person, kind="application.approved")
    drain(queue)
    assert states(world) == [("application.approved", "sent")]


def test_a_real_provider_leaves_no_words_behind(world: World, queue: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.services.messenger, "keeps_words", False)
    world.send_code(PHONE)
    drain(queue)
    with world.work(Face.JOB) as work:
        assert work.session.scalars(select(TextMessage.words)).one() is None


def test_a_renamed_category_is_found_by_its_new_name(world: World, queue: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "RESPELL_LOT", 2)  # three stores are two lots
    with world.work(Face.PLATFORM) as work:
        top = categories.add(work, purpose=Purpose.STORES, parent_id=None, name="夜市", name_en="Night market")
        below = categories.add(work, purpose=Purpose.STORES, parent_id=top, name="烧烤", name_en="Barbecue")
    merchant = world.merchant()
    for category in (below, below, top, None):
        world.store(merchant, category=category)
    before = searches(world)
    with world.work(Face.PLATFORM) as work:
        categories.rename(work, top, name="宵夜", name_en="Late supper")
    assert searches(world) == before, "the worker's work, not the operator's"
    drain(queue)
    renamed = [one.replace("夜市", "宵夜").replace("nightmarket", "latesupper") for one in before]
    assert searches(world) == renamed
    assert sum("latesupper" in one for one in renamed) == 3


def searches(world: World) -> list[str]:
    with world.work(Face.JOB) as work:
        return list(work.session.scalars(select(StoreCard.search).order_by(StoreCard.store_id)))


def test_the_timetable_forgets_what_is_over(world: World) -> None:
    person = world.person()
    world.send_code(PHONE)
    world.sign_in(person)
    world.letter(person)
    with world.work(Face.PERSON, person=person.id) as work:
        work.session.add(
            StoredAnswer(actor_id=person.id, key=person.id, fingerprint="", answer={}, created_at=world.clock.now())
        )
        work.session.scalars(select(Notification)).one().read_at = world.clock.now()
    world.clock.advance(days=400)
    done = {entry.name: entry.act(world.services) for entry in TIMETABLE}
    assert all(done[name] for name in ("codes.forget", "sign_ins.forget", "answers.forget", "messages.forget")), done
    with world.work(Face.JOB) as work:
        for model in (Code, SignIn, Notification, TextMessage, StoredAnswer):
            assert work.session.scalar(select(func.count()).select_from(model)) == 0
    assert not any(entry.act(world.services) for entry in TIMETABLE)


def test_the_timetable_keeps_what_is_in_use(world: World) -> None:
    person = world.person()
    world.send_code(PHONE)
    world.sign_in(person)
    world.letter(person)
    world.clock.at += timedelta(hours=23)
    assert sum(entry.act(world.services) for entry in TIMETABLE) == 0


def test_a_line_of_the_timetable_waits_for_its_last_run_and_outlives_a_dead_worker(world: World, queue: App) -> None:
    """Four runs that hang on a silent bank would take every place, and nobody would get a code."""
    jobs, name = "jobs.procrastinate_jobs", "payouts.ask"

    def standing() -> list[str]:
        with world.engine.connect() as connection:
            asked = text(f"SELECT status::text FROM {jobs} WHERE task_name = :name ORDER BY id")
            return list(connection.execute(asked, {"name": name}).scalars())

    with queue.open():
        queue.tasks[name].defer(timestamp=0)
        with world.engine.begin() as connection:
            connection.execute(text(f"UPDATE {jobs} SET status = 'doing' WHERE task_name = :name"), {"name": name})
        queue.tasks[name].defer(timestamp=60)
    drain(queue)
    assert standing() == ["doing", "todo"]
    with queue.open():
        queue.tasks["jobs.rescue"].defer(timestamp=0)
    drain(queue)
    assert standing() == ["failed", "succeeded"]


def test_every_line_of_the_timetable_can_be_read() -> None:
    assert all(croniter.is_valid(entry.cron) for entry in TIMETABLE)
    assert len({entry.name for entry in TIMETABLE}) == len(TIMETABLE)
