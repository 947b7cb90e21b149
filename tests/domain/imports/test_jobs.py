"""The worker: lots survive its death, a stop is heard between two lots, a right that was lost ends the import."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import update

from portal.domain.imports import actions, errors
from portal.domain.imports.actions import kinds
from portal.domain.imports.values import BatchState, Kind
from portal.domain.tenants.models import Membership
from portal.domain.tenants.values import Kind as MerchantKind
from portal.jobs import imports as jobs
from portal.kernel.permissions import Role
from portal.kernel.refusals import Denied, NotFound, Refusal
from portal.kernel.scope import Face
from tests.factories.imports import csv_bytes

HEAD = ("商品名称", "商家编码", "类目", "供货价", "建议零售价", "重量（克）")
ROWS = (HEAD, *((f"商品 {at}", f"C{at}", "goods-preserved", "10", "12", "100") for at in range(1, 8)))


@pytest.fixture
def small_lots(monkeypatch):
    handler = kinds.HANDLERS[Kind.PRODUCTS]
    small = kinds.Handler(handler.check, handler.apply, handler.undo, handler.once, handler.group, lot=3)
    for module in (kinds, jobs, actions.lots):
        monkeypatch.setattr(module, "HANDLERS", {**kinds.HANDLERS, Kind.PRODUCTS: small})


class Killed(BaseException):
    """The worker dies."""


def dying(monkeypatch, name, after):
    """Let a step of the worker die after so many calls."""
    real, calls = getattr(actions, name), []

    def step(*args, **more):
        if len(calls) == after:
            raise Killed
        calls.append(1)
        return real(*args, **more)

    monkeypatch.setattr(actions, name, step)


def test_what_a_dead_worker_left_is_taken_up_at_the_next_lot(world, merchant, owner, small_lots, monkeypatch):
    batch_id = world.bring(merchant, owner, Kind.PRODUCTS, csv_bytes(ROWS))
    with monkeypatch.context() as during:
        dying(during, "keep", 2)
        with pytest.raises(Killed):
            world.check(merchant, batch_id)
    assert world.batch(merchant, batch_id).rows == 6
    batch = world.check(merchant, batch_id)
    assert (batch.state, batch.rows, batch.new) == (BatchState.READY, 7, 7)
    with monkeypatch.context() as during:
        dying(during, "apply_lot", 1)
        with pytest.raises(Killed):
            world.carry_out(merchant, owner, batch_id)
    batch = world.batch(merchant, batch_id)
    assert (batch.state, 0 < batch.done < 7) == (BatchState.APPLYING, True)
    world.clock.advance(minutes=5)
    assert jobs.wake(world.services) == 1
    jobs.apply(world.services, merchant=str(merchant.id), batch=str(batch_id))
    batch = world.batch(merchant, batch_id)
    assert (batch.state, batch.done, batch.failed) == (BatchState.APPLIED, 7, 0)
    jobs.apply(world.services, merchant=str(merchant.id), batch=str(batch_id))
    assert world.batch(merchant, batch_id).done == 7
    assert jobs.wake(world.services) == 0


def test_a_stop_is_heard_between_two_lots_and_can_go_on(world, merchant, owner, small_lots, monkeypatch):
    batch_id = world.bring(merchant, owner, Kind.PRODUCTS, csv_bytes(ROWS))
    world.check(merchant, batch_id)
    with monkeypatch.context() as during:
        dying(during, "apply_lot", 1)
        with pytest.raises(Killed):
            world.carry_out(merchant, owner, batch_id)
    with world.work(Face.OFFICE, merchant=merchant.id, person=owner.id) as work:
        actions.stop(work, batch_id)
    jobs.apply(world.services, merchant=str(merchant.id), batch=str(batch_id))
    batch = world.batch(merchant, batch_id)
    assert (batch.state, 0 < batch.done < 7) == (BatchState.STOPPED, True)
    assert world.carry_out(merchant, owner, batch_id).done == 7
    assert world.undo_import(merchant, owner, batch_id).undone == 7


def test_who_lost_the_right_does_not_import_any_more(world, merchant, owner):
    batch_id = world.bring(merchant, owner, Kind.PRODUCTS, csv_bytes(ROWS))
    world.check(merchant, batch_id)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        work.session.execute(update(Membership).values(role=Role.CLERK.value))
    batch = world.carry_out(merchant, owner, batch_id)
    assert (batch.state, batch.done) == (BatchState.STOPPED, 0)
    assert batch.problem is not None


def test_another_office_does_not_find_it(world, merchant, owner):
    batch_id = world.bring(merchant, owner, Kind.PRODUCTS, csv_bytes(ROWS))
    other = world.merchant(MerchantKind.SUPPLIER)
    for act in (actions.go, actions.stop, actions.discard, actions.take_back):
        with pytest.raises(NotFound), world.work(Face.OFFICE, merchant=other.id) as work:
            act(work, batch_id)
    with pytest.raises(NotFound), world.work(Face.OFFICE, merchant=other.id) as work:
        actions.go(work, uuid4())


def test_rights_are_those_of_the_act(world, merchant, owner):
    batch_id = world.bring(merchant, owner, Kind.PRODUCTS, csv_bytes(ROWS))
    world.check(merchant, batch_id)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        work.permissions = frozenset()
        for act in (actions.go, actions.discard):
            with pytest.raises(Denied):
                act(work, batch_id)


def test_what_was_given_up_cannot_go_on(world, merchant, owner):
    batch_id = world.bring(merchant, owner, Kind.PRODUCTS, csv_bytes((HEAD,)))
    batch = world.check(merchant, batch_id)
    assert (batch.state, "没有内容" in str(batch.problem.sentence)) == (BatchState.UNREADABLE, True)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        actions.discard(work, batch_id)
    with pytest.raises(Refusal):
        world.carry_out(merchant, owner, batch_id)


def test_files_and_rows_are_forgotten_after_a_month(world, merchant, owner):
    batch = world.imported(merchant, owner, Kind.PRODUCTS, csv_bytes(ROWS))
    assert jobs.forget(world.services) == 0
    world.clock.advance(days=31)
    assert jobs.forget(world.services) == 1
    assert world.batch(merchant, batch.id).stored == ""
    assert world.import_rows(merchant, batch.id) == ()
    with pytest.raises(NotFound):
        world.services.lists.open(batch.stored)


def test_the_file_of_what_was_given_up_goes_the_next_night(world, merchant, owner):
    """Bringing and giving up again and again does not fill the disk for a month."""
    batch_id = world.bring(merchant, owner, Kind.PRODUCTS, csv_bytes(ROWS))
    stored = world.check(merchant, batch_id).stored
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        actions.discard(work, batch_id)
    assert jobs.forget(world.services) == 0
    world.clock.advance(days=1, minutes=1)
    assert jobs.forget(world.services) == 1
    with pytest.raises(NotFound):
        world.services.lists.open(stored)


def test_what_is_forgotten_is_neither_gone_on_with_nor_taken_back(world, merchant, owner):
    """Else it would be called undone, or done, and nothing would have happened."""
    done = world.imported(merchant, owner, Kind.PRODUCTS, csv_bytes(ROWS))
    waiting = world.bring(merchant, owner, Kind.PRODUCTS, csv_bytes(ROWS))
    world.check(merchant, waiting)
    world.clock.advance(days=31)
    assert jobs.forget(world.services) == 2
    for act, batch_id, refusal in (
        (actions.take_back, done.id, errors.Forgotten),
        (actions.go, waiting, errors.BatchMoved),
    ):
        with pytest.raises(refusal), world.work(Face.OFFICE, merchant=merchant.id, person=owner.id) as work:
            act(work, batch_id)
    states = [world.batch(merchant, one).state for one in (done.id, waiting)]
    assert states == [BatchState.APPLIED, BatchState.DISCARDED]
