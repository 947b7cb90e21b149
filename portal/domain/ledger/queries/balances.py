"""What accounts have: one, all of a kind, all of a merchant.

`balance` serves features, whatever the face; everything else reads what the face of the Work sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, case, func, select

from portal.domain.ledger.access import access_balance, as_ledger
from portal.domain.ledger.models import LedgerAccount, LedgerBalance, LedgerEntry, LedgerSnapshot, LedgerTransfer
from portal.domain.ledger.values import AccountKind, AccountRef, Asset
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

_NEVER = date(1, 1, 1)
DERIVED = """
SELECT coalesce(s.balance, 0) + coalesce((
    SELECT sum(e.amount) FROM ledger_entries e
    WHERE e.owner_id = k.owner_id AND e.account_id = k.id AND e.day > coalesce(s.day, '-infinity')
), 0)::bigint
FROM (SELECT %s::uuid AS owner_id, %s::uuid AS id) k
LEFT JOIN LATERAL (
    SELECT day, balance FROM ledger_snapshots
    WHERE owner_id = k.owner_id AND account_id = k.id ORDER BY day DESC LIMIT 1
) s ON true
"""


@dataclass(frozen=True)
class TrialLine:
    """All accounts of one kind and asset together."""

    kind: AccountKind
    asset: Asset
    accounts: int
    balance: int


@dataclass(frozen=True)
class AccountLine:
    """An account with what it has now."""

    owner_id: UUID
    id: UUID
    kind: AccountKind
    asset: Asset
    subject_id: UUID | None
    opened_at: datetime
    balance: int


def balance(work: Work, ref: AccountRef) -> int:
    """What an account has, in units of its asset; nothing when it was never opened. For features, whatever the face."""
    if ref.is_guarded:
        return access_balance(work, ref)
    with as_ledger(work) as driver:
        row = driver.execute(DERIVED, (ref.owner_id, ref.id)).fetchone()
    return int(row[0]) if row else 0


def trial_balance(work: Work, *, until: date | None = None) -> tuple[TrialLine, ...]:
    """Every kind of account and what all of that kind have; the sum of each asset is nought.

    With `until` as it was at the end of that day: what moved since is taken back again.
    """
    work.require(Permission.LEDGER_VIEW)
    kept, lines = LedgerBalance, _balances().where(LedgerAccount.guarded.is_(False)).subquery()
    asked = (
        select(kept.kind, kept.asset, func.count(), func.sum(kept.balance)).group_by(kept.kind, kept.asset),
        select(lines.c.kind, lines.c.asset, func.count(), func.sum(lines.c.balance)).group_by(
            lines.c.kind, lines.c.asset
        ),
    )
    rows = [row for one in asked for row in work.session.execute(one)]
    since = _moved_after(work, until) if until is not None else {}
    found = [
        TrialLine(AccountKind(kind), Asset(asset), count, int(total) - since.get((kind, asset), 0))
        for kind, asset, count, total in rows
    ]
    return tuple(sorted(found, key=lambda line: (line.asset, line.kind)))


def _moved_after(work: Work, day: date) -> dict[tuple[str, str], int]:
    """By how much each kind of account rose in all after this day."""
    one, changes = LedgerTransfer, dict[tuple[str, str], int]()
    for column, sign in ((one.credit_kind, 1), (one.debit_kind, -1)):
        asked = select(column, one.asset, func.sum(one.amount)).where(one.day > day).group_by(column, one.asset)
        for kind, asset, total in work.session.execute(asked):
            changes[kind, asset] = changes.get((kind, asset), 0) + sign * int(total)
    return changes


def accounts(
    work: Work, *, kind: AccountKind | None, owner_id: UUID | None, after: UUID | None, most: int
) -> tuple[AccountLine, ...]:
    """Accounts in the order of their ids."""
    work.require(Permission.LEDGER_VIEW)
    asked = _balances()
    if kind is not None:
        asked = asked.where(LedgerAccount.kind == kind.value)
    if owner_id is not None:
        asked = asked.where(LedgerAccount.owner_id == owner_id)
    if after is not None:
        asked = asked.where(LedgerAccount.id > after)
    rows = work.session.execute(asked.order_by(LedgerAccount.id).limit(most)).all()
    return tuple(_line(row) for row in rows)


def account(work: Work, account_id: UUID) -> AccountLine:
    """One account. Raises NotFound."""
    work.require(Permission.LEDGER_VIEW)
    row = work.session.execute(_balances().where(LedgerAccount.id == account_id)).one_or_none()
    if row is None:
        raise NotFound
    return _line(row)


def holdings(work: Work) -> dict[AccountKind, int]:
    """What the merchant of this office has, by kind of account."""
    work.require(Permission.FUNDS_VIEW)
    rows = work.session.execute(_balances().where(LedgerAccount.asset == Asset.CNY.value)).all()
    held: dict[AccountKind, int] = {}
    for row in rows:
        held[AccountKind(row[2])] = held.get(AccountKind(row[2]), 0) + int(row[6])
    return held


def _line(row: Any) -> AccountLine:
    return AccountLine(row[0], row[1], AccountKind(row[2]), Asset(row[3]), row[4], row[5], int(row[6]))


def _balances() -> Select[Any]:
    """Accounts with their balances: a guarded one's row; a derived one's last snapshot and what came after."""
    of, kept = LedgerAccount, LedgerBalance
    guarded = select(kept.balance).where(kept.owner_id == of.owner_id, kept.account_id == of.id).scalar_subquery()
    derived = func.coalesce(_snapshot(LedgerSnapshot.balance), 0) + _since()
    worth = case((of.guarded, guarded), else_=derived).label("balance")
    return select(of.owner_id, of.id, of.kind, of.asset, of.subject_id, of.opened_at, worth)


def _snapshot(column: object) -> ScalarSelect[object]:
    at, of = LedgerSnapshot, LedgerAccount
    asked = select(column).where(at.owner_id == of.owner_id, at.account_id == of.id)  # type: ignore[call-overload]
    found: ScalarSelect[object] = asked.order_by(at.day.desc()).limit(1).correlate(of).scalar_subquery()
    return found


def _since() -> ScalarSelect[int]:
    """What was entered after the last snapshot."""
    entry, of = LedgerEntry, LedgerAccount
    later = entry.day > func.coalesce(_snapshot(LedgerSnapshot.day), _NEVER)
    total = select(func.coalesce(func.sum(entry.amount), 0))
    return total.where(entry.owner_id == of.owner_id, entry.account_id == of.id, later).correlate(of).scalar_subquery()
