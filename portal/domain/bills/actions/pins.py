"""Managers' PINs: six digits typed on somebody else's phone that let one act pass the store's limit."""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from portal.domain.bills import errors
from portal.domain.bills.models import ManagerPin
from portal.domain.bills.rules import easy_pin
from portal.domain.identity.rules import passwords
from portal.domain.tenants.models import Membership, MembershipStore
from portal.kernel import faults
from portal.kernel.faces import borrowed
from portal.kernel.permissions import ROLES, Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope
from portal.kernel.typed import half_width
from portal.kernel.work import Work

_PIN: Final = re.compile(r"[0-9]{6}")
_MANAGERS: Final = tuple(role.value for role, may in ROLES.items() if Permission.BILL_ADJUST in may)


def set_pin(work: Work, pin: str) -> None:
    """The acting manager's own PIN. Refuses PinTooEasy."""
    work.require(Permission.BILL_ADJUST)
    plain, membership_id = half_width(pin).strip(), work.actor.membership_id
    if membership_id is None:
        raise NotFound
    if not _PIN.fullmatch(plain) or easy_pin(plain):
        raise errors.PinTooEasy
    with borrowed(work, _house(work)):
        row = {"digest": passwords.hashed(plain), "set_at": work.now()}
        add = insert(ManagerPin).values(merchant_id=work.merchant_id, membership_id=membership_id, **row)
        work.session.execute(add.on_conflict_do_update(constraint="pk_manager_pins", set_=row))
    work.audit("pin.set", "membership", membership_id)


def drop_pin(work: Work) -> None:
    """The acting manager has no PIN any more."""
    work.require(Permission.BILL_ADJUST)
    with borrowed(work, _house(work)):
        mine = delete(ManagerPin).where(ManagerPin.merchant_id == work.merchant_id)
        work.session.execute(mine.where(ManagerPin.membership_id == work.actor.membership_id))
    work.audit("pin.dropped", "membership", work.actor.membership_id)


def approver(work: Work, store_id: UUID, pin: str) -> UUID:
    """The manager of this store whose PIN it is. Refuses PinWrong; the web counts before it lets anybody come here."""
    faults.point(work, "bills.pin.typed")
    plain = half_width(pin).strip()
    covers = select(MembershipStore.membership_id).where(
        MembershipStore.merchant_id == work.merchant_id, MembershipStore.store_id == store_id
    )
    managers = (
        select(Membership.id)
        .where(Membership.merchant_id == work.merchant_id, Membership.ended_at.is_(None))
        .where(Membership.role.in_(_MANAGERS), Membership.all_stores | Membership.id.in_(covers))
    )
    with borrowed(work, Scope(Face.OFFICE, merchant_id=work.merchant_id)):
        able = list(work.session.scalars(managers))
    pins = select(ManagerPin.membership_id, ManagerPin.digest).where(ManagerPin.merchant_id == work.merchant_id)
    with borrowed(work, _house(work)):
        known = work.session.execute(pins.where(ManagerPin.membership_id.in_(able))).all()
    found = [row.membership_id for row in known if passwords.matches(row.digest, plain)]
    if not found:
        raise errors.PinWrong
    return UUID(str(found[0]))


def note_wrong_pin(work: Work, store_id: UUID, *, at: str) -> None:
    """Write down that whoever acts has typed a wrong PIN; in a Work of its own, for what he tried was undone."""
    work.require(Permission.TAB_ORDER)
    work.audit("pin.wrong", "store", store_id, at=at)


def _house(work: Work) -> Scope:
    return Scope(Face.JOB, merchant_id=work.merchant_id)
