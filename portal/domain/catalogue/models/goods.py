"""Brands, products with versions and pictures, and their SKUs, as their supplier keeps them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, everyone

PRIVATE = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}
Words = Mapped[list[str]]


class BrandRow(Base):
    """A brand goods may carry; the operator keeps the list. Hidden ones are no longer offered."""

    __tablename__ = "brands"
    __sight__ = dict.fromkeys(Face, everyone())
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Id]
    name: Mapped[str]
    name_en: Mapped[str]
    hidden_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Product(Base):
    """The supplier's copy. `changed_at` is set while it differs from what was let in last."""

    __tablename__ = "products"
    __sight__ = PRIVATE
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'review', 'on_sale', 'off_sale')", name="state"),
        Index("ix_products_merchant_id_state", "merchant_id", "state", "id"),
        Index("ix_products_id", "id"),
        Index("ix_products_search", "search", postgresql_using="gin"),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    name: Mapped[str]
    category_id: Mapped[UUID] = mapped_column(ForeignKey("categories.id"))
    brand_id: Mapped[UUID | None] = mapped_column(ForeignKey("brands.id"))
    detail: Mapped[str]
    returnable: Mapped[bool]
    options: Mapped[list[Any]]
    search: Words = mapped_column(ARRAY(Text))
    state: Mapped[str]
    reason: Mapped[str]
    forced_off: Mapped[bool]
    version: Mapped[int]
    approved_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Revision(Base):
    """A version handed in for review, frozen as it was."""

    __tablename__ = "product_revisions"
    __sight__ = PRIVATE
    __table_args__ = (
        belongs_to("merchant_id", "product_id", "products"),
        CheckConstraint("decision IN ('waiting', 'approved', 'refused', 'withdrawn')", name="decision"),
        CheckConstraint("(decision = 'waiting') = (decided_at IS NULL)", name="decided"),
        Index(
            "uq_product_revisions_one_waiting",
            "merchant_id",
            "product_id",
            unique=True,
            postgresql_where=text("decision = 'waiting'"),
        ),
        Index("ix_product_revisions_decision", "decision", "id"),
        Index("ix_product_revisions_product_id", "merchant_id", "product_id", "id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    product_id: Mapped[UUID]
    facts: Mapped[dict[str, Any]]
    decision: Mapped[str]
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    reason: Mapped[str]


class ProductPhoto(Base):
    """A picture of a product in three files, in order."""

    __tablename__ = "product_photos"
    __sight__ = PRIVATE
    __table_args__ = (
        belongs_to("merchant_id", "product_id", "products", ondelete="CASCADE"),
        Index("ix_product_photos_product_id", "merchant_id", "product_id", "position"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    product_id: Mapped[UUID]
    position: Mapped[int]
    full: Mapped[str]
    wide: Mapped[str]
    small: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    tone: Mapped[str]
    created_at: Mapped[datetime]


class Sku(Base):
    """One combination of a product's options. `supply_fen` is what the supplier asks; `supply_terms` what is in force.

    `low_told_at` is set from the notice of low stock until stock is above the threshold again.
    """

    __tablename__ = "skus"
    __sight__ = PRIVATE
    __table_args__ = (
        belongs_to("merchant_id", "product_id", "products", ondelete="CASCADE"),
        CheckConstraint("supply_fen > 0 AND suggested_fen >= supply_fen", name="prices"),
        CheckConstraint("grams > 0", name="grams"),
        CheckConstraint("low_mark >= 0", name="low_mark"),
        Index("ix_skus_id", "id"),
        Index("ix_skus_product_id", "merchant_id", "product_id", "position"),
        Index(
            "uq_skus_code",
            "merchant_id",
            "code",
            unique=True,
            postgresql_where=text("code <> '' AND ended_at IS NULL"),
        ),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    product_id: Mapped[UUID]
    position: Mapped[int]
    choice: Words = mapped_column(ARRAY(Text))
    code: Mapped[str]
    barcode: Mapped[str]
    grams: Mapped[int]
    supply_fen: Mapped[Fen]
    suggested_fen: Mapped[Fen]
    low_mark: Mapped[int]
    low_told_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
