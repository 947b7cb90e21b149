"""What happens to placed lines: served, taken off (退菜), given (赠菜), repriced (改价), held by a bill.

Limits and the manager's PIN are asked by `bills` before; every one of these is written into the trail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain.menus import actions as menu_acts
from portal.domain.tabs import errors
from portal.domain.tabs.access import access_all_held, access_held, access_line, hold, lines_of, touch
from portal.domain.tabs.events import LineCancelled, LineServed
from portal.domain.tabs.models import Round, Sitting, TabLine
from portal.domain.tabs.rules import part_of, pick_of
from portal.domain.tabs.values import REASON_MOST, LineState
from portal.kernel.database import new_id
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work

ON_BILL = (LineState.PLACED, LineState.SERVED)


def cancel_line(work: Work, sitting_id: UUID, line_id: UUID, *, reason: str, quantity: int | None = None) -> None:
    """退菜: take a placed line off, or `quantity` of it; the part taken off stays visible as a line of its own. Refuses
    LineHeld while a bill holds it. The kitchen hears of it (LineCancelled).
    """
    with _placed(work, sitting_id, line_id, reason) as (sitting, line, words):
        taken = line.quantity if quantity is None else quantity
        if not 1 <= taken <= line.quantity:
            raise errors.LineMoved(line.name)
        _give_back(work, sitting, line, taken)
        gone = line if taken == line.quantity else split_off(work, line, taken)
        line.version += 1
        gone.state, gone.due_fen, gone.reason = LineState.CANCELLED.value, 0, words
        left = 0 if gone is line else line.quantity
        _changed(work, sitting, line)
        work.audit("line.cancelled", "tab_line", line.id, sitting=sitting.id, quantity=taken, fen=gone.total_fen)
        work.publish(
            LineCancelled(
                *(sitting.merchant_id, sitting.store_id, sitting.id, line.id, line.version, taken, left, words)
            )
        )


def _give_back(work: Work, sitting: Sitting, line: TabLine, taken: int) -> None:
    """What the kitchen has not heard of is there again; of what it knows it says itself whether it was made."""
    query = select(Round.released_at).where(Round.merchant_id == sitting.merchant_id, Round.id == line.round_id)
    if line.dish_id is not None and work.session.scalars(query).one() is None:
        menu_acts.give_back(work, sitting.merchant_id, sitting.store_id, [replace(pick_of(line), quantity=taken)])


def gift(work: Work, sitting_id: UUID, line_id: UUID, *, reason: str, quantity: int | None = None) -> UUID:
    """赠菜: nothing is to be paid for the line, or for `quantity` of it; returns the line that is given."""
    with _placed(work, sitting_id, line_id, reason) as (sitting, line, words):
        given = line
        if quantity is not None and quantity != line.quantity:
            if not 1 <= quantity < line.quantity:
                raise errors.LineMoved(line.name)
            given = split_off(work, line, quantity)
        before = given.due_fen
        given.due_fen, given.reason = 0, words
        _changed(work, sitting, line)
        work.audit("line.given", "tab_line", given.id, sitting=sitting.id, fen=before)
        return given.id


def reprice(work: Work, sitting_id: UUID, line_id: UUID, *, due_fen: int, reason: str) -> None:
    """改价: what is to be paid for the whole line, between nothing and what the menu says."""
    with _placed(work, sitting_id, line_id, reason) as (sitting, line, words):
        if not 0 <= due_fen <= line.total_fen:
            raise Refusal(say("改价只能在 0 和菜单价之间。"), field="due_fen")
        work.audit("line.repriced", "tab_line", line.id, sitting=sitting.id, before=line.due_fen, after=due_fen)
        line.due_fen, line.reason = due_fen, words
        sitting.settled_at = None if due_fen else sitting.settled_at
        _changed(work, sitting, line)


@contextmanager
def _placed(work: Work, sitting_id: UUID, line_id: UUID, reason: str) -> Iterator[tuple[Sitting, TabLine, str]]:
    words = clean_line(reason, field="reason", most=REASON_MOST)
    with access_held(work, sitting_id, may=Permission.TAB_SERVE) as sitting:
        line = access_line(work, sitting, line_id)
        if line.bill_id is not None:
            raise errors.LineHeld(line.name)
        if line.state not in ON_BILL:
            raise errors.LineMoved(line.name)
        yield sitting, line, words


def _changed(work: Work, sitting: Sitting, line: TabLine) -> None:
    line.changed_at = work.now()
    touch(work, sitting)
    work.session.flush()


_OWN = frozenset({"id", "quantity", "total_fen", "due_fen", "from_id", "changed_at", "version"})


def split_off(work: Work, line: TabLine, quantity: int) -> TabLine:
    """Make a line of its own of `quantity` pieces; both together are what the line was, to the fen."""
    columns: Any = TabLine.__table__.columns
    same = {column.name: getattr(line, column.name) for column in columns if column.name not in _OWN}
    money = {name: part_of(getattr(line, name), line.quantity, quantity) for name in ("total_fen", "due_fen")}
    part = TabLine(
        **same, **money, id=new_id(), quantity=quantity, from_id=line.id, changed_at=work.now(), version=line.version
    )
    line.quantity -= quantity
    for name, fen in money.items():
        setattr(line, name, getattr(line, name) - fen)
    work.session.add(part)
    work.session.flush()
    return part


def serve(work: Work, line_ids: Sequence[UUID], *, served: bool = True) -> None:
    """It stands on the table, or (`served` False) that was a mistake. Lines of several sittings at once; what is not
    placed any more is left alone.
    """
    work.require(Permission.TAB_SERVE)
    before, after = (LineState.PLACED, LineState.SERVED) if served else (LineState.SERVED, LineState.PLACED)
    with access_all_held(work, _sittings_of(work, line_ids), may=Permission.TAB_SERVE, closed=True) as sittings:
        moved = 0
        for sitting in sittings:  # all are held by now: what hears of it may hold more, but no sitting
            lines = [line for line in lines_of(work, sitting) if line.id in set(line_ids) and line.state == before]
            for line in lines:
                line.state, line.changed_at = after.value, work.now()
            if lines:
                touch(work, sitting)
            work.session.flush()
            for line in lines:
                work.publish(LineServed(sitting.merchant_id, sitting.store_id, sitting.id, line.id, served))
            moved += len(lines)
        if moved:
            one = sittings[0].id if len(sittings) == 1 else None
            work.audit("line.served" if served else "line.unserved", "sitting", one, lines=moved)


def _sittings_of(work: Work, line_ids: Sequence[UUID]) -> list[UUID]:
    query = select(TabLine.sitting_id).where(TabLine.merchant_id == work.merchant_id, TabLine.id.in_(line_ids))
    found = sorted(set(work.session.scalars(query)))
    if not found:
        raise NotFound
    return found


def hold_lines(work: Work, sitting_id: UUID, line_ids: Sequence[UUID], bill_id: UUID) -> tuple[TabLine, ...]:
    """A bill takes these lines: nothing of them changes until `let_go`. For `bills`, on the worker's face. Refuses
    LineHeld when another bill has one, LineMoved when it is not on the tab any more.
    """
    work.require(Permission.TAB_SERVE)
    (sitting,) = hold(work, [sitting_id])
    known = {line.id: line for line in lines_of(work, sitting)}
    if any(line_id not in known for line_id in line_ids):
        raise NotFound
    lines = tuple(known[line_id] for line_id in line_ids)
    for line in lines:
        if line.bill_id not in (None, bill_id):
            raise errors.LineHeld(line.name)
        if line.state not in ON_BILL:
            raise errors.LineMoved(line.name)
        line.bill_id = bill_id
    touch(work, sitting)
    work.session.flush()
    return lines


def let_go(work: Work, sitting_id: UUID, bill_id: UUID) -> None:
    """The bill is given up: its lines may change again. For `bills`, on the worker's face."""
    work.require(Permission.TAB_SERVE)
    (sitting,) = hold(work, [sitting_id])
    for line in lines_of(work, sitting):
        if line.bill_id == bill_id:
            line.bill_id = None
    touch(work, sitting)
    work.session.flush()
