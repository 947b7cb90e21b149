"""/pulse/<permit>?since=…: 204 while nothing changed in a store's kitchen, else 200 and the screen fetches itself anew.

Asked by every screen every few seconds, so it stands beside the offices: no session, no page, one number, which each
process remembers for a moment. No thread is held for anybody.
"""

from __future__ import annotations

import time
from typing import Final
from uuid import UUID

from flask import Blueprint, Flask, Response, current_app, request

from portal.domain.kitchen import queries
from portal.domain.kitchen.rules.permits import opened
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, open_work
from portal.services import Services

pulse = Blueprint("pulse", __name__)
REMEMBERED_SECONDS: Final = 1.0
CHANGED: Final = {"HX-Trigger": "kitchen-changed"}


class Memory:
    """The last number of each store, for a second."""

    def __init__(self) -> None:
        self._known: dict[UUID, tuple[float, int]] = {}

    def number(self, services: Services, merchant_id: UUID, store_id: UUID) -> int:
        """The number, at most a second old."""
        now = time.monotonic()
        at, number = self._known.get(store_id, (-REMEMBERED_SECONDS, 0))
        if now - at >= REMEMBERED_SECONDS:
            actor, scope = Actor(ActorKind.JOB), Scope(Face.JOB)
            with open_work(services.engine, scope=scope, actor=actor, clock=services.clock, read_only=True) as work:
                number = queries.pulse(work, merchant_id, store_id)
            self._known[store_id] = (now, number)
        return number


def init_app(app: Flask) -> None:
    """Register the route that is no office's."""
    app.extensions["pulses"] = Memory()
    app.register_blueprint(pulse)


@pulse.get("/pulse/<token>")
def show(token: str) -> Response:
    """Nothing new, or come and look; a permit that is over says the latter, and the page shows who is still let in."""
    services: Services = current_app.extensions["portal"]
    asked = opened(services.settings.secret_key, token, services.clock.now())
    if asked is None:
        return Response(status=200, headers=CHANGED)
    since = request.args.get("since", 0, type=int)
    changed = current_app.extensions["pulses"].number(services, *asked) > since
    return Response(status=200, headers=CHANGED) if changed else Response(status=204)
