"""Keeping the table of divisions: loaded from a list, again and again without harm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, text

from portal.domain.regions.models import Region
from portal.domain.regions.values import RegionName
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

_LOT = 10_000


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


_PUT = text(
    """
    INSERT INTO regions (code, parent, level, name, lat, lng)
    SELECT * FROM unnest(CAST(:code AS text[]), CAST(:parent AS text[]), CAST(:level AS text[]), CAST(:name AS text[]),
                         CAST(:lat AS float8[]), CAST(:lng AS float8[]))
    ON CONFLICT (code) DO UPDATE SET parent = excluded.parent, level = excluded.level, name = excluded.name,
        lat = coalesce(excluded.lat, regions.lat), lng = coalesce(excluded.lng, regions.lng)
    """
)


def _put(work: Work, regions: Sequence[RegionName]) -> None:
    """One statement whatever the number: forty thousand rows of bound values take ten seconds to compile."""
    columns = {name: [getattr(region, name) for region in regions] for name in ("code", "parent", "name", "lat", "lng")}
    work.session.execute(_PUT, {**columns, "level": [region.level.value for region in regions]})
