"""The staff calls, skips, takes back and seats. A page names the number it means, so that two clerks call one once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain.stores.models import Store
from portal.domain.waiting import errors, rules
from portal.domain.waiting.access import access_number, access_queue
from portal.domain.waiting.actions.taking import CALL, HOUSE, held, hold_person, in_line, step
from portal.domain.waiting.events import QueueCalled, QueueSkipped, QueueSoon
from portal.domain.waiting.models import QueueClass, QueueNumber
from portal.domain.waiting.queries import rules_of
from portal.domain.waiting.values import LIVING, OPEN, SOON, NumberState
from portal.kernel import faults
from portal.kernel.faces import borrowed
from portal.kernel.work import Work

MOST_CLOSED = 500


def call(work: Work, number_id: UUID, *, again: bool = False) -> str:
    """It is their turn; `again` calls who was called before. Returns the number. Refuses what somebody else called."""
    found = access_number(work, number_id, may=CALL)
    with borrowed(work, HOUSE):
        row = held(work, found.merchant_id, found.id)
        faults.point(work, "waiting.call.held")
        if row.state != (NumberState.CALLED if again else NumberState.WAITING):
            raise errors.Moved(_told(work, row)["text"])
        step(work, row, NumberState.CALLED)
        row.called_at, row.calls = work.now(), row.calls + 1
        work.session.flush()
        told = _told(work, row)
        keep = rules_of(work, row.merchant_id, row.store_id).keep_minutes
        work.publish(QueueCalled(**told, minutes=keep))
        if not again:
            _tell_who_is_soon(work, row)
    work.audit("queue.called_again" if again else "queue.called", "queue_number", number_id)
    return str(told["text"])


def _tell_who_is_soon(work: Work, called: QueueNumber) -> None:
    """The one who has few before him is told, once."""
    waiting = (
        select(QueueNumber)
        .where(QueueNumber.merchant_id == called.merchant_id, QueueNumber.class_id == called.class_id)
        .where(QueueNumber.day == called.day, QueueNumber.state == NumberState.WAITING.value)
        .order_by(QueueNumber.rank, QueueNumber.nth)
        .limit(SOON)
    )
    for ahead, row in enumerate(work.session.scalars(waiting.with_for_update()).all()):
        if not row.soon_told:
            row.soon_told = True
            work.publish(QueueSoon(**_told(work, row), ahead=ahead))


def _told(work: Work, row: QueueNumber) -> dict[str, Any]:
    query = (
        select(Store.name, QueueClass.letter)
        .join(QueueClass, (QueueClass.merchant_id == Store.merchant_id) & (QueueClass.store_id == Store.id))
        .where(QueueClass.merchant_id == row.merchant_id, QueueClass.id == row.class_id)
    )
    store, letter = work.session.execute(query).one()
    return {
        "merchant_id": row.merchant_id,
        "store_id": row.store_id,
        "number_id": row.id,
        "person_id": row.person_id,
        "store": store,
        "text": f"{letter}{row.nth:03}",
    }


def skip(work: Work, number_id: UUID) -> None:
    """They were called and did not come (过号)."""
    found = access_number(work, number_id, may=CALL)
    with borrowed(work, HOUSE):
        row = held(work, found.merchant_id, found.id)
        step(work, row, NumberState.SKIPPED)
        back_by = rules_of(work, row.merchant_id, row.store_id).back_by
        work.publish(QueueSkipped(**_told(work, row), back_by=back_by))
    work.audit("queue.skipped", "queue_number", number_id)


def take_back(work: Work, number_id: UUID) -> None:
    """They have come after all: back in line by the store's rule. Refuses where a new number is needed or taken."""
    found = access_number(work, number_id, may=CALL)
    with borrowed(work, HOUSE):
        row = _held_again(work, found)
        back_by = rules_of(work, row.merchant_id, row.store_id).back_by
        if back_by == 0:
            raise errors.NoWayBack
        waiting = (
            select(QueueNumber.rank)
            .where(QueueNumber.merchant_id == row.merchant_id, QueueNumber.class_id == row.class_id)
            .where(QueueNumber.day == row.day, QueueNumber.state == NumberState.WAITING.value)
            .order_by(QueueNumber.rank, QueueNumber.nth)
        )
        queue = access_queue(work, row.merchant_id, row.class_id, row.day)
        row.rank = rules.rank_back(list(work.session.scalars(waiting)), queue.last, back_by)
        step(work, row, NumberState.WAITING)
    work.audit("queue.taken_back", "queue_number", number_id)


def _held_again(work: Work, found: QueueNumber) -> QueueNumber:
    """A number that did not wait any more, held, of somebody who waits with no other one."""
    if found.person_id is None:
        return held(work, found.merchant_id, found.id)
    hold_person(work, found.person_id)
    row = held(work, found.merchant_id, found.id)
    if row.state not in LIVING:
        anew = in_line(work, found.merchant_id, found.store_id, found.person_id)
        if anew is not None:
            raise errors.AnewInLine(anew)
    return row


def seat(work: Work, number_id: UUID) -> int:
    """They sit down; how many they are."""
    found = access_number(work, number_id, may=CALL)
    with borrowed(work, HOUSE):
        row = held(work, found.merchant_id, found.id)
        step(work, row, NumberState.SEATED)
    work.audit("queue.seated", "queue_number", number_id)
    return row.people


def unseat(work: Work, number_id: UUID) -> None:
    """That was the wrong one: they are called again. Refuses who has taken a new number since."""
    found = access_number(work, number_id, may=CALL)
    with borrowed(work, HOUSE):
        step(work, _held_again(work, found), NumberState.CALLED)
    work.audit("queue.unseated", "queue_number", number_id)


def dismiss(work: Work, number_id: UUID) -> None:
    """They have gone."""
    found = access_number(work, number_id, may=CALL)
    with borrowed(work, HOUSE):
        step(work, held(work, found.merchant_id, found.id), NumberState.LEFT)
    work.audit("queue.dismissed", "queue_number", number_id)


def close_days(work: Work) -> int:
    """Numbers of days that are over wait for nothing any more; how many. For the worker."""
    old = select(QueueNumber).where(QueueNumber.day < rules.day_of(work.now()), QueueNumber.ended_at.is_(None))
    rows = work.session.scalars(old.limit(MOST_CLOSED).with_for_update(skip_locked=True)).all()
    for row in rows:
        assert row.state in OPEN
        row.state, row.ended_at = NumberState.CLOSED.value, work.now()
    work.session.flush()
    return len(rows)
