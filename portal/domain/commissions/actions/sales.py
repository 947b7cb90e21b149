"""Who sold a pass. It is bought by its holder himself, so somebody has to say who talked him into it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from portal.domain.calendar.access import access_resource
from portal.domain.commissions import errors
from portal.domain.commissions.actions.entries import Piece, earn
from portal.domain.commissions.models import CommissionEntry
from portal.domain.commissions.values import Kind
from portal.domain.passes.access import access_pass
from portal.domain.passes.values import PassState
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

NOT_SOLD = frozenset({PassState.UNPAID.value, PassState.CLOSED.value, PassState.REFUNDED.value})


def credit_sale(work: Work, pass_id: UUID, resource_id: UUID) -> None:
    """The technician gets the commission for selling this pass. Refuses a pass that was not paid, was refunded or was
    credited before; NoRule when no rule is for it.
    """
    work.require(Permission.COMMISSION_EDIT)
    row, who = access_pass(work, pass_id, may=Permission.PASS_VIEW), access_resource(work, resource_id)
    if row.state in NOT_SOLD or _credited(work, pass_id):
        raise errors.NotSoldHere
    piece = Piece(
        kind=Kind.CARD_SALE,
        store_id=who.store_id,
        resource_id=who.id,
        technician=who.name,
        subject_id=row.id,
        group_id=row.id,
        of=row.kind_id,
        title=row.name,
        client=row.holder,
        requested=False,
        base_fen=row.price_fen,
    )
    if not earn(work, work.merchant_id, [piece]):
        raise errors.NoRule
    work.audit("commission.sale_credited", "pass", pass_id, resource=resource_id)


def _credited(work: Work, pass_id: UUID) -> int:
    query = select(func.count()).select_from(CommissionEntry).where(CommissionEntry.merchant_id == work.merchant_id)
    mine = (CommissionEntry.subject_id == pass_id, CommissionEntry.kind == Kind.CARD_SALE.value)
    return work.session.scalar(query.where(*mine)) or 0
