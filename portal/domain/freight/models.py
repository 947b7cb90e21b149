"""Tables of freight: public facts of a supplier, written by his office."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, everyone

PUBLIC = {
    Face.SHOP: everyone(),
    Face.PERSON: everyone(),
    Face.OFFICE: by_merchant(),
    Face.PLATFORM: everyone(),
    Face.JOB: everyone(),
}
Codes = Mapped[list[str]]


class FreightTemplate(Base):
    """A way of charging. Goods without one follow the merchant's default; without a default they travel free."""

    __tablename__ = "freight_templates"
    __sight__ = PUBLIC
    __table_args__ = (
        CheckConstraint("unit IN ('piece', 'weight')", name="unit"),
        CheckConstraint("free_over_fen > 0", name="free_over"),
        Index("uq_freight_templates_default", "merchant_id", unique=True, postgresql_where=text("is_default")),
        Index("ix_freight_templates_id", "id"),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    name: Mapped[str]
    unit: Mapped[str]
    unserved: Codes = mapped_column(ARRAY(Text))
    free_over_fen: Mapped[Fen | None]
    is_default: Mapped[bool]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class FreightZone(Base):
    """A tariff of a template. Position 0 is everywhere else and names no places."""

    __tablename__ = "freight_zones"
    __sight__ = PUBLIC
    __table_args__ = (
        belongs_to("merchant_id", "template_id", "freight_templates", ondelete="CASCADE"),
        CheckConstraint("(position = 0) = (cardinality(codes) = 0)", name="rest"),
        CheckConstraint("first_units > 0 AND next_units > 0", name="units"),
        CheckConstraint("first_fen >= 0 AND next_fen >= 0", name="prices"),
        CheckConstraint("free_over_fen > 0", name="free_over"),
    )

    merchant_id: Mapped[OwnerId]
    template_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    codes: Codes = mapped_column(ARRAY(Text))
    first_units: Mapped[int]
    first_fen: Mapped[Fen]
    next_units: Mapped[int]
    next_fen: Mapped[Fen]
    free_over_fen: Mapped[Fen | None]


class FreightGoods(Base):
    """A product that follows a template by name."""

    __tablename__ = "freight_goods"
    __sight__ = PUBLIC
    __table_args__ = (
        belongs_to("merchant_id", "product_id", "products", ondelete="CASCADE"),
        ForeignKeyConstraint(["merchant_id", "template_id"], ["freight_templates.merchant_id", "freight_templates.id"]),
        Index("ix_freight_goods_template_id", "merchant_id", "template_id"),
    )

    merchant_id: Mapped[OwnerId]
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    template_id: Mapped[UUID]
