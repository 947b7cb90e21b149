"""Cases of orders with their lines, pictures and timeline; where a merchant wants returned goods sent.

Only the worker's face writes cases: a buyer cannot agree for his merchant, nor an office for its buyer. Both parties
and the platform read them; nobody else does.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, by_person, everyone

PARTIES = {
    Face.PERSON: by_person(),
    Face.OFFICE: by_merchant(),
    Face.PLATFORM: everyone(),
    Face.JOB: everyone(),
}


class Case(Base):
    """What is asked back of one order. The sums are those of its lines; at `due_at` something happens by itself."""

    __tablename__ = "cases"
    __sight__ = PARTIES
    __table_args__ = (
        belongs_to("merchant_id", "order_id", "orders"),
        CheckConstraint("kind IN ('unshipped', 'money', 'return')", name="kind"),
        CheckConstraint(
            "state IN ('asked', 'offered', 'refused', 'disputed', 'returning', 'sent', 'refunding', 'refunded',"
            " 'withdrawn', 'closed')",
            name="state",
        ),
        CheckConstraint("origin IN ('buyer', 'merchant', 'platform')", name="origin"),
        CheckConstraint("goods_fen >= 0 AND freight_fen >= 0", name="sums"),
        CheckConstraint("goods_fen + freight_fen <= asked_fen", name="asked"),
        CheckConstraint("offer_fen > 0 AND offer_fen < asked_fen", name="offer"),
        CheckConstraint("round BETWEEN 1 AND 2", name="round"),
        CheckConstraint("(ended_at IS NOT NULL) = (state IN ('refunded', 'withdrawn', 'closed'))", name="ended"),
        CheckConstraint("(due_at IS NULL) = (state IN ('refunding', 'refunded', 'withdrawn', 'closed'))", name="due"),
        CheckConstraint(
            "refund_id IS NOT NULL OR state NOT IN ('refunding', 'refunded') OR goods_fen + freight_fen = 0",
            name="refund",
        ),
        CheckConstraint("(sent_at IS NULL) = (tracking = '')", name="sent"),
        UniqueConstraint("merchant_id", "number"),
        Index("ix_cases_id", "id"),
        Index("ix_cases_order_id", "merchant_id", "order_id"),
        Index("ix_cases_person_id", "person_id", "id"),
        Index("ix_cases_state", "merchant_id", "state", "due_at"),
        Index("ix_cases_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_cases_disputed", "state", "id", postgresql_where=text("state IN ('disputed', 'refunding')")),
        Index("ix_cases_refund_id", "refund_id", postgresql_where=text("refund_id IS NOT NULL")),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    order_id: Mapped[UUID]
    person_id: Mapped[UUID]
    number: Mapped[str]
    order_number: Mapped[str]
    merchant_name: Mapped[str]
    buyer: Mapped[str]  # masked
    title: Mapped[str]
    picture: Mapped[str]
    pieces: Mapped[int]
    kind: Mapped[str]
    state: Mapped[str]
    origin: Mapped[str]
    reason: Mapped[str]
    fault: Mapped[bool]
    goods_fen: Mapped[Fen]
    freight_fen: Mapped[Fen]
    asked_fen: Mapped[Fen]
    offer_fen: Mapped[Fen | None]
    round: Mapped[int] = mapped_column(SmallInteger)
    printed: Mapped[bool]
    return_name: Mapped[str]
    return_phone: Mapped[str]
    return_detail: Mapped[str]
    carrier: Mapped[str]
    tracking: Mapped[str]
    asked_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    stuck_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    refund_id: Mapped[UUID | None]


class CaseItem(Base):
    """A line of the order in a case: pieces, and the money that goes back for it."""

    __tablename__ = "case_lines"
    __sight__ = PARTIES
    __table_args__ = (
        belongs_to("merchant_id", "case_id", "cases"),
        belongs_to("merchant_id", "line_id", "order_lines"),
        CheckConstraint("pieces >= 0", name="pieces"),
        CheckConstraint("goods_fen >= 0 AND freight_fen >= 0", name="sums"),
        CheckConstraint("restocked BETWEEN 0 AND pieces", name="restocked"),
        Index("ix_case_lines_line_id", "merchant_id", "line_id"),
    )

    merchant_id: Mapped[OwnerId]
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    pieces: Mapped[int]
    goods_fen: Mapped[Fen]
    freight_fen: Mapped[Fen]
    restocked: Mapped[int]


class CaseEvent(Base):
    """A line of a case's timeline with what was said; both parties read it. Added, never changed."""

    __tablename__ = "case_events"
    __sight__ = PARTIES
    __table_args__ = (
        belongs_to("merchant_id", "case_id", "cases"),
        Index("ix_case_events_case_id", "merchant_id", "case_id", "id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    case_id: Mapped[UUID]
    person_id: Mapped[UUID]
    step: Mapped[str]
    side: Mapped[str]
    note: Mapped[str]
    amount_fen: Mapped[Fen]
    at: Mapped[datetime]


class CasePicture(Base):
    """Evidence, drawn anew; shown to the parties only. Added, never changed."""

    __tablename__ = "case_pictures"
    __sight__ = PARTIES
    __table_args__ = (
        belongs_to("merchant_id", "event_id", "case_events"),
        belongs_to("merchant_id", "case_id", "cases"),
        Index("ix_case_pictures_id", "id"),
        Index("ix_case_pictures_case_id", "merchant_id", "case_id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    case_id: Mapped[UUID]
    event_id: Mapped[UUID]
    person_id: Mapped[UUID]
    stored: Mapped[str]  # its name in the storage of private documents
    at: Mapped[datetime]


class ReturnAddress(Base):
    """Where a merchant wants returned goods sent; frozen into each case when he agrees."""

    __tablename__ = "return_addresses"
    __sight__ = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    name: Mapped[str]
    phone: Mapped[str]
    detail: Mapped[str]
    changed_at: Mapped[datetime]
