"""The only ways to one case: with the reader's own face to look, on the worker's to change, the order held first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.domain.aftersales.models import Case, CaseItem, CasePicture
from portal.domain.ordering.access import access_held
from portal.domain.ordering.models import Order, OrderLine
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

HOUSE = Scope(Face.JOB)
RIGHTS = frozenset({Permission.PAYMENT_EDIT})


@dataclass
class Held:
    """A case with its order, all held until the end of the Work."""

    order: Order
    lines: list[OrderLine]
    case: Case
    items: list[CaseItem]

    def pieces(self) -> dict[UUID, int]:
        """What the case asks, by line."""
        return {item.line_id: item.pieces for item in self.items if item.pieces}


def access_case(work: Work, case_id: UUID, *, may: Permission) -> Case:
    """One case in reach of this face: the buyer's own, the office's own, any on the platform's. Raises NotFound."""
    work.require(may)
    query = select(Case).where(Case.id == case_id)
    if work.scope.face is Face.OFFICE:
        query = query.where(Case.merchant_id == work.merchant_id)
    if work.scope.face is Face.PERSON:
        query = query.where(Case.person_id == work.person_id)
    found = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


@contextmanager
def held_case(work: Work, case_id: UUID, *, may: Permission) -> Iterator[Held]:
    """The same, on the worker's face, after the right was checked: order, lines, case, in this order."""
    seen = access_case(work, case_id, may=may)
    merchant_id, order_id = seen.merchant_id, seen.order_id
    with borrowed(work, HOUSE, RIGHTS):
        yield hold(work, merchant_id, order_id, case_id)


def hold(work: Work, merchant_id: UUID, order_id: UUID, case_id: UUID) -> Held:
    """For acts that stand on the worker's face already."""
    order, lines = access_held(work, merchant_id, order_id)
    query = select(Case).where(Case.merchant_id == merchant_id, Case.id == case_id).with_for_update()
    case = work.session.scalars(query.execution_options(populate_existing=True)).one()
    rows = select(CaseItem).where(CaseItem.merchant_id == merchant_id, CaseItem.case_id == case_id)
    items = work.session.scalars(rows.order_by(CaseItem.line_id).execution_options(populate_existing=True))
    return Held(order, lines, case, list(items))


def access_picture(work: Work, case_id: UUID, picture_id: UUID, *, may: Permission) -> CasePicture:
    """One picture of a case in reach. Raises NotFound."""
    case = access_case(work, case_id, may=may)
    query = select(CasePicture).where(CasePicture.merchant_id == case.merchant_id, CasePicture.id == picture_id)
    found = work.session.scalars(query.where(CasePicture.case_id == case.id)).one_or_none()
    if found is None:
        raise NotFound
    return found
