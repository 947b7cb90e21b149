"""Orders that end by time: received when nobody says so, completed when the time for claims is over.

One order in one Work: what reacts to the end of an order moves money.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

from portal.domain.ordering import actions, queries
from portal.jobs.tasks import at_work
from portal.kernel.work import Work
from portal.services import Services

log = logging.getLogger("portal.jobs")
MOST_LOTS = 50
Due = Callable[[Work], list[tuple[UUID, UUID]]]
Act = Callable[[Work, UUID, UUID], bool]


def receive(services: Services) -> int:
    """Orders that were wholly on their way for long enough."""
    return _each(services, queries.due_to_receive, actions.receive_by_itself)


def complete(services: Services) -> int:
    """Received orders about which nobody can claim any more."""
    return _each(services, queries.due_to_complete, actions.complete_due)


def _each(services: Services, due: Due, act: Act) -> int:
    """Lot by lot until nothing new is due; more than a worker does in one run is due again at the next look."""
    done, seen = 0, set[tuple[UUID, UUID]]()
    for _ in range(MOST_LOTS):
        with at_work(services) as work:
            found = [one for one in due(work) if one not in seen]
        if not found:
            break
        seen.update(found)
        for merchant_id, order_id in found:
            try:
                with at_work(services) as work:
                    done += act(work, merchant_id, order_id)
            except Exception:  # one that breaks must not keep the others waiting
                log.exception("orders: %s is left for later", order_id)
    return done
