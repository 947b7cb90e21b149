"""What stands on a store's floor, for its own people and, on the worker's face, for acts of others."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.floor.models import FloorArea, FloorRules, FloorTable, TableJoin, TableJoinPart
from portal.domain.floor.values import Area, DepositKind, Join, Rules, Shape, Table
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

VIEW = Permission.FLOOR_VIEW


@dataclass(frozen=True)
class Plan:
    """A store's floor."""

    areas: tuple[Area, ...]
    tables: tuple[Table, ...]
    joins: tuple[Join, ...]

    def of(self, area_id: UUID) -> tuple[Table, ...]:
        """The tables of one area."""
        return tuple(table for table in self.tables if table.area_id == area_id)

    @property
    def in_use(self) -> tuple[Table, ...]:
        """Without those that were put away."""
        return tuple(table for table in self.tables if table.active)

    @property
    def seats(self) -> int:
        """Of all tables in use, without added chairs."""
        return sum(table.seats_max for table in self.in_use)


def plan(work: Work, store_id: UUID) -> Plan:
    """The floor of a store in reach. Needs FLOOR_VIEW."""
    work.require(VIEW, store_id=store_id)
    return floor_of(work, work.merchant_id, store_id)


def floor_of(work: Work, merchant_id: UUID, store_id: UUID) -> Plan:
    """The same for an act that has asked for its right, on its own or the worker's face. Three statements."""
    areas = [Area(*row) for row in work.session.execute(_areas(merchant_id, store_id))]
    names = {area.id: area.name for area in areas}
    tables = tuple(_table(row, names) for row in work.session.scalars(_tables(merchant_id, store_id)))
    return Plan(tuple(areas), tables, joins_of(work, merchant_id, store_id, tables))


def _areas(merchant_id: UUID, store_id: UUID) -> Any:
    query = select(FloorArea.id, FloorArea.name, FloorArea.position)
    query = query.where(FloorArea.merchant_id == merchant_id, FloorArea.store_id == store_id)
    return query.order_by(FloorArea.position, FloorArea.name)


def _tables(merchant_id: UUID, store_id: UUID) -> Any:
    query = select(FloorTable).where(FloorTable.merchant_id == merchant_id, FloorTable.store_id == store_id)
    return query.order_by(func.length(FloorTable.name), FloorTable.name)


def _table(row: FloorTable, areas: dict[UUID, str]) -> Table:
    return Table(
        *(row.id, row.name, row.area_id, areas.get(row.area_id, ""), row.seats_min, row.seats_max, row.seats_extra),
        *(Shape(row.shape), row.plan_x, row.plan_y, row.active, row.code),
    )


def joins_of(work: Work, merchant_id: UUID, store_id: UUID, tables: tuple[Table, ...]) -> tuple[Join, ...]:
    """The tables that can be put together."""
    query = (
        select(TableJoin, TableJoinPart.table_id)
        .join(
            TableJoinPart,
            (TableJoinPart.merchant_id == TableJoin.merchant_id) & (TableJoinPart.join_id == TableJoin.id),
        )
        .where(TableJoin.merchant_id == merchant_id, TableJoin.store_id == store_id, TableJoin.active)
        .order_by(TableJoin.name)
    )
    parts: dict[UUID, list[UUID]] = defaultdict(list)
    rows: dict[UUID, TableJoin] = {}
    for row, table_id in work.session.execute(query):
        rows[row.id] = row
        parts[row.id].append(table_id)
    order = {table.id: (at, table.name) for at, table in enumerate(tables)}
    found = []
    for row in rows.values():
        ids = tuple(sorted(parts[row.id], key=lambda one: order[one][0]))
        names = tuple(order[one][1] for one in ids)
        found.append(Join(row.id, row.name, row.seats_min, row.seats_max, ids, names))
    return tuple(found)


def rules(work: Work, store_id: UUID) -> Rules:
    """How a store of this office reserves; the usual when it never said. Needs FLOOR_VIEW."""
    work.require(VIEW, store_id=store_id)
    return rules_of(work, work.merchant_id, store_id)


def rules_of(work: Work, merchant_id: UUID, store_id: UUID) -> Rules:
    """The same for an act that has asked for its right."""
    query = select(FloorRules).where(FloorRules.merchant_id == merchant_id, FloorRules.store_id == store_id)
    row = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        return Rules()
    return Rules(
        *(row.online, tuple((most, minutes) for most, minutes in row.stays), row.step_minutes, row.clear_minutes),
        *(row.ahead_days, row.notice_minutes, row.last_minutes, row.late_minutes, row.free_minutes, row.most_people),
        deposit_kind=DepositKind(row.deposit_kind),
        deposit_fen=row.deposit_fen,
        deposit_each=row.deposit_each,
        deposit_from=row.deposit_from,
        note=row.note,
    )


def counts(work: Work) -> dict[UUID, tuple[int, int]]:
    """Of each store in reach: tables in use and their seats. Needs FLOOR_VIEW."""
    work.require(VIEW)
    query = select(FloorTable.store_id, func.count(), func.sum(FloorTable.seats_max)).where(
        FloorTable.merchant_id == work.merchant_id, FloorTable.active
    )
    if work.scope.store_ids is not None:
        query = query.where(FloorTable.store_id.in_(work.scope.store_ids))
    rows = work.session.execute(query.group_by(FloorTable.store_id))
    return {store_id: (tables, int(seats)) for store_id, tables, seats in rows}
