"""What the buyer does with his case: ask again, call the platform, take the offer, send the goods, withdraw."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from portal.domain.aftersales import errors
from portal.domain.aftersales.access import held_case
from portal.domain.aftersales.actions import steps
from portal.domain.aftersales.actions.evidence import attach, drawn
from portal.domain.aftersales.actions.lowering import lower
from portal.domain.aftersales.values import MOST_WORDS, ROUNDS, CaseState, CaseStep
from portal.kernel import faults
from portal.kernel.lines import clean_line, clean_text
from portal.kernel.permissions import Permission
from portal.kernel.storage import Storage
from portal.kernel.typed import half_width
from portal.kernel.work import Work

BUY = Permission.ORDER_BUY
_TRACKING: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{5,31}")
CARRIER_MOST: Final = 20


def ask_again(work: Work, case_id: UUID, *, words: str, storage: Storage, pictures: Sequence[bytes] = ()) -> None:
    """Once more after a refusal or an offer, with more to say. Refuses a third time, and what has left meanwhile."""
    work.require(BUY)
    words, evidence = clean_text(words, field="words", most=MOST_WORDS), drawn(pictures)
    with held_case(work, case_id, may=BUY) as held:
        if held.case.round >= ROUNDS or held.case.arrived_at is not None:
            raise errors.AskedTwice
        event = steps.move(work, held, CaseState.ASKED, CaseStep.ASKED_AGAIN, note=words)
        held.case.round, held.case.offer_fen = held.case.round + 1, None
        attach(work, storage, held.case, event, evidence)
        steps.tell(work, held.case, event)


def dispute(work: Work, case_id: UUID, *, words: str, storage: Storage, pictures: Sequence[bytes] = ()) -> None:
    """The platform shall decide. Refuses a case that nobody has answered yet, and what has left meanwhile."""
    work.require(BUY)
    words, evidence = clean_text(words, field="words", most=MOST_WORDS), drawn(pictures)
    with held_case(work, case_id, may=BUY) as held:
        if held.case.state not in (CaseState.REFUSED, CaseState.OFFERED):
            raise errors.Moved
        event = steps.move(work, held, CaseState.DISPUTED, CaseStep.DISPUTED, note=words)
        attach(work, storage, held.case, event, evidence)
        steps.tell(work, held.case, event)


def accept(work: Work, case_id: UUID, *, offer_fen: int) -> None:
    """Take what the merchant offers (`offer_fen`, as it was shown): this much, and the goods stay with the buyer."""
    work.require(BUY)
    with held_case(work, case_id, may=BUY) as held:
        case = held.case
        if case.state != CaseState.OFFERED or case.offer_fen is None or case.offer_fen != offer_fen:
            raise errors.Moved
        lower(work, held, case.offer_fen, keeps_goods=True)
        event = steps.move(work, held, CaseState.REFUNDING, CaseStep.ACCEPTED)
        steps.tell(work, case, event)


def send(work: Work, case_id: UUID, *, carrier: str, tracking: str) -> None:
    """The goods are on their way back. Refuses what is no waybill number."""
    work.require(BUY)
    carrier = clean_line(carrier, field="carrier", most=CARRIER_MOST)
    number = half_width(tracking).replace(" ", "").upper()
    if not _TRACKING.fullmatch(number):
        raise errors.NoTracking
    with held_case(work, case_id, may=BUY) as held:
        case = held.case
        if case.state != CaseState.RETURNING:
            raise errors.Moved
        case.carrier, case.tracking, case.sent_at = carrier, number, work.now()
        event = steps.move(work, held, CaseState.SENT, CaseStep.SENT, note=f"{carrier} {number}")
        steps.tell(work, case, event)


def withdraw(work: Work, case_id: UUID) -> None:
    """Never mind: what was blocked may leave. Refuses when goods are on their way or money is decided."""
    work.require(BUY)
    with held_case(work, case_id, may=BUY) as held:
        faults.point(work, "aftersales.withdraw.checked")
        event = steps.move(work, held, CaseState.WITHDRAWN, CaseStep.WITHDRAWN)
        steps.tell(work, held.case, event)
