"""The figures and lines of a period, counted from the ledger's entries each time they are looked at.

An opening balance is what an account has now less what moved since the first day, in one statement, so that it never
depends on a posting that comes meanwhile; the closing balance is the opening one and the lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, literal, or_, select, tuple_

from portal.domain.earnings.models import EarnedTransfer, Earning
from portal.domain.ledger.models import LedgerAccount, LedgerBalance, LedgerEntry, LedgerSnapshot
from portal.domain.ledger.values import AccountKind, Asset, Business, TransferKind
from portal.domain.ordering.models import Order, OrderLine
from portal.domain.settlement.models import SettledTransfer, Statement
from portal.domain.settlement.values import (
    INSIDE,
    MOST_REFS,
    OWN,
    SECTIONS,
    Figures,
    Period,
    Section,
    StatementLine,
    section_of,
)
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

PAGE = 50
_NEVER = date(1, 1, 1)
_INSIDE = [kind.value for kind in INSIDE]


def figures(work: Work, merchant_id: UUID, period: Period) -> Figures:
    """What a merchant had, got, gave and has, by the entries of these days."""
    work.require(Permission.STATEMENT_VIEW)
    opening = _opening(work, merchant_id, period.first)
    closing, sums, counts = dict(opening), dict.fromkeys(Section, 0), dict.fromkeys(Section, 0)
    entry, of = LedgerEntry, LedgerAccount
    asked = (
        select(of.kind, entry.kind, func.sum(entry.amount), func.count())
        .join(of, (of.owner_id == entry.owner_id) & (of.id == entry.account_id))
        .where(entry.owner_id == merchant_id, entry.day.between(period.first, period.last))
        .where(of.asset == Asset.CNY.value)
        .group_by(of.kind, entry.kind)
    )
    for account, kind, total, count in work.session.execute(asked):
        closing[AccountKind(account)] = closing.get(AccountKind(account), 0) + int(total)
        if kind in _INSIDE:
            continue
        section = section_of(TransferKind(kind))
        sums[section] += int(total)
        counts[section] += count
    return Figures(period, opening, closing, sums, counts)


def _opening(work: Work, merchant_id: UUID, first: date) -> dict[AccountKind, int]:
    of, kept, entry, at = LedgerAccount, LedgerBalance, LedgerEntry, LedgerSnapshot
    total = select(func.coalesce(func.sum(entry.amount), 0)).where(
        entry.owner_id == of.owner_id, entry.account_id == of.id
    )
    since = total.where(entry.day >= first).correlate(of).scalar_subquery()
    held = select(kept.balance).where(kept.owner_id == of.owner_id, kept.account_id == of.id).scalar_subquery()

    def last(column: Any) -> Any:
        snapshot = select(column).where(at.owner_id == of.owner_id, at.account_id == of.id, at.day < first)
        return snapshot.order_by(at.day.desc()).limit(1).correlate(of).scalar_subquery()

    after = total.where(entry.day < first, entry.day > func.coalesce(last(at.day), _NEVER)).correlate(of)
    derived = func.coalesce(last(at.balance), 0) + after.scalar_subquery()
    asked = select(of.kind, case((of.guarded, held - since), else_=derived)).where(
        of.owner_id == merchant_id, of.asset == Asset.CNY.value
    )
    found = dict.fromkeys(OWN, 0)
    for kind, balance in work.session.execute(asked):
        found[AccountKind(kind)] = found.get(AccountKind(kind), 0) + int(balance)
    return found


def lines(
    work: Work,
    merchant_id: UUID,
    period: Period,
    *,
    section: Section | None = None,
    after: str = "",
    most: int = PAGE + 1,
) -> tuple[StatementLine, ...]:
    """The entries of these days, the earliest first, with the order lines they are about."""
    work.require(Permission.STATEMENT_VIEW)
    entry = LedgerEntry
    asked = _lines(merchant_id).where(entry.day.between(period.first, period.last), entry.kind.not_in(_INSIDE))
    named = [kind.value for kind in SECTIONS]
    if section is Section.OTHER:
        asked = asked.where(entry.kind.not_in(named))
    elif section is not None:
        asked = asked.where(entry.kind.in_([kind.value for kind, into in SECTIONS.items() if into is section]))
    key = (entry.day, entry.transfer_id, entry.account_id)
    last = _cursor(after)
    if last is not None:
        asked = asked.where(tuple_(*key) > tuple_(*(literal(part) for part in last)))
    rows = work.session.execute(asked.order_by(*key).limit(most)).all()
    return tuple(_line(row) for row in rows)


def named_lines(work: Work, merchant_id: UUID, refs: Iterable[UUID]) -> dict[UUID, StatementLine]:
    """The lines of these transfers, by transfer: what a dispute is about."""
    wanted = list(refs)
    if not wanted:
        return {}
    rows = work.session.execute(_lines(merchant_id).where(LedgerEntry.transfer_id.in_(wanted))).all()
    return {row[0]: _line(row) for row in rows}


def of_orders(work: Work, merchant_id: UUID, period: Period, numbers: Sequence[str]) -> dict[str, list[UUID]]:
    """The transfers of these days about the orders of these numbers, by number; unknown numbers are left out."""
    work.require(Permission.STATEMENT_VIEW)
    asked = _lines(merchant_id).where(
        LedgerEntry.day.between(period.first, period.last),
        LedgerEntry.kind.not_in(_INSIDE),
        or_(Order.number.in_(list(numbers)), Earning.number.in_(list(numbers))),
    )
    found: dict[str, list[UUID]] = {}
    for row in work.session.execute(asked.limit(MOST_REFS + 1)):
        found.setdefault(row[8], []).append(row[0])
    return found


def all_in(work: Work, merchant_id: UUID, period: Period, refs: Sequence[UUID]) -> bool:
    """True when each of these transfers is a line of the period."""
    entry, wanted = LedgerEntry, set(refs)
    asked = select(entry.transfer_id).where(
        entry.owner_id == merchant_id,
        entry.day.between(period.first, period.last),
        entry.transfer_id.in_(wanted),
    )
    return set(work.session.scalars(asked)) == wanted


def totals(work: Work, statement_ids: Sequence[UUID]) -> dict[UUID, dict[Section, int]]:
    """The sums of many statements by section, in one question."""
    of, entry = Statement, LedgerEntry
    asked = (
        select(of.id, entry.kind, func.sum(entry.amount))
        .join(entry, (entry.owner_id == of.merchant_id) & entry.day.between(of.first_day, of.last_day))
        .where(of.id.in_(statement_ids), entry.kind.not_in(_INSIDE))
        .group_by(of.id, entry.kind)
    )
    found: dict[UUID, dict[Section, int]] = {one: dict.fromkeys(Section, 0) for one in statement_ids}
    for statement_id, kind, total in work.session.execute(asked):
        found[statement_id][section_of(TransferKind(kind))] += int(total)
    return found


def _lines(merchant_id: UUID) -> Any:
    entry, about, line, order = LedgerEntry, SettledTransfer, OrderLine, Order
    earned, earning = EarnedTransfer, Earning
    asked: Any = (
        select(
            *(entry.transfer_id, entry.account_id, entry.at, entry.day, entry.kind, entry.amount),
            *(entry.business_type, entry.business_id, func.coalesce(order.number, earning.number)),
            *(func.coalesce(line.name, earning.title), line.choice, earning.amount_fen, earning.fee_fen),
        )
        .outerjoin(about, (about.merchant_id == entry.owner_id) & (about.transfer_id == entry.transfer_id))
        .outerjoin(line, (line.merchant_id == about.merchant_id) & (line.id == about.line_id))
        .outerjoin(order, (order.merchant_id == about.merchant_id) & (order.id == about.order_id))
        .outerjoin(earned, (earned.merchant_id == entry.owner_id) & (earned.transfer_id == entry.transfer_id))
        .outerjoin(earning, (earning.merchant_id == earned.merchant_id) & (earning.id == earned.earning_id))
        .where(entry.owner_id == merchant_id)
    )
    return asked


def _line(row: Any) -> StatementLine:
    what = " ".join(part for part in (row[9], row[10]) if part)
    return StatementLine(
        *(row[0], row[1], row[2], row[3], TransferKind(row[4]), row[5]),
        *(Business(row[6], row[7]), row[8] or "", what, row[11] or 0, row[12] or 0),
    )


def _cursor(after: str) -> tuple[date, UUID, UUID] | None:
    """Where a list goes on; nonsense is its beginning."""
    try:
        day, transfer, account = after.split(".")
        return date.fromisoformat(day), UUID(transfer), UUID(account)
    except ValueError:
        return None
