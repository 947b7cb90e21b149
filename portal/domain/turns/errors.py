"""Refusals of the turn list."""

from __future__ import annotations

from portal.kernel.refusals import Refusal
from portal.kernel.words import say


class NobodyFree(Refusal):
    """Nobody of the list is there and free."""

    def __init__(self) -> None:
        super().__init__(say("现在没有空闲的技师在轮牌里。请等一位做完，或先让到店的技师上牌。"))


class NotInList(Refusal):
    """Somebody who has not joined today's list was given a turn."""

    def __init__(self) -> None:
        super().__init__(say("这位技师今天还没上牌，先点“上牌”。"))
