"""A store opens and closes its queue and says for which parties it has which."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.stores.access import access_store
from portal.domain.waiting import errors
from portal.domain.waiting.access import access_class, access_rules
from portal.domain.waiting.models import QueueClass, QueueNumber, QueueRules
from portal.domain.waiting.queries import classes_of
from portal.domain.waiting.values import LIVING, MOST_CLASSES, USUAL, Rules
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

EDIT = Permission.FLOOR_EDIT


def set_rules(work: Work, store_id: UUID, facts: Rules) -> None:
    """How the store queues from now on. The first time it gets the usual three queues."""
    _set(work, store_id, facts, may=EDIT)


def set_taking(work: Work, store_id: UUID, *, taking: bool) -> None:
    """Give numbers to phones, or not for now; who waits goes on waiting. Whoever calls may do it."""
    row = access_rules(work, store_id, may=Permission.QUEUE_CALL)
    known = Rules() if row is None else Rules(row.taking, row.back_by, row.keep_minutes, row.note)
    _set(work, store_id, Rules(taking, known.back_by, known.keep_minutes, known.note), may=Permission.QUEUE_CALL)


def _set(work: Work, store_id: UUID, facts: Rules, *, may: Permission) -> None:
    row = access_rules(work, store_id, may=may)
    access_store(work, store_id, may=may)
    if row is None:
        if not classes_of(work, work.merchant_id, store_id, retired=True):
            work.session.add_all(_class(work, store_id, *one) for one in USUAL)
        row = QueueRules(merchant_id=work.merchant_id, store_id=store_id)
        work.session.add(row)
    row.taking, row.back_by, row.keep_minutes = facts.taking, facts.back_by, facts.keep_minutes
    row.note, row.changed_at = facts.note, work.now()
    work.session.flush()
    work.audit("queue.rules_set", "store", store_id, taking=facts.taking)


def _class(work: Work, store_id: UUID, letter: str, name: str, least: int, most: int, turn: int) -> QueueClass:
    return QueueClass(
        merchant_id=work.merchant_id,
        id=new_id(),
        store_id=store_id,
        letter=letter,
        name=name,
        people_from=least,
        people_to=most,
        turn_minutes=turn,
        active=True,
    )


def add_class(
    work: Work, *, store_id: UUID, letter: str, name: str, people_from: int, people_to: int, turn_minutes: int
) -> UUID:
    """Another queue. Refuses what is no letter, and a letter or sizes that another one has."""
    access_store(work, store_id, lock=True, may=EDIT)
    if not re.fullmatch("[A-Z]", letter):
        raise errors.WrongLetter
    known = classes_of(work, work.merchant_id, store_id, retired=True)
    if len([one for one in known if one.active]) >= MOST_CLASSES:
        raise errors.EnoughClasses(MOST_CLASSES)
    if any(one.letter == letter for one in known):
        raise errors.LetterThere
    _check(work, store_id, None, people_from, people_to)
    row = _class(work, store_id, letter, name, people_from, people_to, turn_minutes)
    work.session.add(row)
    work.session.flush()
    work.audit("queue.class_added", "queue_class", row.id)
    return row.id


def edit_class(
    work: Work, class_id: UUID, *, name: str, people_from: int, people_to: int, turn_minutes: int
) -> None:  # fmt: skip
    """Other words and sizes; who waits stays where he is."""
    row = access_class(work, class_id)
    _check(work, row.store_id, class_id, people_from, people_to)
    row.name, row.people_from, row.people_to, row.turn_minutes = name, people_from, people_to, turn_minutes
    work.audit("queue.class_edited", "queue_class", class_id)


def _check(work: Work, store_id: UUID, but: UUID | None, least: int, most: int) -> None:
    others = [one for one in classes_of(work, work.merchant_id, store_id) if one.id != but]
    if least > most or any(least <= one.people_to and one.people_from <= most for one in others):
        raise errors.WrongPeople


def retire_class(work: Work, class_id: UUID) -> None:
    """This queue is not needed any more. Refuses while somebody waits in it."""
    row = access_class(work, class_id)
    waiting = select(func.count()).select_from(QueueNumber).where(QueueNumber.state.in_(LIVING))
    if work.session.scalar(waiting.where(QueueNumber.merchant_id == row.merchant_id, QueueNumber.class_id == class_id)):
        raise errors.StillWaiting
    row.active = False
    work.audit("queue.class_retired", "queue_class", class_id)
