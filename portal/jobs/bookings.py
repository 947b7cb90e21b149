"""Offers nobody took lapse, clients are reminded, unmarked visits are closed, each in a Work of its own.

Waiting for days that are over ends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from portal.domain.bookings import actions
from portal.jobs.tasks import at_work
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.services import Services

log = logging.getLogger("portal.jobs")
MOST = 500
MOST_LOOKS = 20


def expire(services: Services) -> int:
    """Offers whose deadline has passed, and lists of days that are over."""
    with at_work(services, Permission.BOOKING_EDIT) as work:
        done = actions.end_waiting(work)
    done += _each(services, actions.expire_offer)
    return done + _each(services, actions.look_again, most=MOST_LOOKS)


def remind(services: Services) -> int:
    """Visits that begin within a few hours."""
    return _each(services, actions.remind)


def close(services: Services) -> int:
    """Visits that ended a day ago and that nobody marked: their money must not lie in escrow for ever."""
    return _each(services, actions.close_one)


def _each(services: Services, act: Callable[[Work], bool], *, most: int = MOST) -> int:
    for done in range(most):
        with at_work(services, Permission.BOOKING_EDIT) as work:
            if not act(work):
                return done
    return most
