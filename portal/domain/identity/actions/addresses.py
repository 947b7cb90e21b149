"""The address book: at most fifty, one of them the default."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select, update

from portal.domain.identity.access import access_address, access_me
from portal.domain.identity.errors import TooManyAddresses
from portal.domain.identity.models import Address
from portal.domain.identity.values import ADDRESSES_MOST, AddressFacts
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


def add(work: Work, facts: AddressFacts) -> UUID:
    """A new address; the first one is the default. Refuses more than fifty."""
    work.require(Permission.PROFILE_EDIT)
    access_me(work, lock=True)  # additions of one person follow each other
    count = work.session.scalar(select(func.count()).where(Address.person_id == work.person_id)) or 0
    if count >= ADDRESSES_MOST:
        raise TooManyAddresses(ADDRESSES_MOST)
    default = facts.is_default or count == 0
    if default:
        _no_default(work)
    row = Address(person_id=work.person_id, created_at=work.now(), **_columns(facts, is_default=default))
    work.session.add(row)
    work.session.flush()
    return row.id


def change(work: Work, address_id: UUID, facts: AddressFacts) -> None:
    """Change an address; a default stays one until another is chosen."""
    work.require(Permission.PROFILE_EDIT)
    row = access_address(work, address_id)
    default = facts.is_default or row.is_default
    if default and not row.is_default:
        _no_default(work)
    for name, value in _columns(facts, is_default=default).items():
        setattr(row, name, value)


def remove(work: Work, address_id: UUID) -> None:
    """Remove an address; if it was the default, the newest of the others becomes it."""
    work.require(Permission.PROFILE_EDIT)
    row = access_address(work, address_id)
    work.session.delete(row)
    work.session.flush()
    if row.is_default:
        others = select(Address).where(Address.person_id == work.person_id).order_by(Address.id.desc()).limit(1)
        heir = work.session.scalars(others).one_or_none()
        if heir is not None:
            heir.is_default = True


def make_default(work: Work, address_id: UUID) -> None:
    """Send here from now on."""
    work.require(Permission.PROFILE_EDIT)
    access_me(work, lock=True)
    row = access_address(work, address_id)
    if not row.is_default:
        _no_default(work)
        row.is_default = True


def _no_default(work: Work) -> None:
    work.session.execute(
        update(Address)
        .where(Address.person_id == work.person_id, Address.is_default)
        .values(is_default=False)
        .execution_options(synchronize_session="fetch")
    )


def _columns(facts: AddressFacts, *, is_default: bool) -> dict[str, object]:
    return {
        "recipient": facts.recipient,
        "phone": facts.phone,
        "region_code": facts.region_code,
        "region_names": list(facts.region_names),
        "detail": facts.detail,
        "is_default": is_default,
    }
