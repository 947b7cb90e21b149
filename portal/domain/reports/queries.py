"""What waits for the platform's people: counted in one question, because every page of theirs asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from portal.domain.aftersales.models import Case
from portal.domain.aftersales.values import CaseState
from portal.domain.catalogue.models import PriceChange, Revision
from portal.domain.onboarding.queries.applications import waiting as reviews
from portal.domain.payments.queries import waiting_counts as payments
from portal.domain.payouts.models import WithdrawalRow
from portal.domain.payouts.values import OPEN
from portal.domain.reference.queries import proposed
from portal.domain.settlement.models import Statement
from portal.domain.settlement.values import StatementState
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


@dataclass(frozen=True)
class Waiting:
    """How many of each wait for somebody of the platform."""

    applications: int
    changes: int
    goods: int
    prices: int
    cases: int
    statements: int
    payouts: int
    terms: int
    payments: int


def waiting(work: Work) -> Waiting:
    """All of it; who may see which figure is for the page to say."""
    work.require(Permission.PLATFORM_VIEW)
    figures = (
        *reviews(),
        _count(Revision, Revision.decision == "waiting"),
        _count(PriceChange, PriceChange.state == "waiting"),
        _count(Case, Case.state == CaseState.DISPUTED.value),
        _count(Statement, Statement.state == StatementState.DISPUTED.value),
        _count(WithdrawalRow, WithdrawalRow.state.in_([state.value for state in OPEN])),
        proposed(),
    )
    row: Any = work.session.execute(select(*figures, *payments())).one()
    return Waiting(*(*row[: len(figures)], sum(row[len(figures) :])))


def _count(model: Any, condition: Any) -> Any:
    return select(func.count()).select_from(model).where(condition).scalar_subquery()
