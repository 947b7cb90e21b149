"""Carts and checkouts of persons; orders of merchants with their lines, what they cost, and what happened to them.

Only the worker's face writes orders: no buyer's face may say that he has paid, no office may change what was agreed.
What a line costs the platform stands in a table that persons cannot read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, by_person, everyone

BUYERS = {Face.PERSON: by_person(), Face.PLATFORM: everyone(), Face.JOB: everyone()}
COSTS = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}
BOTH = {Face.OFFICE: by_merchant(), **BUYERS}
TO_SHIP = text("state IN ('paid', 'partly')")


class CartItem(Base):
    """Something a person thinks of buying, with the words and the price it had when it was put in.

    `removed_at` is set for as long as the removal may be undone.
    """

    __tablename__ = "cart_items"
    __sight__ = {Face.PERSON: by_person(), Face.JOB: everyone()}
    __table_args__ = (CheckConstraint("quantity BETWEEN 1 AND 9999", name="quantity"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    sku_id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    product_id: Mapped[UUID]
    merchant_name: Mapped[str]
    name: Mapped[str]
    choice: Mapped[str]
    picture: Mapped[str]
    quantity: Mapped[int]
    chosen: Mapped[bool]
    seen_fen: Mapped[Fen]
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Checkout(Base):
    """What is paid at once."""

    __tablename__ = "checkouts"
    __sight__ = BUYERS
    __table_args__ = (
        CheckConstraint("state IN ('open', 'paid', 'cancelled', 'expired')", name="state"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("amount_fen > 0", name="amount"),
        Index("ix_checkouts_id", "id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    id: Mapped[Id]
    intent_id: Mapped[UUID | None]
    state: Mapped[str]
    amount_fen: Mapped[Fen]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Order(Base):
    """What one person bought of one merchant at one time. `open_cases` keeps it from completing."""

    __tablename__ = "orders"
    __sight__ = BOTH
    __table_args__ = (
        CheckConstraint(
            "state IN ('unpaid', 'paid', 'partly', 'shipped', 'received', 'completed', 'closed')", name="state"
        ),
        CheckConstraint("goods_fen > 0 AND freight_fen >= 0 AND total_fen = goods_fen + freight_fen", name="total"),
        CheckConstraint("refunded_fen BETWEEN 0 AND total_fen", name="refunded"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("(state = 'closed') = (close_reason IS NOT NULL)", name="close_reason"),
        CheckConstraint("close_reason IN ('cancelled', 'expired', 'refunded')", name="why_closed"),
        CheckConstraint("open_cases >= 0", name="open_cases"),
        UniqueConstraint("merchant_id", "number"),
        Index("ix_orders_person_id", "person_id", "id"),
        Index("ix_orders_checkout_id", "checkout_id"),
        Index("ix_orders_to_ship", "merchant_id", "ship_by", "id", postgresql_where=TO_SHIP),
        Index("ix_orders_state", "merchant_id", "state", "id"),
        Index("ix_orders_receive_by", "receive_by", postgresql_where=text("state = 'shipped'")),
        Index("ix_orders_claim_until", "claim_until", postgresql_where=text("state = 'received'")),
        Index("ix_orders_open_cases", "merchant_id", "id", postgresql_where=text("open_cases > 0")),
        Index("ix_orders_recipient", "merchant_id", "recipient", postgresql_ops={"recipient": "text_pattern_ops"}),
        Index("ix_orders_phone", "merchant_id", "phone"),
        Index("ix_orders_phone_tail", "merchant_id", text('"right"(phone, 4)')),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    number: Mapped[str]
    person_id: Mapped[UUID]
    checkout_id: Mapped[UUID]
    merchant_name: Mapped[str]
    state: Mapped[str]
    close_reason: Mapped[str | None]
    goods_fen: Mapped[Fen]
    freight_fen: Mapped[Fen]
    total_fen: Mapped[Fen]
    refunded_fen: Mapped[Fen]
    pieces: Mapped[int]
    recipient: Mapped[str]
    phone: Mapped[str]
    region_code: Mapped[str]
    region_names: Mapped[list[Any]]
    detail: Mapped[str]
    buyer_note: Mapped[str]
    open_cases: Mapped[int] = mapped_column(SmallInteger)
    placed_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    ship_by: Mapped[datetime | None]
    shipped_at: Mapped[datetime | None]
    receive_by: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    claim_until: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class OrderLine(Base):
    """One SKU of an order, frozen; the counters say what became of its pieces and of its money."""

    __tablename__ = "order_lines"
    __sight__ = BOTH
    __table_args__ = (
        belongs_to("merchant_id", "order_id", "orders"),
        CheckConstraint("quantity > 0 AND unit_fen >= 0 AND goods_fen = unit_fen * quantity", name="goods"),
        CheckConstraint("freight_fen >= 0", name="freight"),
        CheckConstraint("shipped >= 0 AND cancelled >= 0 AND blocked >= 0 AND returned >= 0", name="counters"),
        CheckConstraint("shipped + cancelled + blocked <= quantity", name="pieces"),
        CheckConstraint("returned <= shipped", name="returned"),
        CheckConstraint("refunded_goods_fen BETWEEN 0 AND goods_fen", name="refunded_goods"),
        CheckConstraint("refunded_freight_fen BETWEEN 0 AND freight_fen", name="refunded_freight"),
        UniqueConstraint("merchant_id", "order_id", "nth"),
        Index("ix_order_lines_sku_id", "merchant_id", "sku_id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    order_id: Mapped[UUID]
    person_id: Mapped[UUID]
    nth: Mapped[int] = mapped_column(SmallInteger)
    product_id: Mapped[UUID]
    sku_id: Mapped[UUID]
    name: Mapped[str]
    choice: Mapped[str]
    picture: Mapped[str]
    code: Mapped[str]
    grams: Mapped[int]
    returnable: Mapped[bool]
    quantity: Mapped[int]
    unit_fen: Mapped[Fen]
    goods_fen: Mapped[Fen]
    freight_fen: Mapped[Fen]
    shipped: Mapped[int]
    cancelled: Mapped[int]
    returned: Mapped[int]
    blocked: Mapped[int]
    refunded_goods_fen: Mapped[Fen]
    refunded_freight_fen: Mapped[Fen]


class OrderCost(Base):
    """What a piece of a line costs the platform, frozen from the supply terms in force. Persons cannot read it."""

    __tablename__ = "order_costs"
    __sight__ = COSTS
    __table_args__ = (
        belongs_to("merchant_id", "line_id", "order_lines"),
        CheckConstraint("supply_fen >= 0", name="supply"),
        Index("ix_order_costs_order_id", "merchant_id", "order_id"),
    )

    merchant_id: Mapped[OwnerId]
    line_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
    terms_id: Mapped[UUID]
    supply_fen: Mapped[Fen]


class OrderMark(Base):
    """What the merchant's people note about an order for themselves; `flag` 0 is none, 1 to 5 are colours."""

    __tablename__ = "order_marks"
    __sight__ = COSTS
    __table_args__ = (
        belongs_to("merchant_id", "order_id", "orders"),
        CheckConstraint("flag BETWEEN 0 AND 5", name="flag"),
        CheckConstraint("prints >= 0", name="prints"),
        Index("ix_order_marks_flag", "merchant_id", "flag", postgresql_where=text("flag > 0")),
    )

    merchant_id: Mapped[OwnerId]
    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    flag: Mapped[int] = mapped_column(SmallInteger)
    note: Mapped[str]
    picked_at: Mapped[datetime | None]
    printed_at: Mapped[datetime | None]
    prints: Mapped[int] = mapped_column(SmallInteger)
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None]


class OrderEvent(Base):
    """A line of an order's timeline; both sides read it."""

    __tablename__ = "order_events"
    __sight__ = BOTH
    __table_args__ = (
        belongs_to("merchant_id", "order_id", "orders"),
        Index("ix_order_events_order_id", "merchant_id", "order_id", "id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    order_id: Mapped[UUID]
    person_id: Mapped[UUID]
    kind: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime]
    by_kind: Mapped[str]
