"""Prices: what a SKU costs from when, what is asked for, what the street pays."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, everyone

PRIVATE = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}


class SupplyTerms(Base):
    """What a SKU costs the platform from a moment on. Added, never changed; `reviewed` when somebody looked at it."""

    __tablename__ = "supply_terms"
    __sight__ = PRIVATE
    __table_args__ = (
        belongs_to("merchant_id", "sku_id", "skus"),
        CheckConstraint("supply_fen > 0", name="supply_fen"),
        Index("ix_supply_terms_sku_id", "merchant_id", "sku_id", "effective_at", "id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    sku_id: Mapped[UUID]
    supply_fen: Mapped[Fen]
    effective_at: Mapped[datetime]
    reviewed: Mapped[bool]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]


class PriceChange(Base):
    """A new supply price that was asked for: large ones wait, the old price stays in force meanwhile."""

    __tablename__ = "price_changes"
    __sight__ = PRIVATE
    __table_args__ = (
        belongs_to("merchant_id", "sku_id", "skus"),
        CheckConstraint("state IN ('waiting', 'applied', 'approved', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("old_fen > 0 AND new_fen > 0 AND suggested_fen >= new_fen", name="prices"),
        Index(
            "uq_price_changes_one_waiting",
            "merchant_id",
            "sku_id",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_price_changes_id", "id"),
        Index("ix_price_changes_state", "state", "id"),
        Index("ix_price_changes_sku_id", "merchant_id", "sku_id", "id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    sku_id: Mapped[UUID]
    old_fen: Mapped[Fen]
    new_fen: Mapped[Fen]
    suggested_fen: Mapped[Fen]
    effective_at: Mapped[datetime]
    note: Mapped[str]
    state: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    reason: Mapped[str]


class SkuSale(Base):
    """What the street pays for a SKU; the platform's. `below_supply` when it was confirmed to sell at a loss."""

    __tablename__ = "sku_sales"
    __sight__ = PRIVATE
    __table_args__ = (
        belongs_to("merchant_id", "sku_id", "skus", ondelete="CASCADE"),
        CheckConstraint("sale_fen > 0 AND (member_fen IS NULL OR member_fen BETWEEN 1 AND sale_fen)", name="prices"),
    )

    merchant_id: Mapped[OwnerId]
    sku_id: Mapped[UUID] = mapped_column(primary_key=True)
    sale_fen: Mapped[Fen]
    member_fen: Mapped[Fen | None]
    below_supply: Mapped[bool]
    set_at: Mapped[datetime]
    set_by: Mapped[UUID | None]


class SaleChange(Base):
    """What the street pays from a moment on, and what it paid before; added, never changed. `batch_id` is the act it
    belongs to; `undoes` names the change that it takes back, which happens once.
    """

    __tablename__ = "sale_changes"
    __sight__ = {Face.PLATFORM: everyone(), Face.JOB: everyone()}
    __table_args__ = (
        belongs_to("merchant_id", "sku_id", "skus"),
        CheckConstraint("sale_fen > 0 AND supply_fen > 0", name="prices"),
        Index("ix_sale_changes_sku_id", "merchant_id", "sku_id", "id"),
        Index("ix_sale_changes_batch_id", "batch_id", "id"),
        Index("uq_sale_changes_undoes", "merchant_id", "undoes", unique=True),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    sku_id: Mapped[UUID]
    batch_id: Mapped[UUID]
    undoes: Mapped[UUID | None]
    old_sale_fen: Mapped[Fen | None]
    old_member_fen: Mapped[Fen | None]
    sale_fen: Mapped[Fen]
    member_fen: Mapped[Fen | None]
    supply_fen: Mapped[Fen]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]
