"""A division as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """From large to small."""

    PROVINCE = "province"
    CITY = "city"
    AREA = "area"
    STREET = "street"


@dataclass(frozen=True)
class RegionName:
    """One division; `lat`, `lng` (WGS-84) are None when no centre is known."""

    code: str
    name: str
    level: Level
    parent: str | None
    lat: float | None = None
    lng: float | None = None
