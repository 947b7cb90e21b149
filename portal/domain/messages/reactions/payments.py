"""The platform's people who keep the payments are told what needs their eyes. Letters hold no amounts and no names."""

from __future__ import annotations

from portal.domain.messages.actions import notify
from portal.domain.payments.events import CallbackQuarantined, RefundStuck
from portal.domain.tenants.queries.persons import operators_who_may
from portal.kernel.permissions import Permission
from portal.kernel.words import Text, say
from portal.kernel.work import Work

PAYMENTS = "/platform/payments"


def tell_quarantined(work: Work, _event: CallbackQuarantined) -> None:
    """A notice that does not fit."""
    text = say("一条支付通知与订单对不上，已隔离，没有入账。请核对。")
    _tell(work, "payment.quarantined", text, f"{PAYMENTS}/callbacks")


def tell_stuck(work: Work, _event: RefundStuck) -> None:
    """A refund the provider keeps refusing."""
    text = say("一笔退款多次被支付渠道拒绝，请处理。")
    _tell(work, "payment.stuck", text, f"{PAYMENTS}/refunds")


def _tell(work: Work, kind: str, text: Text, link: str) -> None:
    for person_id in operators_who_may(work, Permission.PAYMENT_EDIT):
        notify(work, person_id=person_id, kind=kind, text=text, link=link)


REACTIONS = ((CallbackQuarantined, tell_quarantined), (RefundStuck, tell_stuck))
