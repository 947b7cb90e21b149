"""A store's people are told when nobody knows whether a paper came out: somebody has to look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.domain.kitchen.events import PaperUncertain
from portal.domain.messages.actions import notify
from portal.domain.tenants.queries.persons import staff_at
from portal.kernel.permissions import Permission
from portal.kernel.words import say
from portal.kernel.work import Work


def tell_uncertain(work: Work, event: PaperUncertain) -> None:
    """Everybody who sees this kitchen, once for each paper."""
    text = say("不知道打出来没有，请去打印机看一眼：%(title)s", title=event.title)
    link = f"/store/{event.store_id}/papers?show=trouble"
    for person_id in staff_at(work, event.merchant_id, event.store_id, Permission.KITCHEN_VIEW):
        notify(work, person_id=person_id, kind="kitchen.uncertain", text=text, link=link)


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = ((PaperUncertain, tell_uncertain),)
