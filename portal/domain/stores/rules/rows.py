"""A line of an imported list becomes facts about a store, or the sentence that says what is wrong with it. Pure.

Cells are text and stay text: nothing is calculated, whatever it looks like.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from uuid import UUID

from portal.domain.regions.rules import is_filler
from portal.domain.regions.values import Level, RegionName
from portal.domain.stores.rules import tidy
from portal.domain.stores.values import GivenPosition, StoreFacts
from portal.kernel import phones
from portal.kernel.geo import Datum
from portal.kernel.hours import WeeklyHours, parse_week
from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "source": ("source", "来源"),
    "brand": ("brand", "品牌"),
    "store_id": ("store_id", "门店编号", "编号"),
    "name": ("name", "门店名称", "店名", "名称"),
    "category": ("category", "分类", "类目"),
    "city": ("city", "城市", "市"),
    "district": ("district", "区县", "镇街", "区"),
    "address": ("address", "详细地址", "地址"),
    "lat": ("lat", "latitude", "纬度"),
    "lng": ("lng", "lon", "longitude", "经度"),
    "phone": ("phone", "电话"),
    "hours": ("hours", "营业时间"),
    "open_time": ("open_time", "开门时间"),
    "close_time": ("close_time", "打烊时间"),
    "month_sales": ("month_sales", "月售", "月销量"),
    "tags": ("tags", "标签"),
}
"""What a column may be called. name, lat and lng must be there."""

REQUIRED: Final = ("name", "lat", "lng")
MOST_CELL: Final = 2000
_MOST_SALES: Final = 100_000_000


@dataclass(frozen=True)
class ImportedRow:
    """A line that can be taken: `key` says which store it is, `mark` what the line said about it."""

    line: int
    key: str
    mark: str
    facts: StoreFacts
    month_sales: int | None


@dataclass(frozen=True)
class Towns:
    """Codes of cities and of their areas, by the names people write."""

    cities: Mapping[str, str]
    areas: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, regions: Sequence[RegionName]) -> Towns:
        """From the table of divisions; a city that is its own province goes by the province's name."""
        known = {region.code: region for region in regions}
        cities: dict[str, str] = {}
        areas: dict[tuple[str, str], str] = {}
        for region in regions:
            if region.level is Level.CITY:
                cities.setdefault(_city_name(region, known), region.code)
            elif region.level is Level.AREA and region.parent in known:
                areas.setdefault((_city_name(known[region.parent], known), region.name), region.code)
        return cls(cities, areas)

    def code(self, city: str, district: str) -> str | None:
        """The area's code if it is known, else the city's, else None."""
        return self.areas.get((city, district)) or self.cities.get(city)


def _city_name(city: RegionName, known: Mapping[str, RegionName]) -> str:
    above = known.get(city.parent or "")
    return above.name if above and is_filler(city.name) else city.name


@dataclass(frozen=True)
class RowReader:
    """How the lines of one file are meant."""

    datum: Datum
    towns: Towns
    categories: Mapping[str, UUID] = field(default_factory=dict)
    category_id: UUID | None = None
    demo: bool = False

    def read(self, cells: Mapping[str, str], line: int) -> ImportedRow:
        """The row of one line. Refuses, naming the column, what a store cannot be."""
        if any(len(cell) > MOST_CELL for cell in cells.values()):
            raise Refusal(say("有一格超过 %(most)s 个字。", most=MOST_CELL))
        text = {name: half_width(cells.get(name, "")).strip() for name in COLUMNS}
        given = GivenPosition(_degrees(text, "lat"), _degrees(text, "lng"), self.datum)
        _ = given.position  # refuses what is not on Earth
        facts = tidy(
            StoreFacts(
                name=cells.get("name", ""),
                brand=cells.get("brand", ""),
                category_id=self._category(text["category"]),
                phone=_phone(text["phone"], demo=self.demo) if text["phone"] else None,
                region_code=self.towns.code(text["city"], text["district"]),
                address=_address(cells, self.towns),
                given=given,
                hours=_hours(text["hours"], text["open_time"], text["close_time"]),
            )
        )
        who = text["store_id"] or f"{facts.name}@{text['lat']},{text['lng']}"
        mark = "\0".join((*(cells.get(name, "") for name in COLUMNS), self.datum, str(self.category_id)))
        digest = hashlib.sha256(mark.encode("utf-8", "replace")).hexdigest()[:32]
        return ImportedRow(line, f"{text['source']}|{text['brand']}|{who}"[:300], digest, facts, _sales(text))

    def _category(self, name: str) -> UUID | None:
        if not name:
            return self.category_id
        if name not in self.categories:
            raise Refusal(say("没有叫“%(name)s”的分类。", name=name[:30]), field="category")
        return self.categories[name]


def _degrees(text: Mapping[str, str], name: str) -> float:
    try:
        value = float(text[name])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Refusal(say("“%(text)s”不是坐标。", text=text[name][:30]), field=name)
    return value


def _sales(text: Mapping[str, str]) -> int | None:
    said = text["month_sales"]
    if not said:
        return None
    if not said.isascii() or not said.isdigit() or int(said[:12]) > _MOST_SALES:
        raise Refusal(say("“%(text)s”不是销量，请填整数。", text=said[:30]), field="month_sales")
    return int(said)


def _address(cells: Mapping[str, str], towns: Towns) -> str:
    """The address; a city that is not in the table of divisions is kept in front of it."""
    city, address = cells.get("city", "").strip(), cells.get("address", "")
    if towns.code(half_width(city), "") is None and city and not address.startswith(city):
        return f"{city} {address}".strip()
    return address


@lru_cache(maxsize=4096)
def _phone(text: str, *, demo: bool) -> str:
    return phones.normalise_phone(text, demo=demo)


@lru_cache(maxsize=4096)
def _hours(text: str, opens: str, closes: str) -> WeeklyHours | None:
    if not text and bool(opens) != bool(closes):
        raise Refusal(say("营业时间只写了一半：开门和打烊要一起填。"), field="open_time")
    if not text and not opens:
        return None
    return parse_week(text or f"{opens}-{closes}", field="hours" if text else "open_time")
