"""The floor at a moment: all open sittings of a store with what waits at each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.domain.tabs.models import (
    Guest,
    Round,
    Sitting,
    SittingTable,
    TabLine,
    WaiterCall,
)
from portal.domain.tabs.values import (
    GuestState,
    LineKind,
    LineState,
    Pays,
    SittingOnFloor,
)
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


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
