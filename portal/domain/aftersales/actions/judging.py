"""What the platform decides when the two do not agree."""

from __future__ import annotations

from uuid import UUID

from portal.domain.aftersales import errors
from portal.domain.aftersales.access import held_case
from portal.domain.aftersales.actions import steps
from portal.domain.aftersales.actions.lowering import lower
from portal.domain.aftersales.actions.merchants import agreed, received
from portal.domain.aftersales.values import MOST_WORDS, Address, CaseKind, CaseState, CaseStep
from portal.kernel.lines import clean_text
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

JUDGE = Permission.ORDER_OVERSEE


def for_buyer(
    work: Work, case_id: UUID, *, note: str, amount_fen: int | None = None, return_to: Address | None = None
) -> None:
    """The buyer gets it, or `amount_fen` of it. Goods that are to go back go first, unless they are there already.

    Refuses a case nobody has called the platform for, more than was asked, less for pieces that have not left, and a
    return to nowhere.
    """
    work.require(JUDGE)
    note = clean_text(note, field="note", most=MOST_WORDS)
    with held_case(work, case_id, may=JUDGE) as held:
        case = held.case
        if case.state != CaseState.DISPUTED:
            raise errors.Moved
        asked = case.goods_fen + case.freight_fen
        if amount_fen is not None and amount_fen != asked:
            if case.kind == CaseKind.UNSHIPPED:
                raise errors.TooMuch(asked)
            lower(work, held, amount_fen)
        if case.kind == CaseKind.RETURN and case.arrived_at is not None:
            event = received(work, held, CaseStep.FOR_BUYER, restock={}, note=note)
        else:
            event = agreed(work, held, CaseStep.FOR_BUYER, note=note, return_to=return_to)
        steps.tell(work, case, event)


def for_merchant(work: Work, case_id: UUID, *, note: str) -> None:
    """The case is over and nothing goes back."""
    work.require(JUDGE)
    note = clean_text(note, field="note", most=MOST_WORDS)
    with held_case(work, case_id, may=JUDGE) as held:
        if held.case.state != CaseState.DISPUTED:
            raise errors.Moved
        event = steps.move(work, held, CaseState.CLOSED, CaseStep.FOR_MERCHANT, note=note)
        steps.tell(work, held.case, event)
