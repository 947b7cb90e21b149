"""Finding province, city, district and town at the front of an address, with or without their suffixes.

Divisions that exist only in the tables (市辖区, Dongguan's one district called 东莞市) are looked through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

Row = tuple[str, str, str, str | None]
"""Code, name, level and the code of the parent (None for a province)."""


class Level(StrEnum):
    """The four levels of an address, from wide to narrow."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    TOWN = "town"


_LEVELS: Final = {level.value: level for level in Level} | {"area": Level.DISTRICT, "street": Level.TOWN}
_IN_TABLES_ONLY: Final = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


def plain(names: Iterable[str]) -> list[str]:
    """Names from the province down without repeats and without those that stand in the tables only."""
    return [name for name in dict.fromkeys(names) if name not in _IN_TABLES_ONLY]


_SUFFIX: Final = re.compile(
    r"(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|省|地区|盟|新区|街道(?:办事处)?|[^\W\d]{2,}?族自治[州县旗]|市|区|县|旗|镇|乡)$"
)
_GOES_ON: Final = re.compile(
    r"[省市区县旗镇乡州盟]|[东南西北中环内外新老上下前后]{0,2}"
    r"(?:大道|大街|大桥|路|街(?!道)|巷|弄|胡同|桥|村|社区|花园|广场|站|里|道)"
)
_GAP: Final = re.compile(r"[\s,、;|/>-]*")


@dataclass(frozen=True)
class Region:
    """One administrative division."""

    code: str
    name: str
    level: Level
    parent: str | None

    @cached_property
    def short(self) -> str:
        """The name as people shorten it (广东, 东莞, 石排); the whole name when less than two letters would remain."""
        bare = _SUFFIX.sub("", self.name)
        return bare if len(bare) >= 2 else self.name


class Regions:
    """The divisions by parent. Children that were not handed in are asked for with `more(code)`, once."""

    def __init__(self, rows: Iterable[Row], more: Callable[[str], Iterable[Row]] | None = None) -> None:
        self._more = more
        self._by_code: dict[str, Region] = {}
        self._children: dict[str | None, list[Region]] = {}
        self._add(rows)

    def of(self, code: str) -> Region:
        """The division with that code."""
        return self._by_code[code]

    def children(self, code: str | None) -> list[Region]:
        """The divisions directly below; of None the provinces."""
        if code is not None and code not in self._children:
            self._children[code] = []
            self._add(self._more(code) if self._more else ())
        return self._children.get(code, [])

    def below(self, code: str | None) -> list[Region]:
        """The divisions that people name after that one: its children, looking through what is in tables only."""
        named: list[Region] = []
        for region in self.children(code):
            named += self.below(region.code) if self.is_table_only(region) else [region]
        return named

    def two_below(self, code: str) -> list[Region]:
        """The divisions one level further down."""
        return [region for child in self.below(code) for region in self.below(child.code)]

    def is_table_only(self, region: Region) -> bool:
        """Whether nobody would say this division in an address."""
        if region.name in _IN_TABLES_ONLY:
            return True
        return (
            region.level is Level.DISTRICT and region.parent is not None and self.of(region.parent).name == region.name
        )

    def chain(self, region: Region) -> Iterator[Region]:
        """The division and everything it lies in, upwards."""
        at: Region | None = region
        while at is not None:
            yield at
            at = self._by_code.get(at.parent) if at.parent else None

    def all_of(self, level: Level) -> list[Region]:
        """Every division of a level that was handed in."""
        return [region for region in self._by_code.values() if region.level is level]

    def _add(self, rows: Iterable[Row]) -> None:
        for code, name, level, parent in rows:
            if code not in self._by_code:
                region = self._by_code[code] = Region(code, name, _LEVELS[level], parent)
                self._children.setdefault(parent, []).append(region)


def find_start(regions: Regions, text: str, at: int) -> tuple[Region, int] | None:
    """The division an address begins with at that place of the text, and where it ends."""
    wide = regions.below(None) + [city for city in regions.all_of(Level.CITY) if not regions.is_table_only(city)]
    found = _match(text, at, wide, shortened=True)
    narrow = _match(text, at, regions.all_of(Level.DISTRICT), shortened=False)
    if narrow and (not found or narrow[1] > found[1]):
        return narrow
    return found


def follow(regions: Regions, text: str, start: Region, at: int) -> tuple[Region, int]:
    """The narrowest division the address names from there on, and where its detail begins."""
    found = start
    while found.level is not Level.TOWN:
        at = _skip_repeats(regions, text, found, at)
        gap = _GAP.match(text, at)
        here = gap.end() if gap else at
        step = _match(text, here, regions.below(found.code), shortened=True)
        if step is None and found.level in {Level.PROVINCE, Level.CITY}:
            step = _match(text, here, regions.two_below(found.code), shortened=False)
        if step is None:
            break
        found, at = step
    gap = _GAP.match(text, at)
    return found, gap.end() if gap else at


def _skip_repeats(regions: Regions, text: str, found: Region, at: int) -> int:
    """Past `北京市 北京市` and `北京市市辖区`: names that say the same place again or only fill a table's column."""
    names = {name for region in regions.chain(found) for name in (region.name,)} | _IN_TABLES_ONLY - {"县"}
    skipping = True
    while skipping:
        gap = _GAP.match(text, at)
        here = gap.end() if gap else at
        repeated = max((name for name in names if text.startswith(name, here)), key=len, default="")
        skipping = bool(repeated)
        at = here + len(repeated) if repeated else at
    return at


def _match(text: str, at: int, candidates: list[Region], *, shortened: bool) -> tuple[Region, int] | None:
    """The one candidate whose name is longest there. A short name that goes on as a road or as another
    division is no match; nor are two divisions of one name."""
    best: list[tuple[Region, int]] = []
    length = 0
    for region in candidates:
        for name in {region.name, region.short} if shortened else {region.name}:
            if len(name) < max(length, 2) or not text.startswith(name, at):
                continue
            if name != region.name and _GOES_ON.match(text, at + len(name)):
                continue
            if len(name) > length:
                best, length = [], len(name)
            best.append((region, at + length))
    widest = [hit for hit in best if hit[0].level is best[0][0].level]
    return best[0] if len(widest) == 1 else None
