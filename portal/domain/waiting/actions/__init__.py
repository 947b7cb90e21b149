"""What is done in a queue."""

from portal.domain.waiting.actions.calling import call, close_days, dismiss, seat, skip, take_back, unseat
from portal.domain.waiting.actions.keeping import add_class, edit_class, retire_class, set_rules, set_taking
from portal.domain.waiting.actions.taking import leave, leave_linked, take, take_at_door

__all__ = [
    "add_class",
    "call",
    "close_days",
    "dismiss",
    "edit_class",
    "leave",
    "leave_linked",
    "retire_class",
    "seat",
    "set_rules",
    "set_taking",
    "skip",
    "take",
    "take_at_door",
    "take_back",
    "unseat",
]
