"""Tables of merchants and of those who work for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, by_person, everyone


class Merchant(Base):
    """A tenant as everybody may know it: kind, name, state. Legal and bank data live beside it."""

    __tablename__ = "merchants"
    __sight__ = {
        Face.SHOP: everyone(),
        Face.PERSON: everyone(),
        Face.OFFICE: by_merchant("id"),
        Face.PLATFORM: everyone(),
        Face.JOB: everyone(),
    }
    __table_args__ = (
        CheckConstraint("kind IN ('supplier', 'brand', 'alliance', 'region')", name="kind"),
        CheckConstraint("state IN ('active', 'suspended', 'closed')", name="state"),
        CheckConstraint("(state = 'active') = (state_reason IS NULL)", name="state_has_reason"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    name: Mapped[str]
    state: Mapped[str] = mapped_column(default="active")
    state_reason: Mapped[str | None]
    created_at: Mapped[datetime]


class Membership(Base):
    """A person working for a merchant. Name and masked phone are copied so that an office never reads persons."""

    __tablename__ = "memberships"
    __sight__ = {
        Face.OFFICE: by_merchant(),
        Face.PERSON: by_person(),
        Face.PLATFORM: everyone(),
        Face.JOB: everyone(),
    }
    __table_args__ = (
        Index(
            "uq_memberships_one_in_force",
            "merchant_id",
            "person_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_memberships_person_id", "person_id"),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    role: Mapped[str]
    all_stores: Mapped[bool]
    name: Mapped[str]
    phone_masked: Mapped[str]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class MembershipStore(Base):
    """A store that a membership covers when it does not cover all."""

    __tablename__ = "membership_stores"
    __sight__ = {
        Face.OFFICE: by_merchant(),
        Face.PERSON: by_person(),
        Face.PLATFORM: everyone(),
    }
    __table_args__ = (belongs_to("merchant_id", "membership_id", "memberships", ondelete="CASCADE"),)

    merchant_id: Mapped[OwnerId]
    membership_id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]


class Invitation(Base):
    """Somebody is asked to join. The phone is kept masked and as a slow digest; `person_id` once he is known."""

    __tablename__ = "invitations"
    __sight__ = {
        Face.OFFICE: by_merchant(),
        Face.PERSON: by_person(),
        Face.PLATFORM: everyone(),
        Face.GATE: everyone(),
    }
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'accepted', 'declined', 'revoked', 'expired')", name="state"),
        CheckConstraint("(state = 'pending') = (answered_at IS NULL)", name="answered_or_pending"),
        Index(
            "uq_invitations_one_pending",
            "merchant_id",
            "phone_digest",
            unique=True,
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_invitations_person_id", "person_id"),
        Index("ix_invitations_phone_digest", "phone_digest"),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    person_id: Mapped[UUID | None]
    phone_digest: Mapped[bytes] = mapped_column(BYTEA)
    phone_masked: Mapped[str]
    name: Mapped[str]  # what the inviter calls him
    role: Mapped[str]
    all_stores: Mapped[bool]
    store_ids: Mapped[list[Any]]  # as text, when not all
    state: Mapped[str] = mapped_column(default="pending")
    invited_by: Mapped[UUID]  # the inviter's person
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class PlatformStaff(Base):
    """A person working for the platform itself."""

    __tablename__ = "platform_staff"
    __sight__ = {Face.PERSON: by_person(), Face.PLATFORM: everyone()}

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    role: Mapped[str]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class StoreRoute(Base):
    """Which merchant a store belongs to: two ids, so that an address that names a store finds its tenant."""

    __tablename__ = "store_routes"
    __sight__ = {
        Face.SHOP: everyone(),
        Face.PERSON: everyone(),
        Face.OFFICE: by_merchant(),
        Face.PLATFORM: everyone(),
        Face.JOB: everyone(),
    }

    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"))
