"""What is done about passes. Features above use `hold_use`, `use` and `give_back`."""

from __future__ import annotations

from portal.domain.passes.actions.buying import buy
from portal.domain.passes.actions.ending import expire, extend, refund, refund_mine
from portal.domain.passes.actions.kinds import change, draft, put_on_sale, stop
from portal.domain.passes.actions.sharing import offer, take, unshare, withdraw
from portal.domain.passes.actions.using import give_back, hold_use, refuse_over, undo, use, use_at_counter

__all__ = [
    "buy",
    "change",
    "draft",
    "expire",
    "extend",
    "give_back",
    "hold_use",
    "offer",
    "put_on_sale",
    "refund",
    "refund_mine",
    "refuse_over",
    "stop",
    "take",
    "undo",
    "unshare",
    "use",
    "use_at_counter",
    "withdraw",
]
