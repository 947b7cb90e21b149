"""Statements: put before a merchant when their days are closed, confirmed or disputed by him, answered by the platform.

They hold no totals. What is wrong is made good by a transfer of the open day, never by changing a figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from portal.domain.ledger import actions as ledger
from portal.domain.ledger import queries as books
from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef, Business, JournalKind, Transfer, TransferKind
from portal.domain.reference import queries as reference
from portal.domain.reference.values import STATEMENT_DAYS
from portal.domain.settlement import errors, queries, rules
from portal.domain.settlement.access import access_statement
from portal.domain.settlement.events import StatementAnswered, StatementDisputed, StatementIssued
from portal.domain.settlement.models import Statement, StatementTerms, StatementWord
from portal.domain.settlement.values import (
    MOVES,
    NOTE_MOST,
    OPEN,
    Cycle,
    Period,
    Section,
    Spoken,
    StatementState,
)
from portal.domain.tenants.models import Merchant
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face, Scope
from portal.kernel.spoken import local_day
from portal.kernel.work import Work

ANSWER = Permission.STATEMENT_ANSWER
LOT = 200
FURTHEST = timedelta(days=366)


def issue_due(work: Work, after: UUID | None = None) -> tuple[int, UUID | None]:
    """The worker's: statements of every closed period in which something moved, for one lot of merchants.

    Returns how many there were and where the next lot begins. Twice gives nothing new.
    """
    closed = books.closed_until(work)
    owners = books.owners_with(work, AccountKind.AVAILABLE, after=after, most=LOT)
    further = owners[-1] if len(owners) == LOT else None
    if closed is None or not owners:
        return 0, further
    merchants = list(work.session.scalars(select(Merchant.id).where(Merchant.id.in_(owners))))
    done: dict[UUID, date | None] = dict.fromkeys(merchants)
    query = select(Statement.merchant_id, func.max(Statement.last_day)).where(Statement.merchant_id.in_(merchants))
    done |= {row[0]: row[1] for row in work.session.execute(query.group_by(Statement.merchant_id))}
    terms, issued, days = queries.terms_of(work, merchants), 0, reference.value_of(work, STATEMENT_DAYS)
    while done:
        moved = books.first_moved(work, done)
        done = {}
        for merchant_id, day in moved.items():
            period, cycle = rules.period_of(day, terms.get(merchant_id, ()))
            if period.last <= closed:
                _issue(work, merchant_id, period, cycle, days)
                issued, done[merchant_id] = issued + 1, period.last
    return issued, further


def _issue(work: Work, merchant_id: UUID, period: Period, cycle: Cycle, days: int) -> None:
    row = Statement(
        merchant_id=merchant_id,
        id=new_id(),
        first_day=period.first,
        last_day=period.last,
        cycle=cycle.value,
        state=StatementState.ISSUED.value,
        issued_at=work.now(),
        confirm_by=_deadline(work.now(), days),
        ended_at=None,
    )
    work.session.add(row)
    work.session.flush()
    work.publish(StatementIssued(merchant_id, row.id, period))


def confirm(work: Work, statement_id: UUID) -> None:
    """The merchant agrees; that is the end of it."""
    access_statement(work, statement_id, may=ANSWER)
    work.audit("statement.confirmed", "statement", statement_id)
    with borrowed(work, Scope(Face.JOB, merchant_id=work.merchant_id), frozenset({ANSWER})):
        row = access_statement(work, statement_id, may=ANSWER, lock=True)
        _move(work, row, StatementState.CONFIRMED)
        _say(work, row, Spoken.CONFIRMED)


def dispute(work: Work, statement_id: UUID, *, note: str, refs: Sequence[UUID] = ()) -> None:
    """The merchant does not agree, with a reason and the lines (transfers) it is about, if it is about some."""
    row = access_statement(work, statement_id, may=ANSWER)
    reason = _note(note)
    if refs and not queries.all_in(work, row.merchant_id, queries.period_of(row), refs):
        raise errors.ForeignLine
    work.audit("statement.disputed", "statement", statement_id, lines=len(refs))
    with borrowed(work, Scope(Face.JOB, merchant_id=work.merchant_id), frozenset({ANSWER})):
        row = access_statement(work, statement_id, may=ANSWER, lock=True)
        _move(work, row, StatementState.DISPUTED)
        _say(work, row, Spoken.DISPUTED, note=reason, refs=refs)
        work.publish(StatementDisputed(row.merchant_id, row.id, queries.number_of(row.id, row.first_day)))


def answer(work: Work, statement_id: UUID, *, note: str, given_fen: int = 0) -> None:
    """The platform answers a dispute, and may make good with a transfer of today out of its margin.

    The merchant is to speak again within the time he had first. Refuses more, in all answers, than the statement is
    about.
    """
    row = access_statement(work, statement_id, may=ANSWER)
    reason, most_fen = _note(note), 0
    if given_fen:
        work.require(Permission.MONEY_EDIT)
        sums = queries.figures(work, row.merchant_id, queries.period_of(row)).sums
        most_fen = sums.get(Section.SETTLED, 0) - sums.get(Section.REFUNDED, 0)
    days = reference.value_of(work, STATEMENT_DAYS)
    work.audit("statement.answered", "statement", statement_id, about=row.merchant_id, given_fen=given_fen)
    with borrowed(work, Scope(Face.JOB), frozenset({ANSWER})):
        row = access_statement(work, statement_id, may=ANSWER, lock=True)
        if given_fen and not 0 < given_fen <= most_fen - _given(work, row):
            raise errors.TooMuchGiven
        _move(work, row, StatementState.ANSWERED)
        row.confirm_by = _deadline(work.now(), days)
        word_id = _say(work, row, Spoken.ANSWERED, note=reason, given_fen=given_fen)
        if given_fen:
            _make_good(work, row, word_id, given_fen)
        work.publish(StatementAnswered(row.merchant_id, row.id, queries.period_of(row)))


def _given(work: Work, row: Statement) -> int:
    """What was made good before; the statement is held."""
    mine = (StatementWord.merchant_id == row.merchant_id, StatementWord.statement_id == row.id)
    return int(work.session.scalar(select(func.coalesce(func.sum(StatementWord.given_fen), 0)).where(*mine)) or 0)


def _make_good(work: Work, row: Statement, word_id: UUID, given_fen: int) -> None:
    available = AccountRef(AccountKind.AVAILABLE, row.merchant_id)
    transfer = Transfer(TransferKind.COMPENSATION, AccountRef(AccountKind.REVENUE, HOUSE), available, given_fen)
    business = Business("statement", row.id)
    ledger.post(
        work, kind=JournalKind.ADJUSTMENT, key=f"statement-word/{word_id}", business=business, transfers=[transfer]
    )


def lapse_due(work: Work, *, most: int = LOT) -> int:
    """The worker's: statements nobody spoke about until their deadline count as confirmed; how many there were."""
    query = select(Statement).where(Statement.state.in_([one.value for one in OPEN]))
    query = query.where(Statement.confirm_by <= work.now()).order_by(Statement.confirm_by).limit(most)
    rows = list(work.session.scalars(query.with_for_update(skip_locked=True)))
    for row in rows:
        _move(work, row, StatementState.CONFIRMED)
        _say(work, row, Spoken.LAPSED)
    return len(rows)


def set_terms(work: Work, merchant_id: UUID, *, from_day: date, cycle: Cycle) -> None:
    """From this day on, tomorrow at the earliest, the merchant's statements come in this cycle.

    What was set for later days before is dropped. A period that runs on that day is cut short.
    """
    work.require(ANSWER)
    today = local_day(work.now())
    if not today < from_day <= today + FURTHEST:
        raise errors.TooEarly
    work.audit("statement.terms", "merchant", merchant_id, about=merchant_id, cycle=cycle.value, from_day=from_day)
    person_id = work.actor.person_id
    with borrowed(work, Scope(Face.JOB)):
        of = StatementTerms
        later = delete(of).where(of.merchant_id == merchant_id, of.from_day > today)
        work.session.execute(later.execution_options(synchronize_session=False))
        work.session.add(
            of(merchant_id=merchant_id, from_day=from_day, cycle=cycle.value, set_at=work.now(), set_by=person_id)
        )
        work.session.flush()


def _move(work: Work, row: Statement, to: StatementState) -> None:
    if to not in MOVES[StatementState(row.state)]:
        raise errors.StatementMoved
    row.state = to.value
    row.ended_at = work.now() if to is StatementState.CONFIRMED else None
    work.session.flush()


def _say(
    work: Work, row: Statement, kind: Spoken, *, note: str = "", refs: Sequence[UUID] = (), given_fen: int = 0
) -> UUID:
    word = StatementWord(
        merchant_id=row.merchant_id,
        id=new_id(),
        statement_id=row.id,
        kind=kind.value,
        by_kind=work.actor.kind.value,
        by_id=work.actor.person_id,
        note=note,
        refs=[str(ref) for ref in refs],
        given_fen=given_fen,
        at=work.now(),
    )
    work.session.add(word)
    work.session.flush()
    return word.id


def _note(text: str) -> str:
    plain = text.strip()[:NOTE_MOST]
    if not plain:
        raise errors.NoReason
    return plain


def _deadline(now: datetime, days: int) -> datetime:
    """The end of the day in Shanghai that comes so many days after today."""
    return datetime.combine(local_day(now) + timedelta(days=days + 1), time(), SHANGHAI)
