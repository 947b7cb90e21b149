"""Tables of commissions: the rules, and an entry for each piece of work. Entries are added and never changed but for
the counters of what went back; only the worker's face writes them.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, everyone

OWN = {Face.OFFICE: by_merchant(), Face.JOB: everyone()}


class CommissionRule(Base):
    """What a kind of work brings. Another rate is another rule: what was earned keeps its own."""

    __tablename__ = "commission_rules"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        CheckConstraint("kind IN ('work', 'card_use', 'card_sale')", name="kind"),
        CheckConstraint("turn IN ('any', 'requested', 'rotated')", name="turn"),
        CheckConstraint("turn = 'any' OR kind <> 'card_sale'", name="sale_has_no_turn"),
        CheckConstraint("(percent_bp IS NULL) <> (fixed_fen IS NULL)", name="percent_or_fixed"),
        CheckConstraint("percent_bp BETWEEN 0 AND 10000", name="percent"),
        CheckConstraint("fixed_fen BETWEEN 0 AND 10000000", name="fixed"),
        Index(
            "uq_commission_rules_in_force",
            "merchant_id",
            "kind",
            "turn",
            "store_id",
            "subject_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    kind: Mapped[str]
    store_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None]  # a service or a kind of pass
    turn: Mapped[str]
    percent_bp: Mapped[int | None]
    fixed_fen: Mapped[Fen | None]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CommissionEntry(Base):
    """What one piece brought one technician, in the words of that day; with `reverses` it takes back another one."""

    __tablename__ = "commission_entries"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        belongs_to("merchant_id", "resource_id", "resources"),
        belongs_to("merchant_id", "rule_id", "commission_rules"),
        belongs_to("merchant_id", "reverses", "commission_entries"),
        CheckConstraint("kind IN ('work', 'card_use', 'card_sale')", name="kind"),
        CheckConstraint("(reverses IS NULL) = (amount_fen >= 0)", name="sign"),
        CheckConstraint("back_fen >= 0 AND (back_fen = 0 OR back_fen <= amount_fen)", name="back"),
        Index(
            "uq_commission_entries_once",
            "merchant_id",
            "subject_id",
            "kind",
            "resource_id",
            unique=True,
            postgresql_where=text("reverses IS NULL"),
        ),
        Index(
            "uq_commission_entries_sale",
            "merchant_id",
            "subject_id",
            unique=True,
            postgresql_where=text("kind = 'card_sale' AND reverses IS NULL"),
        ),
        Index("ix_commission_entries_day", "merchant_id", "day", "id"),
        Index("ix_commission_entries_resource_id", "merchant_id", "resource_id", "day"),
        Index("ix_commission_entries_group_id", "merchant_id", "group_id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    resource_id: Mapped[UUID]
    technician: Mapped[str]
    rule_id: Mapped[UUID]
    kind: Mapped[str]
    subject_id: Mapped[UUID]  # the line of the booking, or the pass
    group_id: Mapped[UUID]  # the booking, or the pass: what a refund is of
    title: Mapped[str]
    client: Mapped[str]  # masked
    requested: Mapped[bool]
    base_fen: Mapped[Fen]
    amount_fen: Mapped[Fen]
    returned_fen: Mapped[Fen]  # what went back to the client of the whole booking or pass
    back_fen: Mapped[Fen]  # how much of the amount was taken back
    reverses: Mapped[UUID | None]
    day: Mapped[date]
    at: Mapped[datetime]
