"""Which carrier a number may belong to, from its shape. A shape that several use gives several."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from portal.kernel.words import Text, say

NAMES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "sf": say("顺丰速运"),
        "jd": say("京东快递"),
        "zto": say("中通快递"),
        "yto": say("圆通速递"),
        "sto": say("申通快递"),
        "yunda": say("韵达快递"),
        "jt": say("极兔速递"),
        "deppon": say("德邦快递"),
        "ems": say("中国邮政 EMS"),
        "other": say("其他快递"),
    }
)
_SHAPES: Final = (
    ("sf", re.compile(r"SF[0-9]{12,13}")),
    ("jd", re.compile(r"JD[A-Z0-9]{9,16}(?:-[0-9]{1,3}-[0-9]{1,3}-?)?")),
    ("yto", re.compile(r"YT[0-9]{13}")),
    ("jt", re.compile(r"JT[0-9]{13}")),
    ("deppon", re.compile(r"DPK?[0-9]{9,14}")),
    ("zto", re.compile(r"7[3-9][0-9]{12}")),
    ("sto", re.compile(r"77[0-9]{13}|4[0-9]{14}")),
    ("yunda", re.compile(r"(?:31|43|46)[0-9]{13}")),
    ("ems", re.compile(r"E[A-Z][0-9]{9}CN|1[0-9]{12}|9[0-9]{12}")),
    ("sf", re.compile(r"[0-9]{12}")),
    ("sto", re.compile(r"[0-9]{12}")),
)


def recognise(number: str) -> tuple[str, ...]:
    """The carriers whose numbers look like this one, the likeliest first; none when nobody's do."""
    return tuple(dict.fromkeys(code for code, shape in _SHAPES if shape.fullmatch(number)))


def called(text: str) -> str | None:
    """The carrier that these words name, as a column of a spreadsheet does (顺丰, 中通快递)."""
    plain = re.sub(r"(速运|快递|速递|物流|中国)", "", text).strip()
    return next((code for code, name in NAMES.items() if len(plain) >= 2 and plain in str(name)), None)
