"""The floor at a moment: all open sittings of a store with what waits at each."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by

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
from portal.kernel.scope import fixed
from portal.kernel.work import Work

_SUMS: Final = ("due_fen", "drafts", "cooking", "served")


def _of(model: Any, *conditions: Any) -> tuple[Any, ...]:
    return (model.merchant_id == Sitting.merchant_id, model.sitting_id == Sitting.id, *conditions)


def _count(model: Any, *conditions: Any) -> Any:
    return select(func.count()).select_from(model).where(*_of(model, *conditions)).correlate(Sitting).scalar_subquery()


def _sums() -> Any:
    state, dishes = TabLine.state, TabLine.kind != LineKind.COVER.value
    billed = state.in_([LineState.PLACED.value, LineState.SERVED.value])
    figures = func.jsonb_build_array(
        func.coalesce(func.sum(TabLine.due_fen).filter(billed), 0),
        func.count().filter(state == LineState.DRAFT.value),
        func.count().filter(state == LineState.PLACED.value),
        func.count().filter(state == LineState.SERVED.value, dishes),
    )
    return select(figures).where(*_of(TabLine)).correlate(Sitting).scalar_subquery()


_TABLES: Final = (
    select(func.array_agg(aggregate_order_by(SittingTable.table_id, SittingTable.table_id)))
    .where(*_of(SittingTable, SittingTable.left_at.is_(None)))
    .correlate(Sitting)
    .scalar_subquery()
)
_OPEN: Final[Any] = fixed(
    select(
        *(Sitting.id, Sitting.number, Sitting.people, Sitting.pays, Sitting.opened_at, Sitting.version),
        func.coalesce(_TABLES, text("'{}'::uuid[]")).label("table_ids"),
        _sums().label("sums"),
        _count(Guest, Guest.state == GuestState.ASKED.value).label("asking"),
        _count(WaiterCall, WaiterCall.answered_at.is_(None)).label("calls"),
        _count(Round, Round.released_at.is_(None)).label("unpaid_rounds"),
    )
    .where(
        *(Sitting.merchant_id == bindparam("of_merchant"), Sitting.store_id == bindparam("of_store")),
        Sitting.state == "open",
    )
    .order_by(Sitting.id)
)


def floor_state(work: Work, store_id: UUID) -> tuple[SittingOnFloor, ...]:
    """All open sittings of a store with what waits at each, the oldest first; one statement."""
    work.require(Permission.TAB_ORDER, store_id=store_id)
    rows = work.session.execute(_OPEN, {"of_merchant": work.merchant_id, "of_store": store_id})
    return tuple(
        SittingOnFloor(
            id=row.id,
            number=row.number,
            table_ids=tuple(row.table_ids),
            people=row.people,
            pays=Pays(row.pays),
            opened_at=row.opened_at,
            version=row.version,
            **dict(zip(_SUMS, row.sums, strict=True)),
            asking=row.asking,
            calls=row.calls,
            unpaid_rounds=row.unpaid_rounds,
        )
        for row in rows
    )


def floor_mark(work: Work, store_id: UUID) -> str:
    """Another text whenever anything at an open sitting of the store has changed: for screens that ask (204)."""
    work.require(Permission.TAB_ORDER, store_id=store_id)
    query = select(func.count(), func.coalesce(func.sum(Sitting.version), 0), func.max(Sitting.opened_at)).where(
        Sitting.merchant_id == work.merchant_id, Sitting.store_id == store_id, Sitting.state == "open"
    )
    count, versions, last = work.session.execute(query).one()
    return f"{count}.{versions}.{last or ''}"
