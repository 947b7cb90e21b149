"""What the street reads of goods on sale; no supply price and no stock."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, everyone

PRIVATE = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}
PUBLIC = {**PRIVATE, Face.SHOP: everyone(), Face.PERSON: everyone()}
Words = Mapped[list[str]]


class ProductCard(Base):
    """What the street reads of a product on sale. `search` holds pairs of signs (see `rules.goods.bigrams`)."""

    __tablename__ = "product_cards"
    __sight__ = PUBLIC
    __table_args__ = (
        belongs_to("merchant_id", "product_id", "products"),
        Index("ix_product_cards_search", "search", postgresql_using="gin"),
        Index("ix_product_cards_category_id", "category_id", "listed_at"),
        Index("ix_product_cards_from_fen", "from_fen", "product_id"),
        Index("ix_product_cards_listed_at", "listed_at", "product_id"),
        Index("ix_product_cards_merchant_id", "merchant_id", "listed_at", "product_id"),
        Index("ix_product_cards_product_id", "product_id"),
    )

    merchant_id: Mapped[OwnerId]
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    merchant_name: Mapped[str]
    brand: Mapped[str]
    category_id: Mapped[UUID]
    detail: Mapped[str]
    returnable: Mapped[bool]
    options: Mapped[list[Any]]
    pictures: Mapped[list[Any]]
    from_fen: Mapped[Fen]
    to_fen: Mapped[Fen]
    member_from_fen: Mapped[Fen | None]
    search: Words = mapped_column(ARRAY(Text))
    listed_at: Mapped[datetime]
    refreshed_at: Mapped[datetime]


class SkuCard(Base):
    """What the street reads of a SKU on sale."""

    __tablename__ = "sku_cards"
    __sight__ = PUBLIC
    __table_args__ = (
        belongs_to("merchant_id", "sku_id", "skus"),
        Index("ix_sku_cards_product_id", "product_id", "position"),
    )

    merchant_id: Mapped[OwnerId]
    sku_id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID]
    position: Mapped[int]
    choice: Words = mapped_column(ARRAY(Text))
    grams: Mapped[int]
    suggested_fen: Mapped[Fen]
    sale_fen: Mapped[Fen]
    member_fen: Mapped[Fen | None]
