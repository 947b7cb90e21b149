"""The only ways to one settled order, one line of it, one statement."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.settlement.models import LineSettlement, Settlement, Statement
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


def access_settlement(work: Work, merchant_id: UUID, order_id: UUID) -> Settlement:
    """The completed order, locked while this Work lasts. Raises NotFound before it is completed."""
    query = select(Settlement).where(Settlement.merchant_id == merchant_id, Settlement.order_id == order_id)
    row = work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    return row


def access_line_settlement(work: Work, merchant_id: UUID, line_id: UUID) -> LineSettlement:
    """What was posted of a line; the caller holds its order. Raises NotFound."""
    query = select(LineSettlement).where(LineSettlement.merchant_id == merchant_id, LineSettlement.line_id == line_id)
    row = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    return row


def access_statement(work: Work, statement_id: UUID, *, may: Permission, lock: bool = False) -> Statement:
    """A statement: an office sees its own. Raises NotFound, Denied."""
    work.require(may)
    query = select(Statement).where(Statement.id == statement_id)
    if work.scope.merchant_id is not None:
        query = query.where(Statement.merchant_id == work.scope.merchant_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = work.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return row
