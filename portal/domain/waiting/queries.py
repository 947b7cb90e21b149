"""A queue as pages show it: to its store, to the screen at the door, to who waits. Three statements whatever waits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from portal.domain.stores.queries.cards import card
from portal.domain.tenants.queries import merchant_of_store
from portal.domain.waiting import rules
from portal.domain.waiting.access import access_linked, access_number
from portal.domain.waiting.models import QueueClass, QueueNumber, QueueRules
from portal.domain.waiting.values import Class, Line, Number, NumberState, Queue, Rules
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

HOUSE: Final = Scope(Face.JOB)
S = NumberState


def rules_of(work: Work, merchant_id: UUID, store_id: UUID) -> Rules:
    """How a store queues; it gives none when it never said."""
    query = select(QueueRules).where(QueueRules.merchant_id == merchant_id, QueueRules.store_id == store_id)
    row = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    return Rules() if row is None else Rules(row.taking, row.back_by, row.keep_minutes, row.note)


def classes_of(work: Work, merchant_id: UUID, store_id: UUID, *, retired: bool = False) -> tuple[Class, ...]:
    """The queues of a store, the smallest parties first."""
    query = select(QueueClass).where(QueueClass.merchant_id == merchant_id, QueueClass.store_id == store_id)
    if not retired:
        query = query.where(QueueClass.active)
    rows = work.session.scalars(query.order_by(QueueClass.people_from, QueueClass.letter))
    return tuple(
        Class(one.id, one.letter, one.name, one.people_from, one.people_to, one.turn_minutes, one.active)
        for one in rows
    )


def queue(work: Work, store_id: UUID) -> Queue:
    """Today's queue of a store in reach. Needs QUEUE_CALL."""
    work.require(Permission.QUEUE_CALL, store_id=store_id)
    return queue_of(work, work.merchant_id, store_id)


def open_queue(work: Work, store_id: UUID) -> Queue:
    """The same for anybody, of a store of the street: how many wait, not who. Raises NotFound, StoreGone."""
    merchant_id = card(work, store_id).merchant_id
    with borrowed(work, HOUSE):
        found = queue_of(work, merchant_id, store_id)
    return Queue(found.rules, tuple(_without_names(line) for line in found.lines))


def _without_names(line: Line) -> Line:
    parts = {
        part: tuple(replace(one, name="", person_id=None) for one in getattr(line, part))
        for part in ("waiting", "called", "skipped")
    }
    return replace(line, **parts)  # type: ignore[arg-type]


def queue_of(work: Work, merchant_id: UUID, store_id: UUID) -> Queue:
    """The same for an act that has asked for its right."""
    known = {one.id: one for one in classes_of(work, merchant_id, store_id)}
    query = select(QueueNumber).where(QueueNumber.merchant_id == merchant_id, QueueNumber.store_id == store_id)
    query = query.where(QueueNumber.day == rules.day_of(work.now())).order_by(QueueNumber.rank, QueueNumber.nth)
    parts: dict[tuple[UUID, str], list[QueueNumber]] = defaultdict(list)
    for row in work.session.scalars(query.execution_options(populate_existing=True)):
        parts[row.class_id, row.state].append(row)
    lines = tuple(_line(one, parts) for one in known.values())
    return Queue(rules_of(work, merchant_id, store_id), lines)


def _line(known: Class, parts: dict[tuple[UUID, str], list[QueueNumber]]) -> Line:
    def of(state: NumberState) -> list[QueueNumber]:
        return parts.get((known.id, state.value), [])

    turns: list[datetime] = [one.ended_at for one in of(S.SEATED) if one.ended_at]
    turn = rules.turn_minutes(turns, known.turn_minutes)
    waiting = tuple(
        _number(row, known, ahead=at, minutes=rules.wait_minutes(at, turn)) for at, row in enumerate(of(S.WAITING))
    )
    called = tuple(_number(row, known) for row in of(S.CALLED))
    skipped = tuple(_number(row, known) for row in of(S.SKIPPED))
    return Line(known, waiting, called, skipped, turn, rules.wait_minutes(len(waiting), turn))


def _number(row: QueueNumber, known: Class, ahead: int | None = None, minutes: int | None = None) -> Number:
    return Number(
        *(row.id, row.merchant_id, row.store_id, row.class_id, row.day, known.letter, row.nth, known.name),
        *(NumberState(row.state), row.people, row.name, row.person_id, row.calls),
        *(row.took_at, row.called_at, row.ended_at, ahead, minutes),
    )


def number(work: Work, number_id: UUID) -> tuple[Number, Queue]:
    """One's own number, with its place while it waits. Raises NotFound."""
    row = access_number(work, number_id, may=Permission.QUEUE_TAKE)
    with borrowed(work, HOUSE):
        return _with_place(work, row)


def linked(work: Work, link: str) -> tuple[Number, Queue]:
    """The one that a link follows. Raises NotFound."""
    with borrowed(work, HOUSE):
        return _with_place(work, access_linked(work, link))


def _with_place(work: Work, row: QueueNumber) -> tuple[Number, Queue]:
    today = queue_of(work, row.merchant_id, row.store_id)
    here = today.line_of(row.id)
    if here is None:
        known = {one.id: one for one in classes_of(work, row.merchant_id, row.store_id, retired=True)}
        here = _number(row, known[row.class_id])
    return here, today


def mine_at(work: Work, store_id: UUID) -> UUID | None:
    """The number of the person who acts that waits at this store."""
    work.require(Permission.QUEUE_TAKE)
    query = select(QueueNumber.id).where(QueueNumber.person_id == work.person_id, QueueNumber.store_id == store_id)
    found: UUID | None = work.session.scalar(query.where(QueueNumber.state.in_([S.WAITING.value, S.CALLED.value])))
    return found


def takes(work: Work, store_id: UUID) -> bool:
    """True when a store gives numbers to phones now."""
    merchant_id = merchant_of_store(work, store_id)
    if merchant_id is None:
        return False
    with borrowed(work, HOUSE):
        return rules_of(work, merchant_id, store_id).taking


def seated_today(work: Work, store_id: UUID) -> tuple[Number, ...]:
    """Who sat down last, to undo. Needs QUEUE_CALL."""
    work.require(Permission.QUEUE_CALL, store_id=store_id)
    known = {one.id: one for one in classes_of(work, work.merchant_id, store_id, retired=True)}
    query = select(QueueNumber).where(QueueNumber.merchant_id == work.merchant_id, QueueNumber.store_id == store_id)
    query = query.where(QueueNumber.day == rules.day_of(work.now()), QueueNumber.state == S.SEATED.value)
    rows = work.session.scalars(query.order_by(QueueNumber.ended_at.desc()).limit(5))
    return tuple(_number(row, known[row.class_id]) for row in rows)
