"""Why earnings say no."""

from __future__ import annotations

from portal.kernel.refusals import Conflict
from portal.kernel.words import say


class EarnedOtherwise(Conflict):
    """The same act was booked with another amount."""

    def __init__(self) -> None:
        super().__init__(say("这笔收入已经入账，金额不同。请刷新后再看。"))


class TooMuchBack(Conflict):
    """More than what was earned and is still there."""

    def __init__(self) -> None:
        super().__init__(say("要退的金额超过了已经入账的部分。请刷新后再看。"))
