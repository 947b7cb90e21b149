"""What the makers share: the engine, the clock and a Work of any face."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine

from portal.kernel.clock import FixedClock
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, Work, open_work
from portal.services import Services

EVERY_RIGHT = frozenset(Permission)


class Maker:
    """Base of all makers."""

    app: Flask
    clock: FixedClock
    services: Services
    engine: Engine
    numbers: Iterator[int]

    @contextmanager
    def work(
        self,
        face: Face,
        *,
        person: UUID | None = None,
        merchant: UUID | None = None,
        kind: ActorKind = ActorKind.COMMAND,
    ) -> Iterator[Work]:
        """A Work with every right on this face; leaving commits."""
        scope = Scope(face, person_id=person if face is Face.PERSON else None, merchant_id=merchant)
        with open_work(
            self.engine, scope=scope, actor=Actor(kind, person), clock=self.clock, permissions=EVERY_RIGHT
        ) as work:
            yield work
