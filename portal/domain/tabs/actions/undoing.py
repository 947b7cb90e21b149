"""Taking back 转台, 并台 and 拆单, as long as nothing that came afterwards stands in the way."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from portal.domain.tabs import errors
from portal.domain.tabs.access import access_all_held, lines_of, touch
from portal.domain.tabs.actions.moving import carry_keys, refuse_held, take_tables
from portal.domain.tabs.actions.sitting import leave, live_tables, revive
from portal.domain.tabs.events import LinePart, LinesMoved, SittingReopened, TablesMoved
from portal.domain.tabs.models import Guest, Round, Sitting, TabLine, TabMove
from portal.domain.tabs.values import UNDO_WITHIN, LineState, MoveKind, SittingState
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.words import say
from portal.kernel.work import Work

MAY = Permission.TAB_SERVE


def undo(work: Work, move_id: UUID) -> None:
    """Take a move back within an hour. Refuses NotBack, TableTaken, LineHeld; twice is once."""
    work.require(MAY)
    query = select(TabMove.sitting_id, TabMove.other_id).where(
        TabMove.merchant_id == work.merchant_id, TabMove.id == move_id
    )
    found = work.session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    sittings = [found.sitting_id, found.other_id or found.sitting_id]
    with access_all_held(work, sittings, may=MAY, closed=True) as (sitting, other):
        move = work.session.scalars(
            select(TabMove)
            .where(TabMove.merchant_id == sitting.merchant_id, TabMove.id == move_id)
            .execution_options(populate_existing=True)
        ).one()
        if move.undone_at is not None:
            return
        if work.now() - move.made_at > UNDO_WITHIN:
            raise errors.NotBack(say("已经过了一个小时。"))
        _BACK[MoveKind(move.kind)](work, move, sitting, other)
        move.undone_at = work.now()
        work.session.flush()
        work.audit(f"tab.{move.kind}_undone", "sitting", sitting.id, move=move.id)


def _check_open(sitting: Sitting) -> None:
    if sitting.state != SittingState.OPEN:
        raise errors.NotBack(say("那一桌已经清台。"))


def _tables_back(work: Work, move: TabMove, sitting: Sitting, _other: Sitting) -> None:
    _check_open(sitting)
    if live_tables(work, sitting.id) != [UUID(one) for one in move.facts["after"]]:
        raise errors.NotBack(say("这一桌后来又转过台。"))
    take_tables(work, sitting, [UUID(one) for one in move.facts["before"]])


def _merge_back(work: Work, move: TabMove, gone: Sitting, into: Sitting) -> None:
    _check_open(into)
    tables = [UUID(one) for one in move.facts["tables"]]
    here = live_tables(work, into.id)
    if not set(tables) < set(here):
        raise errors.NotBack(say("桌子后来又转过台。"))
    guests = {UUID(one): nth for one, nth in move.facts["guests"].items()}
    lines = _lines_back(move, lines_of(work, into), set(guests))
    refuse_held(lines)
    leave(work, into.id, tables)
    revive(work, gone, tables)
    for line in lines:
        line.sitting_id = gone.id
    _numbers_back(work, Guest, guests, gone.id)
    _numbers_back(work, Round, {UUID(one): nth for one, nth in move.facts["rounds"].items()}, gone.id)
    carry_keys(work, into.id, gone.id, list(guests))
    into.people = max(1, into.people - int(move.facts["people"]))
    touch(work, into)
    work.session.flush()
    left = [line for line in lines_of(work, into) if line.guest_id in guests]
    for line in left:  # ordered together since: they stay, and are the table's
        line.guest_id = None
    work.session.flush()
    work.publish(SittingReopened(gone.merchant_id, gone.store_id, gone.id))
    for one in (gone, into):
        work.publish(TablesMoved(one.merchant_id, one.store_id, one.id, tuple(live_tables(work, one.id))))


def _lines_back(move: TabMove, lines: list[TabLine], guests: set[UUID]) -> list[TabLine]:
    """What came with the merge, also in parts made since, and what its guests only think of. What they thought of then
    and was ordered since belongs to a round of the other table.
    """
    thought = {UUID(one) for one in move.facts.get("drafts", ())}
    ids = {UUID(one) for one in move.facts["lines"]}
    ids -= {line.id for line in lines if line.id in thought and line.state != LineState.DRAFT}
    grown, apart = True, {UUID(one) for one in move.facts["apart"]}
    while grown:
        parts = {line.id for line in lines if line.from_id in ids} - ids - apart
        ids, grown = ids | parts, bool(parts)
    return [line for line in lines if line.id in ids or (line.state == LineState.DRAFT and line.guest_id in guests)]


def _numbers_back(work: Work, model: type[Guest] | type[Round], had: dict[UUID, int], gone_id: UUID) -> None:
    for one, nth in had.items():
        row = update(model).where(model.merchant_id == work.merchant_id, model.id == one)
        work.session.execute(
            row.values(sitting_id=gone_id, nth=nth), execution_options={"synchronize_session": "fetch"}
        )


def _split_back(work: Work, move: TabMove, sitting: Sitting, to: Sitting) -> None:
    _check_open(sitting)
    _check_open(to)
    rows = {line.id: line for line in lines_of(work, to)}
    moved = [(rows.get(UUID(one["line"])), one) for one in move.facts["lines"]]
    if any(line is None for line, _facts in moved):
        raise errors.NotBack(say("这些菜后来又转过桌。"))
    refuse_held([line for line, _facts in moved if line is not None])
    guests = _guests_of(work, sitting)
    parts, sitting.settled_at = list[LinePart](), None
    for line, facts in moved:
        assert line is not None
        guest_id = UUID(facts["guest"]) if facts["guest"] else None
        line.sitting_id, line.changed_at = sitting.id, work.now()
        line.guest_id = guest_id if guest_id in guests else None
        parts.append(LinePart(line.id, line.id, line.quantity))
    touch(work, sitting)
    touch(work, to)
    work.session.flush()
    work.publish(LinesMoved(to.merchant_id, to.store_id, to.id, sitting.id, tuple(parts)))


def _guests_of(work: Work, sitting: Sitting) -> set[UUID]:
    query = select(Guest.id).where(Guest.merchant_id == sitting.merchant_id, Guest.sitting_id == sitting.id)
    return set(work.session.scalars(query))


_BACK = {MoveKind.TABLES: _tables_back, MoveKind.MERGE: _merge_back, MoveKind.LINES: _split_back}
