"""Deadlines of cases: each in a Work of its own, so that one that breaks does not keep the others waiting."""

from __future__ import annotations

import logging

from portal.domain.aftersales import actions, queries
from portal.jobs.tasks import at_work
from portal.services import Services

log = logging.getLogger("portal.jobs")


def pass_deadlines(services: Services) -> int:
    """What nobody answered in time happens by itself; how many cases moved."""
    with at_work(services) as work:
        found = queries.due(work)
    done = 0
    for case_id in found:
        try:
            with at_work(services) as work:
                done += actions.pass_deadline(work, case_id)
        except Exception:  # it is due again next minute
            log.exception("cases: %s is left for later", case_id)
    return done
