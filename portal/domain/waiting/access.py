"""The only ways to one queue class, one number, and the row that holds a queue."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.domain.floor.rules import digest
from portal.domain.waiting.models import QueueClass, QueueDay, QueueNumber, QueueRules
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

EDIT = Permission.FLOOR_EDIT


def access_rules(work: Work, store_id: UUID, *, may: Permission = EDIT) -> QueueRules | None:
    """How a store queues, None when it never said."""
    work.require(may, store_id=store_id)
    query = select(QueueRules).where(QueueRules.merchant_id == work.merchant_id, QueueRules.store_id == store_id)
    return work.session.scalars(query.with_for_update()).one_or_none()


def access_class(work: Work, class_id: UUID) -> QueueClass:
    """A class of a store in reach, to be edited. Raises NotFound."""
    work.require(EDIT)
    query = select(QueueClass).where(QueueClass.merchant_id == work.merchant_id, QueueClass.id == class_id)
    found = work.session.scalars(query.with_for_update()).one_or_none()
    if found is None or not work.scope.covers_store(found.store_id):
        raise NotFound
    return found


def access_number(work: Work, number_id: UUID, *, may: Permission) -> QueueNumber:
    """A number in sight: one's own, or of a store in reach. Raises NotFound."""
    work.require(may)
    query = select(QueueNumber).where(QueueNumber.id == number_id).execution_options(populate_existing=True)
    if work.scope.merchant_id is not None:
        query = query.where(QueueNumber.merchant_id == work.scope.merchant_id)
    elif work.scope.person_id is not None:
        query = query.where(QueueNumber.person_id == work.scope.person_id)
    found = work.session.scalars(query).one_or_none()
    if found is None or not work.scope.covers_store(found.store_id):
        raise NotFound
    return found


def access_linked(work: Work, link: str) -> QueueNumber:
    """The number that a link follows, on the worker's face. Raises NotFound for every other text."""
    query = select(QueueNumber).where(QueueNumber.link == digest(link[:64]))
    found = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def access_queue(work: Work, merchant_id: UUID, class_id: UUID, day: date) -> QueueDay:
    """The row of a class on a day, made when it is the first, held until the end: whoever gives, calls or moves
    numbers of this queue takes turns. On the worker's face.
    """
    first = insert(QueueDay).values(merchant_id=merchant_id, class_id=class_id, day=day, last=0)
    work.session.execute(first.on_conflict_do_nothing())
    query = select(QueueDay).where(
        QueueDay.merchant_id == merchant_id, QueueDay.class_id == class_id, QueueDay.day == day
    )
    return work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()
