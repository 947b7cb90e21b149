"""Sale prices by rule: so many times the supply price, ended as prices are on the street. Pure, in whole fen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from portal.kernel.money import MOST
from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import Text, say

LEAST, MOST_TIMES = 100, 100_000
_TIMES: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3})?")


class Ending(StrEnum):
    """How a price ends; anything but EXACT goes up to the next such price, never down."""

    EXACT = "exact"
    TENTHS = "tenths"
    NINETY = "90"
    NINETY_NINE = "99"
    WHOLE = "00"


ENDINGS: dict[Ending, Text] = {
    Ending.NINETY: say("尾数 .90"),
    Ending.NINETY_NINE: say("尾数 .99"),
    Ending.WHOLE: say("取整到元"),
    Ending.TENTHS: say("取整到角"),
    Ending.EXACT: say("精确到分"),
}
_STEPS: Final = {
    Ending.TENTHS: (10, 0),
    Ending.NINETY: (100, 90),
    Ending.NINETY_NINE: (100, 99),
    Ending.WHOLE: (100, 0),
}


@dataclass(frozen=True)
class Rule:
    """`thousandths` of the supply price: 1350 is 1.35 times."""

    thousandths: int
    ending: Ending

    @property
    def times(self) -> str:
        """1.35."""
        whole, rest = divmod(self.thousandths, 1000)
        return f"{whole}.{rest:03}".rstrip("0").rstrip(".")

    def price(self, supply_fen: int) -> int:
        """The sale price in fen: rounded half up to a fen, then up to the ending."""
        exact = max(1, (supply_fen * self.thousandths * 2 + 1000) // 2000)
        if self.ending is Ending.EXACT:
            return min(exact, MOST)
        step, end = _STEPS[self.ending]
        return min(exact + (end - exact) % step, MOST)


def parse_times(text: str, *, field: str = "times") -> int:
    """Thousandths from what people type (1.35, １．３５, 1.35 倍). Refuses no numbers, below 0.1, above 100."""
    plain = half_width(text).strip().removesuffix("倍").removeprefix("×").strip()
    if not _TIMES.fullmatch(plain):
        raise Refusal(say("倍数请写成数字，例如 1.35，最多三位小数。"), field=field)
    whole, _, rest = plain.partition(".")
    found = int(whole) * 1000 + int(rest.ljust(3, "0"))
    if not LEAST <= found <= MOST_TIMES:
        raise Refusal(say("倍数请填 0.1 到 100 之间。"), field=field)
    return found
