"""What happened to cases. Published on the worker's face, in the transaction that made it so."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from portal.domain.aftersales.values import CaseState, CaseStep, Side


@dataclass(frozen=True)
class CaseMoved:
    """A case took a step and stands at `state` now; `side` took it. `amount_fen` is what it is about."""

    merchant_id: UUID
    case_id: UUID
    order_id: UUID
    person_id: UUID
    number: str
    merchant_name: str
    state: CaseState
    step: CaseStep
    side: Side
    amount_fen: int
