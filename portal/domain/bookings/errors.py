"""Why a time cannot be booked, moved or called off, in the sentence people read."""

from __future__ import annotations

from portal.kernel.refusals import Conflict, NotFound, Refusal
from portal.kernel.spoken import Yuan
from portal.kernel.words import Text, say


class TimeTaken(Conflict):
    """Somebody else was faster, or nobody is free then."""

    def __init__(self) -> None:
        super().__init__(say("这个时间刚刚被约走了，请换一个。"), field="at")


class TimeOver(Refusal):
    """In the past, too soon, or too far off."""

    def __init__(self) -> None:
        super().__init__(say("这个时间不能预约了，请换一个。"), field="at")


class NoTime(Refusal):
    """Nothing chosen."""

    def __init__(self) -> None:
        super().__init__(say("请先选一个时间。"), field="at")


class NoService(Refusal):
    """Nothing chosen, or too much."""

    def __init__(self, most: int) -> None:
        super().__init__(say("请选 1 到 %(most)s 个项目。", most=most), field="service")


class NotOffered(Refusal):
    """Stopped, or not in this store."""

    def __init__(self, name: str) -> None:
        super().__init__(say("%(name)s 现在不能预约，请换一个项目。", name=name), field="service")


class Alone(Refusal):
    """Several share it: it is a visit of its own."""

    def __init__(self, name: str) -> None:
        super().__init__(say("%(name)s 是多人一起的项目，请单独预约。", name=name), field="service")


class NotAble(Refusal):
    """This technician does not do it."""

    def __init__(self, name: str) -> None:
        super().__init__(say("%(name)s 不做这个项目，请换一位。", name=name), field="who")


class NotThere(NotFound):
    """The store takes no bookings."""

    def __init__(self) -> None:
        super().__init__(say("这家店暂时不接受预约。"))


class BookingMoved(Conflict):
    """It is in another state by now."""

    def __init__(self, state: Text) -> None:
        super().__init__(say("这个预约现在是“%(state)s”，不能这样做。", state=state))


class TooLate(Refusal):
    """Moving was free until some time ago."""

    def __init__(self) -> None:
        super().__init__(say("已经过了免费改期的时间。请打电话给门店，或取消预约。"), field="at")


class TooEarly(Refusal):
    """Nobody can have missed it yet."""

    def __init__(self) -> None:
        super().__init__(say("还没到预约的时间，不能记为爽约。"))


class NotToday(Refusal):
    """A visit that is days away."""

    def __init__(self) -> None:
        super().__init__(say("这个预约还没到日子。客人今天就来的话，请先改时间。"))


class EnoughBooked(Refusal):
    """Nobody keeps a whole store's day for himself."""

    def __init__(self, most: int) -> None:
        super().__init__(say("您在这家店已有 %(most)s 个没到的预约，先去一次或取消一个吧。", most=most))


class MovedTooOften(Refusal):
    """Enough."""

    def __init__(self) -> None:
        super().__init__(say("改期次数太多了，请打电话给门店。"), field="at")


class CostsUses(Conflict):
    """Calling it off uses passes up, which the page did not show."""

    def __init__(self, uses: int) -> None:
        super().__init__(say("现在取消，次卡照扣 %(uses)s 次，不退回。请再确认一次。", uses=uses), field="uses")


class CostsMore(Conflict):
    """Calling it off costs what the page did not show."""

    def __init__(self, keep_fen: int) -> None:
        super().__init__(
            say("现在取消，预付的 %(amount)s 归门店，不退。请再确认一次。", amount=Yuan(keep_fen)), field="keep"
        )


class OfferOver(Conflict):
    """The deadline of an offer has passed."""

    def __init__(self) -> None:
        super().__init__(say("这个候补时间已经过了确认期限，让给了下一位。"))


class WaitingAlready(Conflict):
    """Once for each store and day."""

    def __init__(self) -> None:
        super().__init__(say("这一天您已经在候补了，有空位会通知您。"), field="day")


class LinkOver(NotFound):
    """The secret link was replaced, or is none."""

    def __init__(self) -> None:
        super().__init__(say("这个链接已经失效。请登录后在“我的预约”里查看。"))


class CodeUnknown(NotFound):
    """No booking of this store has it."""

    def __init__(self) -> None:
        super().__init__(say("没有找到这个预约码。请核对后重试。"))


class ServiceUsed(Conflict):
    """What was booked once stays on the books."""

    def __init__(self) -> None:
        super().__init__(say("已经有人预约过这个项目，不能删除。可以停止预约。"))


class Used(Conflict):
    """It cannot be taken back."""

    def __init__(self) -> None:
        super().__init__(say("已经用了次卡，或者是散客，到店不能撤销。"))


class NotReady(Refusal):
    """It lacks somebody or something."""

    def __init__(self, what: Text) -> None:
        super().__init__(say("还不能开放预约：没有可用的%(what)s。", what=what))
