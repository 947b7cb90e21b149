"""Pieces of a SKU: how many, for whom they are held, and why they changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, everyone

PRIVATE = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}


class Stock(Base):
    """Pieces of a SKU in one bucket; most SKUs have bucket 0 only. Changed by conditional updates alone."""

    __tablename__ = "stocks"
    __sight__ = PRIVATE
    __table_args__ = (
        belongs_to("merchant_id", "sku_id", "skus", ondelete="CASCADE"),
        CheckConstraint("available >= 0", name="available"),
        CheckConstraint("held >= 0", name="held"),
    )

    merchant_id: Mapped[OwnerId]
    sku_id: Mapped[UUID] = mapped_column(primary_key=True)
    bucket: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    available: Mapped[int]
    held: Mapped[int]


class StockHold(Base):
    """Pieces kept for one order until a moment."""

    __tablename__ = "stock_holds"
    __sight__ = PRIVATE
    __table_args__ = (
        belongs_to("merchant_id", "sku_id", "skus"),
        UniqueConstraint("merchant_id", "business_id", "sku_id", "bucket"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("state IN ('held', 'taken', 'released')", name="state"),
        Index("ix_stock_holds_expires_at", "expires_at", postgresql_where=text("state = 'held'")),
        Index("ix_stock_holds_business_id", "business_id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    business_id: Mapped[UUID]
    sku_id: Mapped[UUID]
    bucket: Mapped[int] = mapped_column(SmallInteger)
    quantity: Mapped[int]
    state: Mapped[str]
    expires_at: Mapped[datetime]
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class StockMovement(Base):
    """Why stock changed, when, by how much; added, never changed. `left` is what the bucket had available then."""

    __tablename__ = "stock_movements"
    __sight__ = PRIVATE
    __table_args__ = (
        belongs_to("merchant_id", "sku_id", "skus", ondelete="CASCADE"),
        Index("ix_stock_movements_sku_id", "merchant_id", "sku_id", "id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    sku_id: Mapped[UUID]
    bucket: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str]
    change: Mapped[int]
    held_change: Mapped[int]
    left: Mapped[int]
    business_id: Mapped[UUID | None]
    note: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]
