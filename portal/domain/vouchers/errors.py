"""Why a coupon or a voucher is refused: what happened, what it means, what to do. One class for each reason.

Classes with `counts` are guesses when they are many: the counter's limits count them.
"""

from __future__ import annotations

from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.words import Figure, Text, say


class CodeRefused(Refusal):
    """The code itself is no good; `todo` says what the clerk does next."""

    counts = False

    def __init__(self, sentence: Text, todo: Text) -> None:
        super().__init__(sentence, field="code")
        self.todo = todo


class CodeNotOurs(CodeRefused):
    """Neither our QR text nor digits."""

    headline = say("不是券码")

    def __init__(self) -> None:
        super().__init__(
            say("读到的内容不是街市发出的。"), say("请让顾客打开街市“券包”里的券，扫上面的二维码，或输入 12 位数字。")
        )


class CodeWrongLength(CodeRefused):
    """Digits, but not twelve."""

    headline = say("位数不对")

    def __init__(self, length: int) -> None:
        super().__init__(
            say("券码是 12 位数字，这里有 %(length)s 位。", length=length), say("请对照券面，四位一组重新输入。")
        )


class CodeVersion(CodeRefused):
    """A version of the QR text that this installation does not know."""

    headline = say("版本不对")

    def __init__(self) -> None:
        super().__init__(
            say("这个二维码是更旧或更新的街市画的。"), say("请让顾客刷新券的页面再扫，或输入券面上的 12 位数字。")
        )


class CodeForged(CodeRefused):
    """The signature does not hold."""

    headline, counts = say("券码有误"), True

    def __init__(self) -> None:
        super().__init__(
            say("这个二维码不是本站签发的，可能被改动过。"), say("不要核销。请让顾客当面打开“券包”，或输入 12 位数字。")
        )


class CodeForeign(CodeRefused):
    """Signed by us, for another merchant."""

    headline = say("别家的券")

    def __init__(self) -> None:
        super().__init__(say("这张券属于其他商家，不能在这里核销。"), say("请让顾客看一下券面上的商家和适用门店。"))


class VoucherUnknown(CodeRefused):
    """Well-formed digits or secret, but this merchant has no such voucher."""

    headline, counts = say("没有这张券"), True

    def __init__(self) -> None:
        super().__init__(
            say("本店所属商家没有发过这个券码。"), say("请对照券面核对 12 位数字，或看看券面写的是不是别的商家。")
        )


class PickupUnknown(CodeRefused):
    """A pick-up code where nothing waits to be picked up."""

    headline, counts = say("没有待自取的订单"), False

    def __init__(self) -> None:
        super().__init__(
            say("这是到店自取的取货码，本店没有等待自取的订单。"), say("请对照顾客的订单，看看写的是哪家门店。")
        )


class BookingUnknown(CodeRefused):
    """Well-formed, but this store has no such booking."""

    headline, counts = say("没有这个预约"), True

    def __init__(self) -> None:
        super().__init__(
            say("本店没有这个预约码的预约。"), say("请对照顾客的预约，看看约的是哪家门店，或在预约看板里按时间找。")
        )


class VoucherSpent(Conflict):
    """Somebody was earlier: who, when and where."""

    headline = say("用过了")

    def __init__(self, when: Figure, store: str, clerk: str) -> None:
        super().__init__(say("这张券 %(when)s 已在%(store)s核销（%(clerk)s）。", when=when, store=store, clerk=clerk))
        self.todo = say("同一张券只能用一次。请让顾客换一张券。")


class VoucherExpired(Conflict):
    """Its last day is over."""

    headline = say("已过期")

    def __init__(self, day: Figure) -> None:
        super().__init__(say("这张券的有效期到 %(day)s。", day=day))
        self.todo = say("过期的券不能核销。可以看看顾客的“券包”里有没有别的券。")


class VoucherNotYet(Conflict):
    """Its first day is still to come."""

    headline = say("还没到时间")

    def __init__(self, day: Figure) -> None:
        super().__init__(say("这张券 %(day)s 起才能用。", day=day))
        self.todo = say("请顾客到那天再来。")


class VoucherWrongDay(Conflict):
    """Not on this weekday."""

    headline = say("今天不可用")

    def __init__(self, days: Figure) -> None:
        super().__init__(say("这张券只在%(days)s可用。", days=days))
        self.todo = say("请顾客换一天来，券还在。")


class VoucherWrongStore(Conflict):
    """This store is not among the accepting ones."""

    headline = say("不适用本店")

    def __init__(self, stores: str) -> None:
        sentence = say("这张券的适用门店：%(stores)s。", stores=stores) if stores else say("这张券目前没有适用门店。")
        super().__init__(sentence)
        self.todo = say("请顾客到适用门店使用，或联系总店添加适用门店。")


class UndoneBefore(Conflict):
    """The redemption has been taken back already."""

    def __init__(self, when: Figure) -> None:
        super().__init__(say("这次核销 %(when)s 已经撤销过了，券已退回给顾客。", when=when))


class UndoTooLate(Conflict):
    """The store's limit has passed."""

    def __init__(self, when: Figure) -> None:
        super().__init__(say("撤销时限已过（%(when)s 截止）。如需处理，请联系店主。", when=when))


class CouponNotOnOffer(Conflict):
    """Not (any more) to be collected."""

    def __init__(self) -> None:
        super().__init__(say("这张优惠券现在不能领取，可能已结束或还没开始。"))


class CouponSoldOut(Conflict):
    """All of them are out."""

    def __init__(self) -> None:
        super().__init__(say("来晚一步，这张优惠券已经领完了。"))


class CouponHeld(Conflict):
    """The person has as many as one may have."""

    def __init__(self, most: int) -> None:
        super().__init__(say("您已经领过了，每人最多 %(most)s 张。券在您的券包里。", most=most))


class CouponMoved(Conflict):
    """The coupon's state does not allow this step."""

    def __init__(self, state: Text) -> None:
        super().__init__(say("这张优惠券现在是“%(state)s”，不能这样操作。请刷新页面看看。", state=state))


class CouponLocked(Refusal):
    """After publishing, what holders were promised does not change."""

    def __init__(self, field: str) -> None:
        super().__init__(say("发布后只能加发数量、延长领取时间、增加适用门店。要改别的，请复制一张新券。"), field=field)


class TooFewLeft(Refusal):
    """The total would fall below what is already out."""

    def __init__(self, issued: int) -> None:
        super().__init__(say("已经领出 %(issued)s 张，总量不能比它少。", issued=issued), field="total")
