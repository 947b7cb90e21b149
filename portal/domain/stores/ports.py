"""What the stores ask of the outside: turning an address into places on the map.

Every implementation answers in WGS-84, whatever its vendor speaks, and fails only with a `GeocoderTrouble`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from portal.kernel.geo import Position
from portal.kernel.refusals import Refusal
from portal.kernel.words import Text, say


@dataclass(frozen=True)
class Candidate:
    """A place that the address may mean; `confidence` from 0 (the town, at best) to 100 (the door)."""

    position: Position
    label: str
    confidence: int


class Geocoder(Protocol):
    """Finds addresses."""

    def geocode(self, address: str, city: str | None = None) -> list[Candidate]:
        """The places the address may mean, likeliest first; none when it is unknown. Raises `GeocoderTrouble`."""
        ...


class GeocoderTrouble(Refusal):
    """The map service gave no usable answer; picking the place on the map still works."""

    status = 503

    def __init__(self, sentence: Text | None = None) -> None:
        super().__init__(sentence or say("地图服务暂时没有回应。请稍后再试，或直接在地图上点选位置。"), field="address")


class GeocoderSilent(GeocoderTrouble):
    """No answer in time, no connection, or the service says it is down."""


class GeocoderGarbled(GeocoderTrouble):
    """An answer that cannot be understood."""

    def __init__(self) -> None:
        super().__init__(say("地图服务的回答无法识别。请直接在地图上点选位置。"))


class GeocoderOverQuota(GeocoderTrouble):
    """Asked too often: per second, or the day's allowance is used up."""

    def __init__(self) -> None:
        super().__init__(say("地图服务今天的查询次数已用完。请直接在地图上点选位置。"))


class GeocoderDenied(GeocoderTrouble):
    """The key or the signature is not accepted: a matter for whoever runs the installation."""

    def __init__(self) -> None:
        super().__init__(say("地图服务的密钥无效，请联系平台管理员。现在可以直接在地图上点选位置。"))
