"""Clients for pages: a list, one record, and what must be known at the bookings of a board."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from portal.domain.clients.access import access_client, in_reach
from portal.domain.clients.models import Client, ClientPhoto, ClientVisit
from portal.domain.clients.values import Care, ClientLine, ClientShown, Photo, Visit, VisitState
from portal.domain.stores.models import Store
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

SEE = Permission.CLIENT_VIEW
PAGE = 50
VISITS = 60


def cares(work: Work, booking_ids: Collection[UUID]) -> dict[UUID, Care]:
    """What is known of the clients of these bookings, in one statement. Nothing for who may not see clients."""
    if not booking_ids or not work.may(SEE):
        return {}
    again = aliased(ClientVisit)
    same = (again.merchant_id == Client.merchant_id, again.client_id == Client.id, again.state == "done")
    done = select(func.count()).select_from(again).where(*same).correlate(Client).scalar_subquery()
    query = (
        select(ClientVisit.booking_id, Client, done.label("done"))
        .join(Client, (Client.merchant_id == ClientVisit.merchant_id) & (Client.id == ClientVisit.client_id))
        .where(ClientVisit.merchant_id == work.merchant_id, ClientVisit.booking_id.in_(booking_ids))
    )
    return {
        booking_id: Care(row.id, row.name, row.allergies, row.preferences, row.note, count)
        for booking_id, row, count in work.session.execute(query)
    }


def clients(
    work: Work, *, q: str = "", after: UUID | None = None, most: int = PAGE
) -> tuple[tuple[ClientLine, ...], bool]:
    """Clients in reach, the latest first, and whether there are more. `q`: part of the name or the last digits."""
    work.require(SEE)
    query = _lines().where(Client.merchant_id == work.merchant_id)
    reach: Any = in_reach(work)
    if reach is not None:
        query = query.where(reach)
    if q:
        query = query.where(or_(Client.name.contains(q, autoescape=True), _ends(q)))
    if after is not None:
        query = query.where(Client.id < after)
    rows = work.session.execute(
        query.group_by(Client.merchant_id, Client.id).order_by(Client.id.desc()).limit(most + 1)
    )
    found = tuple(_line(row) for row in rows)
    return found[:most], len(found) > most


def client_name(work: Work, client_id: UUID) -> str:
    """What a client in reach is called."""
    return access_client(work, client_id, may=SEE).name


def client(work: Work, client_id: UUID) -> ClientShown:
    """A whole record in reach, with the visits of all stores and the photos of the stores that are covered."""
    row = access_client(work, client_id, may=SEE)
    photos = _photos(work, client_id)
    shown = tuple(photo for store_id, photo in photos if work.scope.covers_store(store_id))
    return ClientShown(
        id=row.id,
        name=row.name,
        phone_masked=row.phone_masked,
        account=row.person_id is not None,
        allergies=row.allergies,
        preferences=row.preferences,
        note=row.note,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        visits=_visits(work, client_id),
        photos=shown,
        hidden_photos=len(photos) - len(shown),
    )


def _lines() -> Any:
    done = func.count().filter(ClientVisit.state == "done")
    missed = func.count().filter(ClientVisit.state == "missed")
    last = func.max(ClientVisit.at).filter(ClientVisit.state == "done")
    mine = (ClientVisit.merchant_id == Client.merchant_id) & (ClientVisit.client_id == Client.id)
    return select(Client, done.label("done"), missed.label("missed"), last.label("last")).outerjoin(ClientVisit, mine)


def _line(row: Any) -> ClientLine:
    one = row.Client
    known = (one.id, one.name, one.phone_masked, one.allergies, one.preferences)
    return ClientLine(*known, row.done, row.missed, row.last)


def _ends(q: str) -> Any:
    return Client.phone_masked.endswith(q, autoescape=True)


def _visits(work: Work, client_id: UUID) -> tuple[Visit, ...]:
    query = (
        select(ClientVisit, Store.name)
        .join(Store, (Store.merchant_id == ClientVisit.merchant_id) & (Store.id == ClientVisit.store_id))
        .where(ClientVisit.merchant_id == work.merchant_id, ClientVisit.client_id == client_id)
        .order_by(ClientVisit.at.desc(), ClientVisit.booking_id)
        .limit(VISITS)
    )
    return tuple(
        Visit(one.booking_id, one.store_id, store, one.at, one.what, one.technician, VisitState(one.state))
        for one, store in work.session.execute(query)
    )


def _photos(work: Work, client_id: UUID) -> list[tuple[UUID, Photo]]:
    query = (
        select(ClientPhoto, Store.name)
        .join(Store, (Store.merchant_id == ClientPhoto.merchant_id) & (Store.id == ClientPhoto.store_id))
        .where(ClientPhoto.merchant_id == work.merchant_id, ClientPhoto.client_id == client_id)
        .where(ClientPhoto.removed_at.is_(None))
        .order_by(ClientPhoto.id.desc())
    )
    rows = work.session.execute(query)
    return [(one.store_id, Photo(one.id, one.caption, store, one.by, one.at)) for one, store in rows]
