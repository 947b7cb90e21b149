"""Why a payment or a refund cannot be made, in the sentence people read."""

from __future__ import annotations

from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.words import say


class AlreadyPaid(Conflict):
    """Money has arrived for it."""

    def __init__(self) -> None:
        super().__init__(say("这笔款已经付过了，不用再付。"))


class PaymentEnded(Conflict):
    """Cancelled or expired: it does not open again."""

    def __init__(self) -> None:
        super().__init__(say("这笔付款已取消或已超时。请回到订单重新发起。"))


class AmountMoved(Conflict):
    """The same thing is asked for with another amount while the first one is open."""

    def __init__(self) -> None:
        super().__init__(say("金额有变化，请先取消原来的付款再重新发起。"))


class TooManyAttempts(Conflict):
    """Nobody needs so many tries."""

    def __init__(self) -> None:
        super().__init__(say("尝试次数太多了，请稍后重新下单。"))


class NoProvider(Refusal):
    """This installation cannot take money that way."""

    def __init__(self) -> None:
        super().__init__(say("现在没有可用的支付方式，请联系平台。"))


class NotPaid(Conflict):
    """There is nothing to give back."""

    def __init__(self) -> None:
        super().__init__(say("这笔款还没有付，不能退。"))


class TooMuchBack(Refusal):
    """More would go back than was paid."""

    def __init__(self) -> None:
        super().__init__(say("退款合计不能超过已付的金额。"), field="amount")


class RefundMoved(Conflict):
    """The refund is not one that people may send again."""

    def __init__(self) -> None:
        super().__init__(say("这笔退款现在不需要重试。"))
