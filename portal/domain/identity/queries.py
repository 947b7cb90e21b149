"""What persons see of themselves, as frozen facts for pages. Reads only."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from portal.domain.identity.access import access_address, access_code, access_me, at_the_gate
from portal.domain.identity.models import Address, Consent, Credential, RecoveryCode, Referral, ReferralLink, SignIn
from portal.domain.identity.values import (
    CODE_TRIES,
    AddressRow,
    Brought,
    ConsentKind,
    ConsentRow,
    Inviter,
    Profile,
    Referred,
    SentCode,
    SignInRow,
)
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.sealing import Seal
from portal.kernel.work import Work


def sent_code(work: Work, code_id: UUID) -> SentCode | None:
    """A code on its way, for the browser that asked for it."""
    with at_the_gate(work):
        try:
            code = access_code(work, code_id)
        except NotFound:
            return None
    usable = code.used_at is None and code.tries < CODE_TRIES and code.expires_at > work.now()
    return SentCode(code.phone, code.created_at, code.expires_at, usable, code.used_at, code.registered_at is not None)


def profile(work: Work) -> Profile:
    """The person who acts."""
    me = access_me(work)
    left = select(func.count()).where(RecoveryCode.person_id == me.id, RecoveryCode.used_at.is_(None)).scalar_subquery()
    kept = work.session.execute(
        select(
            Credential.password_hash.is_not(None).label("password"),
            Credential.totp_confirmed_at.is_not(None).label("factor"),
            Credential.totp_secret.is_not(None).label("secret"),
            left.label("left"),
        ).where(Credential.person_id == me.id)
    ).one_or_none()
    return Profile(
        name=me.name,
        phone=me.phone or "",
        locale=me.locale,
        has_password=bool(kept and kept.password),
        has_second_factor=bool(kept and kept.factor),
        setting_up=bool(kept and kept.secret and not kept.factor),
        recovery_left=kept.left if kept else 0,
        created_at=me.created_at,
    )


def proves_by_digits(work: Work) -> bool:
    """True when he proves himself with an authenticator, False with his password; from whatever face."""
    mine = select(Credential.totp_confirmed_at).where(Credential.person_id == work.person_id)
    with at_the_gate(work):
        return work.session.scalar(mine) is not None


def setup_secret(work: Work, seal: Seal) -> str | None:
    """The secret that is being set up; None before and afterwards: it is shown only until it is confirmed."""
    found: str | None = work.session.scalar(
        select(Credential.totp_secret).where(
            Credential.person_id == work.person_id, Credential.totp_confirmed_at.is_(None)
        )
    )
    return None if found is None else seal.open(found, bound_to=str(work.person_id))


def sign_ins(work: Work) -> list[SignInRow]:
    """The browsers that are signed in, the last seen first."""
    rows = work.session.scalars(
        select(SignIn)
        .where(SignIn.person_id == work.person_id, SignIn.ended_at.is_(None), SignIn.expires_at > work.now())
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
        .limit(100)
    )
    return [
        SignInRow(row.id, row.device_label, row.created_at, row.seen_at, row.second_factor_at is not None)
        for row in rows
    ]


def consents(work: Work) -> list[ConsentRow]:
    """The whole record, newest first."""
    rows = work.session.scalars(
        select(Consent).where(Consent.person_id == work.person_id).order_by(Consent.given_at.desc(), Consent.id)
    )
    return [ConsentRow(row.id, ConsentKind(row.kind), row.version, row.given_at, row.withdrawn_at) for row in rows]


def addresses(work: Work) -> list[AddressRow]:
    """The address book, the default first."""
    rows = work.session.scalars(
        select(Address)
        .where(Address.person_id == work.person_id)
        .order_by(Address.is_default.desc(), Address.id.desc())
    )
    return [address_row(row) for row in rows]


def address(work: Work, address_id: UUID) -> AddressRow:
    """One address of the book."""
    return address_row(access_address(work, address_id))


def address_row(row: Address) -> AddressRow:
    """An address as pages show it."""
    return AddressRow(
        row.id, row.recipient, row.phone, row.region_code, tuple(row.region_names), row.detail, row.is_default
    )


def inviter(work: Work, token: str) -> Inviter:
    """Who stands behind a referrer's link. Raises NotFound."""
    with at_the_gate(work):
        found = find_inviter(work, token)
    if found is None:
        raise NotFound
    return found


def find_inviter(work: Work, token: str) -> Inviter | None:
    """The same at the gate; None when nobody stands there."""
    row = work.session.scalars(select(ReferralLink).where(ReferralLink.token == token[:64])).one_or_none()
    return Inviter(row.token, row.shown_name, row.person_id, row.merchant_id, row.store_id) if row else None


def my_link(work: Work) -> str | None:
    """The token of my own link, if I have one."""
    found: str | None = work.session.scalar(select(ReferralLink.token).where(ReferralLink.person_id == work.person_id))
    return found


def store_link(work: Work, store_id: UUID) -> str | None:
    """The token of the code of this store of the merchant, if it has one."""
    work.require(Permission.STORE_VIEW, store_id=store_id)
    mine = (ReferralLink.merchant_id == work.merchant_id, ReferralLink.store_id == store_id)
    found: str | None = work.session.scalar(select(ReferralLink.token).where(*mine))
    return found


def brought(work: Work, store_id: UUID, *, most: int) -> tuple[int, list[Brought]]:
    """How many this store's code brought, without those the platform took away; and the latest of them."""
    work.require(Permission.STORE_VIEW, store_id=store_id)
    mine = (
        Referral.referrer_merchant_id == work.merchant_id,
        Referral.referrer_store_id == store_id,
        Referral.state != "removed",
    )
    number = work.session.scalar(select(func.count()).select_from(Referral).where(*mine)) or 0
    rows = work.session.execute(
        select(Referral.person_name, Referral.bound_at, Referral.state)
        .where(*mine)
        .order_by(Referral.bound_at.desc(), Referral.person_name)
        .limit(most)
    )
    return number, [Brought(row.person_name, row.bound_at, row.state) for row in rows]


def my_referrer(work: Work) -> Referred | None:
    """Who brought me."""
    row = work.session.scalars(select(Referral).where(Referral.person_id == work.person_id)).one_or_none()
    if row is None:
        return None
    return Referred(row.shown_name, row.bound_at, row.state, row.contested_at, row.contest_reason)
