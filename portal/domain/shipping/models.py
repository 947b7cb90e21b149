"""Parcels with their lines, former numbers and carriers' events; asked changes of address; goods that are not there.

Only the worker's face writes. A living number of a carrier is one parcel of a merchant: the index says so.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, by_person, everyone

BOTH = {Face.OFFICE: by_merchant(), Face.PERSON: by_person(), Face.PLATFORM: everyone(), Face.JOB: everyone()}
PARCEL_STATES = "'sent', 'collected', 'moving', 'delivering', 'delivered', 'trouble', 'returned', 'undone'"


class Parcel(Base):
    """One box with one number. `ask_at` is when the carrier is asked again, None when there is nothing to learn."""

    __tablename__ = "parcels"
    __sight__ = BOTH
    __table_args__ = (
        CheckConstraint(f"state IN ({PARCEL_STATES})", name="state"),
        CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="undone"),
        CheckConstraint("carrier <> '' AND number <> ''", name="number"),
        CheckConstraint("asked >= 0", name="asked"),
        Index(
            "uq_parcels_living_number",
            "merchant_id",
            "carrier",
            "number",
            unique=True,
            postgresql_where=text("state <> 'undone'"),
        ),
        Index("ix_parcels_number", "merchant_id", "number"),
        Index("ix_parcels_carrier", "carrier", "number"),
        Index("ix_parcels_shipped_at", "merchant_id", "shipped_at"),
        Index("ix_parcels_person_id", "person_id", "id"),
        Index("ix_parcels_ask_at", "ask_at", postgresql_where=text("ask_at IS NOT NULL")),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    person_id: Mapped[UUID]
    carrier: Mapped[str]
    number: Mapped[str]
    phone_tail: Mapped[str]
    state: Mapped[str]
    shipped_at: Mapped[datetime]
    shipped_by: Mapped[UUID | None]
    collected_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None]
    ask_at: Mapped[datetime | None]
    asked: Mapped[int]


class ParcelLine(Base):
    """How many pieces of a line are in a parcel."""

    __tablename__ = "parcel_lines"
    __sight__ = BOTH
    __table_args__ = (
        belongs_to("merchant_id", "parcel_id", "parcels"),
        belongs_to("merchant_id", "order_id", "orders"),
        belongs_to("merchant_id", "line_id", "order_lines"),
        CheckConstraint("pieces > 0", name="pieces"),
        Index("ix_parcel_lines_order_id", "merchant_id", "order_id"),
    )

    merchant_id: Mapped[OwnerId]
    parcel_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
    person_id: Mapped[UUID]
    pieces: Mapped[int]


class ParcelCorrection(Base):
    """A number a parcel had before somebody corrected it."""

    __tablename__ = "parcel_corrections"
    __sight__ = BOTH
    __table_args__ = (
        belongs_to("merchant_id", "parcel_id", "parcels"),
        Index("ix_parcel_corrections_parcel_id", "merchant_id", "parcel_id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    parcel_id: Mapped[UUID]
    person_id: Mapped[UUID]
    carrier: Mapped[str]
    number: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[UUID | None]


class ParcelEvent(Base):
    """One thing a carrier said about a parcel; `source_id` is the carrier's own mark, kept once."""

    __tablename__ = "parcel_events"
    __sight__ = BOTH
    __table_args__ = (
        belongs_to("merchant_id", "parcel_id", "parcels"),
        CheckConstraint(f"state IN ({PARCEL_STATES})", name="state"),
        UniqueConstraint("merchant_id", "parcel_id", "source_id"),
        Index("ix_parcel_events_at", "merchant_id", "parcel_id", "at"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    parcel_id: Mapped[UUID]
    person_id: Mapped[UUID]
    source_id: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[str]
    text: Mapped[str]
    place: Mapped[str]
    received_at: Mapped[datetime]


class AddressChange(Base):
    """A buyer asks for another recipient before shipping; the merchant answers. `before` is what stood until then."""

    __tablename__ = "address_changes"
    __sight__ = BOTH
    __table_args__ = (
        belongs_to("merchant_id", "order_id", "orders"),
        CheckConstraint("state IN ('asked', 'agreed', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided"),
        Index(
            "uq_address_changes_asked",
            "merchant_id",
            "order_id",
            unique=True,
            postgresql_where=text("state = 'asked'"),
        ),
        Index("ix_address_changes_order_id", "merchant_id", "order_id", "id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    order_id: Mapped[UUID]
    person_id: Mapped[UUID]
    state: Mapped[str]
    recipient: Mapped[str]
    phone: Mapped[str]
    region_code: Mapped[str]
    region_names: Mapped[list[Any]]
    detail: Mapped[str]
    before: Mapped[dict[str, Any]]
    note: Mapped[str]
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]


class StockReport(Base):
    """The merchant does not have what a line still needs: until a day, or never again; the buyer chooses."""

    __tablename__ = "stock_reports"
    __sight__ = BOTH
    __table_args__ = (
        belongs_to("merchant_id", "order_id", "orders"),
        belongs_to("merchant_id", "line_id", "order_lines"),
        CheckConstraint("kind IN ('later', 'never')", name="kind"),
        CheckConstraint("(kind = 'later') = (until IS NOT NULL)", name="until"),
        CheckConstraint("answer IN ('wait', 'refund')", name="answer"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("pieces > 0", name="pieces"),
        Index(
            "uq_stock_reports_open", "merchant_id", "line_id", unique=True, postgresql_where=text("ended_at IS NULL")
        ),
        Index("ix_stock_reports_open", "merchant_id", "order_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_stock_reports_order_id", "merchant_id", "order_id", "id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    order_id: Mapped[UUID]
    line_id: Mapped[UUID]
    person_id: Mapped[UUID]
    kind: Mapped[str]
    until: Mapped[date | None]
    pieces: Mapped[int]
    note: Mapped[str]
    answer: Mapped[str | None]
    reported_at: Mapped[datetime]
    reported_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
