"""Sittings for pages, as frozen facts: one tab, a guest's seat, the floor at a moment."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.domain.floor.models import FloorTable
from portal.domain.tabs import errors
from portal.domain.tabs.models import (
    Guest,
    GuestKey,
    Round,
    Sitting,
    SittingKey,
    SittingTable,
    TabLine,
    TabMove,
    WaiterCall,
)
from portal.domain.tabs.rules import digest
from portal.domain.tabs.values import (
    INVITE_MINUTES,
    CallShown,
    GuestShown,
    GuestState,
    LineKind,
    LineShown,
    LineState,
    MoveKind,
    MoveShown,
    Opens,
    Pays,
    RoundShown,
    Seat,
    SittingOnFloor,
    SittingState,
    Tab,
    TableAt,
    Wish,
)
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope, fixed
from portal.kernel.work import Work

_SEAT: Any = fixed(
    select(
        *(Guest.merchant_id, Guest.sitting_id, Guest.id, Guest.state, GuestKey.digest),
        *(Sitting.store_id, Sitting.version, Sitting.state.label("sitting_state")),
    )
    .join(Sitting, (Sitting.merchant_id == Guest.merchant_id) & (Sitting.id == Guest.sitting_id))
    .outerjoin(GuestKey, (GuestKey.merchant_id == Guest.merchant_id) & (GuestKey.guest_id == Guest.id))
    .where(Guest.merchant_id == bindparam("of_merchant"), Guest.id == bindparam("of_guest"))
)
_NONE: Final = bytes(32)


def seat(work: Work, merchant_id: UUID, guest_id: UUID, key: str) -> Seat:
    """What a guest's cookie is worth now; the sitting may be another than it was (并台). Raises SittingOver when his is
    closed, NotAtTable when the key is void or not his.
    """
    with borrowed(work, Scope(Face.JOB)):
        row = work.session.execute(_SEAT, {"of_merchant": merchant_id, "of_guest": guest_id}).one_or_none()
    kept = row.digest if row is not None and row.digest is not None else _NONE
    same = hmac.compare_digest(kept, digest(key))
    if row is not None and row.sitting_state != SittingState.OPEN:
        raise errors.SittingOver
    if row is None or not same:
        raise errors.NotAtTable
    return Seat(row.merchant_id, row.store_id, row.sitting_id, row.id, GuestState(row.state), row.version)


def tab(work: Work, sitting_id: UUID) -> Tab:
    """A sitting with guests, rounds and lines. On a guest's face at separate bills other guests' lines are left out.
    Raises NotFound; a store out of reach as well.
    """
    work.require(Permission.TAB_ORDER)
    return _tab(work, sitting_id)


def _tab(work: Work, sitting_id: UUID) -> Tab:
    query = select(Sitting).where(Sitting.merchant_id == work.merchant_id, Sitting.id == sitting_id)
    row = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None or not work.scope.covers_store(row.store_id):
        raise NotFound
    lines = _lines(work, row)
    return Tab(
        merchant_id=row.merchant_id,
        store_id=row.store_id,
        id=row.id,
        number=row.number,
        state=SittingState(row.state),
        pays=Pays(row.pays),
        shared=row.shared,
        people=row.people,
        opened_by=Opens(row.opened_by),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        version=row.version,
        tables=_tables(work, row),
        guests=tuple(
            GuestShown(one.id, one.nth, one.name, one.colour, GuestState(one.state), one.person_id)
            for one in _rows(work, Guest, row, Guest.nth)
        ),
        rounds=tuple(
            RoundShown(one.id, one.nth, one.guest_id, one.note, one.placed_at, one.released_at)
            for one in _rows(work, Round, row, Round.nth)
        ),
        lines=lines,
        calls=tuple(
            CallShown(one.id, one.sitting_id, one.guest_id, Wish(one.wish), one.made_at)
            for one in _rows(work, WaiterCall, row, WaiterCall.id)
            if one.answered_at is None
        ),
    )


def _rows(work: Work, model: Any, sitting: Sitting, order: Any) -> Sequence[Any]:
    query = select(model).where(model.merchant_id == sitting.merchant_id, model.sitting_id == sitting.id)
    return list(work.session.scalars(query.order_by(order).execution_options(populate_existing=True)))


def _lines(work: Work, sitting: Sitting) -> tuple[LineShown, ...]:
    viewer = work.actor.guest_id if work.scope.face is Face.GUEST and not sitting.shared else None
    rows = _rows(work, TabLine, sitting, TabLine.id)
    return tuple(line_shown(row) for row in rows if viewer is None or row.guest_id in (None, viewer))


_SAME: Final = frozenset(LineShown.__dataclass_fields__) - {"kind", "state", "price"}


def line_shown(row: TabLine) -> LineShown:
    """A line as pages show it."""
    facts = {name: getattr(row, name) for name in _SAME}
    return LineShown(kind=LineKind(row.kind), state=LineState(row.state), price=tuple(row.price), **facts)


def _tables(work: Work, sitting: Sitting) -> tuple[TableAt, ...]:
    """The tables it has, or had at the end; on the worker's face, for guests read no floor."""
    query = (
        select(SittingTable.table_id, FloorTable.name)
        .join(
            FloorTable,
            (FloorTable.merchant_id == SittingTable.merchant_id) & (FloorTable.id == SittingTable.table_id),
        )
        .where(SittingTable.merchant_id == sitting.merchant_id, SittingTable.sitting_id == sitting.id)
        .where(SittingTable.left_at.is_not_distinct_from(sitting.closed_at))
        .order_by(FloorTable.name)
    )
    with borrowed(work, Scope(Face.JOB, merchant_id=sitting.merchant_id)):
        return tuple(TableAt(row.table_id, row.name) for row in work.session.execute(query))


def line(work: Work, sitting_id: UUID, line_id: UUID) -> LineShown:
    """One line of a tab in reach. Raises NotFound."""
    work.require(Permission.TAB_ORDER)
    query = select(TabLine).where(TabLine.merchant_id == work.merchant_id, TabLine.id == line_id)
    row = work.session.scalars(query.where(TabLine.sitting_id == sitting_id)).one_or_none()
    if row is None:
        raise NotFound
    return line_shown(row)


def invite(work: Work, sitting_id: UUID) -> tuple[str, bool]:
    """The friend's secret and whether it still lets in (`turn_key` makes a fresh one). Raises NotFound."""
    work.require(Permission.TAB_ORDER)
    query = select(SittingKey).where(SittingKey.merchant_id == work.merchant_id, SittingKey.sitting_id == sitting_id)
    key = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if key is None:
        raise NotFound
    return key.code, work.now() < key.turned_at + timedelta(minutes=INVITE_MINUTES)


def invited(work: Work, sitting_id: UUID) -> tuple[UUID, tuple[TableAt, ...]] | None:
    """The store and the tables that an invitation leads to, for the page before joining; None when it is over."""
    with borrowed(work, Scope(Face.JOB)):
        row = work.session.scalars(select(Sitting).where(Sitting.id == sitting_id)).one_or_none()
        if row is None or row.state != SittingState.OPEN:
            return None
        return row.store_id, _tables(work, row)


def sitting_at(work: Work, merchant_id: UUID, table_id: UUID) -> UUID | None:
    """The open sitting at a table, on the worker's face or the office's; None when nobody sits there."""
    query = select(SittingTable.sitting_id).where(
        SittingTable.merchant_id == merchant_id, SittingTable.table_id == table_id, SittingTable.left_at.is_(None)
    )
    return work.session.scalars(query).one_or_none()


def moves(work: Work, sitting_id: UUID) -> tuple[MoveShown, ...]:
    """What was moved from or to a sitting, the latest first."""
    work.require(Permission.TAB_SERVE)
    query = select(TabMove).where(TabMove.merchant_id == work.merchant_id)
    query = query.where((TabMove.sitting_id == sitting_id) | (TabMove.other_id == sitting_id))
    rows = work.session.scalars(query.order_by(TabMove.id.desc()).execution_options(populate_existing=True))
    return tuple(
        MoveShown(row.id, MoveKind(row.kind), row.sitting_id, row.other_id, row.made_at, row.undone_at) for row in rows
    )


def floor_state(work: Work, store_id: UUID) -> tuple[SittingOnFloor, ...]:
    """All open sittings of a store with what waits at each, the oldest first; four statements."""
    work.require(Permission.TAB_ORDER, store_id=store_id)
    mine = (Sitting.merchant_id == work.merchant_id, Sitting.store_id == store_id, Sitting.state == "open")
    rows = list(work.session.execute(select(Sitting.__table__).where(*mine).order_by(Sitting.id)))
    ids = [row.id for row in rows]
    tables = _tables_of(work, ids)
    sums = _sums(work, ids)
    waits = _waits(work, ids)
    return tuple(
        SittingOnFloor(
            id=row.id,
            number=row.number,
            table_ids=tuple(tables.get(row.id, ())),
            people=row.people,
            pays=Pays(row.pays),
            opened_at=row.opened_at,
            version=row.version,
            **sums.get(row.id, _EMPTY),
            **waits.get(row.id, _NOBODY),
        )
        for row in rows
    )


_EMPTY: Final = {"due_fen": 0, "drafts": 0, "cooking": 0, "served": 0}
_NOBODY: Final = {"asking": 0, "calls": 0, "unpaid_rounds": 0}


def _tables_of(work: Work, ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    query = select(SittingTable.sitting_id, SittingTable.table_id).where(
        SittingTable.merchant_id == work.merchant_id, SittingTable.sitting_id.in_(ids), SittingTable.left_at.is_(None)
    )
    found: dict[UUID, list[UUID]] = {}
    for sitting_id, table_id in work.session.execute(query.order_by(SittingTable.table_id)):
        found.setdefault(sitting_id, []).append(table_id)
    return found


def _sums(work: Work, ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    state, dishes = TabLine.state, TabLine.kind != LineKind.COVER.value
    billed = state.in_([LineState.PLACED.value, LineState.SERVED.value])
    query = (
        select(
            TabLine.sitting_id,
            func.coalesce(func.sum(TabLine.due_fen).filter(billed), 0).label("due_fen"),
            func.count().filter(state == LineState.DRAFT.value).label("drafts"),
            func.count().filter(state == LineState.PLACED.value).label("cooking"),
            func.count().filter(state == LineState.SERVED.value, dishes).label("served"),
        )
        .where(TabLine.merchant_id == work.merchant_id, TabLine.sitting_id.in_(ids))
        .group_by(TabLine.sitting_id)
    )
    names = tuple(_EMPTY)
    return {row.sitting_id: {name: int(getattr(row, name)) for name in names} for row in work.session.execute(query)}


def _waits(work: Work, ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    def counted(model: Any, name: str, *conditions: Any) -> Any:
        query = select(model.sitting_id, func.count().label("number")).where(*conditions)
        query = query.where(model.merchant_id == work.merchant_id, model.sitting_id.in_(ids))
        return query.add_columns(bindparam(None, name).label("what")).group_by(model.sitting_id)

    whole = counted(Guest, "asking", Guest.state == GuestState.ASKED.value).union_all(
        counted(WaiterCall, "calls", WaiterCall.answered_at.is_(None)),
        counted(Round, "unpaid_rounds", Round.released_at.is_(None)),
    )
    found: dict[UUID, dict[str, int]] = {}
    for sitting_id, number, what in work.session.execute(whole):
        found.setdefault(sitting_id, dict(_NOBODY))[what] = int(number)
    return found


def floor_mark(work: Work, store_id: UUID) -> str:
    """Another text whenever anything at an open sitting of the store has changed: for screens that ask (204)."""
    work.require(Permission.TAB_ORDER, store_id=store_id)
    query = select(func.count(), func.coalesce(func.sum(Sitting.version), 0), func.max(Sitting.opened_at)).where(
        Sitting.merchant_id == work.merchant_id, Sitting.store_id == store_id, Sitting.state == "open"
    )
    count, versions, last = work.session.execute(query).one()
    return f"{count}.{versions}.{last or ''}"
