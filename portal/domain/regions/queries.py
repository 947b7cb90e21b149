"""Divisions for selects, for addresses and for the place picker. Read only."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, or_, select

from portal.domain.regions.models import Region
from portal.domain.regions.rules import codes_of
from portal.domain.regions.values import Level, RegionName
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work


def children(work: Work, parent: str | None) -> list[RegionName]:
    """The divisions right below `parent` (None: the provinces), by code."""
    below = Region.parent.is_(None) if parent is None else Region.parent == parent
    return _read(work, select(Region).where(below).order_by(Region.code))


def families(work: Work, parents: Collection[str]) -> dict[str | None, list[RegionName]]:
    """The provinces (under None) and the divisions right below each of `parents`, in one statement."""
    query = select(Region).where(or_(Region.parent.is_(None), Region.parent.in_(set(parents))))
    found: dict[str | None, list[RegionName]] = {}
    for region in _read(work, query.order_by(Region.code)):
        found.setdefault(region.parent, []).append(region)
    return found


def path(work: Work, code: str | None) -> tuple[RegionName, ...]:
    """From the province down to `code`. Nothing for None; NotFound for a code that does not exist."""
    if not code:
        return ()
    found = paths(work, {code}).get(code)
    if found is None:
        raise NotFound(say("没有这个地区。"))
    return found


def paths(work: Work, codes: Collection[str]) -> dict[str, tuple[RegionName, ...]]:
    """The path of each code that exists, in one statement."""
    wanted = {step for code in codes for step in codes_of(code)}
    if not wanted:
        return {}
    known = {region.code: region for region in _read(work, select(Region).where(Region.code.in_(wanted)))}
    return {code: tuple(known[step] for step in codes_of(code) if step in known) for code in codes if code in known}


def check(work: Work, code: str, *, field: str = "region") -> tuple[RegionName, ...]:
    """The path of a code that was entered. Refuses one that does not exist."""
    found = paths(work, {code}).get(code)
    if found is None:
        raise Refusal(say("没有这个地区，请重新选择。"), field=field)
    return found


def every(work: Work, *, levels: Collection[Level] = tuple(Level)) -> list[RegionName]:
    """All divisions of these levels, by code: for the parser of pasted addresses and for imports."""
    names = [level.value for level in levels]
    return _read(work, select(Region).where(Region.level.in_(names)).order_by(Region.code))


def named(work: Work, words: str, *, most: int) -> list[RegionName]:
    """Divisions whose name begins with the words, large ones first."""
    query = select(Region).where(Region.name.startswith(words, autoescape=True))
    return _read(work, query.order_by(func.length(Region.code), Region.code).limit(most))


def _read(work: Work, query: Any) -> list[RegionName]:
    rows = work.session.execute(query).scalars()
    return [RegionName(row.code, row.name, Level(row.level), row.parent, row.lat, row.lng) for row in rows]
