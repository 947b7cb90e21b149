"""Lines of past orders, and the totals of their orders and months, which are kept while lines come and go."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base
from portal.kernel.scope import Face, by_merchant, everyone

OWN = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}
PRICE = Numeric(20, 6)
TOTAL = Numeric(26, 6)


class ArchiveLine(Base):
    """One line as it came; `batch_id` is the import that brought it."""

    __tablename__ = "archive_lines"
    __sight__ = OWN
    __table_args__ = (
        Index("ix_archive_lines_placed_at", "merchant_id", "placed_at", "batch_id", "number"),
        Index(
            "ix_archive_lines_order_number",
            "merchant_id",
            "order_number",
            postgresql_ops={"order_number": "text_pattern_ops"},
        ),
        Index("ix_archive_lines_code", "merchant_id", "code"),
        Index("ix_archive_lines_customer", "merchant_id", "customer"),
        Index("ix_archive_lines_digest", "merchant_id", "digest"),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    order_number: Mapped[str]
    placed_at: Mapped[datetime]
    code: Mapped[str]
    name: Mapped[str]
    quantity: Mapped[int] = mapped_column(BigInteger)
    unit_price: Mapped[Decimal] = mapped_column(PRICE)
    amount: Mapped[Decimal] = mapped_column(TOTAL)
    currency: Mapped[str]
    customer: Mapped[str]
    country: Mapped[str]
    marks: Mapped[list[str]] = mapped_column(ARRAY(Text))
    digest: Mapped[str]


class ArchiveOrder(Base):
    """How many lines of an order are there; an order counts in the month of its first line."""

    __tablename__ = "archive_orders"
    __sight__ = OWN

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    order_number: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date]
    lines: Mapped[int]


class ArchiveMonth(Base):
    """Totals of a month in one currency."""

    __tablename__ = "archive_months"
    __sight__ = OWN

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    orders: Mapped[int]
    lines: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(TOTAL)
    cancelled: Mapped[Decimal] = mapped_column(TOTAL)
