"""What is done with the calendar.

Features above call `reserve`, `release` and `move` within acts of their own that have checked right and access.
"""

from portal.domain.calendar.actions.reserving import move, release, reserve

__all__ = ["move", "release", "reserve"]
