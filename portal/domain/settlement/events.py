"""What happened to statements. Published on the worker's face, in the transaction that made it so."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from portal.domain.settlement.values import Period


@dataclass(frozen=True)
class StatementIssued:
    """A period is over and closed in the ledger; the merchant is asked to look."""

    merchant_id: UUID
    statement_id: UUID
    period: Period


@dataclass(frozen=True)
class StatementDisputed:
    """The merchant does not agree."""

    merchant_id: UUID
    statement_id: UUID
    number: str


@dataclass(frozen=True)
class StatementAnswered:
    """The platform answered a dispute; the merchant is to speak again."""

    merchant_id: UUID
    statement_id: UUID
    period: Period
