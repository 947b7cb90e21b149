"""Tables of persons and their ways in. Every row is owned by one person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Id
from portal.kernel.scope import Face, by_person, everyone


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
    """Secrets of one person: password (argon2id) and authenticator; no office and no operator can read them."""

    __tablename__ = "credentials"
    __sight__ = {Face.PERSON: by_person(), Face.GATE: everyone()}

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    password_hash: Mapped[str | None]
    totp_secret: Mapped[str | None]
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]  # the last 30-second step that was accepted: a code works once


class SignIn(Base):
    """One signed-in browser, known by the digest of its token. It ends by `ended_at`, never by deletion."""

    __tablename__ = "sign_ins"
    __sight__ = {Face.PERSON: by_person(), Face.GATE: everyone(), Face.PLATFORM: everyone(), Face.JOB: everyone()}
    __table_args__ = (UniqueConstraint("person_id", "token_hash"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[Id]
    token_hash: Mapped[bytes] = mapped_column(BYTEA)
    device_label: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    second_factor_at: Mapped[datetime | None]
