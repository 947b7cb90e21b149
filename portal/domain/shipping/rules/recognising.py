"""Carriers that people here send with: names, shapes of their numbers, what aggregators call them. Pure.

A shape is either a carrier's own (its letters, its leading digits and length) or shared; shared shapes never settle
anything. Sources are the carriers' public query pages and the codes of the two large aggregators.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from portal.kernel.words import Text, say

OTHER: Final = "other"


@dataclass(frozen=True)
class Carrier:
    """One carrier. `own` shapes are nobody else's, `shared` ones several have. `kuaidi100` and `kdniao` are its codes
    there; `tail` says that it tells nothing without the last four digits of the recipient's phone.
    """

    code: str
    name: Text
    own: tuple[str, ...]
    shared: tuple[str, ...]
    kuaidi100: str
    kdniao: str
    hotline: str
    tail: bool = False


CARRIERS: Final[tuple[Carrier, ...]] = (
    Carrier("sf", say("顺丰速运"), (r"SF[0-9]{12,13}",), (r"[0-9]{12}",), "shunfeng", "SF", "95338", tail=True),
    Carrier("jd", say("京东快递"), (r"JD[A-Z0-9]{9,16}(?:-[0-9]{1,3}-[0-9]{1,3}-?)?",), (), "jd", "JD", "950616"),
    Carrier(
        "zto",
        say("中通快递"),
        (r"7[3-9][0-9]{12}", r"ZT[0-9]{12,13}"),
        (r"[2567][0-9]{11}",),
        "zhongtong",
        "ZTO",
        "95311",
        tail=True,
    ),
    Carrier(
        "yto", say("圆通速递"), (r"YT[0-9]{13}", r"[DGV][0-9]{10,12}"), (r"8[0-9]{11}",), "yuantong", "YTO", "95554"
    ),
    Carrier(
        "sto",
        say("申通快递"),
        (r"77[0-9]{13}", r"ST[0-9]{12}"),
        (r"[0-9]{12}", r"77[0-9]{11}"),
        "shentong",
        "STO",
        "95543",
    ),
    Carrier(
        "yunda",
        say("韵达快递"),
        (r"(?:31|43|46)[0-9]{13}", r"YD[0-9]{12,13}"),
        (r"[0-9]{13}",),
        "yunda",
        "YD",
        "95546",
    ),
    Carrier("jt", say("极兔速递"), (r"JT[0-9]{13}",), (r"[0-9]{15}",), "jtexpress", "JTSD", "956025"),
    Carrier("deppon", say("德邦快递"), (r"DP[KL]?[0-9]{9,14}",), (r"[0-9]{8,10}",), "debangkuaidi", "DBL", "95353"),
    Carrier("ems", say("中国邮政 EMS"), (r"E[A-Z][0-9]{9}CN",), (r"1[0-2][0-9]{11}",), "ems", "EMS", "11183"),
    Carrier(
        "post", say("邮政快递包裹"), (r"[KPRX]A[0-9]{11}",), (r"9[5-9][0-9]{11}",), "youzhengguonei", "YZPY", "11183"
    ),
    Carrier("best", say("百世快递"), (), (r"5[0-9]{13}", r"70[0-9]{12}"), "huitongkuaidi", "HTKY", "95320"),
    Carrier(OTHER, say("其他快递"), (), (), "", "", ""),
)
BY_CODE: Final[Mapping[str, Carrier]] = MappingProxyType({one.code: one for one in CARRIERS})
NAMES: Final[Mapping[str, Text]] = MappingProxyType({one.code: one.name for one in CARRIERS})
LIKELY: Final = ("zto", "yto", "yunda", "sto", "jt", "sf", "post", "jd", "ems", "deppon", "best")
"""Candidates of a shared shape are offered in this order: by how much each carries in the country."""

_OWN: Final = tuple((one.code, re.compile("|".join(one.own))) for one in CARRIERS if one.own)
_SHARED: Final = tuple((one.code, re.compile("|".join(one.shared))) for one in CARRIERS if one.shared)
_KINDS: Final = re.compile("速运|快递|速递|物流|中国|包裹|公司|股份|有限")
_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)


def recognise(number: str) -> tuple[str, ...]:
    """The carriers a tidy number may belong to: one when its shape is that carrier's own, none when it is nobody's.
    A shared shape always gives several, the last of them OTHER, so that nobody takes it for settled.
    """
    own = [code for code, shape in _OWN if shape.fullmatch(number)]
    if own == ["ems"] and not is_postal(number):
        return ()
    if own:
        return tuple(own)
    shared = {code for code, shape in _SHARED if shape.fullmatch(number)}
    return (*(code for code in LIKELY if code in shared), OTHER) if shared else ()


def is_postal(number: str) -> bool:
    """Whether the check digit of a postal number with letters holds (UPU S10)."""
    digits = [int(sign) for sign in number[2:11]]
    rest = 11 - sum(weight * digit for weight, digit in zip(_WEIGHTS, digits[:8], strict=True)) % 11
    return digits[8] == {10: 0, 11: 5}.get(rest, rest)


def called(text: str) -> str | None:
    """The carrier these words name, as a column of a spreadsheet does (顺丰, 中通快递, EMS, shunfeng)."""
    plain = _bare(text)
    for one in CARRIERS:
        if plain and plain in (one.code, one.kuaidi100, one.kdniao.lower(), _bare(str(one.name))):
            return one.code
    return next((code for code, name in NAMES.items() if len(plain) >= 2 and plain in str(name).lower()), None)


def _bare(text: str) -> str:
    """A name without what all of them are called."""
    return _KINDS.sub("", text).strip().lower()
