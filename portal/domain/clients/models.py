"""Tables of clients' records: who he is to this merchant, his visits, his photos.

Names and phones are masked copies. The platform sees none of it: what is written here is between a client and the
people who care for him.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, by_person, everyone

OWN = {Face.OFFICE: by_merchant(), Face.JOB: everyone()}


class Client(Base):
    """Somebody this merchant has served; without a person when he walked in without an account."""

    __tablename__ = "clients"
    __sight__ = {Face.OFFICE: by_merchant(), Face.PERSON: by_person(), Face.JOB: everyone()}
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        Index(
            "uq_clients_person_id",
            "merchant_id",
            "person_id",
            unique=True,
            postgresql_where=text("person_id IS NOT NULL"),
        ),
        Index("ix_clients_person_id", "person_id"),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    store_id: Mapped[UUID]  # where the record was opened
    person_id: Mapped[UUID | None]
    name: Mapped[str]
    phone_masked: Mapped[str]
    allergies: Mapped[str]
    preferences: Mapped[str]
    note: Mapped[str]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]
    created_at: Mapped[datetime]


class ClientVisit(Base):
    """A booking of a client, in the words of when it was made; follows what becomes of it."""

    __tablename__ = "client_visits"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "client_id", "clients"),
        belongs_to("merchant_id", "store_id", "stores"),
        CheckConstraint("state IN ('ahead', 'arrived', 'done', 'missed', 'cancelled')", name="state"),
        Index("ix_client_visits_client_id", "merchant_id", "client_id", "at"),
        Index("ix_client_visits_store_id", "merchant_id", "store_id", "client_id"),
    )

    merchant_id: Mapped[OwnerId]
    booking_id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    store_id: Mapped[UUID]
    at: Mapped[datetime]
    what: Mapped[str]
    technician: Mapped[str]
    state: Mapped[str]


class ClientPhoto(Base):
    """A photo, drawn anew, of the store that took it: only its people see it."""

    __tablename__ = "client_photos"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "client_id", "clients"),
        belongs_to("merchant_id", "store_id", "stores"),
        Index("ix_client_photos_client_id", "merchant_id", "client_id", "id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    client_id: Mapped[UUID]
    store_id: Mapped[UUID]
    caption: Mapped[str]
    stored: Mapped[str]  # its name among the private documents
    by: Mapped[str]
    at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
