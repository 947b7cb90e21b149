"""After the Work, in a small transaction of its own: the sign-in was seen, a door stayed shut, a paper was opened.

It runs once the Work has given its connection back; nested inside it would starve the pool.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import g

from portal.domain.identity import sightings
from portal.domain.tenants.values import SignedIn
from portal.kernel import denials, looks
from portal.kernel.refusals import Denied, NotFound, Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, Work, open_work
from portal.services import Services

log = logging.getLogger("portal.trace")
TOUCH_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Told:
    """An act that only looked, to be written down after its read-only Work."""

    scope: Scope
    actor: Actor
    action: str
    subject_type: str
    subject_id: UUID
    about: UUID | None
    kind: str


def tell(work: Work, action: str, subject_type: str, subject_id: UUID, *, about: UUID | None, kind: str) -> None:
    """Have this request's looking written down. The answer is sent only when that has worked."""
    g.told = Told(work.scope, work.actor, action, subject_type, subject_id, about, kind)


def after(
    services: Services, signed_in: SignedIn | None, denied: tuple[Refusal, str | None, dict[str, Any]] | None
) -> None:
    """Touch the sign-in at most every five minutes; write down what was looked at, or a denied access of somebody
    known.
    """
    told: Told | None = g.pop("told", None)
    if told is not None:
        with open_work(
            services.engine, scope=told.scope, actor=told.actor, clock=services.clock, request_id=g.request_id
        ) as work:
            looks.write_down(work, told.action, told.subject_type, told.subject_id, about=told.about, kind=told.kind)
    if signed_in is None:
        return
    stale = services.clock.now() - signed_in.seen_at > TOUCH_AFTER
    shut = denied is not None and isinstance(denied[0], Denied | NotFound)
    if not stale and not shut:
        return
    scope = Scope(Face.PERSON, person_id=signed_in.person_id)
    actor = Actor(ActorKind.PERSON, signed_in.person_id)
    with open_work(services.engine, scope=scope, actor=actor, clock=services.clock, request_id=g.request_id) as work:
        if stale:
            sightings.touch(work, signed_in.sign_in_id)
        if shut and denied is not None:
            _shut(work, *denied)


def _shut(work: Work, refusal: Refusal, endpoint: str | None, args: dict[str, Any]) -> None:
    facts = {name: value for name, value in args.items() if name != "token"}
    if denials.write_down(work, endpoint or "", status=refusal.status, **facts):
        log.warning("access denied: %s %s", endpoint, refusal.status)
