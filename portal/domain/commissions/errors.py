"""Refusals about commissions."""

from __future__ import annotations

from portal.kernel.refusals import Refusal
from portal.kernel.words import say


class RuleTwice(Refusal):
    """There is a rule for exactly this already."""

    def __init__(self) -> None:
        super().__init__(say("已经有一条相同范围的规则。请先停用它，再添加新的比例。"))


class NotSoldHere(Refusal):
    """A card sale was credited that nobody knows."""

    def __init__(self) -> None:
        super().__init__(say("没有找到这张次卡，或它已经记过卡售提成。"), field="technician")


class NoRule(Refusal):
    """Nothing says what this brings."""

    def __init__(self) -> None:
        super().__init__(say("还没有卡售提成的规则，先添加一条再来记。"))
