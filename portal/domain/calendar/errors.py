"""Why something about the calendar is refused: what happened and what to do."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.spoken import Moment
from portal.kernel.words import Text, say


class Taken(Conflict):
    """Somebody else has it then, or was faster."""

    def __init__(self, resource_id: UUID, name: str, start: datetime, sentence: Text | None = None) -> None:
        super().__init__(
            sentence or say("%(name)s %(when)s 这段时间已经被占用了，请换一个时间。", name=name, when=Moment(start))
        )
        self.resource_id = resource_id
        self.name = name


class OffHours(Taken):
    """It does not work then: off, on a break, or closed."""

    def __init__(self, resource_id: UUID, name: str, start: datetime) -> None:
        when = Moment(start)
        super().__init__(
            *(resource_id, name, start), say("%(name)s %(when)s 不在可约时间，请换一个时间。", name=name, when=when)
        )


class NotThere(Conflict):
    """The resource is gone or was put out of use."""

    def __init__(self) -> None:
        super().__init__(say("这项资源已经停用，请换一个。"))


class NoReason(Refusal):
    """To go over what is reserved needs a reason."""

    def __init__(self) -> None:
        super().__init__(say("请写明原因。"), field="note")


class WrongTime(Refusal):
    """It ends before it begins."""

    def __init__(self, *, field: str | None = None) -> None:
        super().__init__(say("结束时间要晚于开始时间。"), field=field)


class WrongBreak(Refusal):
    """A break outside of the hours of its day."""

    def __init__(self, *, field: str | None = None) -> None:
        super().__init__(say("休息时段要在当天的班次之内。"), field=field)


class TooLong(Refusal):
    """Nobody means so long a stretch."""

    def __init__(self, most: int, *, field: str | None = None) -> None:
        super().__init__(say("一次最多 %(most)s 天。", most=most), field=field)


class StillReserved(Conflict):
    """More at once is reserved from now on than would be left."""

    def __init__(self, cells: int) -> None:
        super().__init__(
            say("之后已有同时 %(cells)s 个预约，容量不能更小。请先移走或取消。", cells=cells), field="capacity"
        )


class StillToCome(Conflict):
    """What has reservations to come cannot be put out of use."""

    def __init__(self, name: str, count: int) -> None:
        super().__init__(say("%(name)s 之后还有 %(count)s 个占用，请先移走或取消。", name=name, count=count))


class UndoTooLate(Conflict):
    """It was done too long ago to be taken back with one tap."""

    def __init__(self) -> None:
        super().__init__(say("已经超过一小时，不能一键撤销，请直接改那几天。"))


class ChangedSince(Conflict):
    """The same days were changed again."""

    def __init__(self) -> None:
        super().__init__(say("这几天后来又改过，不能一键撤销，请直接改那几天。"))
