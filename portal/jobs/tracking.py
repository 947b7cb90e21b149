"""Asking where parcels are, in lots. Between two Works, never inside one; what was asked twice is stored once."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager, suppress

from portal.domain.shipping.actions import tracking
from portal.domain.shipping.ports import Tracker, TrackerRefused, TrackerSilent
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, Work, open_work
from portal.services import Services

log = logging.getLogger("portal.jobs")
MOST_LOTS = 20
MOST_SILENCES = 3
"""In a row: a carrier's service that is down is not asked for each parcel, each time until the time limit."""
RIGHTS = frozenset({Permission.ORDER_SHIP})


def ask_carriers(services: Services) -> int:
    """Every parcel whose time has come, lot by lot; how many were asked about. Without a tracker nothing is."""
    if services.tracker is None:
        return 0
    done = silences = 0
    for _ in range(MOST_LOTS):
        with _work(services) as work:
            lot = tracking.due(work)
        for errand in lot:
            heard = _ask(services, services.tracker, errand)
            silences = 0 if heard else silences + 1
            done += 1
            if silences == MOST_SILENCES:
                log.warning("%s does not answer: the rest is asked later", services.tracker.name)
                return done
        if len(lot) < tracking.LOT:
            break
    return done


def _ask(services: Services, tracker: Tracker, errand: tracking.Errand) -> bool:
    """Ask about one parcel and store what is told; False when there was no answer."""
    try:
        if errand.first:
            with suppress(TrackerRefused):  # the answer to the question tells the same
                tracker.subscribe(errand.sought)
        track = tracker.query(errand.sought)
    except TrackerSilent:
        with _work(services) as work:
            tracking.unanswered(work, errand)
        return False
    except TrackerRefused as refused:
        log.info("%s tells nothing about a parcel of %s: %s", tracker.name, errand.sought.carrier, refused)
        track = None
    with _work(services) as work:
        tracking.store(work, errand, track)
    return True


def _work(services: Services) -> AbstractContextManager[Work]:
    actor = Actor(ActorKind.JOB)
    return open_work(services.engine, scope=Scope(Face.JOB), actor=actor, clock=services.clock, permissions=RIGHTS)
