"""What the house says when an application or a change has moved on."""

from __future__ import annotations

from datetime import datetime

from portal.domain.onboarding.values import ApplicationState
from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.spoken import Moment
from portal.kernel.words import say


class NotEditable(Conflict):
    """Under review or decided: nothing can be changed."""

    def __init__(self) -> None:
        super().__init__(say("申请已经提交，现在不能修改。审核员要求补充时可以再改。"))


class Incomplete(Refusal):
    """Not everything is there yet."""

    def __init__(self, count: int) -> None:
        super().__init__(say("还差 %(count)s 项没有填好，请逐项补上后再提交。", count=count))


class Unchanged(Refusal):
    """Sent again without a change: the reviewer would see the same thing."""

    def __init__(self) -> None:
        super().__init__(say("和上次提交的内容一样，请先按要求补充或修改。"))


class TooManyOpen(Refusal):
    """A person has a limited number of applications at a time."""

    def __init__(self, most: int) -> None:
        super().__init__(say("同时最多进行 %(most)s 份申请，请先提交或撤回已有的。", most=most))


class AlreadyDecided(Conflict):
    """Another reviewer was first: who, when and what."""

    WORDS = {
        ApplicationState.APPROVED: say("通过"),
        ApplicationState.REFUSED: say("驳回"),
        ApplicationState.MORE_INFORMATION: say("要求补充资料"),
        ApplicationState.WITHDRAWN: say("被申请人撤回"),
    }

    def __init__(self, who: str, at: datetime, what: ApplicationState) -> None:
        when, word = Moment(at), self.WORDS[what]
        super().__init__(
            say("这次提交已由 %(who)s 在 %(when)s 处理：%(what)s。您的决定没有生效。", who=who, when=when, what=word)
        )


class RegionTaken(Refusal):
    """Centres of one level never overlap."""

    def __init__(self, name: str) -> None:
        super().__init__(say("这个区域已经有运营中心了（%(name)s），同一级不能重叠。", name=name), field="region_code")
