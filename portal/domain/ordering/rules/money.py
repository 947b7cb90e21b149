"""Whose money a line is, as pure arithmetic: what the merchant is due, what the platform keeps. Whole fen.

One rule for settlement, refunds and statements. It depends only on what was paid and on what was refunded in all, so
any row of refunds with the same sum ends alike.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LineMoney:
    """The frozen money of one line and what went back of it, in fen; `supply_fen` is for one piece."""

    quantity: int
    supply_fen: int
    goods_fen: int
    freight_fen: int
    refunded_goods_fen: int = 0
    refunded_freight_fen: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.refunded_goods_fen <= self.goods_fen:
            raise ValueError("goods are refunded up to what was paid for them")
        if not 0 <= self.refunded_freight_fen <= self.freight_fen:
            raise ValueError("freight is refunded up to what was paid for it")
        if self.quantity <= 0 or self.supply_fen < 0:
            raise ValueError("a line has pieces, and they cost nothing or something")

    @property
    def left_fen(self) -> int:
        """What the consumer has paid and not got back."""
        return self.goods_fen + self.freight_fen - self.refunded_goods_fen - self.refunded_freight_fen

    @property
    def due_fen(self) -> int:
        """What the merchant is due: the supply price in proportion to the money kept for goods, and the freight.

        Rounded in the merchant's favour. Whole pieces at the unit price take exactly their supply price away.
        """
        supply = self.supply_fen * self.quantity
        if self.goods_fen:
            supply -= supply * self.refunded_goods_fen // self.goods_fen
        return supply + self.freight_fen - self.refunded_freight_fen

    @property
    def margin_fen(self) -> int:
        """What the platform keeps; below zero when it pays towards the supply price."""
        return self.left_fen - self.due_fen
