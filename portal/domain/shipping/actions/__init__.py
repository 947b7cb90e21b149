"""What is done on the way of goods: sending, mending, changed addresses, goods that are not there, marks."""

from portal.domain.shipping.actions.addresses import agree_address, ask_address, refuse_address, withdraw_address
from portal.domain.shipping.actions.marks import flag, mark_picked, mark_printed, write_note
from portal.domain.shipping.actions.mending import correct, undo
from portal.domain.shipping.actions.reminding import remind
from portal.domain.shipping.actions.sending import Sending, Sent, ship, ship_many
from portal.domain.shipping.actions.shortages import answer_shortage, report, restock

__all__ = [
    "Sending",
    "Sent",
    "agree_address",
    "answer_shortage",
    "ask_address",
    "correct",
    "flag",
    "mark_picked",
    "mark_printed",
    "refuse_address",
    "remind",
    "report",
    "restock",
    "ship",
    "ship_many",
    "undo",
    "withdraw_address",
    "write_note",
]
