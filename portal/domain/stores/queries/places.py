"""Where people may say they are: cities with stores, and the middle of a division."""

from __future__ import annotations

from sqlalchemy import case, func, select

from portal.domain.regions import queries as regions
from portal.domain.regions.values import RegionName
from portal.domain.stores.models import StoreCard
from portal.kernel.geo import Position
from portal.kernel.work import Work

_LAST = "~"  # behind every digit
_CITY = 4
_SOME = 500


def cities_with_stores(work: Work, *, most: int = 60) -> list[tuple[RegionName, ...]]:
    """The paths of cities where listed stores are, by code; the index is skipped through, not read."""
    first = select(func.min(StoreCard.region_code).label("code")).cte("steps", recursive=True)
    last = case((func.length(first.c.code) < _CITY, "0"), else_=_LAST)
    behind = func.left(first.c.code, _CITY).concat(last)
    following = select(func.min(StoreCard.region_code)).where(StoreCard.region_code >= behind).scalar_subquery()
    steps = first.union_all(select(following).where(first.c.code.is_not(None)))
    cities = select(func.left(steps.c.code, _CITY)).where(steps.c.code.is_not(None)).limit(most)
    paths = regions.paths(work, set(work.session.execute(cities).scalars()))
    return [paths[code] for code in sorted(paths)]


def middle_of(work: Work, path: tuple[RegionName, ...]) -> Position | None:
    """The centre of a division: as it is known, else the middle of its stores, else that of the one above.

    A city is never placed in the middle of its province.
    """
    for region in reversed(path[1:] or path):
        if region.lat is not None and region.lng is not None:
            return Position(region.lat, region.lng)
        some = (
            select(StoreCard.lat, StoreCard.lng)
            .where(StoreCard.region_code >= region.code, StoreCard.region_code < region.code + _LAST)
            .limit(_SOME)
            .subquery()
        )
        lat, lng = work.session.execute(select(func.avg(some.c.lat), func.avg(some.c.lng))).one()
        if lat is not None:
            return Position(round(lat, 4), round(lng, 4))
    return None


def find_places(work: Work, words: str, *, most: int = 20) -> list[tuple[RegionName, ...]]:
    """The paths of divisions whose name begins with the words, large ones first."""
    found = regions.named(work, words, most=most)
    paths = regions.paths(work, {region.code for region in found})
    return [paths[region.code] for region in found]
