"""转台, 并台, 拆单: what went where is kept, so that each can be taken back while nothing stands in the way.

Lines change their sitting, never their number or price; a line that is split is two lines that add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from portal.domain.tabs import errors
from portal.domain.tabs.access import access_all_held, access_held, lines_of, touch
from portal.domain.tabs.actions.lines import split_off
from portal.domain.tabs.actions.sitting import MERGED, SITS, end, leave, live_tables, occupy, table_names
from portal.domain.tabs.events import LinePart, LinesMoved, SittingClosed, TablesMoved
from portal.domain.tabs.models import Guest, GuestKey, Round, Sitting, TabLine, TabMove
from portal.domain.tabs.rules import free_numbers
from portal.domain.tabs.values import MOST_GUESTS, GuestState, LineState, MoveKind
from portal.kernel.database import new_id
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work

MAY = Permission.TAB_SERVE


def move_tables(work: Work, sitting_id: UUID, table_ids: Sequence[UUID], *, over: str = "") -> UUID:
    """转台: the sitting has these tables from now on (one, or several put together); returns the move, for `undo`.
    Refuses TableTaken, and TableExpected unless `over` says why.
    """
    over = clean_line(over, field="over", most=100, required=False)
    with access_held(work, sitting_id, may=MAY) as sitting:
        before = live_tables(work, sitting.id)
        take_tables(work, sitting, table_ids, over=over)
        facts = {"before": [str(one) for one in before], "after": [str(one) for one in sorted(set(table_ids))]}
        return _keep(work, sitting, MoveKind.TABLES, facts)


def take_tables(work: Work, sitting: Sitting, table_ids: Sequence[UUID], *, over: str = SITS) -> None:
    """Sit a sitting that is held at these tables, and at no others. Refuses TableTaken."""
    names = table_names(work, sitting.store_id, table_ids)
    before = live_tables(work, sitting.id)
    leave(work, sitting.id, [one for one in before if one not in names])
    occupy(work, sitting.id, {one: name for one, name in names.items() if one not in before}, over=over)
    touch(work, sitting)
    work.publish(TablesMoved(sitting.merchant_id, sitting.store_id, sitting.id, tuple(names)))


def merge(work: Work, sitting_id: UUID, into_id: UUID) -> UUID:
    """并台: everything of a sitting goes over to another of the store: tables, guests with their keys, rounds, lines;
    it is closed. Returns the move. Refuses LineHeld while a bill holds a line of it, TableFull when they are too many.
    """
    if sitting_id == into_id:
        raise errors.SameSitting
    with access_all_held(work, [sitting_id, into_id], may=MAY) as (gone, into):
        _same_store(gone, into)
        lines = lines_of(work, gone)
        refuse_held(lines)
        tables = live_tables(work, gone.id)
        facts = {
            "tables": [str(one) for one in tables],
            "lines": [str(line.id) for line in lines],
            "apart": _apart(work, {line.id for line in lines}),
            "drafts": [str(line.id) for line in lines if line.state == LineState.DRAFT],
            "guests": _carry_guests(work, gone.id, into.id),
            "rounds": _carry_rounds(work, gone.id, into.id),
            "people": gone.people,
        }
        carry_keys(work, gone.id, into.id)
        for line in lines:
            line.sitting_id = into.id
        into.people, into.settled_at = min(99, into.people + gone.people), None
        work.session.flush()
        leave(work, gone.id, tables)
        end(work, gone, MERGED)
        occupy(work, into.id, table_names(work, into.store_id, tables))
        touch(work, into)
        move_id = _keep(work, gone, MoveKind.MERGE, facts, into)
        work.publish(SittingClosed(gone.merchant_id, gone.store_id, gone.id, into.id))
        everything = tuple(live_tables(work, into.id))
        work.publish(TablesMoved(into.merchant_id, into.store_id, into.id, everything))
        return move_id


def _same_store(one: Sitting, other: Sitting) -> None:
    if one.store_id != other.store_id:
        raise NotFound
    if one.shared != other.shared or one.pays != other.pays:
        raise Refusal(say("两桌的结账方式不同，不能并在一起。"))


def refuse_held(lines: Sequence[TabLine]) -> None:
    """Refuse LineHeld when a bill holds one of them."""
    for line in lines:
        if line.bill_id is not None:
            raise errors.LineHeld(line.name)


def _apart(work: Work, ids: set[UUID]) -> list[str]:
    """Pieces of these lines that went another way before: an undo leaves them where they are."""
    query = select(TabLine.id).where(TabLine.merchant_id == work.merchant_id, TabLine.from_id.in_(ids))
    return sorted(str(one) for one in work.session.scalars(query) if one not in ids)


def _carry_rounds(work: Work, gone_id: UUID, into_id: UUID) -> dict[str, int]:
    """Take rounds over, numbered behind those that are there; returns the numbers they had."""
    going, there = _both(work, Round, gone_id, into_id)
    return _number(work, going, into_id, count(1 + max((row.nth for row in there), default=0)))


def _carry_guests(work: Work, gone_id: UUID, into_id: UUID) -> dict[str, int]:
    """The same with guests, under free numbers; who is out keeps his, he is nobody there. Refuses TableFull."""
    going, there = _both(work, Guest, gone_id, into_id)
    numbers = free_numbers((row.nth, row.state) for row in there)
    out = [row for row in going if row.state == GuestState.OUT]
    if len(going) - len(out) > len(numbers):
        raise errors.TableFull(MOST_GUESTS)
    had = _number(work, [row for row in going if row.state != GuestState.OUT], into_id, iter(numbers))
    return had | _number(work, out, into_id, iter([row.nth for row in out]))


def _both(work: Work, model: Any, gone_id: UUID, into_id: UUID) -> tuple[list[Any], list[Any]]:
    query = select(model).where(model.merchant_id == work.merchant_id, model.sitting_id.in_([gone_id, into_id]))
    rows = list(work.session.scalars(query.order_by(model.nth).execution_options(populate_existing=True)))
    return [row for row in rows if row.sitting_id == gone_id], [row for row in rows if row.sitting_id == into_id]


def _number(work: Work, rows: Sequence[Any], into_id: UUID, numbers: Iterator[int]) -> dict[str, int]:
    had = {str(row.id): int(row.nth) for row in rows}
    for row in rows:
        row.sitting_id, row.nth = into_id, next(numbers)
    work.session.flush()
    return had


def carry_keys(work: Work, gone_id: UUID, into_id: UUID, only: Sequence[UUID] | None = None) -> None:
    """Let guests' keys (those of `only` some) open the other sitting."""
    keys = update(GuestKey).where(GuestKey.merchant_id == work.merchant_id, GuestKey.sitting_id == gone_id)
    if only is not None:
        keys = keys.where(GuestKey.guest_id.in_(only))
    work.session.execute(keys.values(sitting_id=into_id), execution_options={"synchronize_session": False})


def split_lines(work: Work, sitting_id: UUID, lines: Mapping[UUID, int], to_sitting_id: UUID) -> UUID:
    """拆单: these placed lines, or so many pieces of them, go over to another open sitting of the store; returns the
    move. They are the table's there, no guest's. Refuses LineHeld, LineMoved.
    """
    if sitting_id == to_sitting_id:
        raise errors.SameSitting
    with access_all_held(work, [sitting_id, to_sitting_id], may=MAY) as (sitting, to):
        _same_store(sitting, to)
        known = {line.id: line for line in lines_of(work, sitting)}
        if not lines or any(line_id not in known for line_id in lines):
            raise NotFound
        _refuse_waiting(work, sitting, [known[line_id] for line_id in lines])
        moved = [_part(work, known[line_id], quantity) for line_id, quantity in lines.items()]
        facts = {
            "lines": [
                {"line": str(line.id), "from": str(source), "guest": _text(line.guest_id)}
                for line, source in zip(moved, lines, strict=True)
            ]
        }
        parts = [LinePart(source, line.id, line.quantity) for line, source in zip(moved, lines, strict=True)]
        for line in moved:
            line.sitting_id, line.guest_id, line.changed_at = to.id, None, work.now()
        to.settled_at = None
        touch(work, sitting)
        touch(work, to)
        work.session.flush()
        move_id = _keep(work, sitting, MoveKind.LINES, facts, to)
        work.publish(LinesMoved(sitting.merchant_id, sitting.store_id, sitting.id, to.id, tuple(parts)))
        return move_id


def _refuse_waiting(work: Work, sitting: Sitting, lines: Sequence[TabLine]) -> None:
    """先付: a round goes to the kitchen as a whole, once it is paid; its lines stay together until then."""
    query = select(Round.id).where(Round.merchant_id == sitting.merchant_id, Round.released_at.is_(None))
    waiting = set(work.session.scalars(query.where(Round.id.in_([line.round_id for line in lines if line.round_id]))))
    for line in lines:
        if line.round_id in waiting:
            raise errors.RoundUnpaid(line.name)


def _text(one: UUID | None) -> str | None:
    return str(one) if one is not None else None


def _part(work: Work, line: TabLine, quantity: int) -> TabLine:
    refuse_held([line])
    if line.state == LineState.DRAFT or not 1 <= quantity <= line.quantity:
        raise errors.LineMoved(line.name)
    return line if quantity == line.quantity else split_off(work, line, quantity)


def _keep(work: Work, sitting: Sitting, kind: MoveKind, facts: dict[str, Any], other: Sitting | None = None) -> UUID:
    move = TabMove(
        merchant_id=sitting.merchant_id,
        id=new_id(),
        sitting_id=sitting.id,
        other_id=other.id if other is not None else None,
        kind=kind.value,
        facts=facts,
        made_at=work.now(),
        undone_at=None,
    )
    work.session.add(move)
    work.session.flush()
    work.audit(f"tab.{kind.value}_moved", "sitting", sitting.id, other=move.other_id, move=move.id)
    return move.id
