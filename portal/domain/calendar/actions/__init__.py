"""What is done with the calendar.

Features above call `reserve`, `release` and `move` within acts of their own that have checked right and access.
"""

from portal.domain.calendar.actions.blocking import block, unblock
from portal.domain.calendar.actions.hours import (
    break_in,
    clear_day,
    clear_days,
    copy_week,
    set_day,
    set_days,
    set_week,
)
from portal.domain.calendar.actions.reserving import move, release, reserve
from portal.domain.calendar.actions.resources import add, arrange, change, restore, retire
from portal.domain.calendar.actions.undoing import undo_days

__all__ = [
    "add",
    "arrange",
    "block",
    "break_in",
    "change",
    "clear_day",
    "clear_days",
    "copy_week",
    "move",
    "release",
    "reserve",
    "restore",
    "retire",
    "set_day",
    "set_days",
    "set_week",
    "unblock",
    "undo_days",
]
