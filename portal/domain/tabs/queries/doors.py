"""What a cookie, a printed code and an invitation are worth: asked before anybody is anybody."""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select

from portal.domain.floor import queries as floor
from portal.domain.menus import queries as menus
from portal.domain.stores.models import Store
from portal.domain.tabs import errors
from portal.domain.tabs.models import (
    Guest,
    GuestKey,
    Sitting,
    SittingKey,
    SittingTable,
)
from portal.domain.tabs.queries.one import where
from portal.domain.tabs.rules import digest, good_invite, orders_on, takes_in
from portal.domain.tabs.values import (
    INVITE_MINUTES,
    Entrance,
    GuestState,
    Opens,
    Seat,
    SittingState,
    TableAt,
)
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope, fixed
from portal.kernel.work import Work

_SEAT: Any = fixed(
    select(
        *(Guest.merchant_id, Guest.sitting_id, Guest.id, Guest.state, GuestKey.digest),
        *(Sitting.store_id, Sitting.version, Sitting.state.label("sitting_state")),
    )
    .join(Sitting, (Sitting.merchant_id == Guest.merchant_id) & (Sitting.id == Guest.sitting_id))
    .outerjoin(GuestKey, (GuestKey.merchant_id == Guest.merchant_id) & (GuestKey.guest_id == Guest.id))
    .where(Guest.merchant_id == bindparam("of_merchant"), Guest.id == bindparam("of_guest"))
)
_NONE: Final = bytes(32)


def seat(work: Work, merchant_id: UUID, guest_id: UUID, key: str) -> Seat:
    """What a guest's cookie is worth now; the sitting may be another than it was (并台). Raises SittingOver when his is
    closed, NotAtTable when the key is void or not his.
    """
    with borrowed(work, Scope(Face.JOB, merchant_id=merchant_id)):
        row = work.session.execute(_SEAT, {"of_merchant": merchant_id, "of_guest": guest_id}).one_or_none()
    kept = row.digest if row is not None and row.digest is not None else _NONE
    same = hmac.compare_digest(kept, digest(key))
    if row is not None and row.sitting_state != SittingState.OPEN:
        raise errors.SittingOver
    if row is None or not same:
        raise errors.NotAtTable
    return Seat(row.merchant_id, row.store_id, row.sitting_id, row.id, GuestState(row.state), row.version)


def invite(work: Work, sitting_id: UUID) -> tuple[str, bool]:
    """The friend's secret and whether it still lets in (`turn_key` makes a fresh one). Raises NotFound."""
    work.require(Permission.TAB_ORDER)
    query = select(SittingKey).where(SittingKey.merchant_id == work.merchant_id, SittingKey.sitting_id == sitting_id)
    key = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if key is None:
        raise NotFound
    return key.code, work.now() < key.turned_at + timedelta(minutes=INVITE_MINUTES)


def invited(work: Work, sitting_id: UUID, code: str) -> tuple[str, tuple[TableAt, ...]] | None:
    """The store's name and the tables that a fresh invitation leads to; None when it is over, or a guess."""
    with borrowed(work, Scope(Face.JOB)):
        key = work.session.scalars(select(SittingKey).where(SittingKey.sitting_id == sitting_id)).one_or_none()
    if key is None or not good_invite(key, code, work.now()):
        return None
    with borrowed(work, Scope(Face.JOB, merchant_id=key.merchant_id)):
        query = select(Sitting).where(Sitting.merchant_id == key.merchant_id, Sitting.id == sitting_id)
        sitting = work.session.scalars(query).one()
        rules = menus.table_rules(work, sitting.merchant_id, sitting.store_id)
        if sitting.state != SittingState.OPEN or not orders_on(sitting.settled_at, rules.order_minutes, work.now()):
            return None
        return where(work, sitting)


def entrance(work: Work, store_id: UUID, code: str) -> Entrance:
    """What a printed code leads to, on the worker's face for whoever scans it. Raises NoSuchTable."""
    with borrowed(work, Scope(Face.JOB)):
        found = floor.table_by_code(work, store_id, code)
        if found is None:
            raise errors.NoSuchTable
    with borrowed(work, Scope(Face.JOB, merchant_id=found.merchant_id)):
        rules = menus.table_rules(work, found.merchant_id, store_id)
        of_table = (SittingTable.merchant_id == Sitting.merchant_id) & (SittingTable.sitting_id == Sitting.id)
        query = select(Sitting.id, Sitting.people, Sitting.pays, Sitting.settled_at).join(SittingTable, of_table)
        query = query.where(SittingTable.merchant_id == found.merchant_id, SittingTable.table_id == found.table_id)
        row = work.session.execute(query.where(SittingTable.left_at.is_(None))).one_or_none()
        named = select(Store.name).where(Store.merchant_id == found.merchant_id, Store.id == store_id)
        name = work.session.execute(named).scalar_one()
    minutes, now = rules.order_minutes, work.now()
    joins = row is not None and takes_in(row.pays, row.settled_at, minutes, now)
    return Entrance(
        *(found.merchant_id, store_id, name, TableAt(found.table_id, found.name), found.seats_max),
        sitting_id=row.id if row and joins else None,
        own_id=row.id if row and orders_on(row.settled_at, minutes, now) else None,
        people=row.people if row and joins else 0,
        guest_opens=rules.opens == Opens.GUEST,
        asks=rules.joins != "open",
    )
