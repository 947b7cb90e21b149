"""A merchant's finance and owners hear what became of a withdrawal; the platform's that a second approval waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain.messages.actions import notify
from portal.domain.payouts.events import WithdrawalHalfway, WithdrawalPaid, WithdrawalRefused, WithdrawalReturned
from portal.domain.tenants.models import Merchant
from portal.domain.tenants.queries.persons import operators_who_may, staff_in
from portal.domain.tenants.values import Kind
from portal.kernel.faces import borrowed
from portal.kernel.figures import say_yuan
from portal.kernel.permissions import ROLES, Permission, Role
from portal.kernel.scope import Face, Scope
from portal.kernel.words import Text, say
from portal.kernel.work import Work

OFFICES = {Kind.SUPPLIER: "supplier", Kind.BRAND: "chain", Kind.ALLIANCE: "alliance", Kind.REGION: "region"}
MONEY = [role.value for role in Role if Permission.WITHDRAWAL_ASK in ROLES[role]]


def tell_paid(work: Work, event: WithdrawalPaid) -> None:
    """The bank has paid."""
    text = say("提现已打款，到账 %(amount)s。", amount=say_yuan(event.arrives_fen))
    _tell(work, event.merchant_id, event.withdrawal_id, "payout.paid", text)


def tell_returned(work: Work, event: WithdrawalReturned) -> None:
    """The bank sent it back."""
    text = say("银行退回了提现，%(amount)s 已退到可提现余额，原因见提现页。", amount=say_yuan(event.amount_fen))
    _tell(work, event.merchant_id, event.withdrawal_id, "payout.returned", text)


def tell_refused(work: Work, event: WithdrawalRefused) -> None:
    """The platform said no."""
    text = say("提现被驳回，%(amount)s 已退到可提现余额，原因见提现页。", amount=say_yuan(event.amount_fen))
    _tell(work, event.merchant_id, event.withdrawal_id, "payout.refused", text)


def tell_second(work: Work, event: WithdrawalHalfway) -> None:
    """Somebody else must look."""
    text = say("一笔提现等待第二位同事复核。")
    for person_id in operators_who_may(work, Permission.PAYOUT_DECIDE):
        if person_id != event.first_by:
            notify(work, person_id=person_id, kind="payout.half", text=text, link="/platform/payouts?tab=half")


def _tell(work: Work, merchant_id: UUID, withdrawal_id: UUID, kind: str, text: Text) -> None:
    with borrowed(work, Scope(Face.PLATFORM)):
        of_kind = work.session.scalars(select(Merchant.kind).where(Merchant.id == merchant_id)).one()
    link = f"/{OFFICES[Kind(of_kind)]}/{merchant_id}/withdrawals/{withdrawal_id}"
    for person_id in staff_in(work, merchant_id, MONEY):
        notify(work, person_id=person_id, kind=kind, text=text, link=link)


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = (
    (WithdrawalPaid, tell_paid),
    (WithdrawalReturned, tell_returned),
    (WithdrawalRefused, tell_refused),
    (WithdrawalHalfway, tell_second),
)
