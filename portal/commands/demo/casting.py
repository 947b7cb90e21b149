"""Works of the demo town: the same acts as in the portal, by the people who would do them, at the time they did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from portal.commands.demo.studio import Studio
from portal.kernel.clock import FixedClock
from portal.kernel.permissions import ROLES, Permission, Role
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, Work, open_work
from portal.services import Services

EVERY_RIGHT = frozenset(Permission)


class Cast:
    """Opens Works for actors of the town; `ago` sets the clock back, so that the town has a past."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.studio = Studio(services.pictures)
        self.now: datetime = services.clock.now()
        self.ids: dict[str, UUID] = {}  # phone → person
        self.memberships: dict[tuple[str, UUID], UUID] = {}  # (phone, merchant) → membership

    @contextmanager
    def _work(self, scope: Scope, actor: Actor, permissions: frozenset[Permission], ago: timedelta) -> Iterator[Work]:
        clock = FixedClock(self.services.clock.now() - ago)
        with open_work(
            self.services.engine, scope=scope, actor=actor, clock=clock, permissions=permissions, request_id="demo"
        ) as work:
            yield work

    def person(self, phone: str, *, ago: timedelta = timedelta()) -> AbstractContextManager[Work]:
        """A Work of this person with his own things."""
        person_id = self.ids[phone]
        scope = Scope(Face.PERSON, person_id=person_id)
        return self._work(scope, Actor(ActorKind.PERSON, person_id), ROLES[Role.CONSUMER], ago)

    def staff(
        self, phone: str, merchant_id: UUID, role: Role, *, ago: timedelta = timedelta()
    ) -> AbstractContextManager[Work]:
        """A Work of somebody working for a merchant."""
        actor = Actor(ActorKind.STAFF, self.ids[phone], self.memberships.get((phone, merchant_id)))
        return self._work(Scope(Face.OFFICE, merchant_id=merchant_id), actor, ROLES[role], ago)

    def platform(self, phone: str | None = None, *, ago: timedelta = timedelta()) -> AbstractContextManager[Work]:
        """A Work of the platform, by one of its people or by this command."""
        if phone is None:
            return self._work(Scope(Face.PLATFORM), Actor(ActorKind.COMMAND), EVERY_RIGHT, ago)
        actor = Actor(ActorKind.PLATFORM, self.ids[phone])
        return self._work(Scope(Face.PLATFORM), actor, ROLES[Role.PLATFORM_OWNER], ago)

    def nobody(self) -> AbstractContextManager[Work]:
        """A Work before anybody is known, for making accounts."""
        return self._work(Scope(Face.SHOP), Actor(ActorKind.COMMAND), EVERY_RIGHT, timedelta())

    def job(self, *, ago: timedelta = timedelta()) -> AbstractContextManager[Work]:
        """A Work outside any tenant, for shared tables."""
        return self._work(Scope(Face.JOB), Actor(ActorKind.COMMAND), EVERY_RIGHT, ago)

    def provider(self, *, ago: timedelta = timedelta()) -> AbstractContextManager[Work]:
        """A Work of the pretend provider or bank with its own rows."""
        return self._work(Scope(Face.PROVIDER), Actor(ActorKind.PROVIDER), EVERY_RIGHT, ago)
