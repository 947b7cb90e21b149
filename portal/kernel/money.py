"""Money is whole fen: reading it, sharing it out and taking percentages, in integers only.

Every rounding in the portal happens in one of these functions. How money looks is `figures`' business.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NewType

from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say

Fen = NewType("Fen", int)
"""A hundredth of a yuan. Arithmetic gives int: wrap the result when it is money again."""

MOST: Final = Fen(100_000_000_00)
"""One hundred million yuan: the most that a person can type anywhere."""

_YUAN: Final = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_DISCOUNT: Final = re.compile(r"[0-9](?:\.[0-9])?")


def parse_yuan(text: str, *, most: Fen = MOST, field: str | None = None) -> Fen:
    """Read yuan as people type them (`12.50`, `１２．５`, `¥1,280`, `30元`), in fen.

    Refuses signs, exponents, more than two decimals, nothing at all and more than `most`.
    """
    plain = half_width(text).strip().removeprefix("¥").removesuffix("元").strip()
    if not plain:
        raise Refusal(say("请填写金额。"), field=field)
    if plain.startswith(("-", "−")):
        raise Refusal(say("金额不能是负数。"), field=field)
    if len(plain) > 32 or not _YUAN.fullmatch(plain):
        raise Refusal(say("金额请写成数字，例如 12.50。"), field=field)
    yuan, _, cents = plain.replace(",", "").partition(".")
    if cents[2:].strip("0"):
        raise Refusal(say("金额最多写到分，也就是小数点后两位。"), field=field)
    fen = int(yuan) * 100 + int(cents[:2].ljust(2, "0"))
    if fen > most:
        raise Refusal(say("金额太大了，最多 %(most)s 元。", most=most // 100), field=field)
    return Fen(fen)


def parse_discount(text: str, *, field: str | None = None) -> int:
    """Read a discount as people say it (`8.5` or `8.5 折`): the percentage that is paid, 1 to 99.

    Refuses `85`: in Chinese 85 折 is said 8.5 折, and guessing would be wrong by a factor of ten.
    """
    plain = half_width(text).strip().removesuffix("折").strip()
    if not _DISCOUNT.fullmatch(plain) or not 1 <= (percent := int(Decimal(plain) * 10)) <= 99:
        raise Refusal(say("折扣请写 0.1 到 9.9 之间的数字，例如 8.5 表示 8.5 折。"), field=field)
    return percent


def allocate(total: Fen, weights: Sequence[int]) -> list[Fen]:
    """Share `total` fen out by weight; the parts add up exactly (largest remainder, ties to the earlier).

    No part is a whole fen off its exact share. Weights are whole and not negative; all zero shares evenly.
    """
    if total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("shares are made of amounts and weights that are not negative")
    if not weights:
        raise ValueError("there is nobody to share with")
    if not any(weights):
        weights = [1] * len(weights)
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(total * weights[at] % whole), at))
    for at in by_remainder[: total - sum(parts)]:
        parts[at] += 1
    return [Fen(part) for part in parts]


def percent_of(amount: Fen, percent: int | Decimal) -> Fen:
    """That percentage of an amount, to the nearest fen; exactly half a fen goes away from zero (四舍五入)."""
    if isinstance(percent, float):
        raise TypeError("a percentage is an int or a Decimal, never a float")
    return Fen(int((Decimal(amount) * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)))
