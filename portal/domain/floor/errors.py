"""Why something on the floor is refused: what happened and what to do."""

from __future__ import annotations

from datetime import datetime

from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.spoken import Moment, Yuan
from portal.kernel.words import Text, say


class WrongNames(Refusal):
    """The names of tables cannot be read or are not good."""

    def __init__(self, sentence: Text, *, field: str = "names") -> None:
        super().__init__(sentence, field=field)

    @classmethod
    def none(cls) -> WrongNames:
        """Nothing was entered."""
        return cls(say("请填写桌号，例如 A1–A12。"))

    @classmethod
    def twice(cls, name: str) -> WrongNames:
        """One name stands there twice."""
        return cls(say("桌号 %(name)s 写了两次。", name=name))

    @classmethod
    def there(cls, name: str, *, field: str = "names") -> WrongNames:
        """A table of the store is called so already."""
        return cls(say("本店已经有桌号 %(name)s，请换一个。", name=name), field=field)

    @classmethod
    def too_long(cls, name: str, most: int) -> WrongNames:
        """It does not fit on a card."""
        return cls(say("桌号 %(name)s 太长，最多 %(most)s 个字。", name=name, most=most))

    @classmethod
    def too_many(cls, most: int) -> WrongNames:
        """More than one act makes, or than a store holds."""
        return cls(say("一次最多添加 %(most)s 张桌台，请分几次添加。", most=most))

    @classmethod
    def range(cls, part: str) -> WrongNames:
        """From where to where?"""
        return cls(say("看不懂「%(part)s」，请写成 A1–A12 这样的起止桌号。", part=part))


class AreaThere(Refusal):
    """Two areas of one name."""

    def __init__(self, name: str) -> None:
        super().__init__(say("已经有名为「%(name)s」的区域。", name=name), field="name")


class AreaInUse(Conflict):
    """Tables stand in it."""

    def __init__(self) -> None:
        super().__init__(say("这个区域里还有桌台，请先把桌台移到别的区域。"))


class WrongSeats(Refusal):
    """The least is more than the most."""

    def __init__(self) -> None:
        super().__init__(say("最少人数不能大于座位数。"), field="seats_min")


class JoinNeedsTwo(Refusal):
    """One table is no join."""

    def __init__(self) -> None:
        super().__init__(say("请至少勾选两张桌台。"), field="tables")


class JoinThere(Refusal):
    """These tables, or this name, make a join already."""

    def __init__(self) -> None:
        super().__init__(say("已经有同名或相同桌台的拼桌组合。"), field="tables")


class StillBooked(Conflict):
    """Parties will come to it."""

    def __init__(self, name: str, count: int) -> None:
        super().__init__(say("桌台 %(name)s 之后还有 %(count)s 个订座，请先换桌或取消。", name=name, count=count))


class StillSeated(Conflict):
    """Somebody sits at it."""

    def __init__(self, name: str) -> None:
        super().__init__(say("桌台 %(name)s 还有客人在坐，请先换桌或清台。", name=name))


class WrongStays(Refusal):
    """Stay times that do not rise, or none."""

    def __init__(self, field: str = "stays") -> None:
        super().__init__(say("请按人数从少到多填写用餐时长，每行如：4 人以内 120 分钟。"), field=field)


class NoOnline(Refusal):
    """The store takes none here."""

    def __init__(self) -> None:
        super().__init__(say("这家店没有开放网上订座，可以打电话或到店取号。"))


class TooManyPeople(Refusal):
    """More than the store takes online, or than any table or join seats."""

    def __init__(self, most: int) -> None:
        super().__init__(say("网上订座最多 %(most)s 人，更多人请打电话给门店。", most=most), field="people")


class NoSuchTime(Refusal):
    """Not a time that is offered."""

    def __init__(self) -> None:
        super().__init__(say("这个时间不能订座，请重新选一个时间。"), field="at")


class Full(Conflict):
    """Somebody was faster, or there never was room."""

    def __init__(self) -> None:
        super().__init__(say("这个时间的桌位刚刚订满了，请换一个时间。"), field="at")


class TableTaken(Conflict):
    """The table that the staff chose is taken then."""

    def __init__(self, name: str) -> None:
        super().__init__(say("桌台 %(name)s 在这段时间已经有人订了，请换一张。", name=name), field="table")


class NoFreeTable(Conflict):
    """Somebody sits everywhere that fits, or will soon."""

    def __init__(self, people: int) -> None:
        super().__init__(say("现在没有适合 %(people)s 人的空桌，请先只记入座，再到桌台页开台。", people=people))


class EnoughBooked(Refusal):
    """One person keeps only so many."""

    def __init__(self, most: int) -> None:
        super().__init__(say("您在这家店已有 %(most)s 个未到店的订座，请先取消用不到的。", most=most))


class BookingMoved(Conflict):
    """It is over, or somebody was faster."""

    def __init__(self) -> None:
        super().__init__(say("这个订座的状态已经变了，请看最新的情况。"))


class DepositNeeded(Refusal):
    """A larger party pays more in advance."""

    def __init__(self) -> None:
        super().__init__(say("这个人数要付更多订座金。请先取消，再按新的人数订一次。"), field="people")


class TooLateToMove(Refusal):
    """It begins too soon."""

    def __init__(self) -> None:
        super().__init__(say("离到店时间太近，不能自己改了。请打电话给门店。"))


class MovedTooOften(Refusal):
    """Enough."""

    def __init__(self) -> None:
        super().__init__(say("改期次数太多了，请打电话给门店。"), field="at")


class CostsMore(Conflict):
    """Cancelling costs what the page did not show."""

    def __init__(self, keep_fen: int) -> None:
        sentence = say("现在取消，定金 %(amount)s 归门店，不退。请再确认一次。", amount=Yuan(keep_fen))
        super().__init__(sentence, field="keep")


class NoReason(Refusal):
    """The guest will read why."""

    def __init__(self) -> None:
        super().__init__(say("请写明原因，顾客会看到。"), field="reason")


class TableExpected(Conflict):
    """Somebody is expected at the table within the usual stay."""

    def __init__(self, name: str, at: datetime) -> None:
        sentence = say(
            "%(name)s %(when)s 起有订座或留空。是这桌客人到了，请在“订座”里点入座；要给别人坐，请写明原因。",
            name=name,
            when=Moment(at),
        )
        super().__init__(sentence, field="over")
