"""How codes nest and how a path is spoken. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from portal.domain.regions.values import RegionName

LENGTHS: Final = (2, 4, 6, 9)
_FILLERS: Final = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "市", "城区"}


def codes_of(code: str) -> tuple[str, ...]:
    """The code and all above it: 441900120 → 44, 4419, 441900, 441900120."""
    return tuple(code[:length] for length in LENGTHS if length < len(code)) + ((code,) if code else ())


def is_filler(name: str) -> bool:
    """Whether a name says nothing by itself: 市辖区, 省直辖县级行政区划."""
    return name in _FILLERS


def spoken(path: Sequence[RegionName], *, province: bool = True) -> str:
    """The path as people write it, without fillers and repeats: 广东省东莞市石排镇, 北京市朝阳区."""
    names: list[str] = []
    for region in path:
        if region.name in _FILLERS or region.name in names:
            continue
        names.append(region.name)
    if not province and len(names) > 1 and path[0].name.endswith(("省", "自治区")):
        names = names[1:]
    return "".join(names)


def area_of(path: Sequence[RegionName]) -> str:
    """The last two steps that say something: 东莞市石排镇, 深圳市南山区, 北京市."""
    return spoken([region for region in path if len(region.code) <= 6 or _is_town_city(path)], province=False)


def _is_town_city(path: Sequence[RegionName]) -> bool:
    """Cities without districts (Dongguan, Zhongshan): the area repeats the city, the town is what says something."""
    return len(path) > 2 and (path[2].name == path[1].name or path[2].name in _FILLERS)
