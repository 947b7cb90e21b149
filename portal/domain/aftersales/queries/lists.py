"""Cases in lists: a person's own, a merchant's by whose turn it is, the platform's; how many there are; what is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select, tuple_

from portal.domain.aftersales.models import Case
from portal.domain.aftersales.queries.one import shown
from portal.domain.aftersales.values import CaseKind, CaseShown, CaseState
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

PAGE: Final = 30
SWEEP: Final = 50
S = CaseState


class Tab(StrEnum):
    """Whose turn it is."""

    MERCHANT = "merchant"
    BUYER = "buyer"
    PLATFORM = "platform"
    MONEY = "money"
    DONE = "done"


TABS: Final[Mapping[Tab, tuple[CaseState, ...]]] = MappingProxyType(
    {
        Tab.MERCHANT: (S.ASKED, S.SENT),
        Tab.BUYER: (S.OFFERED, S.REFUSED, S.RETURNING),
        Tab.PLATFORM: (S.DISPUTED,),
        Tab.MONEY: (S.REFUNDING,),
        Tab.DONE: (S.REFUNDED, S.WITHDRAWN, S.CLOSED),
    }
)
WAITING_TABS: Final = (Tab.MERCHANT, Tab.BUYER, Tab.PLATFORM)
"""The one that is due first stands first; elsewhere the latest."""


@dataclass(frozen=True)
class Asked:
    """Which cases a list shows; `after` is the last case of the page before."""

    tab: Tab | None = None
    kind: CaseKind | None = None
    words: str = ""
    after: UUID | None = None


Lines = tuple[tuple[CaseShown, ...], bool]


def persons_cases(work: Work, *, after: UUID | None = None) -> Lines:
    """My own, the latest first."""
    work.require(Permission.ORDER_BUY)
    return _page(work, select(Case).where(Case.person_id == work.person_id), Asked(after=after))


def merchants_cases(work: Work, asked: Asked) -> Lines:
    """Those of the open office."""
    work.require(Permission.ORDER_VIEW)
    return _page(work, select(Case).where(Case.merchant_id == work.merchant_id), asked)


def platforms_cases(work: Work, asked: Asked) -> Lines:
    """All merchants'."""
    work.require(Permission.ORDER_OVERSEE)
    return _page(work, select(Case), asked)


def _page(work: Work, query: Select[Any], asked: Asked) -> Lines:
    query = _filtered(query, asked)
    waits = asked.tab in WAITING_TABS
    order: tuple[Any, ...] = (Case.due_at, Case.id) if waits else (Case.id.desc(),)
    if asked.after is not None:
        last = select(Case.due_at, Case.id).where(Case.id == asked.after).scalar_subquery()
        query = query.where(tuple_(Case.due_at, Case.id) > last if waits else Case.id < asked.after)
    rows = list(work.session.scalars(query.order_by(*order).limit(PAGE + 1)))
    return tuple(shown(row) for row in rows[:PAGE]), len(rows) > PAGE


def _filtered(query: Select[Any], asked: Asked) -> Select[Any]:
    if asked.tab is not None:
        query = query.where(Case.state.in_([state.value for state in TABS[asked.tab]]))
    if asked.kind is not None:
        query = query.where(Case.kind == asked.kind.value)
    if asked.words:
        words = asked.words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        found = (column.like(f"%{words}%") for column in (Case.number, Case.title, Case.buyer, Case.tracking))
        query = query.where(or_(*found))
    return query


def counts(work: Work, *, may: Permission) -> dict[Tab, int]:
    """How many stand under each tab that waits, in this face's reach."""
    work.require(may)
    waiting = [state.value for tab in (*WAITING_TABS, Tab.MONEY) for state in TABS[tab]]
    query = select(Case.state, func.count()).where(Case.state.in_(waiting)).group_by(Case.state)
    if work.scope.merchant_id is not None:
        query = query.where(Case.merchant_id == work.merchant_id)
    found = {CaseState(state): int(count) for state, count in work.session.execute(query)}
    return {tab: sum(found.get(state, 0) for state in TABS[tab]) for tab in (*WAITING_TABS, Tab.MONEY)}


def of_order(work: Work, merchant_id: UUID, order_id: UUID) -> tuple[CaseShown, ...]:
    """The cases of one order in reach, the latest first."""
    query = select(Case).where(Case.merchant_id == merchant_id, Case.order_id == order_id)
    return tuple(shown(row) for row in work.session.scalars(query.order_by(Case.id.desc())))


def due(work: Work) -> list[UUID]:
    """Cases whose deadline has passed, the oldest first. For the worker."""
    query = select(Case.id).where(Case.due_at <= work.now(), Case.state != S.DISPUTED.value)
    return list(work.session.scalars(query.order_by(Case.due_at).limit(SWEEP)))
