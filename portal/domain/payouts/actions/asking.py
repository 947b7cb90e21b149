"""A merchant asks for his money, and takes it back while nobody has decided. The amount is frozen first."""

from __future__ import annotations

from uuid import UUID

from portal.domain.ledger.access import access_balance
from portal.domain.ledger.queries import balance
from portal.domain.payouts import errors, rules, transfers
from portal.domain.payouts.access import access_withdrawal
from portal.domain.payouts.actions.steps import add_step, move
from portal.domain.payouts.models import WithdrawalRow
from portal.domain.payouts.queries.desk import account_of, asked_since, staff_name, terms
from portal.domain.payouts.values import StepKind, Terms, WithdrawalState
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.words import say
from portal.kernel.work import Work

ASK = Permission.WITHDRAWAL_ASK
HOUSE = Scope(Face.JOB)  # no office's face may write down what became of money


def ask(work: Work, *, amount_fen: int, fee_fen: int) -> UUID:
    """Ask for `amount_fen`, of which `fee_fen` is the fee that was read before; the withdrawal's id.

    What the merchant owes is taken first. Refuses below the minimum, more than there is, a fee that has changed,
    an account that is missing or too new, and more than a day has.
    """
    work.require(ASK)
    merchant_id, now_in_force, account = work.merchant_id, terms(work), account_of(work)
    who = staff_name(work)
    if account is None:
        raise errors.NoAccount
    until = rules.held_until(account.since, now_in_force.hold_hours)
    if until > work.now():
        raise errors.AccountTooNew(until)
    fee = rules.checked_fee(amount_fen, now_in_force)
    if fee != fee_fen:
        raise errors.FeeMoved
    with borrowed(work, HOUSE):
        withdrawal_id = new_id()
        hold_id = _reserved(work, merchant_id, withdrawal_id, amount_fen, now_in_force)
        row = WithdrawalRow(
            merchant_id=merchant_id,
            id=withdrawal_id,
            state=WithdrawalState.ASKED.value,
            amount_fen=amount_fen,
            fee_fen=fee,
            bank_holder=account.holder,
            bank_name=account.bank_name,
            bank_last4=account.last4,
            account_since=account.since,
            second_needed=amount_fen >= now_in_force.second_from_fen,
            hold_id=hold_id,
            asked_at=work.now(),
            asked_by=work.person_id,
            reason="",
        )
        work.session.add(row)
        work.session.flush()
        add_step(work, row, StepKind.ASKED, who=who)
    work.audit("withdrawal.asked", "withdrawal", withdrawal_id, amount_fen=amount_fen)
    return withdrawal_id


def _reserved(work: Work, merchant_id: UUID, withdrawal_id: UUID, amount_fen: int, now_in_force: Terms) -> UUID:
    """Freeze the amount after paying what is owed. The lock on the balance lets one ask after the other."""
    there = access_balance(work, transfers.available(merchant_id), lock=True)
    faults.point(work, "payouts.ask.checked")
    if asked_since(work, merchant_id) >= now_in_force.a_day:
        raise errors.EnoughToday(now_in_force.a_day)
    debt = min(max(0, -balance(work, transfers.owed(merchant_id))), there)
    if amount_fen > there - debt:
        raise errors.NotThatMuch(max(0, there - debt))
    if debt:
        transfers.repay(work, merchant_id, withdrawal_id, debt)
    return transfers.reserve(work, merchant_id, withdrawal_id, amount_fen)


def take_back(work: Work, withdrawal_id: UUID) -> None:
    """The merchant does not want it after all. Refuses what is approved or over; twice is once."""
    work.require(ASK)
    if access_withdrawal(work, withdrawal_id).state == WithdrawalState.WITHDRAWN:
        return
    who = staff_name(work)
    with borrowed(work, HOUSE):
        row = access_withdrawal(work, withdrawal_id, lock=True)
        faults.point(work, "payouts.decide.checked")
        if row.state == WithdrawalState.APPROVED:
            raise Refusal(say("已经批准，正在打款，不能撤回了。"))
        move(work, row, WithdrawalState.WITHDRAWN)
        add_step(work, row, StepKind.WITHDRAWN, who=who)
        work.session.flush()
        transfers.release(work, row, row.amount_fen, "taken_back")
    work.audit("withdrawal.taken_back", "withdrawal", withdrawal_id)
