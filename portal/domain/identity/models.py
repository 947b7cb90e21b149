"""Tables of persons, their ways in, and what is theirs alone. Every row is owned by one person.

The exceptions are the codes sent to phones, which belong to nobody yet, and the public face of a referrer's link.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Id
from portal.kernel.scope import Face, by_merchant, by_person, everyone

PERSONS = "persons.id"


class Person(Base):
    """Anyone who signs in. An erased person keeps the id and nothing else."""

    __tablename__ = "persons"
    __sight__ = {
        Face.PERSON: by_person("id"),
        Face.PLATFORM: everyone(),
        Face.GATE: everyone(),
        Face.JOB: everyone(),
    }
    __table_args__ = (
        CheckConstraint("state IN ('active', 'blocked', 'erased')", name="state"),
        CheckConstraint("(state = 'erased') = (phone IS NULL)", name="erased_has_no_phone"),
        CheckConstraint("locale IN ('zh', 'en')", name="locale"),
    )

    id: Mapped[Id]
    phone: Mapped[str | None] = mapped_column(unique=True)  # 11 digits
    name: Mapped[str]
    locale: Mapped[str] = mapped_column(default="zh")
    state: Mapped[str] = mapped_column(default="active")
    created_at: Mapped[datetime]


class Credential(Base):
    """Secrets of one person: password (argon2id) and authenticator; no office and no operator can read them, and
    only the gate changes them, after a proof.
    """

    __tablename__ = "credentials"
    __sight__ = {Face.PERSON: by_person(), Face.GATE: everyone()}

    person_id: Mapped[UUID] = mapped_column(ForeignKey(PERSONS, ondelete="CASCADE"), primary_key=True)
    password_hash: Mapped[str | None]
    totp_secret: Mapped[str | None]  # sealed (portal.kernel.sealing), bound to the person
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]  # the last 30-second step that was accepted: a code works once


class RecoveryCode(Base):
    """One of eight words that stand in for a lost authenticator, kept as a keyed digest; each works once."""

    __tablename__ = "recovery_codes"
    __sight__ = {Face.PERSON: by_person(), Face.GATE: everyone()}

    person_id: Mapped[UUID] = mapped_column(ForeignKey(PERSONS, ondelete="CASCADE"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(BYTEA, primary_key=True)
    used_at: Mapped[datetime | None]


class SignIn(Base):
    """One signed-in browser, known by the digest of its token. It ends by `ended_at`, never by deletion."""

    __tablename__ = "sign_ins"
    __sight__ = {Face.PERSON: by_person(), Face.GATE: everyone(), Face.PLATFORM: everyone(), Face.JOB: everyone()}
    __table_args__ = (UniqueConstraint("person_id", "token_hash"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey(PERSONS, ondelete="CASCADE"), primary_key=True)
    id: Mapped[Id]
    token_hash: Mapped[bytes] = mapped_column(BYTEA)
    device_label: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    second_factor_at: Mapped[datetime | None]


class Code(Base):
    """Six digits sent to a phone for one purpose, kept as a keyed digest. It works once, for minutes, five tries."""

    __tablename__ = "codes"
    __sight__ = {Face.GATE: everyone(), Face.JOB: everyone()}
    __table_args__ = (Index("ix_codes_phone_created_at", "phone", "created_at"),)

    id: Mapped[Id]
    phone: Mapped[str]
    purpose: Mapped[str]
    digest: Mapped[bytes] = mapped_column(BYTEA)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    registered_at: Mapped[datetime | None]  # a proven phone opens one account


class Consent(Base):
    """What a person agreed to, in which version of the text, and when it was taken back."""

    __tablename__ = "consents"
    __sight__ = {Face.PERSON: by_person(), Face.PLATFORM: everyone()}
    __table_args__ = (CheckConstraint("kind IN ('terms', 'privacy', 'marketing')", name="kind"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey(PERSONS, ondelete="CASCADE"), primary_key=True)
    id: Mapped[Id]
    kind: Mapped[str]
    version: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Address(Base):
    """Where things are sent to. `region_names` are the names down to the district or town, as they were then."""

    __tablename__ = "addresses"
    __sight__ = {Face.PERSON: by_person()}
    __table_args__ = (Index("uq_addresses_one_default", "person_id", unique=True, postgresql_where=text("is_default")),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey(PERSONS, ondelete="CASCADE"), primary_key=True)
    id: Mapped[Id]
    recipient: Mapped[str]
    phone: Mapped[str]
    region_code: Mapped[str]
    region_names: Mapped[list[Any]]
    detail: Mapped[str]
    is_default: Mapped[bool]
    created_at: Mapped[datetime]


class ReferralLink(Base):
    """What a printed referrer's code leads to: a person (masked) or a store, with the name that may be shown."""

    __tablename__ = "referral_links"
    __sight__ = {
        Face.GATE: everyone(),
        Face.PERSON: by_person(),
        Face.OFFICE: by_merchant(),
    }
    __table_args__ = (
        CheckConstraint("num_nonnulls(person_id, store_id) = 1", name="one_owner"),
        CheckConstraint("num_nulls(merchant_id, store_id) <> 1", name="store_has_merchant"),
        UniqueConstraint("person_id"),
        UniqueConstraint("merchant_id", "store_id"),
    )

    token: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey(PERSONS))
    merchant_id: Mapped[UUID | None]
    store_id: Mapped[UUID | None]
    shown_name: Mapped[str]
    created_at: Mapped[datetime]


class Referral(Base):
    """Who brought this person: bound once, at registration. Ids are ordered by time, so the check keeps it a tree:
    a referrer was always there before, nobody brings himself, and no circle can close.
    """

    __tablename__ = "referrals"
    __sight__ = {
        Face.PERSON: by_person(),
        Face.OFFICE: by_merchant("referrer_merchant_id"),
        Face.GATE: everyone(),
        Face.PLATFORM: everyone(),
        Face.JOB: everyone(),
    }
    __table_args__ = (
        CheckConstraint("referrer_person_id < person_id", name="referrer_came_before"),
        CheckConstraint("state IN ('bound', 'contested', 'upheld', 'removed')", name="state"),
        CheckConstraint("(state = 'bound') = (contested_at IS NULL)", name="contested_has_time"),
        Index(
            "ix_referrals_referrer_store",
            "referrer_merchant_id",
            "referrer_store_id",
            postgresql_where=text("referrer_store_id IS NOT NULL"),
        ),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey(PERSONS, ondelete="CASCADE"), primary_key=True)
    person_name: Mapped[str] = mapped_column(default="")  # masked: 陈**
    token: Mapped[str]
    referrer_person_id: Mapped[UUID | None]
    referrer_merchant_id: Mapped[UUID | None]
    referrer_store_id: Mapped[UUID | None]
    shown_name: Mapped[str]
    bound_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="bound")
    contested_at: Mapped[datetime | None]
    contest_reason: Mapped[str | None]


class Notification(Base):
    """One letter in a person's box. `words` is a sentence with its values, spoken in the reader's language.

    It lies here, not in `messages`, because every page counts the unread ones with the sign-in itself; `messages` alone
    writes it.
    """

    __tablename__ = "notifications"
    __sight__ = {
        Face.PERSON: by_person(),
        Face.GATE: everyone(),
        Face.JOB: everyone(),
    }
    __table_args__ = (Index("ix_notifications_unread", "person_id", postgresql_where=text("read_at IS NULL")),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey(PERSONS, ondelete="CASCADE"), primary_key=True)
    id: Mapped[Id]
    kind: Mapped[str]
    words: Mapped[dict[str, Any]]
    link: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
