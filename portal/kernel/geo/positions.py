"""A checked WGS-84 position, its way to and from the shifted grids of Chinese maps, and distances.

The formulas are prcoords'; the question *where* they apply is answered by our own ring (`mainland`). GCJ-02
is what AMap, Tencent and WeChat speak, BD-09 is Baidu's; both equal WGS-84 outside mainland China.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import prcoords

from portal.kernel.geo.mainland import is_mainland
from portal.kernel.refusals import Refusal
from portal.kernel.words import say

EARTH_RADIUS_METRES: Final = 6_378_168.0
"""The sphere of PostgreSQL's `earthdistance` (its function `earth()`): pages and SQL agree."""


class Datum(StrEnum):
    """How a pair of coordinates is meant."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in WGS-84 degrees. Refuses what is not on Earth and what is not a number."""

    lat: float
    lng: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lat) and math.isfinite(self.lng)):
            raise Refusal(say("坐标不是数字。"), field="position")
        if 90 < abs(self.lat) <= 180 and abs(self.lng) <= 90:
            raise Refusal(say("纬度和经度好像写反了：中国的经度在 73 到 136 之间。"), field="position")
        if abs(self.lat) > 90 or abs(self.lng) > 180:
            raise Refusal(say("坐标超出范围：纬度最多 90 度，经度最多 180 度。"), field="position")

    def to(self, datum: Datum) -> tuple[float, float]:
        """`(lat, lng)` as a map of that datum writes this place."""
        if datum is Datum.WGS84 or not is_mainland(self.lat, self.lng):
            return self.lat, self.lng
        shifted = prcoords.wgs_gcj((self.lat, self.lng), check_china=False)
        if datum is Datum.BD09:
            shifted = prcoords.gcj_bd(shifted)
        return float(shifted.lat), float(shifted.lon)


def from_datum(lat: float, lng: float, datum: Datum) -> Position:
    """The place that a map of that datum writes as `(lat, lng)`; there and back loses less than a metre.

    Beside the border one pair can mean two places a few hundred metres apart: the one in mainland China wins.
    """
    given = Position(lat, lng)
    if datum is Datum.WGS84 or not _may_be_shifted(lat, lng):
        return given
    gcj = prcoords.bd_gcj_bored((lat, lng)) if datum is Datum.BD09 else (lat, lng)
    found = prcoords.gcj_wgs_bored(gcj)
    if is_mainland(found.lat, found.lon) or is_mainland(lat, lng):
        return Position(float(found.lat), float(found.lon))
    return given


def distance_metres(here: Position, there: Position) -> float:
    """Great-circle distance in metres, by the haversine formula on the sphere of `earthdistance`."""
    here_lat, there_lat = math.radians(here.lat), math.radians(there.lat)
    half_lat = (there_lat - here_lat) / 2
    half_lng = math.radians(there.lng - here.lng) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(here_lat) * math.cos(there_lat) * math.sin(half_lng) ** 2
    return 2 * EARTH_RADIUS_METRES * math.asin(min(1.0, math.sqrt(chord)))


def _may_be_shifted(lat: float, lng: float) -> bool:
    """A generous box round the ring; outside it prcoords would warn and nothing is ever shifted."""
    return 10 < lat < 55 and 72.5 < lng < 136.5
