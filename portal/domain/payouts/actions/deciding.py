"""The platform decides: one person, or two different ones from an amount on. Nobody decides about his own money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.domain.payouts import errors, transfers
from portal.domain.payouts.access import access_withdrawal
from portal.domain.payouts.actions.steps import add_step, move
from portal.domain.payouts.events import WithdrawalHalfway, WithdrawalRefused
from portal.domain.payouts.models import WithdrawalRow
from portal.domain.payouts.queries.desk import account_since
from portal.domain.payouts.values import OPEN, StepKind, WithdrawalState
from portal.kernel import faults
from portal.kernel.faces import borrowed
from portal.kernel.lines import clean_text
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.words import Text
from portal.kernel.work import Work

DECIDE = Permission.PAYOUT_DECIDE
HOUSE = Scope(Face.JOB)
REASON_MOST = 300
S = WithdrawalState


@dataclass(frozen=True)
class Outcome:
    """What became of many at once: how many are on their way, wait for a second person, or were left, and why first."""

    approved: int
    half: int
    left: int
    why: Text | None = None


def approve(work: Work, withdrawal_id: UUID) -> WithdrawalState:
    """Approve it, first or second; the state it has then.

    Refuses what is decided, what the approver asked for himself, the same person twice, and an account that changed.
    """
    work.require(DECIDE)
    seen = access_withdrawal(work, withdrawal_id)
    moved = account_since(work, seen.merchant_id) != seen.account_since
    with borrowed(work, HOUSE):
        row = access_withdrawal(work, withdrawal_id, lock=True)
        faults.point(work, "payouts.decide.checked")
        if S(row.state) not in OPEN:
            raise errors.Moved
        _refuse_approver(work, row)
        if moved:
            raise errors.AccountMoved
        to = _approved(work, row)
        add_step(work, row, StepKind.APPROVED)
        work.session.flush()
        merchant_id = row.merchant_id
    work.audit("withdrawal.approved", "withdrawal", withdrawal_id, about=merchant_id, state=to.value)
    if to is S.HALF:
        work.publish(WithdrawalHalfway(merchant_id, withdrawal_id, work.person_id))
    else:
        work.enqueue("payouts.order", withdrawal=withdrawal_id)
    return to


def _refuse_approver(work: Work, row: WithdrawalRow) -> None:
    if row.asked_by == work.person_id:
        raise errors.OwnWithdrawal
    if row.first_by == work.person_id:
        raise errors.AnotherPerson


def _approved(work: Work, row: WithdrawalRow) -> WithdrawalState:
    """Note who it was; half when another one is needed."""
    to = S.HALF if row.second_needed and row.first_by is None else S.APPROVED
    move(work, row, to)
    if row.first_by is None:
        row.first_by = work.person_id
    else:
        row.second_by = work.person_id
    return to


def approve_many(work: Work, withdrawal_ids: Sequence[UUID]) -> Outcome:
    """Approve each that can be; what cannot is left as it is, with the first reason. The oldest is held first, so that
    two who approve the same ones wait for each other and not in a circle.
    """
    work.require(DECIDE)
    states, left, why = [], 0, None
    for withdrawal_id in sorted(set(withdrawal_ids)):
        try:
            states.append(approve(work, withdrawal_id))
        except Refusal as refusal:  # nothing was written before it was refused
            left, why = left + 1, why or refusal.sentence
    return Outcome(states.count(S.APPROVED), states.count(S.HALF), left, why)


def refuse(work: Work, withdrawal_id: UUID, *, reason: str) -> None:
    """Say no, with a reason that the merchant reads; the money is available again.

    Refuses what is at the bank or over already.
    """
    work.require(DECIDE)
    why = clean_text(reason, field="reason", most=REASON_MOST)
    access_withdrawal(work, withdrawal_id)
    with borrowed(work, HOUSE):
        row = access_withdrawal(work, withdrawal_id, lock=True)
        faults.point(work, "payouts.decide.checked")
        turn_down(work, row, why)
        merchant_id, amount = row.merchant_id, row.amount_fen
    work.audit("withdrawal.refused", "withdrawal", withdrawal_id, about=merchant_id)
    work.publish(WithdrawalRefused(merchant_id, withdrawal_id, amount))


def turn_down(work: Work, row: WithdrawalRow, why: str) -> None:
    """The refusal itself, by a person or by the house."""
    move(work, row, S.REFUSED)
    row.reason = why
    add_step(work, row, StepKind.REFUSED, note=why)
    work.session.flush()
    transfers.release(work, row, row.amount_fen, "refused")
