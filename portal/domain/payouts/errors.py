"""Why a withdrawal cannot be asked for, approved or taken back, in the sentence people read."""

from __future__ import annotations

from datetime import datetime

from portal.kernel.figures import say_yuan
from portal.kernel.refusals import Conflict, Denied, Refusal
from portal.kernel.spoken import Moment
from portal.kernel.words import Text, say

NO_ACCOUNT = say("还没有登记收款账户。请先在商家资料里填写并通过审核。")


def held_until(until: datetime) -> Text:
    """A fresh account waits."""
    return say("收款账户刚变更过，%(until)s 之后才能提现。", until=Moment(until))


class NoAccount(Refusal):
    """Nobody knows where to pay to."""

    def __init__(self) -> None:
        super().__init__(NO_ACCOUNT)


class AccountTooNew(Refusal):
    """The bank account changed a short time ago."""

    def __init__(self, until: datetime) -> None:
        super().__init__(held_until(until))


class TooLittle(Refusal):
    """Below the minimum."""

    def __init__(self, least_fen: int) -> None:
        super().__init__(say("最少提现 %(least)s。", least=say_yuan(least_fen)), field="amount")


class NotThatMuch(Refusal):
    """More than there is, after what is owed."""

    def __init__(self, most_fen: int) -> None:
        super().__init__(say("可提现余额不够，现在最多能提 %(most)s。", most=say_yuan(most_fen)), field="amount")


class FeeEatsAll(Refusal):
    """Nothing would arrive."""

    def __init__(self) -> None:
        super().__init__(say("扣除手续费后没有钱可以到账，请提高金额。"), field="amount")


class FeeMoved(Refusal):
    """Another fee than the one he has read."""

    def __init__(self) -> None:
        super().__init__(say("手续费刚有变化，请看过新的金额后再确认。"), field="amount")


class EnoughToday(Refusal):
    """As many as a day has."""

    def __init__(self, most: int) -> None:
        super().__init__(say("今天已经提现 %(most)s 次，请明天再来。", most=most))


class Moved(Conflict):
    """Somebody was faster."""

    def __init__(self) -> None:
        super().__init__(say("这笔提现已经有了新的进展，请刷新后再看。"))


class AnotherPerson(Denied):
    """The second approver must not be the first."""

    def __init__(self) -> None:
        super().__init__(say("您已经批准过一次，要由另一位同事复核。"))


class OwnWithdrawal(Denied):
    """Nobody approves what he asked for himself."""

    def __init__(self) -> None:
        super().__init__(say("不能审批自己申请的提现，请交给其他同事。"))


class AccountMoved(Conflict):
    """The account in the withdrawal is not the merchant's any more."""

    def __init__(self) -> None:
        super().__init__(say("商家的收款账户在申请之后变更过，不能按旧账户打款。请驳回，让商家重新申请。"))
