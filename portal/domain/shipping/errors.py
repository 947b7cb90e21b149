"""Why something about a parcel is refused: what happened and what to do."""

from __future__ import annotations

from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.words import Text, say


class ShippedAlready(Conflict):
    """A colleague was faster, or the order is closed."""

    def __init__(self, number: str, state: Text) -> None:
        super().__init__(say("订单 %(number)s 现在是“%(state)s”，没有要发的了。", number=number, state=state))


class AskedBack(Conflict):
    """The buyer wants his money back for pieces that have not left."""

    def __init__(self, number: str) -> None:
        super().__init__(say("订单 %(number)s 退款中，勿发货。先在售后里答复买家。", number=number))


class AddressAsked(Conflict):
    """A change of address waits for an answer."""

    def __init__(self, number: str) -> None:
        super().__init__(say("订单 %(number)s 的买家想改收货地址，请先答复。", number=number))


class LabelStale(Conflict):
    """The printed label shows the former address."""

    def __init__(self, number: str) -> None:
        super().__init__(say("订单 %(number)s 改过地址，手上的面单是旧的。请重新打印面单再发货。", number=number))


class NumberTaken(Conflict):
    """The number is on a parcel for somebody else."""

    def __init__(self, number: str, order: str) -> None:
        super().__init__(
            say("单号 %(number)s 已经用在订单 %(order)s 的包裹上，收件人不同，请核对。", number=number, order=order)
        )


class NumberTwice(Conflict):
    """The same number for two recipients in one go."""

    def __init__(self, number: str) -> None:
        super().__init__(say("单号 %(number)s 贴给了不同的收件人，请核对。", number=number))


class OrderTwice(Conflict):
    """An order has two numbers in one go."""

    def __init__(self, number: str) -> None:
        super().__init__(say("订单 %(number)s 贴了两个单号。要分两个包裹，请到订单页拆分。", number=number))


class CarrierUnclear(Refusal):
    """The shape of a number fits several carriers, or none."""

    def __init__(self, number: str) -> None:
        super().__init__(say("认不出单号 %(number)s 是哪家快递，请选择。", number=number), field="carrier")


class TooLateToUndo(Conflict):
    """The carrier has it, or the time is over."""

    def __init__(self, why: Text) -> None:
        super().__init__(why)


class ParcelMoved(Conflict):
    """The parcel's state does not allow this step."""

    def __init__(self, state: Text) -> None:
        super().__init__(say("这个包裹现在是“%(state)s”，不能这样操作。请刷新页面看看。", state=state))


class ChangeDecided(Conflict):
    """Somebody was faster."""

    def __init__(self) -> None:
        super().__init__(say("这次改地址已经处理过了。请刷新页面看看。"))


class ReportOver(Conflict):
    """The goods are there again, or somebody answered."""

    def __init__(self) -> None:
        super().__init__(say("这条缺货已经处理过了。请刷新页面看看。"))
