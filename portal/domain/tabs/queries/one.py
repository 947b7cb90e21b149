"""One sitting for pages, as frozen facts: guests, rounds, lines, what was moved."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by

from portal.domain.floor.models import FloorTable
from portal.domain.stores.models import Store
from portal.domain.tabs.models import (
    Guest,
    Round,
    Sitting,
    SittingTable,
    TabLine,
    TabMove,
    WaiterCall,
)
from portal.domain.tabs.values import (
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


def tab(work: Work, sitting_id: UUID) -> Tab:
    """A sitting with guests, rounds and lines. On a guest's face at separate bills other guests' lines are left out.
    Raises NotFound; a store out of reach as well.
    """
    work.require(Permission.TAB_ORDER)
    return _tab(work, sitting_id)


def _gathered(model: Any, order: Any, *columns: Any, only: tuple[Any, ...] = ()) -> Any:
    """The rows of a sitting in one column, each a list of these columns."""
    rows = func.jsonb_agg(aggregate_order_by(func.jsonb_build_array(*columns), order))
    mine = (model.merchant_id == Sitting.merchant_id, model.sitting_id == Sitting.id, *only)
    return select(func.coalesce(rows, text("'[]'::jsonb"))).where(*mine).correlate(Sitting).scalar_subquery()


_TAB: Final[Any] = fixed(
    select(
        Sitting,
        _gathered(
            *(Guest, Guest.nth),
            *(Guest.id, Guest.nth, Guest.name, Guest.colour, Guest.state, Guest.person_id),
        ).label("guests"),
        _gathered(
            *(Round, Round.nth),
            *(Round.id, Round.nth, Round.guest_id, Round.note, Round.placed_at, Round.released_at),
        ).label("rounds"),
        _gathered(
            *(WaiterCall, WaiterCall.id),
            *(WaiterCall.id, WaiterCall.guest_id, WaiterCall.wish, WaiterCall.made_at),
            only=(WaiterCall.answered_at.is_(None),),
        ).label("calls"),
    )
    .where(Sitting.merchant_id == bindparam("of_merchant"), Sitting.id == bindparam("of_sitting"))
    .execution_options(populate_existing=True)
)


def _tab(work: Work, sitting_id: UUID) -> Tab:
    found = work.session.execute(_TAB, {"of_merchant": work.merchant_id, "of_sitting": sitting_id}).one_or_none()
    if found is None or not work.scope.covers_store(found.Sitting.store_id):
        raise NotFound
    row = found.Sitting
    store_name, tables = where(work, row)
    return Tab(
        merchant_id=row.merchant_id,
        store_id=row.store_id,
        store_name=store_name,
        id=row.id,
        number=row.number,
        state=SittingState(row.state),
        pays=Pays(row.pays),
        shared=row.shared,
        people=row.people,
        opened_by=Opens(row.opened_by),
        opened_at=row.opened_at,
        settled_at=row.settled_at,
        closed_at=row.closed_at,
        version=row.version,
        tables=tables,
        guests=tuple(
            GuestShown(UUID(one), nth, name, colour, GuestState(state), _id(person))
            for one, nth, name, colour, state, person in found.guests
        ),
        rounds=tuple(
            RoundShown(UUID(one), nth, _id(guest), note, datetime.fromisoformat(placed), _moment(released))
            for one, nth, guest, note, placed, released in found.rounds
        ),
        lines=_lines(work, row),
        calls=tuple(
            CallShown(UUID(one), row.id, _id(guest), Wish(wish), datetime.fromisoformat(made))
            for one, guest, wish, made in found.calls
        ),
    )


def _id(text_: str | None) -> UUID | None:
    return UUID(text_) if text_ else None


def _moment(text_: str | None) -> datetime | None:
    return datetime.fromisoformat(text_) if text_ else None


def _lines(work: Work, sitting: Sitting) -> tuple[LineShown, ...]:
    viewer = work.actor.guest_id if work.scope.face is Face.GUEST and not sitting.shared else None
    query = select(TabLine).where(TabLine.merchant_id == sitting.merchant_id, TabLine.sitting_id == sitting.id)
    rows = work.session.scalars(query.order_by(TabLine.id).execution_options(populate_existing=True))
    return tuple(line_shown(row) for row in rows if viewer is None or row.guest_id in (None, viewer))


_SAME: Final = frozenset(LineShown.__dataclass_fields__) - {"kind", "state", "price"}


def line_shown(row: TabLine) -> LineShown:
    """A line as pages show it."""
    facts = {name: getattr(row, name) for name in _SAME}
    return LineShown(kind=LineKind(row.kind), state=LineState(row.state), price=tuple(row.price), **facts)


def where(work: Work, sitting: Sitting) -> tuple[str, tuple[TableAt, ...]]:
    """The store's name and the tables it has, or had at the end; on the worker's face, for guests read no floor."""
    query = (
        select(SittingTable.table_id, FloorTable.name, Store.name.label("store"))
        .join(Store, (Store.merchant_id == SittingTable.merchant_id) & (Store.id == sitting.store_id))
        .join(
            FloorTable,
            (FloorTable.merchant_id == SittingTable.merchant_id) & (FloorTable.id == SittingTable.table_id),
        )
        .where(SittingTable.merchant_id == sitting.merchant_id, SittingTable.sitting_id == sitting.id)
        .where(SittingTable.left_at.is_not_distinct_from(sitting.closed_at))
        .order_by(FloorTable.name)
    )
    with borrowed(work, Scope(Face.JOB, merchant_id=sitting.merchant_id)):
        rows = work.session.execute(query).all()
    return rows[0].store if rows else "", tuple(TableAt(row.table_id, row.name) for row in rows)


def line(work: Work, sitting_id: UUID, line_id: UUID) -> LineShown:
    """One line of a tab in reach. Raises NotFound."""
    work.require(Permission.TAB_ORDER)
    query = select(TabLine).where(TabLine.merchant_id == work.merchant_id, TabLine.id == line_id)
    row = work.session.scalars(query.where(TabLine.sitting_id == sitting_id)).one_or_none()
    if row is None:
        raise NotFound
    return line_shown(row)


def moves(work: Work, sitting_id: UUID) -> tuple[MoveShown, ...]:
    """What was moved from or to a sitting, the latest first."""
    work.require(Permission.TAB_SERVE)
    query = select(TabMove).where(TabMove.merchant_id == work.merchant_id)
    query = query.where((TabMove.sitting_id == sitting_id) | (TabMove.other_id == sitting_id))
    rows = work.session.scalars(query.order_by(TabMove.id.desc()).execution_options(populate_existing=True))
    return tuple(
        MoveShown(row.id, MoveKind(row.kind), row.sitting_id, row.other_id, row.made_at, row.undone_at) for row in rows
    )
