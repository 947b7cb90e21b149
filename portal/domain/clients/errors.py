"""Refusals about clients' records."""

from __future__ import annotations

from portal.domain.clients.values import MOST_AT_ONCE, MOST_PHOTOS
from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.words import say


class TooManyPhotos(Refusal):
    """A record holds only so many photos."""

    def __init__(self) -> None:
        super().__init__(
            say("一次最多 %(once)s 张，每位客人最多 %(most)s 张照片。", once=MOST_AT_ONCE, most=MOST_PHOTOS),
            field="photos",
        )


class Rewritten(Conflict):
    """A colleague was faster."""

    def __init__(self, who: str) -> None:
        told = say("%(who)s刚刚改过档案，新的内容在下面。请合在一起再保存一次。", who=who or say("同事"))
        super().__init__(told, field="seen")
