"""A geocoder without a network: the towns and quarters of the demo, always with the same answer.

The place is a known centre; the rest of the address moves it by a few hundred metres, the same way every time.
"""

from __future__ import annotations

import hashlib
from typing import Final

from portal.domain.stores.ports import Candidate
from portal.kernel.geo import Position

# Centres in WGS-84, to about a kilometre.
_PLACES: Final = {
    "东莞市": {
        "莞城": (23.0460, 113.7470),
        "南城": (23.0200, 113.7450),
        "东城": (23.0300, 113.7850),
        "虎门": (22.8170, 113.6720),
        "长安": (22.8030, 113.8020),
        "厚街": (22.9370, 113.6720),
        "常平": (22.9750, 113.9960),
        "寮步": (22.9940, 113.8680),
        "石排": (23.0870, 113.9200),
        "茶山": (23.0620, 113.8830),
        "大朗": (22.9420, 113.9390),
        "塘厦": (22.8100, 114.0730),
        "松山湖": (22.9230, 113.8890),
    },
    "深圳市": {
        "科技园": (22.5440, 113.9480),
        "福田": (22.5350, 114.0550),
        "宝安": (22.5560, 113.8840),
        "龙华": (22.6560, 114.0230),
        "龙岗": (22.7200, 114.2470),
        "东门": (22.5460, 114.1180),
        "罗湖": (22.5480, 114.1310),
        "南山": (22.5310, 113.9300),
    },
}
_SPREAD_DEGREES: Final = 0.006


class SandboxGeocoder:
    """Knows the demo town and nothing else."""

    def geocode(self, address: str, city: str | None = None) -> list[Candidate]:
        """The quarters the address names, likeliest first; the centre alone is less sure than a house number."""
        wanted = "".join(address.split())
        found = []
        for town, quarters in _PLACES.items():
            if city and not town.startswith(city.removesuffix("市")):
                continue
            for quarter, centre in quarters.items():
                at = wanted.find(quarter)
                if at >= 0:
                    rest = wanted[at + len(quarter) :].lstrip("镇街道区")
                    found.append((at, self._candidate(town, quarter, centre, rest)))
        return [candidate for _, candidate in sorted(found, key=lambda hit: (hit[0], hit[1].label))]

    @staticmethod
    def _candidate(town: str, quarter: str, centre: tuple[float, float], rest: str) -> Candidate:
        if not rest:
            return Candidate(Position(*centre), f"{town}{quarter}", 40)
        digest = hashlib.sha256(f"{town}{quarter}{rest}".encode()).digest()
        north, east = (int.from_bytes(part, "big") / 2**32 * 2 - 1 for part in (digest[:4], digest[4:8]))
        position = Position(round(centre[0] + north * _SPREAD_DEGREES, 6), round(centre[1] + east * _SPREAD_DEGREES, 6))
        has_number = any(letter.isdigit() for letter in rest)
        return Candidate(position, f"{town}{quarter}{rest}", 90 if has_number else 60)
