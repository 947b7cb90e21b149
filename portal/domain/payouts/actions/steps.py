"""Writing down what happened to a withdrawal, and moving it to another state."""

from __future__ import annotations

from portal.domain.payouts import errors
from portal.domain.payouts.models import StepRow, WithdrawalRow
from portal.domain.payouts.values import MOVES, OPEN, StepKind, WithdrawalState
from portal.kernel.work import Work

UNDERWAY = OPEN | {WithdrawalState.APPROVED, WithdrawalState.ORDERED}


def add_step(work: Work, row: WithdrawalRow, kind: StepKind, *, who: str = "", note: str = "") -> None:
    """One line of the timeline, by the actor of this Work."""
    work.session.add(
        StepRow(
            merchant_id=row.merchant_id,
            withdrawal_id=row.id,
            kind=kind.value,
            at=work.now(),
            actor_kind=work.actor.kind.value,
            actor_id=work.actor.person_id,
            who=who,
            note=note,
        )
    )


def move(work: Work, row: WithdrawalRow, to: WithdrawalState) -> None:
    """Go on to another state. Raises Moved when somebody was faster."""
    if to not in MOVES[WithdrawalState(row.state)]:
        raise errors.Moved
    row.state = to.value
    row.ended_at = None if to in UNDERWAY else work.now()
