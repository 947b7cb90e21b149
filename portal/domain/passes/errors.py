"""Why passes say no: what happened, what to do."""

from __future__ import annotations

from portal.domain.vouchers.errors import CodeRefused
from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.spoken import Day, Moment, Yuan
from portal.kernel.words import say


class PassUnknown(CodeRefused):
    """This merchant sold no such pass."""

    headline, counts = say("没有这张次卡"), True

    def __init__(self) -> None:
        super().__init__(
            say("本店所属商家没有卖过这张次卡。"), say("请对照顾客手机上的 12 位数字，看看是不是别家的卡。")
        )


class NotOnSale(Conflict):
    """It cannot be bought now."""

    def __init__(self) -> None:
        super().__init__(say("这张次卡现在买不到了。请看看店里还有什么卡。"))


class PriceMoved(Conflict):
    """Another price or number of uses than the page showed."""

    def __init__(self, shown: int, now: int) -> None:
        super().__init__(say("价格从 %(shown)s 变成 %(now)s，请看过再买。", shown=Yuan(shown), now=Yuan(now)))


class ContentMoved(Conflict):
    """What it is changed since the page was shown."""

    def __init__(self) -> None:
        super().__init__(say("这张次卡的内容刚刚改了，请看过再买。"))


class PassLimit(Conflict):
    """He has his share."""

    def __init__(self, most: int) -> None:
        super().__init__(say("这张次卡每人限买 %(most)s 张，您已经买够了。", most=most))


class NotPaid(Conflict):
    """It waits for its payment, or was never paid."""

    headline = say("还没付款")

    def __init__(self) -> None:
        super().__init__(say("这张次卡还没有付款，付款后才能用。"))
        self.todo = say("请顾客在“我的次卡”里完成付款。")


class NothingLeft(Conflict):
    """All uses are gone or held."""

    headline = say("次数用完了")

    def __init__(self, held: int) -> None:
        super().__init__(
            say("剩下的 %(held)s 次都已被预约占用。", held=held) if held else say("这张次卡没有剩余次数了。")
        )
        self.todo = say("被预约占用的次数，请从预约到店核销，或先取消预约。") if held else say("请顾客另选付款方式。")


class PassExpired(Conflict):
    """Its time is over."""

    headline = say("已过期")

    def __init__(self, day: Day) -> None:
        super().__init__(say("这张次卡的有效期到 %(day)s。", day=day))
        self.todo = say("过期的次数不能再用。店长可以在后台延长有效期。")


class WrongService(Conflict):
    """It does not pay for this."""

    headline = say("不能抵这项服务")

    def __init__(self) -> None:
        super().__init__(say("这张次卡不能用于这项服务。"), field="pass_id")
        self.todo = say("请看看卡上写的适用服务。")


class NotYours(Conflict):
    """Neither holder nor sharer."""

    def __init__(self) -> None:
        super().__init__(say("这张次卡不是您的，也没有共享给您。"), field="pass_id")


class UseMoved(Conflict):
    """The use is not in a state for this any more."""

    def __init__(self) -> None:
        super().__init__(say("这一次已经处理过了，请刷新后再看。"))


class UndoTooLate(Conflict):
    """The store's time for undoing is over."""

    def __init__(self, at: Moment) -> None:
        super().__init__(say("只能在 %(at)s 以前撤销。", at=at))


class RefundTooLate(Conflict):
    """The days within which the holder's word is enough are over."""

    def __init__(self, at: Moment) -> None:
        super().__init__(say("自助退款截止于 %(at)s。请联系商家退未用的次数。", at=at))


class NothingToRefund(Conflict):
    """No use is left."""

    def __init__(self) -> None:
        super().__init__(say("没有可退的次数：已用完，或者都被预约占用。占用的请先取消预约。"))


class RefundMoved(Conflict):
    """Another amount than was shown."""

    def __init__(self, now: int) -> None:
        super().__init__(say("可退的金额变成了 %(now)s，请确认后再退。", now=Yuan(now)))


class Transferred(Conflict):
    """It has gone to somebody else, who did not pay it."""

    def __init__(self) -> None:
        super().__init__(say("这张卡是转赠来的，请联系商家退款；钱退给买卡的人。"))


class NotToGive(Conflict):
    """This pass cannot be handed on so."""

    def __init__(self) -> None:
        super().__init__(say("这张次卡不能这样转给别人。"))


class HeldUses(Conflict):
    """Bookings hold uses."""

    def __init__(self) -> None:
        super().__init__(say("有预约占用着次数，先取消预约才能转赠。"))


class GiftGone(Conflict):
    """The link was used, cancelled, or is too old."""

    def __init__(self) -> None:
        super().__init__(say("这个链接已失效：被领走、被收回，或者过期了。请对方重新发一个。"))


class OwnGift(Conflict):
    """It is his own already."""

    def __init__(self) -> None:
        super().__init__(say("这张次卡本来就是您的，把链接发给对方就行。"))


class Crowded(Conflict):
    """Too many share it."""

    def __init__(self, most: int) -> None:
        super().__init__(say("一张卡最多共享给 %(most)s 个人。", most=most))


class KindMoved(Conflict):
    """Not in a state for this any more."""

    def __init__(self) -> None:
        super().__init__(say("这张次卡的状态已经变了，请刷新后再看。"))


class BadFigure(Refusal):
    """A figure out of its limits."""

    def __init__(self, field: str, low: int, high: int) -> None:
        super().__init__(say("请填 %(low)s 到 %(high)s 的整数。", low=low, high=high), field=field)


class WorthTooLow(Refusal):
    """Singly it costs less."""

    def __init__(self) -> None:
        super().__init__(say("单次购买的总价不能低于次卡的价格；不想写就留空。"), field="worth")


class BadPrice(Refusal):
    """A price out of its limits."""

    def __init__(self) -> None:
        super().__init__(say("价格要在 ¥0.01 到 ¥100000 之间。"), field="price")
