"""Refusals about clients' records."""

from __future__ import annotations

from portal.domain.clients.values import MOST_AT_ONCE, MOST_PHOTOS
from portal.kernel.refusals import Refusal
from portal.kernel.words import say


class TooManyPhotos(Refusal):
    """A record holds only so many photos."""

    def __init__(self) -> None:
        super().__init__(
            say("一次最多 %(once)s 张，每位客人最多 %(most)s 张照片。", once=MOST_AT_ONCE, most=MOST_PHOTOS),
            field="photos",
        )
