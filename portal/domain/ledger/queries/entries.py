"""Entries: what owners and the platform read of their accounts, the latest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import literal, select, tuple_

from portal.domain.ledger.models import LedgerAccount, LedgerEntry
from portal.domain.ledger.values import AccountKind, Asset, Business, TransferKind
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

MOST_EXPORTED = 50_000


@dataclass(frozen=True)
class EntryFilter:
    """Which entries: of one account or of all in sight, by kind of account and by booking days (both included)."""

    account_id: UUID | None = None
    owner_id: UUID | None = None
    account_kind: AccountKind | None = None
    since: date | None = None
    until: date | None = None
    business: Business | None = None


@dataclass(frozen=True)
class EntryLine:
    """One side of a transfer."""

    account_kind: AccountKind
    asset: Asset
    account_id: UUID
    day: date
    transfer_id: UUID
    amount: int
    kind: TransferKind
    at: datetime
    business: Business

    @property
    def cursor(self) -> str:
        """Where the list goes on after this line."""
        return f"{self.day.isoformat()}.{self.transfer_id}.{self.account_id}"


def own_entries(work: Work, wanted: EntryFilter, *, after: str = "", most: int) -> tuple[EntryLine, ...]:
    """Entries of the merchant of this office, the latest first."""
    work.require(Permission.FUNDS_VIEW)
    return _entries(work, wanted, after, most)


def entries(work: Work, wanted: EntryFilter, *, after: str = "", most: int) -> tuple[EntryLine, ...]:
    """Entries of one account, the latest first."""
    work.require(Permission.LEDGER_VIEW)
    return _entries(work, wanted, after, most)


def _entries(work: Work, wanted: EntryFilter, after: str, most: int) -> tuple[EntryLine, ...]:
    entry, of = LedgerEntry, LedgerAccount
    asked = select(
        *(of.kind, of.asset, entry.account_id, entry.day, entry.transfer_id, entry.amount, entry.kind, entry.at),
        *(entry.business_type, entry.business_id),
    ).join(of, (of.owner_id == entry.owner_id) & (of.id == entry.account_id))
    if wanted.account_id is not None:
        asked = asked.where(entry.account_id == wanted.account_id, entry.owner_id == wanted.owner_id)
    if wanted.account_kind is not None:
        asked = asked.where(of.kind == wanted.account_kind.value)
    if wanted.since is not None:
        asked = asked.where(entry.day >= wanted.since)
    if wanted.until is not None:
        asked = asked.where(entry.day <= wanted.until)
    if wanted.business is not None:
        row = wanted.business
        asked = asked.where(entry.business_type == row.type, entry.business_id == row.id)
    key = (entry.day, entry.transfer_id, entry.account_id)
    last = _cursor(after)
    if last is not None:
        asked = asked.where(tuple_(*key) < tuple_(*(literal(part) for part in last)))
    rows = work.session.execute(asked.order_by(*(column.desc() for column in key)).limit(most)).all()
    return tuple(
        EntryLine(AccountKind(row[0]), Asset(row[1]), *row[2:6], TransferKind(row[6]), row[7], Business(row[8], row[9]))
        for row in rows
    )


def _cursor(after: str) -> tuple[date, UUID, UUID] | None:
    """Where a list goes on; nonsense is its beginning."""
    try:
        day, transfer, account_ = after.split(".")
        return date.fromisoformat(day), UUID(transfer), UUID(account_)
    except ValueError:
        return None
