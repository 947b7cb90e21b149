"""Why settlement says no."""

from __future__ import annotations

from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.words import say


class StatementMoved(Conflict):
    """It is not in a state for this any more."""

    def __init__(self) -> None:
        super().__init__(say("这张对账单的状态已经变了，请刷新后再看。"))


class NoReason(Refusal):
    """A dispute or an answer without words."""

    def __init__(self) -> None:
        super().__init__(say("请写明原因。"), field="note")


class ForeignLine(Refusal):
    """A line that is not in the statement."""

    def __init__(self) -> None:
        super().__init__(say("勾选的明细不在这张对账单里，请刷新后重选。"), field="lines")


class TooEarly(Refusal):
    """Terms for a day that has begun or is too far away."""

    def __init__(self) -> None:
        super().__init__(say("新周期从明天起的某一天开始，最晚一年之内。"), field="from_day")


class TooMuchGiven(Refusal):
    """More than the statement is about."""

    def __init__(self) -> None:
        super().__init__(say("补偿不能超过这张对账单里结算和退款的合计。"), field="amount")
