"""Two-phase moves: what is available is frozen first, then taken for its purpose or released again."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid5

from portal.domain.ledger.access import access_hold
from portal.domain.ledger.actions import statements as sql
from portal.domain.ledger.actions.posting import Draft, write
from portal.domain.ledger.values import (
    HOUSE,
    AccountKind,
    AccountRef,
    Business,
    Hold,
    Journal,
    JournalKind,
    Transfer,
    TransferKind,
)
from portal.kernel.work import Work


def hold(work: Work, *, account: AccountRef, amount: int, key: str, business: Business) -> Hold:
    """Freeze `amount` units of an available account. Repeats give the same hold. Raises Insufficient, KeyTaken."""
    hold_id = uuid5(HOUSE, f"hold/{key}")
    frozen = replace(account, kind=AccountKind.FROZEN)
    transfer = Transfer(TransferKind.HOLD, account, frozen, amount, line_id=hold_id)
    facts = (account.owner_id, hold_id, account.id, business.type, business.id, amount, work.now())
    journal = write(work, Draft(JournalKind.HOLD, key, business, (transfer,), ((sql.ADD_HOLD, facts),)))
    if journal.is_repeat:
        return access_hold(work, account.owner_id, hold_id)
    return Hold(hold_id, account, amount, 0, 0)


def take(
    work: Work,
    *,
    owner_id: UUID,
    hold_id: UUID,
    amount: int,
    to: AccountRef,
    key: str,
    business: Business,
    kind: TransferKind = TransferKind.PAYOUT,
    journal_kind: JournalKind = JournalKind.PAYOUT,
) -> Journal:
    """Move held units to where they were held for. Raises HoldSpent when fewer are left."""
    frozen = replace(access_hold(work, owner_id, hold_id).account, kind=AccountKind.FROZEN)
    transfer = Transfer(kind, frozen, to, amount, line_id=hold_id)
    also = (sql.TAKE_HELD, (amount, owner_id, hold_id))
    return write(work, Draft(journal_kind, key, business, (transfer,), (also,)))


def release(work: Work, *, owner_id: UUID, hold_id: UUID, amount: int, key: str, business: Business) -> Journal:
    """Give held units back to the account they came from. Raises HoldSpent when fewer are left."""
    account = access_hold(work, owner_id, hold_id).account
    frozen = replace(account, kind=AccountKind.FROZEN)
    transfer = Transfer(TransferKind.RELEASE, frozen, account, amount, line_id=hold_id)
    also = (sql.RELEASE_HELD, (amount, owner_id, hold_id))
    return write(work, Draft(JournalKind.RELEASE, key, business, (transfer,), (also,)))
