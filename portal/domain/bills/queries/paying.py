"""A share's payment for who pays it: a guest has no page of his own for payments."""

from __future__ import annotations

from uuid import UUID

from portal.domain.bills.access import RIGHTS
from portal.domain.bills.models import BillShare
from portal.domain.payments import queries as payments
from portal.domain.payments.queries import PaymentShown
from portal.domain.tabs import access as tabs
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


def payment_of(work: Work, share_id: UUID, *, payer_id: UUID) -> tuple[UUID, PaymentShown]:
    """The bill of a share and its payment. NotFound for what somebody else pays."""
    work.require(Permission.TAB_ORDER)
    with borrowed(work, tabs.house(work), RIGHTS):
        share = work.session.get(BillShare, (work.merchant_id, share_id), populate_existing=True)
        own = share is not None and share.payer_id == payer_id
        if share is None or not own or share.intent_id is None:
            raise NotFound
        return share.bill_id, payments.payment(work, share.intent_id, may=Permission.PAYMENT_PAY)
