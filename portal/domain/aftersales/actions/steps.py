"""What every step of a case does: the state, its deadline, the timeline, blocked pieces, the order's count of open
cases, and the money when it is decided. On the worker's face, order and case held.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from portal.domain.aftersales import errors, rules
from portal.domain.aftersales.access import Held
from portal.domain.aftersales.actions.paying import pay_back
from portal.domain.aftersales.events import CaseMoved
from portal.domain.aftersales.models import Case, CaseEvent
from portal.domain.aftersales.queries.rooms import rooms_of
from portal.domain.aftersales.values import (
    BLOCKING,
    OPEN,
    CaseKind,
    CaseState,
    CaseStep,
    Side,
    may_move,
)
from portal.domain.ordering import actions as ordering
from portal.domain.ordering.errors import OrderMoved, TooManyPieces
from portal.domain.reference import queries as reference
from portal.domain.reference.values.parameters import (
    CASE_ANSWER_HOURS,
    CASE_BUYER_DAYS,
    CASE_CHECK_DAYS,
    CASE_JUDGE_DAYS,
    CASE_RETURN_DAYS,
    CASE_UNPRINTED_HOURS,
    CASE_UNSHIPPED_HOURS,
    Parameter,
    Unit,
)
from portal.kernel.database import new_id
from portal.kernel.work import ActorKind, Work

ENDED = frozenset({CaseState.REFUNDED, CaseState.WITHDRAWN, CaseState.CLOSED})
_WAITS = {
    CaseState.OFFERED: CASE_BUYER_DAYS,
    CaseState.REFUSED: CASE_BUYER_DAYS,
    CaseState.DISPUTED: CASE_JUDGE_DAYS,
    CaseState.RETURNING: CASE_RETURN_DAYS,
    CaseState.SENT: CASE_CHECK_DAYS,
}
_WHO = {ActorKind.PERSON: Side.BUYER, ActorKind.STAFF: Side.MERCHANT, ActorKind.PLATFORM: Side.PLATFORM}


def side_of(work: Work) -> Side:
    """Who acts."""
    return _WHO.get(work.actor.kind, Side.SYSTEM)


def waits(kind: CaseKind, state: CaseState, *, printed: bool) -> Parameter | None:
    """How long a case waits in this state before something happens by itself; None where it waits for nobody."""
    if state is not CaseState.ASKED:
        return _WAITS.get(state)
    if kind is not CaseKind.UNSHIPPED:
        return CASE_ANSWER_HOURS
    return CASE_UNSHIPPED_HOURS if printed else CASE_UNPRINTED_HOURS


def due_at(work: Work, kind: CaseKind, state: CaseState, *, printed: bool) -> datetime | None:
    """When something happens by itself."""
    parameter = waits(kind, state, printed=printed)
    if parameter is None:
        return None
    count = reference.value_of(work, parameter)
    return work.now() + (timedelta(hours=count) if parameter.unit is Unit.HOURS else timedelta(days=count))


def move(
    work: Work,
    held: Held,
    to: CaseState,
    step: CaseStep,
    *,
    note: str = "",
    amount_fen: int | None = None,
    side: Side | None = None,
) -> CaseEvent:
    """Take one step. Refuses what the table of moves does not allow (`Moved`), and pieces that have left meanwhile.

    Towards REFUNDING the goods and the money go back in the same act.
    """
    case, before = held.case, CaseState(held.case.state)
    if not may_move(before, to):
        raise errors.Moved
    if before is CaseState.REFUSED and to in BLOCKING and case.arrived_at is None:
        _measure(work, held)
    _pieces(work, held, before, to)
    if to is CaseState.REFUNDING:
        pay_back(work, held)
    if before in OPEN and to not in OPEN:
        ordering.close_case(work, case.merchant_id, case.order_id)
    _stand(work, case, to)
    if to is CaseState.REFUNDING and case.refund_id is None:
        _stand(work, case, CaseState.REFUNDED)  # nothing to pay: what was given away comes back for nothing
    return record(work, case, step, note=note, amount_fen=amount_fen, side=side)


def _measure(work: Work, held: Held) -> None:
    """A refused case took nothing meanwhile. Refuses when others have taken what it asks, or it has left."""
    kind, rooms = CaseKind(held.case.kind), rooms_of(work, held.order, held.lines)
    for item in held.items:
        share = rules.Share(item.line_id, item.pieces, item.goods_fen, item.freight_fen)
        if not rules.fits(kind, share, rooms[item.line_id]):
            raise errors.LeftMeanwhile if kind is CaseKind.UNSHIPPED else errors.TakenMeanwhile


def _pieces(work: Work, held: Held, before: CaseState, to: CaseState) -> None:
    """Pieces that are asked back do not leave while that is not decided."""
    if held.case.kind != CaseKind.UNSHIPPED:
        return
    case = held.case
    if before in BLOCKING and to not in BLOCKING:
        ordering.unblock(work, case.merchant_id, case.order_id, held.pieces())
    if before not in BLOCKING and to in BLOCKING:
        block(work, case.merchant_id, case.order_id, held.pieces())


def block(work: Work, merchant_id: UUID, order_id: UUID, pieces: dict[UUID, int]) -> None:
    """Hold pieces back. Refuses (`LeftMeanwhile`) when they have left or are promised to another case."""
    try:
        ordering.block(work, merchant_id, order_id, pieces)
    except (TooManyPieces, OrderMoved) as gone:
        raise errors.LeftMeanwhile from gone


def _stand(work: Work, case: Case, to: CaseState) -> None:
    case.state, case.changed_at = to.value, work.now()
    case.due_at = due_at(work, CaseKind(case.kind), to, printed=case.printed)
    case.ended_at = work.now() if to in ENDED else None
    work.session.flush()


def record(
    work: Work,
    case: Case,
    step: CaseStep,
    *,
    note: str = "",
    amount_fen: int | None = None,
    side: Side | None = None,
) -> CaseEvent:
    """Add a line to the timeline."""
    amount = case.goods_fen + case.freight_fen if amount_fen is None else amount_fen
    event = CaseEvent(
        merchant_id=case.merchant_id,
        id=new_id(),
        case_id=case.id,
        person_id=case.person_id,
        step=step.value,
        side=(side or side_of(work)).value,
        note=note,
        amount_fen=amount,
        at=work.now(),
    )
    work.session.add(event)
    work.session.flush()
    return event


def tell(work: Work, case: Case, event: CaseEvent) -> None:
    """Let the features above know, once an act is done; write it into the trail when people did it."""
    step, side = CaseStep(event.step), Side(event.side)
    if side is not Side.SYSTEM:
        work.audit(f"case.{step.value}", "case", case.id, about=case.merchant_id, amount_fen=event.amount_fen)
    work.publish(
        CaseMoved(
            *(case.merchant_id, case.id, case.order_id, case.person_id, case.number, case.merchant_name),
            *(CaseState(case.state), step, side, event.amount_fen),
        )
    )
