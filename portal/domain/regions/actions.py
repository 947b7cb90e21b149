"""Keeping the table of divisions: loaded from a list, again and again without harm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from portal.domain.regions.models import Region
from portal.domain.regions.values import RegionName
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

_LOT = 2000


@dataclass(frozen=True)
class Loaded:
    """How many rows were new, different, and as they were."""

    made: int
    changed: int
    unchanged: int


def load(work: Work, regions: Iterable[RegionName]) -> Loaded:
    """Make the table say what the list says; divisions it does not name stay. A centre that is not given stays."""
    work.require(Permission.PARAMETER_EDIT)
    columns = (Region.code, Region.parent, Region.level, Region.name, Region.lat, Region.lng)
    known = {row.code: tuple(row) for row in work.session.execute(select(*columns))}
    new: list[RegionName] = []
    other: list[RegionName] = []
    same = 0
    for region in regions:
        row = known.get(region.code)
        if row is None:
            new.append(region)
        elif row != _facts(region, row):
            other.append(region)
        else:
            same += 1
    for start in range(0, len(new) + len(other), _LOT):
        _put(work, [*new, *other][start : start + _LOT])
    return Loaded(len(new), len(other), same)


def _facts(region: RegionName, row: tuple[object, ...]) -> tuple[object, ...]:
    centre = (region.lat, region.lng) if region.lat is not None else row[4:]
    return (region.code, region.parent, region.level.value, region.name, *centre)


def _put(work: Work, regions: Sequence[RegionName]) -> None:
    values = [
        {
            "code": region.code,
            "parent": region.parent,
            "level": region.level.value,
            "name": region.name,
            "lat": region.lat,
            "lng": region.lng,
        }
        for region in regions
    ]
    new = insert(Region).values(values)
    said = new.excluded
    changes: dict[str, Any] = {"parent": said.parent, "level": said.level, "name": said.name}
    for name in ("lat", "lng"):
        changes[name] = func.coalesce(said[name], getattr(Region, name))
    work.session.execute(
        new.on_conflict_do_update(index_elements=[Region.code], set_=changes),
        execution_options={"synchronize_session": False},
    )
