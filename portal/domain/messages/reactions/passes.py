"""Holders are told when a use was taken from their pass or given back, and when it changed hands; buyers of refunds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.domain.messages.actions import notify
from portal.domain.passes.events import PassExpired, PassHandedOver, PassRefunded, PassUsed, PassUseUndone
from portal.kernel.spoken import Yuan
from portal.kernel.words import say
from portal.kernel.work import Work


def tell_used(work: Work, event: PassUsed) -> None:
    """One use less."""
    text = say(
        "次卡“%(name)s”用掉 1 次，还剩 %(left)s 次。不是您本人用的？请马上联系门店。", name=event.name, left=event.left
    )
    notify(work, person_id=event.holder_id, kind="pass.used", text=text, link=f"/passes/{event.pass_id}")


def tell_undone(work: Work, event: PassUseUndone) -> None:
    """The use is his again."""
    text = say("门店撤销了次卡“%(name)s”的一次使用，现在剩 %(left)s 次。", name=event.name, left=event.left)
    notify(work, person_id=event.holder_id, kind="pass.undone", text=text, link=f"/passes/{event.pass_id}")


def tell_refunded(work: Work, event: PassRefunded) -> None:
    """Money is on its way to who paid."""
    text = say(
        "次卡“%(name)s”退了未用的 %(uses)s 次，%(fen)s 原路退回。",
        name=event.name,
        uses=event.uses,
        fen=Yuan(event.amount_fen),
    )
    notify(work, person_id=event.buyer_id, kind="pass.refunded", text=text, link="/passes")


def tell_expired(work: Work, event: PassExpired) -> None:
    """Uses lapsed."""
    text = say("次卡“%(name)s”到期，%(uses)s 次没有用完。", name=event.name, uses=event.uses)
    notify(work, person_id=event.holder_id, kind="pass.expired", text=text, link=f"/passes/{event.pass_id}")


def tell_handed_over(work: Work, event: PassHandedOver) -> None:
    """The giver learns that his link was taken."""
    if event.shared:
        text = say("%(taker)s 接受了次卡“%(name)s”的共享。", taker=event.taker, name=event.name)
    else:
        text = say("%(taker)s 领走了您转赠的次卡“%(name)s”。", taker=event.taker, name=event.name)
    notify(work, person_id=event.giver_id, kind="pass.handed_over", text=text, link="/passes")


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = (
    (PassUsed, tell_used),
    (PassUseUndone, tell_undone),
    (PassRefunded, tell_refunded),
    (PassExpired, tell_expired),
    (PassHandedOver, tell_handed_over),
)
