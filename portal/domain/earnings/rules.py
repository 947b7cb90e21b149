"""The platform's fee as pure arithmetic on fen: floors of sums, so that many small parts cost as much as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

WHOLE: Final = 10_000


@dataclass(frozen=True)
class Earned:
    """What was earned at which rate (basis points), what of it was taken as fee."""

    amount_fen: int
    rate: int
    fee_fen: int


def fee_of(amount_fen: int, rate: int, before: Iterable[Earned] = ()) -> int:
    """The fee of one more earning of the same payment: the floor over all of them less what was taken before.

    Rates may differ from earning to earning; the fee is never below nought and never above the amount.
    """
    known = list(before)
    exact = sum(one.amount_fen * one.rate for one in known) + amount_fen * rate
    return min(max(exact // WHOLE - sum(one.fee_fen for one in known), 0), amount_fen)


def fee_kept(earned: Earned, back_fen: int) -> int:
    """What the platform keeps of an earning's fee once `back_fen` of it went back: its share, rounded down."""
    return earned.fee_fen * (earned.amount_fen - back_fen) // earned.amount_fen
