"""Numbers are taken: on the phone by a person for himself, at the door by the staff for who has none."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.floor.rules import digest, new_code
from portal.domain.identity.access import access_me
from portal.domain.stores.access import access_store
from portal.domain.stores.queries.cards import card
from portal.domain.waiting import errors, rules
from portal.domain.waiting.access import access_linked, access_number, access_queue
from portal.domain.waiting.models import QueueClass, QueueNumber
from portal.domain.waiting.queries import classes_of, rules_of
from portal.domain.waiting.values import LIVING, NumberState, Taken, may_move
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

HOUSE: Final = Scope(Face.JOB)  # nobody's own face may write down where he stands
NAME_MOST: Final = 20
TAKE, CALL = Permission.QUEUE_TAKE, Permission.QUEUE_CALL


def take(work: Work, *, store_id: UUID, people: int) -> Taken:
    """A number for oneself. Refuses a store that gives none, a party no queue is for, and a second number there."""
    work.require(TAKE)
    shown, me = card(work, store_id), access_me(work)
    with borrowed(work, HOUSE):
        if not rules_of(work, shown.merchant_id, store_id).taking:
            raise errors.NotTaking
        hold_person(work, me.id)
        return _take(work, shown.merchant_id, store_id, people, me.name, me.id)


def hold_person(work: Work, person_id: UUID) -> None:
    """Until the end nobody else gives or gives back a number to this person. Held before any queue."""
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"waiting/{person_id}", 0))))


def take_at_door(work: Work, *, store_id: UUID, people: int, name: str = "") -> Taken:
    """A number for somebody at the door; also while the phones get none."""
    access_store(work, store_id, may=CALL)
    merchant_id, called = work.merchant_id, clean_line(name, field="name", most=NAME_MOST, required=False)
    with borrowed(work, HOUSE):
        taken = _take(work, merchant_id, store_id, people, called, None)
    work.audit("queue.given", "queue_number", taken.number_id, people=people)
    return taken


def _take(
    work: Work, merchant_id: UUID, store_id: UUID, people: int, name: str, person_id: UUID | None
) -> Taken:  # fmt: skip
    """The next number of the queue for that many. Its row is held, so that no two are the same."""
    fitting = [one for one in classes_of(work, merchant_id, store_id) if one.people_from <= people <= one.people_to]
    if not fitting:
        raise errors.NoClass(people)
    day, now, link = rules.day_of(work.now()), work.now(), new_code()
    queue = access_queue(work, merchant_id, fitting[0].id, day)
    faults.point(work, "waiting.take.held")
    if person_id is not None and in_line(work, merchant_id, store_id, person_id) is not None:
        raise errors.InLine
    queue.last += 1
    row = QueueNumber(
        merchant_id=merchant_id,
        id=new_id(),
        store_id=store_id,
        class_id=fitting[0].id,
        day=day,
        nth=queue.last,
        rank=rules.rank_of(queue.last),
        people=people,
        person_id=person_id,
        name=name,
        state=NumberState.WAITING.value,
        calls=0,
        link=digest(link),
        soon_told=False,
        took_at=now,
    )
    work.session.add(row)
    work.session.flush()
    return Taken(row.id, f"{fitting[0].letter}{row.nth:03}", link)


def in_line(work: Work, merchant_id: UUID, store_id: UUID, person_id: UUID) -> str | None:
    """The number with which this person waits at the store, None when he does not."""
    mine = select(QueueClass.letter, QueueNumber.nth).join(
        QueueClass, (QueueClass.merchant_id == QueueNumber.merchant_id) & (QueueClass.id == QueueNumber.class_id)
    )
    mine = mine.where(QueueNumber.merchant_id == merchant_id, QueueNumber.store_id == store_id)
    mine = mine.where(QueueNumber.person_id == person_id, QueueNumber.state.in_(LIVING))
    found = work.session.execute(mine).one_or_none()
    return f"{found.letter}{found.nth:03}" if found is not None else None


def leave(work: Work, number_id: UUID) -> None:
    """Who took it does not wait any more; twice is once."""
    row = access_number(work, number_id, may=TAKE)
    with borrowed(work, HOUSE):
        _leave(work, row.merchant_id, row.id)


def leave_linked(work: Work, link: str) -> None:
    """Who has the link does."""
    with borrowed(work, HOUSE):
        row = access_linked(work, link)
        _leave(work, row.merchant_id, row.id)


def _leave(work: Work, merchant_id: UUID, number_id: UUID) -> None:
    row = held(work, merchant_id, number_id)
    if row.state != NumberState.LEFT:
        step(work, row, NumberState.LEFT)


def held(work: Work, merchant_id: UUID, number_id: UUID) -> QueueNumber:
    """A number with its queue held before it, on the worker's face."""
    query = select(QueueNumber).where(QueueNumber.merchant_id == merchant_id, QueueNumber.id == number_id)
    query = query.execution_options(populate_existing=True)
    row = work.session.scalars(query).one()
    access_queue(work, merchant_id, row.class_id, row.day)
    return work.session.scalars(query.with_for_update()).one()


def step(work: Work, row: QueueNumber, to: NumberState) -> None:
    """Move a held number. Refuses what the table of moves does not know."""
    if not may_move(NumberState(row.state), to):
        letter = select(QueueClass.letter).where(
            QueueClass.merchant_id == row.merchant_id, QueueClass.id == row.class_id
        )
        raise errors.Moved(f"{work.session.scalar(letter)}{row.nth:03}")
    row.state = to.value
    row.ended_at = work.now() if to in {NumberState.SEATED, NumberState.LEFT, NumberState.CLOSED} else None
    work.session.flush()
