"""The only ways to one area, one table, one join, one reservation."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from portal.domain.floor import rules
from portal.domain.floor.models import FloorArea, FloorRules, FloorTable, TableBooking, TableJoin
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

Row = TypeVar("Row", FloorArea, FloorTable, TableJoin)
EDIT, VIEW = Permission.FLOOR_EDIT, Permission.FLOOR_VIEW


def access_area(work: Work, area_id: UUID) -> FloorArea:
    """An area of a store in reach, to be edited. Raises NotFound."""
    return _own(work, FloorArea, area_id, lock=True)


def access_table(work: Work, table_id: UUID, *, lock: bool = True, may: Permission = EDIT) -> FloorTable:
    """A table of a store in reach. Raises NotFound."""
    return _own(work, FloorTable, table_id, lock=lock, may=may)


def access_join(work: Work, join_id: UUID) -> TableJoin:
    """A join of a store in reach, to be taken away. Raises NotFound."""
    return _own(work, TableJoin, join_id, lock=True)


def _own(work: Work, model: type[Row], row_id: UUID, *, lock: bool, may: Permission = EDIT) -> Row:
    work.require(may)
    query: Any = select(model).where(model.merchant_id == work.merchant_id, model.id == row_id)
    query = query.execution_options(populate_existing=True)
    found: Row | None = work.session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None or not work.scope.covers_store(found.store_id):
        raise NotFound
    return found


def access_rules(work: Work, store_id: UUID) -> FloorRules | None:
    """How a store takes reservations, None when it never said."""
    work.require(EDIT, store_id=store_id)
    query = select(FloorRules).where(FloorRules.merchant_id == work.merchant_id, FloorRules.store_id == store_id)
    return work.session.scalars(query.with_for_update()).one_or_none()


def access_booking(work: Work, booking_id: UUID, *, may: Permission) -> TableBooking:
    """A reservation in sight: one's own, or of a store in reach. Raises NotFound."""
    work.require(may)
    query = select(TableBooking).where(TableBooking.id == booking_id)
    if work.scope.person_id is not None and work.scope.merchant_id is None:
        query = query.where(TableBooking.person_id == work.scope.person_id)
    if work.scope.merchant_id is not None:
        query = query.where(TableBooking.merchant_id == work.scope.merchant_id)
    found = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None or not work.scope.covers_store(found.store_id):
        raise NotFound
    return found


def access_held(work: Work, merchant_id: UUID, booking_id: UUID) -> TableBooking:
    """A reservation with its row held, on the worker's face, for an act that has checked right and access."""
    return access_seen(work, merchant_id, booking_id, lock=True)


def access_seen(work: Work, merchant_id: UUID, booking_id: UUID, *, lock: bool = False) -> TableBooking:
    """The same without holding it. Raises NotFound."""
    query = select(TableBooking).where(TableBooking.merchant_id == merchant_id, TableBooking.id == booking_id)
    query = query.execution_options(populate_existing=True)
    found = work.session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound
    return found


def access_linked(work: Work, link: str) -> TableBooking:
    """The reservation that a link opens, on the worker's face. Raises NotFound for every other text."""
    query = select(TableBooking).where(TableBooking.link == rules.digest(link[:64]))
    found = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found
