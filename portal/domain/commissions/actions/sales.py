"""Who sold a pass. It is bought by its holder himself, so somebody has to say who talked him into it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from portal.domain.calendar.access import access_resource
from portal.domain.commissions import errors
from portal.domain.commissions.actions.entries import Piece, earn
from portal.domain.commissions.models import CommissionEntry
from portal.domain.commissions.values import Kind
from portal.domain.passes.access import access_held, access_pass
from portal.domain.passes.values import PassState
from portal.kernel import faults
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

NOT_SOLD = frozenset({PassState.UNPAID.value, PassState.CLOSED.value, PassState.REFUNDED.value})


def credit_sale(work: Work, pass_id: UUID, resource_id: UUID) -> None:
    """The technician gets the commission for selling this pass, on what was not given back of it by now. Refuses a pass
    that was not paid, was refunded or was credited before; NoRule when no rule is for it.
    """
    work.require(Permission.COMMISSION_EDIT)
    access_pass(work, pass_id, may=Permission.PASS_VIEW)
    who, merchant_id = access_resource(work, resource_id), work.merchant_id
    with borrowed(work, Scope(Face.JOB)):
        row = access_held(work, merchant_id, pass_id)  # two managers, or one beside a refund, take turns
        if row.state in NOT_SOLD or _credited(work, merchant_id, pass_id):
            raise errors.NotSoldHere
        faults.point(work, "commissions.sale.checked")
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
            base_fen=row.price_fen - row.refunded_fen,
        )
        if not earn(work, merchant_id, [piece]):
            raise errors.NoRule
    work.audit("commission.sale_credited", "pass", pass_id, resource=resource_id)


def _credited(work: Work, merchant_id: UUID, pass_id: UUID) -> int:
    query = select(func.count()).select_from(CommissionEntry).where(CommissionEntry.merchant_id == merchant_id)
    mine = (CommissionEntry.subject_id == pass_id, CommissionEntry.kind == Kind.CARD_SALE.value)
    return work.session.scalar(query.where(*mine)) or 0
