"""Why the ledger says no. Each of these ends the transaction: what was written before it is gone as well."""

from __future__ import annotations

from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.words import say


class Insufficient(Refusal):
    """A guarded account would fall below zero."""

    def __init__(self) -> None:
        super().__init__(say("余额不足。"))


class NothingLeft(Refusal):
    """More would be undone than the transfer moved."""

    def __init__(self) -> None:
        super().__init__(say("退回的金额超过了还能退的金额。"))


class HoldSpent(Refusal):
    """More would be taken or released than is still held."""

    def __init__(self) -> None:
        super().__init__(say("冻结的金额已经用完或已解冻。"))


class KeyTaken(Conflict):
    """The key of a journal stands for something else."""

    def __init__(self) -> None:
        super().__init__(say("这笔账已经用同一个编号记过，内容却不一样。"))
