"""The only way to one row of a person, and the two faces that signing in needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from portal.domain.identity.models import Address, Code, Credential, Notification, Person, Referral, SignIn
from portal.kernel.faces import borrowed
from portal.kernel.permissions import ROLES, Role
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope, fixed
from portal.kernel.work import Actor, ActorKind, Work

Row = TypeVar("Row")


@contextmanager
def at_the_gate(work: Work) -> Iterator[None]:
    """Act with the gate's face, which knows persons by their phones, then go on as before."""
    if work.scope.face is Face.GATE:
        yield
        return
    with borrowed(work, Scope(Face.GATE), work.permissions):
        yield


def as_person(work: Work, person_id: UUID) -> None:
    """From here on the Work is this person's: he has just proved who he is."""
    actor = Actor(ActorKind.PERSON, person_id, device=work.actor.device)
    work.enter(Scope(Face.PERSON, person_id=person_id), actor, ROLES[Role.CONSUMER])


def access_me(work: Work, *, lock: bool = False) -> Person:
    """The person who acts."""
    return _one(work, select(Person).where(Person.id == work.person_id), lock=lock)


def access_credential(work: Work, *, lock: bool = False) -> Credential:
    """The secrets of the person who acts; made when there are none yet. Only the gate may change them."""
    mine = select(Credential).where(Credential.person_id == work.person_id)
    query = mine.with_for_update() if lock else mine
    row = work.session.scalars(query).one_or_none()
    if row is None:
        made = insert(Credential).values(person_id=work.person_id).on_conflict_do_nothing()
        work.session.execute(made)
        row = work.session.scalars(query).one()
    return row


def access_code(work: Work, code_id: UUID, *, lock: bool = False) -> Code:
    """A code that was sent; only the gate sees it."""
    return _one(work, select(Code).where(Code.id == code_id), lock=lock)


def access_sign_in(work: Work, sign_in_id: UUID) -> SignIn:
    """One of his browsers that is still signed in."""
    mine = (SignIn.person_id == work.person_id, SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
    return _one(work, select(SignIn).where(*mine), lock=True)


_ADDRESS: Any = fixed(select(Address).where(Address.person_id == bindparam("of"), Address.id == bindparam("wanted")))


def access_address(work: Work, address_id: UUID) -> Address:
    """One address of his book."""
    row: Address | None = work.session.scalars(_ADDRESS, {"of": work.person_id, "wanted": address_id}).one_or_none()
    if row is None:
        raise NotFound
    return row


def access_referral(work: Work) -> Referral:
    """Who brought him."""
    return _one(work, select(Referral).where(Referral.person_id == work.person_id), lock=True)


def access_notification(work: Work, notification_id: UUID) -> Notification:
    """One letter of his box."""
    mine = (Notification.person_id == work.person_id, Notification.id == notification_id)
    return _one(work, select(Notification).where(*mine), lock=False)


def _one(work: Work, query: Select[Row], *, lock: bool) -> Row:
    row: Row | None = work.session.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound
    return row
