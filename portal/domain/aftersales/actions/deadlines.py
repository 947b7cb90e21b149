"""What happens by itself when nobody answers, and when the money has arrived or does not get away."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from sqlalchemy import select

from portal.domain.aftersales import errors
from portal.domain.aftersales.access import HOUSE, RIGHTS, Held, hold
from portal.domain.aftersales.actions import steps
from portal.domain.aftersales.actions.merchants import agreed, received
from portal.domain.aftersales.models import Case, CaseEvent
from portal.domain.aftersales.values import CaseKind, CaseState, CaseStep, Side
from portal.kernel import faults
from portal.kernel.faces import borrowed
from portal.kernel.work import Work


def pass_deadline(work: Work, case_id: UUID) -> bool:
    """The worker's: nobody answered in time. False when it is not time, or somebody was faster. Twice is once.

    Silence of the merchant is a yes to pieces that have not left and to a return, and goods that came back are paid;
    an amount for goods that stay goes to the platform. Silence of the buyer closes the case; when the merchant has the
    goods the platform looks at it first. The platform's own time only marks the case as late.
    """
    with borrowed(work, HOUSE, RIGHTS):
        seen = work.session.execute(select(Case.merchant_id, Case.order_id).where(Case.id == case_id)).one_or_none()
        if seen is None:
            return False
        held = hold(work, seen.merchant_id, seen.order_id, case_id)
        faults.point(work, "aftersales.deadline.checked")
        case = held.case
        if case.due_at is None or case.due_at > work.now() or case.state == CaseState.DISPUTED:
            return False
        event = _by_itself(work, held)
        steps.tell(work, case, event)
        return True


def _by_itself(work: Work, held: Held) -> CaseEvent:
    case, state = held.case, CaseState(held.case.state)
    if state is CaseState.ASKED:
        return _unanswered(work, held)
    if state is CaseState.SENT:
        return received(work, held, CaseStep.RECEIVED_BY_ITSELF, restock={})
    if state is CaseState.REFUSED and case.arrived_at is not None:
        return steps.move(work, held, CaseState.DISPUTED, CaseStep.DISPUTED_BY_ITSELF)
    return steps.move(work, held, CaseState.CLOSED, CaseStep.CLOSED)


def _unanswered(work: Work, held: Held) -> CaseEvent:
    if held.case.kind != CaseKind.MONEY:
        with suppress(errors.NoAddress):  # nobody knows where the goods shall go: people look
            return agreed(work, held, CaseStep.AGREED_BY_ITSELF)
    return steps.move(work, held, CaseState.DISPUTED, CaseStep.DISPUTED_BY_ITSELF)


def refund_done(work: Work, refund_id: UUID) -> None:
    """The buyer has his money. Twice is once."""
    case = _of_refund(work, refund_id)
    if case is None or case.state != CaseState.REFUNDING:
        return
    case.state, case.changed_at, case.ended_at = CaseState.REFUNDED.value, work.now(), work.now()
    work.session.flush()
    steps.tell(work, case, steps.record(work, case, CaseStep.REFUNDED, side=Side.SYSTEM))


def refund_stuck(work: Work, refund_id: UUID) -> None:
    """The provider keeps refusing: both sides see it, and the platform's people are told by payments."""
    case = _of_refund(work, refund_id)
    if case is None or case.state != CaseState.REFUNDING or case.stuck_at is not None:
        return
    case.stuck_at = work.now()
    work.session.flush()
    steps.tell(work, case, steps.record(work, case, CaseStep.STUCK, side=Side.SYSTEM))


def _of_refund(work: Work, refund_id: UUID) -> Case | None:
    query = select(Case).where(Case.refund_id == refund_id).with_for_update()
    return work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
