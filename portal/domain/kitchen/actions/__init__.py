"""What is done in the kitchen: made, called back, served, printed again, set up; and what the worker carries."""

from __future__ import annotations

from portal.domain.kitchen.actions.arranging import (
    add_printer,
    add_station,
    edit_printer,
    edit_station,
    remove_printer,
    remove_station,
)
from portal.domain.kitchen.actions.cooking import done, recall, see, serve
from portal.domain.kitchen.actions.errands import answered, overdue, question, take, told
from portal.domain.kitchen.actions.health import call_printers, heard, to_ask
from portal.domain.kitchen.actions.papers import (
    print_paper,
    receipt_printer,
    reprint,
    settle,
    test_print,
    try_again,
)

__all__ = [
    "add_printer",
    "add_station",
    "answered",
    "call_printers",
    "done",
    "edit_printer",
    "edit_station",
    "heard",
    "overdue",
    "print_paper",
    "question",
    "recall",
    "receipt_printer",
    "remove_printer",
    "remove_station",
    "reprint",
    "see",
    "serve",
    "settle",
    "take",
    "test_print",
    "to_ask",
    "told",
    "try_again",
]
