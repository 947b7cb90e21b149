"""What the worker asks the bank, and what is written down when it answers, refuses or says nothing.

The asking itself happens between two Works: no transaction waits for somebody else's machine.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.onboarding.queries.profiles import bank_number
from portal.domain.payouts import rules, transfers
from portal.domain.payouts.access import access_attempt, access_withdrawal
from portal.domain.payouts.actions.deciding import turn_down
from portal.domain.payouts.actions.steps import add_step, move
from portal.domain.payouts.events import WithdrawalPaid, WithdrawalRefused, WithdrawalReturned
from portal.domain.payouts.models import PayoutAttempt, WithdrawalRow
from portal.domain.payouts.queries.desk import account_since
from portal.domain.payouts.values import (
    ATTEMPT_MOVES,
    WATCHED_FOR,
    AttemptState,
    BankWord,
    Errand,
    StepKind,
    TransferFact,
    TransferOrder,
    WithdrawalState,
)
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

DECIDE = Permission.PAYOUT_DECIDE
A, S = AttemptState, WithdrawalState
ASKED_ABOUT = frozenset({A.NEW, A.WAITING, A.UNKNOWN, A.PAID})
UNDERWAY_FOR = timedelta(hours=1)
"""After so long nothing that was sent can still reach the bank."""
ANOTHER_ACCOUNT = "收款账户在申请之后变更过，请按新账户重新申请。"


def order(work: Work, withdrawal_id: UUID, *, bank: str) -> UUID | None:
    """Put an approved withdrawal on its way; the attempt's id, None when there is nothing to do.

    Money leaves the merchant's frozen account here, once. With another account than the one approved it is turned down.
    """
    work.require(DECIDE)
    row = access_withdrawal(work, withdrawal_id, lock=True)
    if row.state != S.APPROVED:
        return None
    with borrowed(work, Scope(Face.PLATFORM)):
        since = account_since(work, row.merchant_id)
    if since != row.account_since:
        turn_down(work, row, ANOTHER_ACCOUNT)
        work.publish(WithdrawalRefused(row.merchant_id, row.id, row.amount_fen))
        return None
    move(work, row, S.ORDERED)
    mine = (PayoutAttempt.merchant_id == row.merchant_id, PayoutAttempt.withdrawal_id == row.id)
    nth = 1 + (work.session.scalar(select(func.max(PayoutAttempt.nth)).where(*mine)) or 0)
    attempt = PayoutAttempt(
        merchant_id=row.merchant_id,
        id=new_id(),
        withdrawal_id=row.id,
        nth=nth,
        bank=bank,
        state=A.NEW.value,
        bank_no="",
        asked=0,
        created_at=work.now(),
        ask_at=work.now() + rules.ask_after(0, A.NEW),
    )
    work.session.add(attempt)
    add_step(work, row, StepKind.ORDERED)
    work.session.flush()
    transfers.order(work, row)
    return attempt.id


def errand(work: Work, attempt_id: UUID) -> Errand | None:
    """What to ask about this attempt; None when there is nothing left to ask. An account that was changed since it was
    approved is not in it.
    """
    work.require(DECIDE)
    row, attempt = access_attempt(work, attempt_id)
    if A(attempt.state) not in ASKED_ABOUT or attempt.ask_at is None:
        return None
    with borrowed(work, Scope(Face.PLATFORM)):
        moved = account_since(work, row.merchant_id) != row.account_since
        number = "" if moved else bank_number(work, row.merchant_id)
    amount = row.amount_fen - row.fee_fen
    asked = TransferOrder(attempt.id.hex, amount, row.bank_holder, row.bank_name, number)
    old = work.now() - attempt.created_at >= UNDERWAY_FOR and not attempt.bank_no
    return Errand(attempt.id, attempt.bank, A(attempt.state), asked, moved, old)


def told(work: Work, attempt_id: UUID, fact: TransferFact) -> None:
    """The bank has said how it stands. What does not fit is no answer: it is asked again."""
    work.require(DECIDE)
    row, attempt = access_attempt(work, attempt_id, lock=True)
    faults.point(work, "payouts.told.checked")
    if fact.number != attempt.id.hex or fact.amount_fen != row.amount_fen - row.fee_fen:
        _unknown(work, row, attempt, "amount")
        return
    attempt.bank_no = fact.bank_no or attempt.bank_no
    if fact.word is BankWord.RETURNED:
        _returned(work, row, attempt, fact.reason)
    elif fact.word is BankWord.PAID:
        _paid(work, row, attempt)
    elif A(attempt.state) is not A.PAID:  # "working on it" after "paid" takes nothing back
        attempt.state = A.WAITING.value
    _later(work, row, attempt)


def _paid(work: Work, row: WithdrawalRow, attempt: PayoutAttempt) -> None:
    if A.PAID not in ATTEMPT_MOVES[A(attempt.state)]:
        return
    attempt.state, attempt.told_at, attempt.asked = A.PAID.value, work.now(), 0
    move(work, row, S.PAID)
    add_step(work, row, StepKind.PAID, note=attempt.bank_no)
    work.session.flush()
    transfers.paid(work, row)
    work.session.flush()
    work.publish(WithdrawalPaid(row.merchant_id, row.id, row.amount_fen - row.fee_fen))


def _returned(work: Work, row: WithdrawalRow, attempt: PayoutAttempt, why: str, to: AttemptState = A.RETURNED) -> None:
    if to not in ATTEMPT_MOVES[A(attempt.state)]:
        return
    attempt.state, attempt.told_at = to.value, work.now()
    move(work, row, S.RETURNED)
    row.reason = why[:300]
    add_step(work, row, StepKind.RETURNED, note=row.reason)
    work.session.flush()
    transfers.returned(work, row)
    work.publish(WithdrawalReturned(row.merchant_id, row.id, row.amount_fen))


def refused_there(work: Work, attempt_id: UUID, reason: str) -> None:
    """The bank said a clear no: nothing happened there, the merchant has his money again."""
    work.require(DECIDE)
    row, attempt = access_attempt(work, attempt_id, lock=True)
    _returned(work, row, attempt, reason, A.REFUSED)
    _later(work, row, attempt)


def unanswered(work: Work, attempt_id: UUID) -> None:
    """The bank was silent: what happened is unknown, and is asked again later. Nothing is guessed."""
    work.require(DECIDE)
    row, attempt = access_attempt(work, attempt_id, lock=True)
    _unknown(work, row, attempt, "")


def _unknown(work: Work, row: WithdrawalRow, attempt: PayoutAttempt, note: str) -> None:
    if A.UNKNOWN in ATTEMPT_MOVES[A(attempt.state)]:
        attempt.state = A.UNKNOWN.value
        add_step(work, row, StepKind.UNKNOWN, note=note)
    _later(work, row, attempt)


def _later(work: Work, row: WithdrawalRow, attempt: PayoutAttempt) -> None:
    """Ask again; what is paid daily for a while, then never; what is over never."""
    state, now = A(attempt.state), work.now()
    over = state not in ASKED_ABOUT or (state is A.PAID and row.ended_at and now - row.ended_at >= WATCHED_FOR)
    attempt.ask_at = None if over else now + rules.ask_after(attempt.asked, state)
    attempt.asked = min(attempt.asked + 1, 30_000)
