"""Handing a pass on, or using it together: the holder makes a link, the other one takes it. Both say yes.

A new holder gets new codes, so that a picture of the old ones opens nothing.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from portal.domain.identity.models import Person
from portal.domain.identity.rules.names import masked_name
from portal.domain.passes import errors
from portal.domain.passes.access import HOUSE, access_gift, access_held, access_mine, digest_of
from portal.domain.passes.actions import books
from portal.domain.passes.actions.buying import add_person
from portal.domain.passes.events import PassHandedOver
from portal.domain.passes.models import Pass, PassGift, PassPerson
from portal.domain.passes.values import GIFT_HOURS, MOST_SHARERS, GiftKind, Happening, PassState, Role
from portal.domain.vouchers.rules import codes
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

BUY = Permission.PASS_BUY


def offer(work: Work, pass_id: UUID, kind: GiftKind) -> str:
    """The holder's link, good for three days and one taker; returns its secret, which is told only now.

    An earlier one of the same kind that nobody took is worthless. Refuses what this pass does not allow, a pass that is
    not active, and handing on what bookings hold.
    """
    work.require(BUY)
    mine = _own(work, pass_id)
    token = secrets.token_urlsafe(16)
    with borrowed(work, HOUSE):
        row = access_held(work, mine.merchant_id, pass_id)
        _refuse(work, row, kind)
        _withdraw(work, row, kind)
        work.session.add(
            PassGift(
                merchant_id=row.merchant_id,
                id=new_id(),
                pass_id=row.id,
                kind=kind.value,
                digest=digest_of(token),
                giver_id=work.person_id,
                made_at=work.now(),
                expires_at=work.now() + timedelta(hours=GIFT_HOURS),
            )
        )
        work.session.flush()
    return token


def withdraw(work: Work, pass_id: UUID) -> None:
    """No link of this pass is good any more; who took one before keeps what he has."""
    work.require(BUY)
    mine = _own(work, pass_id)
    with borrowed(work, HOUSE):
        row = access_held(work, mine.merchant_id, pass_id)
        for kind in GiftKind:
            _withdraw(work, row, kind)


def take(work: Work, token: str) -> UUID:
    """Take what a link offers; returns the pass. One taker only. Refuses the giver, and links that are no good."""
    work.require(BUY)
    gift, found = access_gift(work, token)
    name = masked_name(work.session.scalars(select(Person.name).where(Person.id == work.person_id)).one())
    merchant_id, pass_id = found.merchant_id, found.id
    with borrowed(work, HOUSE, books.RIGHTS):
        row = access_held(work, merchant_id, pass_id)
        faults.point(work, "passes.take.checked")
        gift, _row = access_gift(work, token)  # again, now that nobody else can take it
        kind = GiftKind(gift.kind)
        if row.holder_id == work.person_id:
            raise errors.OwnGift
        if row.holder_id != gift.giver_id:
            raise errors.GiftGone
        _refuse(work, row, kind)
        gift.taken_at, gift.taken_by = work.now(), work.person_id
        (_transfer if kind is GiftKind.TRANSFER else _share)(work, row, name)
        giver = gift.giver_id
        shared = kind is GiftKind.SHARE
        work.publish(PassHandedOver(row.merchant_id, row.id, giver, work.person_id, name, row.name, shared))
    return pass_id


def unshare(work: Work, pass_id: UUID, person_id: UUID | None = None) -> None:
    """The holder ends a sharer's share, or a sharer (None: himself) his own. What bookings hold stays held."""
    work.require(BUY)
    mine = access_mine(work, pass_id)
    if person_id is not None and person_id != work.person_id and mine.role != Role.HOLDER:
        raise NotFound
    who = person_id or work.person_id
    with borrowed(work, HOUSE):
        row = access_held(work, mine.merchant_id, pass_id)
        of = PassPerson
        query = select(of).where(of.merchant_id == row.merchant_id, of.pass_id == row.id, of.person_id == who)
        found = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
        if found is None or found.role != Role.SHARER or found.until is not None:
            raise NotFound
        found.until = work.now()
        row.code, row.secret = codes.new_digits(), codes.new_secret()  # he has seen the former ones
        work.session.flush()
        books.write(work, row, Happening.UNSHARED, by_name=found.name)


def _own(work: Work, pass_id: UUID) -> PassPerson:
    mine = access_mine(work, pass_id)
    if mine.role != Role.HOLDER:
        raise NotFound
    return mine


def _refuse(work: Work, row: Pass, kind: GiftKind) -> None:
    if row.state != PassState.ACTIVE or (row.expires_at is not None and row.expires_at <= work.now()):
        raise errors.NotToGive
    if not (row.transferable if kind is GiftKind.TRANSFER else row.shared):
        raise errors.NotToGive
    if kind is GiftKind.TRANSFER and row.held:
        raise errors.HeldUses
    if kind is GiftKind.SHARE and _sharers(work, row) >= MOST_SHARERS:
        raise errors.Crowded(MOST_SHARERS)


def _sharers(work: Work, row: Pass) -> int:
    of = PassPerson
    mine = (of.merchant_id == row.merchant_id, of.pass_id == row.id, of.until.is_(None))
    return work.session.scalar(select(func.count()).where(*mine, of.role == Role.SHARER.value)) or 0


def _withdraw(work: Work, row: Pass, kind: GiftKind) -> None:
    of = PassGift
    waiting = (of.kind == kind.value, of.taken_at.is_(None), of.cancelled_at.is_(None))
    work.session.execute(
        update(of)
        .where(of.merchant_id == row.merchant_id, of.pass_id == row.id, *waiting)
        .values(cancelled_at=work.now())
        .execution_options(synchronize_session=False)
    )


def _transfer(work: Work, row: Pass, name: str) -> None:
    """Everybody else's right ends with the holder's."""
    of = PassPerson
    work.session.execute(
        update(of)
        .where(of.merchant_id == row.merchant_id, of.pass_id == row.id, of.until.is_(None))
        .values(until=work.now())
        .execution_options(synchronize_session=False)
    )
    for kind in GiftKind:
        _withdraw(work, row, kind)
    before, row.holder_id, row.holder = row.holder, work.person_id, name
    row.code, row.secret = codes.new_digits(), codes.new_secret()
    work.session.flush()
    add_person(work, row.merchant_id, row.id, work.person_id, Role.HOLDER, name)
    books.write(work, row, Happening.TRANSFERRED, by_name=name, note=before)


def _share(work: Work, row: Pass, name: str) -> None:
    add_person(work, row.merchant_id, row.id, work.person_id, Role.SHARER, name)
    books.write(work, row, Happening.SHARED, by_name=name)
