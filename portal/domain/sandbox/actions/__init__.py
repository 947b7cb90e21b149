"""What is done at the pretend provider: by the shop's adapter over HTTP, by the payer at its cashier, by its board."""

from __future__ import annotations

from portal.domain.sandbox.actions.board import decide, decide_transfer, send_again, switch
from portal.domain.sandbox.actions.counter import close, collect, fail, give_back, pay, tell, tell_return
from portal.domain.sandbox.actions.letters import return_letter, trade_letter
from portal.domain.sandbox.actions.teller import tell_transfer, transfer

__all__ = [
    "close",
    "collect",
    "decide",
    "decide_transfer",
    "fail",
    "give_back",
    "pay",
    "return_letter",
    "send_again",
    "switch",
    "tell",
    "tell_return",
    "tell_transfer",
    "trade_letter",
    "transfer",
]
