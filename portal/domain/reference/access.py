"""The only way to one category, one announcement, one value of a parameter."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from portal.domain.reference.models import AnnouncementRow, CategoryRow, ParameterValueRow
from portal.domain.reference.values import PARAMETERS, Parameter
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

Row = TypeVar("Row", CategoryRow, AnnouncementRow, ParameterValueRow)


def access_category(work: Work, category_id: UUID, *, lock: bool = False) -> CategoryRow:
    """The category, or NotFound."""
    return _one(work, CategoryRow, category_id, lock=lock)


def access_announcement(work: Work, announcement_id: UUID, *, lock: bool = False) -> AnnouncementRow:
    """The announcement, or NotFound; only the platform sees any."""
    return _one(work, AnnouncementRow, announcement_id, lock=lock)


def access_parameter_value(work: Work, value_id: UUID, *, lock: bool = False) -> ParameterValueRow:
    """A value that was set, or NotFound."""
    return _one(work, ParameterValueRow, value_id, lock=lock)


def access_parameter(name: str) -> Parameter:
    """The parameter of this name, or NotFound."""
    if name not in PARAMETERS:
        raise NotFound
    return PARAMETERS[name]


def _one(work: Work, model: type[Row], row_id: UUID, *, lock: bool) -> Row:
    query = select(model).where(model.id == row_id)
    row = work.session.execute(query.with_for_update() if lock else query).scalar()
    if row is None:
        raise NotFound
    return row
