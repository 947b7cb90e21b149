"""One request, one job, one command: one `Work` with one actor, one scope, one clock and one transaction.

Leaving the block commits, raising rolls back; this is the only commit in the house. The database role of the face and
its key are set inside the transaction, so that row security follows the scope and nothing leaks to the next Work.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, insert

from portal.kernel import events, jobs
from portal.kernel.audit import AuditEntry
from portal.kernel.clock import Clock
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Denied, NotFound
from portal.kernel.scope import Face, Scope, WorkSession


class ActorKind(StrEnum):
    """Who acts."""

    GUEST = "guest"
    PERSON = "person"
    STAFF = "staff"
    PLATFORM = "platform"
    JOB = "job"
    COMMAND = "command"
    PROVIDER = "provider"


@dataclass(frozen=True)
class Actor:
    """The one who acts; `device` is a random mark of the browser, for limits only. Somebody at a table acts as the
    guest he is there, whether he is signed in or not.
    """

    kind: ActorKind
    person_id: UUID | None = None
    membership_id: UUID | None = None
    device: str = ""
    guest_id: UUID | None = None

    @property
    def id(self) -> UUID | None:
        """Whose stored answers these are: the person's, or the guest's at a table."""
        return self.person_id or self.guest_id


@dataclass
class Work:
    """What a view, an action or a job may use. `permissions` are those of the actor in this scope."""

    session: WorkSession
    actor: Actor
    scope: Scope
    clock: Clock
    permissions: frozenset[Permission] = frozenset()
    request_id: str = ""
    read_only: bool = False
    published: list[object] = field(default_factory=list)
    memo: dict[object, Any] = field(default_factory=dict)
    """What was read once and does not change while this Work lasts: that a store is there, what it is called."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return self.clock.now()

    def may(self, permission: Permission) -> bool:
        """True when the actor holds the permission here."""
        return permission in self.permissions

    def require(self, permission: Permission, *, store_id: UUID | None = None) -> None:
        """Refuse unless the actor holds the permission; a store out of reach is NotFound, a missing right Denied."""
        if store_id is not None and not self.scope.covers_store(store_id):
            raise NotFound
        if permission not in self.permissions:
            raise Denied

    @property
    def merchant_id(self) -> UUID:
        """The merchant of an office's Work. Raises NotFound in a Work without one."""
        if self.scope.merchant_id is None:
            raise NotFound
        return self.scope.merchant_id

    @property
    def person_id(self) -> UUID:
        """The person who acts. Raises NotFound in a Work without one."""
        if self.actor.person_id is None:
            raise NotFound
        return self.actor.person_id

    @property
    def actor_id(self) -> UUID:
        """The person who acts, or the guest at a table. Raises NotFound in a Work without either."""
        if self.actor.id is None:
            raise NotFound
        return self.actor.id

    def publish(self, event: object) -> None:
        """Tell the features above; their reactions run now, in this transaction."""
        self.published.append(event)
        for reaction in events.reactions_to(event):
            reaction(self, event)

    def enqueue(
        self, name: str, *, at: datetime | None = None, lock: str | None = None, **ids: UUID | str | int
    ) -> None:
        """Queue a job that exists only if this Work commits."""
        jobs.enqueue(self.session, name, at=at, lock=lock, **ids)

    def audit(
        self, action: str, subject_type: str, subject_id: UUID | None, *, about: UUID | None = None, **facts: object
    ) -> None:
        """Write who did what; `facts` are ids, numbers and our own words, never personal data.

        `about` is the merchant concerned when the platform acts on one; in an office it is always the office's own.
        """
        entry = {
            "id": new_id(),
            "at": self.now(),
            "actor_kind": self.actor.kind.value,
            "actor_id": self.actor.person_id,
            "merchant_id": self.scope.merchant_id or about,
            "action": action,
            "subject_type": subject_type,
            "subject_id": subject_id,
            "facts": {key: str(value) for key, value in facts.items()},
            "request_id": self.request_id,
        }
        self.session.connection().execute(_ADD_ENTRY, entry)  # below the ORM: row security is the wall of this table

    def enter(self, scope: Scope, actor: Actor, permissions: frozenset[Permission]) -> None:
        """Take another face within the same transaction; only an office's admission does this."""
        self.session.flush()
        same = (scope, actor.id) == (self.scope, self.actor.id)
        self.scope, self.actor, self.permissions = scope, actor, permissions
        if not same:
            self._take_face()

    def start_again(self) -> None:
        """Undo everything so far and go on in a fresh transaction with the same face (after a refusal)."""
        self.session.rollback()
        self.session.expunge_all()
        self.published.clear()
        self._take_face(begin=True)

    def _take_face(self, *, begin: bool = False) -> None:
        self.session.take(self.scope, self.actor.id)
        parts = ["SET TRANSACTION READ ONLY"] if begin and self.read_only else []
        parts.append(f"SET LOCAL ROLE {self.scope.face.role}")
        keys = {
            "merchant": self.scope.merchant_id,
            "person": self.scope.person_id,
            "actor": self.actor.id,
        }
        if self.scope.face is Face.GUEST:  # no other face's policy asks for it
            keys["sitting"] = self.scope.sitting_id
        parts.extend(f"SET LOCAL app.{name} = '{_literal(value)}'" for name, value in keys.items())
        driver = self.session.connection().connection.driver_connection
        assert driver is not None
        driver.execute("; ".join(parts))


_ENTRIES: Any = AuditEntry.__table__
_ADD_ENTRY = insert(_ENTRIES)


def _literal(value: UUID | None) -> str:
    """A validated literal: SET takes no bind, and set_config() would not reach the nodes of Citus."""
    return str(UUID(str(value))) if value is not None else ""


@contextmanager
def open_work(
    engine: Engine,
    *,
    scope: Scope,
    actor: Actor,
    clock: Clock,
    permissions: frozenset[Permission] = frozenset(),
    request_id: str = "",
    read_only: bool = False,
) -> Iterator[Work]:
    """Open the one transaction. Returning commits, raising rolls back."""
    with WorkSession(engine, expire_on_commit=False) as session:
        work = Work(session, actor, scope, clock, permissions, request_id, read_only)
        work._take_face(begin=True)
        yield work
        _refuse_failed(session)
        session.commit()


def _refuse_failed(session: WorkSession) -> None:
    """PostgreSQL answers COMMIT of a failed transaction with a rollback and no word: nobody may take that for done."""
    driver: Any = session.connection().connection.driver_connection
    if driver.info.transaction_status is TransactionStatus.INERROR:
        raise RuntimeError("a refusal of the database was caught; the Work cannot commit")
