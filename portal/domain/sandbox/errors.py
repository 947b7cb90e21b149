"""What the pretend provider refuses."""

from __future__ import annotations

from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.words import say


class TradeOver(Conflict):
    """Paid, failed, closed or too late."""

    def __init__(self) -> None:
        super().__init__(say("这笔交易已经结束，不能再付。"))


class OrderRefused(Refusal):
    """The request makes no sense to it; `code` is its own word."""

    def __init__(self, code: str) -> None:
        super().__init__(say("沙箱拒绝了请求：%(code)s", code=code))
        self.code = code
