"""Passes whose time is over lapse, each in a Work of its own."""

from __future__ import annotations

import logging
from uuid import UUID

from portal.domain.passes import actions, queries
from portal.jobs.tasks import at_work
from portal.services import Services

log = logging.getLogger("portal.jobs")
MOST_LOTS = 50


def expire(services: Services) -> int:
    """Everything that is due; a pass that breaks is left for later and keeps nobody waiting."""
    done, broken = 0, set[tuple[UUID, UUID]]()
    for _ in range(MOST_LOTS):
        with at_work(services) as work:
            waiting = [one for one in queries.due(work) if one not in broken]
        if not waiting:
            break
        for merchant_id, pass_id in waiting:
            try:
                with at_work(services) as work:
                    done += actions.expire(work, merchant_id, pass_id)
            except Exception:
                log.exception("passes: %s is left for later", pass_id)
                broken.add((merchant_id, pass_id))
    return done
