"""Refusals of cases, with the sentence people read."""

from __future__ import annotations

from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.spoken import Yuan
from portal.kernel.words import say


class NothingAsked(Refusal):
    """No line was chosen."""

    def __init__(self) -> None:
        super().__init__(say("请选择要退的商品和件数。"), field="lines")


class NoSuchPieces(Refusal):
    """Lines that are not in this order, or no whole number of pieces."""

    def __init__(self) -> None:
        super().__init__(say("所选商品不在这张订单里，请重新选择。"), field="lines")


class TooManyPieces(Refusal):
    """More pieces than may still be asked."""

    def __init__(self, most: int) -> None:
        text = say("最多还能退 %(most)s 件。", most=most) if most else say("这件商品已经没有可退的件数了。")
        super().__init__(text, field="lines")


class WrongReason(Refusal):
    """The reason is not on the list."""

    def __init__(self) -> None:
        super().__init__(say("请选择原因。"), field="reason")


class NotReturnable(Refusal):
    """无理由 for goods that cannot be returned so."""

    def __init__(self) -> None:
        text = say("生鲜、定制等商品不支持七天无理由退货；有质量问题请选“质量问题”。")
        super().__init__(text, field="reason")


class NotShipped(Refusal):
    """Nothing of it has left yet."""

    def __init__(self) -> None:
        super().__init__(say("这些商品还没发货，请选“仅退款（未发货）”。"), field="lines")


class NothingLeft(Refusal):
    """All of it went back already."""

    def __init__(self) -> None:
        super().__init__(say("这些商品已经没有可退的金额了。"), field="lines")


class TooMuch(Refusal):
    """More money than there is."""

    def __init__(self, most_fen: int) -> None:
        super().__init__(say("金额要大于 0，最多 %(most)s。", most=Yuan(most_fen)), field="amount")


class Changed(Conflict):
    """The amount that was shown is not the amount any more."""

    def __init__(self) -> None:
        super().__init__(say("订单刚刚有变化，可退的件数或金额与刚才看到的不同，请再核对一次。"))


class TooLate(Refusal):
    """The time for claims is over."""

    def __init__(self) -> None:
        super().__init__(say("这张订单已过售后期限。还有问题可以联系商家，商家可以主动退款。"))


class NotNow(Refusal):
    """The order is not in a state in which anything can be asked back."""

    def __init__(self) -> None:
        super().__init__(say("这张订单现在不能申请售后。"))


class TooOften(Refusal):
    """Asked too many times."""

    def __init__(self) -> None:
        super().__init__(say("这张订单的售后申请次数已用完，请联系平台客服。"))


class Moved(Conflict):
    """The case has gone on meanwhile."""

    def __init__(self) -> None:
        super().__init__(say("这张售后单刚刚有了变化，请看最新的进度。"))


class AskedTwice(Refusal):
    """It was asked again already."""

    def __init__(self) -> None:
        super().__init__(say("已经补充申请过一次，可以申请平台介入。"))


class LeftMeanwhile(Conflict):
    """What was asked back before shipping has left."""

    def __init__(self) -> None:
        super().__init__(say("商品已经发出。请收到后申请退货，或者拒收。"))


class TakenMeanwhile(Conflict):
    """Another case has taken what this one asks."""

    def __init__(self) -> None:
        super().__init__(say("这些商品或金额已经在另一张售后单里处理，请看那一张。"))


class NoAddress(Refusal):
    """Goods cannot go back to nowhere."""

    def __init__(self) -> None:
        super().__init__(say("请先填写退货地址：收件人、电话和详细地址。"), field="detail")


class NeedsPicture(Refusal):
    """A refusal of returned goods without evidence."""

    def __init__(self) -> None:
        super().__init__(say("拒绝退款要附上照片为证。"), field="pictures")


class TooManyPictures(Refusal):
    """More pictures than a case keeps."""

    def __init__(self, most: int) -> None:
        super().__init__(say("最多 %(most)s 张图片。", most=most), field="pictures")


class NoTracking(Refusal):
    """Something that is no waybill number."""

    def __init__(self) -> None:
        super().__init__(say("请填写快递单号：6 到 32 位字母或数字。"), field="tracking")


class NotCovered(Refusal):
    """A merchant would give away after settlement what he does not have any more."""

    def __init__(self) -> None:
        super().__init__(say("可提现余额不够退这笔款。订单已经结算，退款要从您的余额里出。"), field="amount")
