"""Tables of the ledger. Journals, transfers, entries, seals and days are written once; the database refuses the rest.

Balances of guarded accounts are rows with a check; derived accounts have none, so that nobody waits for them. Owners
read their own accounts, balances, entries and holds; only the ledger's own face writes.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Id, OwnerId
from portal.kernel.scope import Face, by_merchant, by_person, everyone

OWNERS = {
    Face.OFFICE: by_merchant("owner_id"),
    Face.PERSON: by_person("owner_id"),
    Face.PLATFORM: everyone(),
    Face.LEDGER: everyone(),
}
HOUSE_ONLY = {Face.PLATFORM: everyone(), Face.LEDGER: everyone()}


def of_account(*columns: str, name: str | None = None) -> ForeignKeyConstraint:
    """The account these columns name, as (owner, id) with what it is, where that is copied."""
    targets = [f"ledger_accounts.{each}" for each in ("owner_id", "id", "kind", "asset")[: len(columns)]]
    return ForeignKeyConstraint(list(columns), targets, name=name)


class LedgerKind(Base):
    """A move that is possible. `ledger_transfers.ck_…_listed` is made from these rows: no posting locks one."""

    __tablename__ = "ledger_kinds"
    __sight__ = {face: everyone() for face in Face}

    kind: Mapped[str] = mapped_column(primary_key=True)
    debit_kind: Mapped[str]
    credit_kind: Mapped[str]
    asset: Mapped[str]
    reverses: Mapped[str | None] = mapped_column(ForeignKey("ledger_kinds.kind"))


class LedgerAccount(Base):
    """What one owner has of one asset for one purpose; its id follows from the other columns."""

    __tablename__ = "ledger_accounts"
    __sight__ = OWNERS
    __table_args__ = (
        UniqueConstraint("owner_id", "kind", "asset", "subject_id", postgresql_nulls_not_distinct=True),
        UniqueConstraint("owner_id", "id", "kind", "asset"),
        Index("ix_ledger_accounts_id", "id"),
        Index("ix_ledger_accounts_kind_id", "kind", "id"),
    )

    owner_id: Mapped[OwnerId]
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    asset: Mapped[str]
    subject_id: Mapped[UUID | None]
    guarded: Mapped[bool]
    opened_at: Mapped[datetime]


class LedgerBalance(Base):
    """The balance of a guarded account, changed in the order of accounts, last of all."""

    __tablename__ = "ledger_balances"
    __sight__ = OWNERS
    __table_args__ = (
        of_account("owner_id", "account_id", "kind", "asset"),
        CheckConstraint("balance >= 0", name="not_below_zero"),
    )

    owner_id: Mapped[OwnerId]
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    asset: Mapped[str]
    balance: Mapped[int] = mapped_column(BigInteger)


class LedgerJournal(Base):
    """One business act's transfers. The database moves `day` on to the open day when it is sealed already."""

    __tablename__ = "ledger_journals"
    __sight__ = HOUSE_ONLY
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_ledger_journals_business_type_business_id", "business_type", "business_id"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    key: Mapped[str]
    fingerprint: Mapped[bytes] = mapped_column(BYTEA)
    business_type: Mapped[str]
    business_id: Mapped[UUID]
    at: Mapped[datetime]
    day: Mapped[date]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]


class LedgerTransfer(Base):
    """One amount from one account to another, of one asset: unbalanced cannot be written down."""

    __tablename__ = "ledger_transfers"
    __sight__ = HOUSE_ONLY
    __table_args__ = (
        of_account("debit_owner_id", "debit_account_id", "debit_kind", "asset", name="fk_ledger_transfers_debit"),
        of_account("credit_owner_id", "credit_account_id", "credit_kind", "asset", name="fk_ledger_transfers_credit"),
        UniqueConstraint("day", "id"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("debit_account_id <> credit_account_id", name="two_accounts"),
        Index("ix_ledger_transfers_journal_id", "journal_id"),
        Index("ix_ledger_transfers_reverses_id", "reverses_id", postgresql_where=text("reverses_id IS NOT NULL")),
        Index("ix_ledger_transfers_line_id", "line_id", postgresql_where=text("line_id IS NOT NULL")),
    )

    id: Mapped[Id]
    day: Mapped[date]
    journal_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_journals.id"))
    kind: Mapped[str]
    asset: Mapped[str]
    debit_owner_id: Mapped[UUID]
    debit_account_id: Mapped[UUID]
    debit_kind: Mapped[str]
    credit_owner_id: Mapped[UUID]
    credit_account_id: Mapped[UUID]
    credit_kind: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
    reverses_id: Mapped[UUID | None]
    line_id: Mapped[UUID | None]


class LedgerEntry(Base):
    """One side of a transfer as its owner reads it; `amount` is negative where it was taken."""

    __tablename__ = "ledger_entries"
    __sight__ = OWNERS
    __table_args__ = (
        ForeignKeyConstraint(["day", "transfer_id"], ["ledger_transfers.day", "ledger_transfers.id"]),
        CheckConstraint("amount <> 0", name="amount"),
        Index("ix_ledger_entries_owner_id_day_transfer_id", "owner_id", "day", "transfer_id"),
    )

    owner_id: Mapped[OwnerId]
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    transfer_id: Mapped[UUID] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    at: Mapped[datetime]
    business_type: Mapped[str]
    business_id: Mapped[UUID]


class LedgerReversal(Base):
    """How much of a transfer was undone so far."""

    __tablename__ = "ledger_reversals"
    __sight__ = HOUSE_ONLY
    __table_args__ = (CheckConstraint("reversed BETWEEN 1 AND amount", name="not_more_than_moved"),)

    transfer_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_transfers.id"), primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    reversed: Mapped[int] = mapped_column(BigInteger)


class LedgerHold(Base):
    """Units of one account set aside; transfers of a hold carry its id as their line."""

    __tablename__ = "ledger_holds"
    __sight__ = OWNERS
    __table_args__ = (
        of_account("owner_id", "account_id"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("taken >= 0 AND released >= 0 AND taken + released <= amount", name="not_more_than_held"),
    )

    owner_id: Mapped[OwnerId]
    id: Mapped[Id]
    account_id: Mapped[UUID]
    business_type: Mapped[str]
    business_id: Mapped[UUID]
    amount: Mapped[int] = mapped_column(BigInteger)
    taken: Mapped[int] = mapped_column(BigInteger)
    released: Mapped[int] = mapped_column(BigInteger)
    held_at: Mapped[datetime]


class LedgerSeal(Base):
    """A day that takes no more postings."""

    __tablename__ = "ledger_seals"
    __sight__ = HOUSE_ONLY

    day: Mapped[date] = mapped_column(primary_key=True)
    sealed_at: Mapped[datetime]


class LedgerDay(Base):
    """A sealed day, counted, summed and chained by its hash to the day before. Public."""

    __tablename__ = "ledger_days"
    __sight__ = {Face.SHOP: everyone(), Face.PERSON: everyone(), **HOUSE_ONLY}

    day: Mapped[date] = mapped_column(ForeignKey("ledger_seals.day"), primary_key=True)
    transfers: Mapped[int] = mapped_column(BigInteger)
    sums: Mapped[dict[str, Any]]
    digest: Mapped[bytes] = mapped_column(BYTEA)
    chain: Mapped[bytes] = mapped_column(BYTEA)
    closed_at: Mapped[datetime]


class LedgerSnapshot(Base):
    """The balance of a derived account at the end of a day on which it moved."""

    __tablename__ = "ledger_snapshots"
    __sight__ = OWNERS
    __table_args__ = (of_account("owner_id", "account_id"),)

    owner_id: Mapped[OwnerId]
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    balance: Mapped[int] = mapped_column(BigInteger)


class LedgerProof(Base):
    """What one recount of the whole ledger found."""

    __tablename__ = "ledger_proofs"
    __sight__ = {Face.SHOP: everyone(), Face.PERSON: everyone(), **HOUSE_ONLY}

    id: Mapped[Id]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    transfers: Mapped[int] = mapped_column(BigInteger)
    differences: Mapped[int] = mapped_column(BigInteger)
    checks: Mapped[list[Any]]
