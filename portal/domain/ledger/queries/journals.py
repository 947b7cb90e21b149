"""Journals with their transfers, closed days, and the last recount."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.domain.ledger.models import LedgerDay, LedgerJournal, LedgerProof, LedgerReversal, LedgerTransfer
from portal.domain.ledger.values import AccountKind, Asset, Business, Day, JournalKind, TransferKind
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


@dataclass(frozen=True)
class TransferLine:
    """A transfer of a journal; `reversed` is how much of it was undone since."""

    id: UUID
    kind: TransferKind
    asset: Asset
    debit: UUID
    debit_kind: AccountKind
    credit: UUID
    credit_kind: AccountKind
    amount: int
    reversed: int
    reverses_journal: UUID | None


@dataclass(frozen=True)
class JournalLine:
    """A journal with its transfers."""

    id: UUID
    kind: JournalKind
    key: str
    business: Business
    at: datetime
    day: date
    actor_kind: str
    transfers: tuple[TransferLine, ...]


@dataclass(frozen=True)
class ProofLine:
    """What a recount found: for each check how many rows it looked at and how many differ."""

    began_at: datetime
    ended_at: datetime
    transfers: int
    differences: int
    checks: tuple[tuple[str, int, int], ...]


def journal_ids(work: Work, transfers: list[UUID]) -> dict[UUID, UUID]:
    """transfer → journal, for links."""
    asked = select(LedgerTransfer.id, LedgerTransfer.journal_id).where(LedgerTransfer.id.in_(transfers))
    return {row[0]: row[1] for row in work.session.execute(asked)}


def journal(work: Work, journal_id: UUID) -> JournalLine:
    """A journal with its transfers. Raises NotFound."""
    work.require(Permission.LEDGER_VIEW)
    found = work.session.execute(select(LedgerJournal).where(LedgerJournal.id == journal_id)).scalar_one_or_none()
    if found is None:
        raise NotFound
    one, undone, before = LedgerTransfer, LedgerReversal, aliased(LedgerTransfer)
    asked = (
        select(one, func.coalesce(undone.reversed, 0), before.journal_id)
        .outerjoin(undone, undone.transfer_id == one.id)
        .outerjoin(before, before.id == one.reverses_id)
    )
    rows = work.session.execute(asked.where(one.journal_id == journal_id).order_by(one.id)).all()
    transfers = tuple(_transfer(row[0], row[1], row[2]) for row in rows)
    business = Business(found.business_type, found.business_id)
    kind = JournalKind(found.kind)
    return JournalLine(found.id, kind, found.key, business, found.at, found.day, found.actor_kind, transfers)


def journals_of(work: Work, business: Business) -> tuple[JournalLine, ...]:
    """All journals of a business row with their transfers, in the order they were written."""
    work.require(Permission.LEDGER_VIEW)
    one, undone = LedgerTransfer, LedgerReversal
    asked = (
        select(LedgerJournal, one, func.coalesce(undone.reversed, 0))
        .join(one, one.journal_id == LedgerJournal.id)
        .outerjoin(undone, undone.transfer_id == one.id)
        .where(LedgerJournal.business_type == business.type, LedgerJournal.business_id == business.id)
        .order_by(LedgerJournal.id, one.id)
    )
    found: dict[UUID, tuple[LedgerJournal, list[TransferLine]]] = {}
    for row, transfer, reversed_ in work.session.execute(asked):
        found.setdefault(row.id, (row, []))[1].append(_transfer(transfer, reversed_, None))
    return tuple(
        JournalLine(row.id, JournalKind(row.kind), row.key, business, row.at, row.day, row.actor_kind, tuple(transfers))
        for row, transfers in found.values()
    )


def _transfer(row: LedgerTransfer, undone: int, reverses_journal: UUID | None) -> TransferLine:
    debit, credit = AccountKind(row.debit_kind), AccountKind(row.credit_kind)
    accounts_ = (row.debit_account_id, debit, row.credit_account_id, credit)
    return TransferLine(
        row.id, TransferKind(row.kind), Asset(row.asset), *accounts_, row.amount, undone, reverses_journal
    )


def days(work: Work, *, before: date | None = None, most: int) -> tuple[Day, ...]:
    """Closed days, the latest first. Public."""
    asked = select(LedgerDay).order_by(LedgerDay.day.desc()).limit(most)
    if before is not None:
        asked = asked.where(LedgerDay.day < before)
    rows = work.session.execute(asked).scalars()
    return tuple(
        Day(row.day, row.transfers, row.sums, row.digest.hex(), row.chain.hex(), row.closed_at) for row in rows
    )


def last_proof(work: Work) -> ProofLine | None:
    """The latest recount, None before the first. Public."""
    asked = select(LedgerProof).order_by(LedgerProof.id.desc()).limit(1)
    row = work.session.execute(asked).scalar_one_or_none()
    if row is None:
        return None
    checks = tuple((one["check"], one["looked_at"], one["differences"]) for one in row.checks)
    return ProofLine(row.began_at, row.ended_at, row.transfers, row.differences, checks)
