"""What is done about cases. Each act checks its right with the actor's own face and writes on the worker's."""

from portal.domain.aftersales.actions.buyers import accept, ask_again, dispute, send, withdraw
from portal.domain.aftersales.actions.deadlines import pass_deadline, refund_done, refund_stuck
from portal.domain.aftersales.actions.judging import for_buyer, for_merchant
from portal.domain.aftersales.actions.making import Wish, ask, grant
from portal.domain.aftersales.actions.merchants import (
    agree,
    agree_many,
    keep_address,
    offer,
    receive,
    refuse,
    refuse_goods,
)

__all__ = [
    "Wish",
    "accept",
    "agree",
    "agree_many",
    "ask",
    "ask_again",
    "dispute",
    "for_buyer",
    "for_merchant",
    "grant",
    "keep_address",
    "offer",
    "pass_deadline",
    "receive",
    "refund_done",
    "refund_stuck",
    "refuse",
    "refuse_goods",
    "send",
    "withdraw",
]
