"""What is done about bills: raised, shared, paid, given up, corrected, refunded."""

from portal.domain.bills.actions.adjusting import adjust
from portal.domain.bills.actions.clearing import clear
from portal.domain.bills.actions.paying import paid, released
from portal.domain.bills.actions.people import set_people
from portal.domain.bills.actions.pins import drop_pin, note_wrong_pin, set_pin
from portal.domain.bills.actions.printing import printed
from portal.domain.bills.actions.raising import give_up, raise_bill
from portal.domain.bills.actions.refunding import refund
from portal.domain.bills.actions.rules import set_rules
from portal.domain.bills.actions.sharing import begin, call_off, pay_online, take

__all__ = [
    "adjust",
    "begin",
    "call_off",
    "clear",
    "drop_pin",
    "give_up",
    "note_wrong_pin",
    "paid",
    "pay_online",
    "printed",
    "raise_bill",
    "refund",
    "released",
    "set_people",
    "set_pin",
    "set_rules",
    "take",
]
