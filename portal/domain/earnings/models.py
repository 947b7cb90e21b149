"""Earnings of merchants and the ledger's transfers about them. Only the worker's face writes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, everyone

PARTIES = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}


class Earning(Base):
    """Money of one escrow that became the merchant's, once for each (business row, nth).

    `fee_fen` went to the platform, the rest to the merchant; `back_fen` of the amount and `fee_back_fen` of the fee
    returned to the escrow since.
    """

    __tablename__ = "earnings"
    __sight__ = PARTIES
    __table_args__ = (
        CheckConstraint("nth >= 1", name="nth"),
        CheckConstraint("amount_fen > 0 AND gross_fen >= amount_fen", name="amount"),
        CheckConstraint("fee_fen BETWEEN 0 AND amount_fen", name="fee"),
        CheckConstraint("rate BETWEEN 0 AND 10000", name="rate"),
        CheckConstraint("back_fen BETWEEN 0 AND amount_fen", name="back"),
        CheckConstraint("fee_back_fen BETWEEN 0 AND fee_fen AND fee_back_fen <= back_fen", name="fee_back"),
        CheckConstraint("(fee_fen = amount_fen) = (net_transfer_id IS NULL)", name="net_transfer"),
        CheckConstraint("(fee_fen = 0) = (fee_transfer_id IS NULL)", name="fee_transfer"),
        UniqueConstraint("merchant_id", "business_type", "business_id", "nth"),
        Index("ix_earnings_subject_id", "merchant_id", "subject_id"),
        Index("ix_earnings_earned_at", "merchant_id", "earned_at"),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    store_id: Mapped[UUID | None]
    business_type: Mapped[str]
    business_id: Mapped[UUID]
    nth: Mapped[int]
    subject_id: Mapped[UUID]
    title: Mapped[str]
    number: Mapped[str]
    gross_fen: Mapped[Fen]
    amount_fen: Mapped[Fen]
    fee_fen: Mapped[Fen]
    rate: Mapped[int]
    back_fen: Mapped[Fen]
    fee_back_fen: Mapped[Fen]
    returns: Mapped[int] = mapped_column(SmallInteger)
    net_transfer_id: Mapped[UUID | None]
    fee_transfer_id: Mapped[UUID | None]
    earned_at: Mapped[datetime]


class EarnedTransfer(Base):
    """Which earning a transfer of the ledger is about: statements and the margin report join it."""

    __tablename__ = "earned_transfers"
    __sight__ = PARTIES
    __table_args__ = (
        belongs_to("merchant_id", "earning_id", "earnings"),
        Index("ix_earned_transfers_transfer_id", "transfer_id"),
        Index("ix_earned_transfers_earning_id", "merchant_id", "earning_id"),
    )

    merchant_id: Mapped[OwnerId]
    transfer_id: Mapped[UUID] = mapped_column(primary_key=True)
    earning_id: Mapped[UUID]
