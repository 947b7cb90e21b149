"""Tables of services: what a merchant offers by time. He writes them himself; drafts are his alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, When, by_merchant, everyone

PUBLIC = {
    Face.SHOP: everyone(),
    Face.PERSON: everyone(),
    Face.OFFICE: by_merchant(),
    Face.PLATFORM: everyone(),
    Face.JOB: everyone(),
}
SHOWN = When("state", ("offered", "stopped"))  # a draft is its merchant's own
PREPAYS = "('none', 'deposit', 'earnest', 'full')"


class Service(Base):
    """What can be booked. Minutes before and after are the store's, not the client's; `group_size` above 1 means that
    several clients share one session.
    """

    __tablename__ = "services"
    __sight__ = {**PUBLIC, Face.SHOP: everyone(when=SHOWN), Face.PERSON: everyone(when=SHOWN)}
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'offered', 'stopped')", name="state"),
        CheckConstraint("minutes BETWEEN 5 AND 720", name="minutes"),
        CheckConstraint("before_minutes BETWEEN 0 AND 240 AND after_minutes BETWEEN 0 AND 240", name="buffers"),
        CheckConstraint("price_fen BETWEEN 0 AND 100000000", name="price"),
        CheckConstraint(f"prepay IN {PREPAYS}", name="prepay"),
        CheckConstraint("(prepay = 'none') = (prepay_fen = 0) AND prepay_fen <= price_fen", name="prepay_fen"),
        CheckConstraint("prepay <> 'full' OR prepay_fen = price_fen", name="full"),
        CheckConstraint("cancel_minutes BETWEEN 0 AND 20160", name="cancel_minutes"),
        CheckConstraint("missed IN ('keep', 'return')", name="missed"),
        CheckConstraint("prepay <> 'deposit' OR missed = 'return'", name="deposit_returns"),
        CheckConstraint("prepay <> 'earnest' OR missed = 'keep'", name="earnest_stays"),
        CheckConstraint("group_size BETWEEN 1 AND 200", name="group_size"),
        Index("ix_services_position", "merchant_id", "position", "id"),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    state: Mapped[str]
    name: Mapped[str]
    category: Mapped[str]
    words: Mapped[str]
    minutes: Mapped[int] = mapped_column(SmallInteger)
    before_minutes: Mapped[int] = mapped_column(SmallInteger)
    after_minutes: Mapped[int] = mapped_column(SmallInteger)
    price_fen: Mapped[Fen]
    prepay: Mapped[str]
    prepay_fen: Mapped[Fen]
    cancel_minutes: Mapped[int] = mapped_column(SmallInteger)  # free to cancel or move until so long before
    missed: Mapped[str]  # what becomes of the prepayment after a no-show or a late cancellation
    group_size: Mapped[int] = mapped_column(SmallInteger)
    position: Mapped[int]
    pictures: Mapped[list[Any]]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class ServiceNeed(Base):
    """A kind of resource a service needs one of: a technician and a room."""

    __tablename__ = "service_needs"
    __sight__ = PUBLIC
    __table_args__ = (
        belongs_to("merchant_id", "service_id", "services", ondelete="CASCADE"),
        CheckConstraint("kind IN ('technician', 'room', 'device')", name="kind"),
    )

    merchant_id: Mapped[OwnerId]
    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)


class ServiceDoer(Base):
    """A resource that can serve it. Technicians must be named; of rooms and devices all will do while none is named
    in that store.
    """

    __tablename__ = "service_doers"
    __sight__ = PUBLIC
    __table_args__ = (
        belongs_to("merchant_id", "service_id", "services", ondelete="CASCADE"),
        belongs_to("merchant_id", "resource_id", "resources", ondelete="CASCADE"),
        Index("ix_service_doers_resource_id", "merchant_id", "resource_id"),
    )

    merchant_id: Mapped[OwnerId]
    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    resource_id: Mapped[UUID] = mapped_column(primary_key=True)
