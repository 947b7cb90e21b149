"""Completed orders are settled, statements issued and lapsed: each order and each lot in a Work of its own."""

from __future__ import annotations

import logging
from uuid import UUID

from portal.domain.settlement import actions, queries
from portal.jobs.tasks import at_work
from portal.services import Services

log = logging.getLogger("portal.jobs")
MOST_LOTS = 50


def settle_orders(services: Services) -> int:
    """Everything that waits; an order that breaks is left for later and keeps nobody waiting."""
    done, broken = 0, set[tuple[UUID, UUID]]()
    for _ in range(MOST_LOTS):
        with at_work(services) as work:
            waiting = [one for one in queries.due_settlements(work) if one not in broken]
        if not waiting:
            break
        for merchant_id, order_id in waiting:
            try:
                with at_work(services) as work:
                    done += actions.settle(work, merchant_id, order_id)
            except Exception:
                log.exception("settlement: order %s is left for later", order_id)
                broken.add((merchant_id, order_id))
    return done


def issue_statements(services: Services) -> int:
    """Statements of the periods that are closed in the ledger."""
    done, after, more = 0, None, True
    while more:
        with at_work(services) as work:
            issued, after = actions.issue_due(work, after)
        done, more = done + issued, after is not None
    return done


def lapse_statements(services: Services) -> int:
    """Statements nobody spoke about in time."""
    done = 0
    for _ in range(MOST_LOTS):
        with at_work(services) as work:
            lot = actions.lapse_due(work)
        if not lot:
            break
        done += lot
    return done
