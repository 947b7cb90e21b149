"""Refusals about stores, in the sentences people read."""

from __future__ import annotations

from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.words import say


class StoreChanged(Conflict):
    """Somebody saved the store since this form was opened."""

    def __init__(self) -> None:
        super().__init__(say("这家门店刚刚被别人改过。请打开新的页面核对后再保存，您填的内容还在这里。"))


class StoreClosed(Refusal):
    """The store is closed for good."""

    def __init__(self) -> None:
        super().__init__(say("这家门店已经关店，不能再修改或上架。"))


class StoreIncomplete(Refusal):
    """Something is missing before the street may see it."""

    def __init__(self, name: str) -> None:
        super().__init__(say("“%(name)s”还不能上架：请先在地图上标出位置。", name=name))
