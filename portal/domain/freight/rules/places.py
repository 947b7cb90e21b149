"""How places of a template are typed and said: names with or without 省 and 市, groups such as 江浙沪. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from portal.domain.freight.values import BEYOND
from portal.domain.regions.rules import is_filler
from portal.domain.regions.values import RegionName
from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import Text, say

AREAS: Final[tuple[tuple[Text, tuple[str, ...]], ...]] = (
    (say("华南"), ("44", "45", "46")),
    (say("华东"), ("31", "32", "33", "34", "35", "36", "37")),
    (say("华中"), ("41", "42", "43")),
    (say("华北"), ("11", "12", "13", "14", "15")),
    (say("东北"), ("21", "22", "23")),
    (say("西南"), ("50", "51", "52", "53", "54")),
    (say("西北"), ("61", "62", "63", "64", "65")),
    (say("港澳台"), ("81", "82", "71")),
)
"""Provinces as people group them; each stands in one group."""

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    **{str(name): codes for name, codes in AREAS},
    "江浙沪": ("32", "33", "31"),
    "江浙沪皖": ("32", "33", "31", "34"),
    "京津冀": ("11", "12", "13"),
    "东三省": ("21", "22", "23"),
    "珠三角": ("4401", "4403", "4404", "4406", "4407", "4412", "4413", "4419", "4420"),
}
_BETWEEN: Final = re.compile(r"[、,，;；/\s]+")
_TAILS: Final = (
    *("维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区"),
    *("土家族苗族自治州", "自治州", "地区", "省", "市", "盟"),
)


def names_by_code(regions: Iterable[RegionName]) -> dict[str, str]:
    """Provinces and cities that say something, by code, with the three beyond the table."""
    found = {one.code: one.name for one in BEYOND}
    found.update({one.code: one.name for one in regions if not is_filler(one.name)})
    return dict(sorted(found.items()))


def short(name: str) -> str:
    """广东省 → 广东, 东莞市 → 东莞, 新疆维吾尔自治区 → 新疆."""
    for tail in _TAILS:
        if name.endswith(tail) and len(name) > len(tail) + 1:
            return name.removesuffix(tail)
    return name


def read_places(text: str, names: Mapping[str, str], *, field: str | None = None) -> tuple[str, ...]:
    """The codes of what was typed: names, short names or groups, with 、 or spaces between. Refuses what is unknown,
    with what it may have been meant to be.
    """
    known: dict[str, tuple[str, ...]] = {}
    for code, name in reversed(list(names.items())):  # a province before a city of the same short name (吉林)
        known[short(name)] = (code,)
    for code, name in names.items():
        known[name] = (code,)
    known.update({name: tuple(one for one in codes if one in names) for name, codes in GROUPS.items()})
    found: dict[str, None] = {}
    for word in _BETWEEN.split(half_width(text).strip()):
        if word:
            found.update(dict.fromkeys(_read(word, known, field)))
    return tuple(found)


def _read(word: str, known: Mapping[str, tuple[str, ...]], field: str | None) -> tuple[str, ...]:
    if word in known:
        return known[word]
    near = get_close_matches(word, known, n=1, cutoff=0.5)
    if near:
        raise Refusal(say("没有找到“%(word)s”，是不是“%(near)s”？", word=word[:20], near=near[0]), field=field)
    raise Refusal(say("没有找到“%(word)s”。请填省或市的名字。", word=word[:20]), field=field)


def said(codes: Sequence[str], names: Mapping[str, str]) -> str:
    """Places as people name them: 广东、广西、东莞."""
    return "、".join(short(names[code]) for code in codes if code in names)
