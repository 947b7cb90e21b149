"""A merchant's people keep a store's floor: areas, tables, joined tables, how it reserves. Each act is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select

from portal.domain.calendar.models import Reservation, Resource
from portal.domain.calendar.values import Holder
from portal.domain.floor import errors, rules
from portal.domain.floor.access import access_area, access_join, access_rules, access_table
from portal.domain.floor.models import (
    FloorArea,
    FloorRules,
    FloorTable,
    TableBooking,
    TableBookingTable,
    TableJoin,
    TableJoinPart,
)
from portal.domain.floor.queries.plan import floor_of
from portal.domain.floor.values import LIVING, MOST_TABLES, DepositKind, Rules, Shape, TableFacts
from portal.domain.stores.access import access_store
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

EDIT = Permission.FLOOR_EDIT
MOST_SEATS = 60


def add_area(work: Work, *, store_id: UUID, name: str) -> UUID:
    """A part of the store. Refuses a name it has already."""
    access_store(work, store_id, lock=True, may=EDIT)
    known = floor_of(work, work.merchant_id, store_id).areas
    if any(area.name == name for area in known):
        raise errors.AreaThere(name)
    row = FloorArea(
        merchant_id=work.merchant_id, id=new_id(), store_id=store_id, name=name, position=len(known) + 1
    )  # fmt: skip
    work.session.add(row)
    work.audit("floor.area_added", "floor_area", row.id)
    return row.id


def rename_area(work: Work, area_id: UUID, *, name: str) -> None:
    """Call it otherwise. Refuses a name it has already."""
    row = access_area(work, area_id)
    known = floor_of(work, work.merchant_id, row.store_id).areas
    if any(area.name == name and area.id != area_id for area in known):
        raise errors.AreaThere(name)
    row.name = name
    work.audit("floor.area_renamed", "floor_area", area_id)


def drop_area(work: Work, area_id: UUID) -> None:
    """Take an empty area away. Refuses one with tables, those that were put away as well."""
    row = access_area(work, area_id)
    count = select(func.count()).select_from(FloorTable)
    if work.session.scalar(count.where(FloorTable.merchant_id == work.merchant_id, FloorTable.area_id == area_id)):
        raise errors.AreaInUse
    work.session.delete(row)
    work.audit("floor.area_dropped", "floor_area", area_id)


def add_tables(
    work: Work,
    *,
    area_id: UUID,
    names: str,
    seats_min: int,
    seats_max: int,
    seats_extra: int = 0,
    shape: Shape = Shape.SQUARE,
) -> tuple[UUID, ...]:
    """Tables "A1–A12" at once, all alike, each with a code of its own, where there is room on the plan.

    Refuses names that cannot be read, that stand there already, and more than a store holds.
    """
    area = access_area(work, area_id)
    wanted = rules.names_of(names)
    access_store(work, area.store_id, lock=True, may=EDIT)
    _check_seats(seats_min, seats_max)
    floor = floor_of(work, work.merchant_id, area.store_id)
    there = {table.name for table in floor.tables}
    twice = next((name for name in wanted if name in there), None)
    if twice is not None:
        raise errors.WrongNames.there(twice)
    if len(there) + len(wanted) > MOST_TABLES:
        raise errors.WrongNames.too_many(MOST_TABLES)
    free = rules.places(((table.x, table.y) for table in floor.of(area_id)), len(wanted))
    ids = tuple(new_id() for _ in wanted)
    for at, (table_id, name) in enumerate(zip(ids, wanted, strict=True)):
        facts = TableFacts(name, area_id, seats_min, seats_max, seats_extra, shape, *free[at])
        _add_table(work, area.store_id, table_id, facts, len(there) + at + 1)
    work.session.flush()
    work.audit("floor.tables_added", "floor_area", area_id, count=len(ids))
    return ids


def _check_seats(least: int, most: int) -> None:
    if least > most:
        raise errors.WrongSeats


def _add_table(work: Work, store_id: UUID, table_id: UUID, facts: TableFacts, position: int) -> None:
    """The table and the resource of the calendar that it is."""
    now, owner = work.now(), work.merchant_id
    work.session.add(
        Resource(
            merchant_id=owner,
            id=table_id,
            store_id=store_id,
            kind="table",
            name=facts.name,
            capacity=1,
            position=position,
            active=True,
            created_at=now,
        )
    )
    work.session.flush()
    work.session.add(
        FloorTable(
            merchant_id=owner,
            id=table_id,
            store_id=store_id,
            area_id=facts.area_id,
            name=facts.name,
            code=rules.new_code(),
            seats_min=facts.seats_min,
            seats_max=facts.seats_max,
            seats_extra=facts.seats_extra,
            plan_x=facts.x or 0,
            plan_y=facts.y or 0,
            shape=facts.shape.value,
            active=True,
            created_at=now,
        )
    )


def edit_table(work: Work, table_id: UUID, facts: TableFacts) -> None:
    """Name, area, seats, shape and place. Refuses a name that another table of the store has."""
    row = access_table(work, table_id)
    floor = floor_of(work, work.merchant_id, row.store_id)
    if any(table.name == facts.name and table.id != table_id for table in floor.tables):
        raise errors.WrongNames.there(facts.name, field="name")
    if facts.area_id not in {area.id for area in floor.areas}:
        raise NotFound
    _check_seats(facts.seats_min, facts.seats_max)
    row.name, row.area_id, row.shape = facts.name, facts.area_id, facts.shape.value
    row.seats_min, row.seats_max, row.seats_extra = facts.seats_min, facts.seats_max, facts.seats_extra
    row.plan_x = row.plan_x if facts.x is None else facts.x
    row.plan_y = row.plan_y if facts.y is None else facts.y
    _resource(work, table_id).name = facts.name
    work.audit("floor.table_edited", "floor_table", table_id)


def _resource(work: Work, table_id: UUID) -> Resource:
    mine = (Resource.merchant_id == work.merchant_id, Resource.id == table_id)
    return work.session.scalars(select(Resource).where(*mine)).one()


def put_table(work: Work, table_id: UUID, *, x: int, y: int) -> None:
    """Another place on the plan, in thousandths; what is beyond the edge stands at the edge."""
    row = access_table(work, table_id)
    row.plan_x, row.plan_y = max(0, min(1000, x)), max(0, min(1000, y))


def put_away(work: Work, table_id: UUID) -> None:
    """Nobody sits there any more: its card is void. Refuses a table where somebody sits (its tab could not be
    billed or cleared any more), and one that parties will come to.
    """
    row = access_table(work, table_id)
    if _seated(work, table_id):
        raise errors.StillSeated(row.name)
    count = _booked(work, table_id)
    if count:
        raise errors.StillBooked(row.name, count)
    row.active = _resource(work, table_id).active = False
    work.audit("floor.table_put_away", "floor_table", table_id)


def put_back(work: Work, table_id: UUID) -> None:
    """It is used again, with its old card."""
    row = access_table(work, table_id)
    row.active = _resource(work, table_id).active = True
    work.audit("floor.table_put_back", "floor_table", table_id)


def _seated(work: Work, table_id: UUID) -> bool:
    """Whether a sitting has it: its reservation stays until it leaves, however long that takes."""
    query = select(Reservation.id).where(
        Reservation.merchant_id == work.merchant_id,
        Reservation.resource_id == table_id,
        Reservation.holder_type == Holder.SITTING.value,
    )
    return work.session.scalars(query.limit(1)).one_or_none() is not None


def _booked(work: Work, table_id: UUID) -> int:
    """How many parties will come to it."""
    query = (
        select(func.count())
        .select_from(TableBookingTable)
        .join(
            TableBooking,
            (TableBooking.merchant_id == TableBookingTable.merchant_id)
            & (TableBooking.id == TableBookingTable.booking_id),
        )
        .where(TableBookingTable.merchant_id == work.merchant_id, TableBookingTable.table_id == table_id)
        .where(TableBooking.state.in_(LIVING), TableBooking.ends_at > work.now())
    )
    return int(work.session.scalar(query) or 0)


def renew_code(work: Work, table_id: UUID) -> None:
    """A new code: the card that is printed opens nothing any more."""
    row = access_table(work, table_id)
    row.code = rules.new_code()
    work.audit("floor.code_renewed", "floor_table", table_id)


def join_tables(
    work: Work, *, store_id: UUID, table_ids: Sequence[UUID], seats_min: int, seats_max: int, name: str = ""
) -> UUID:
    """Tables that are put together for large parties. Refuses fewer than two and what is joined already."""
    access_store(work, store_id, lock=True, may=EDIT)
    floor = floor_of(work, work.merchant_id, store_id)
    known = {table.id: table for table in floor.tables}
    chosen = [known[one] for one in dict.fromkeys(table_ids) if one in known]
    if len(chosen) != len(set(table_ids)):
        raise NotFound
    if len(chosen) < 2:
        raise errors.JoinNeedsTwo
    _check_seats(seats_min, seats_max)
    name = name.strip() or "+".join(table.name for table in chosen)
    if any(join.name == name or set(join.table_ids) == set(table_ids) for join in floor.joins):
        raise errors.JoinThere
    row = TableJoin(
        merchant_id=work.merchant_id,
        id=new_id(),
        store_id=store_id,
        name=name,
        seats_min=seats_min,
        seats_max=seats_max,
        active=True,
    )
    work.session.add(row)
    work.session.flush()
    work.session.add_all(
        TableJoinPart(merchant_id=work.merchant_id, join_id=row.id, table_id=table.id) for table in chosen
    )
    work.audit("floor.joined", "table_join", row.id, tables=len(chosen))
    return row.id


def part_tables(work: Work, join_id: UUID) -> None:
    """They are not put together any more; reservations that have them keep them."""
    row = access_join(work, join_id)
    parts = delete(TableJoinPart).where(TableJoinPart.merchant_id == work.merchant_id, TableJoinPart.join_id == join_id)
    work.session.execute(parts.execution_options(synchronize_session=False))
    work.session.delete(row)
    work.audit("floor.parted", "table_join", join_id)


def set_rules(work: Work, store_id: UUID, facts: Rules) -> None:
    """How the store reserves from now on; what is reserved stays as it was agreed. Refuses stays that do not rise."""
    row = access_rules(work, store_id)
    access_store(work, store_id, may=EDIT)
    people = [most for most, _minutes in facts.stays]
    if not people or people != sorted(set(people)) or any(not 15 <= minutes <= 720 for _most, minutes in facts.stays):
        raise errors.WrongStays
    deposit = facts.deposit_fen if facts.deposit_kind is not DepositKind.NONE else 0
    if row is None:
        row = FloorRules(merchant_id=work.merchant_id, store_id=store_id)
        work.session.add(row)
    row.online, row.stays = facts.online, [list(one) for one in facts.stays]
    for field in (
        *("step_minutes", "clear_minutes", "ahead_days", "notice_minutes", "last_minutes", "late_minutes"),
        *("free_minutes", "most_people", "deposit_each", "deposit_from", "note"),
    ):
        setattr(row, field, getattr(facts, field))
    row.deposit_kind = (facts.deposit_kind if deposit else DepositKind.NONE).value
    row.deposit_fen, row.changed_at = deposit, work.now()
    work.audit("floor.rules_set", "store", store_id)
