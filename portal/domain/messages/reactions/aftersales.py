"""Both sides are told what became of a case, the platform when it is called. Letters hold no names of buyers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.domain.aftersales.events import CaseMoved
from portal.domain.aftersales.values import CaseState, CaseStep, Side
from portal.domain.messages.actions import notify
from portal.domain.tenants.queries.persons import operators_who_may, staff_in
from portal.kernel.permissions import Permission, Role
from portal.kernel.spoken import Yuan
from portal.kernel.words import Text, say
from portal.kernel.work import Work

ANSWERERS = (Role.OWNER.value, Role.MANAGER.value)


def tell_moved(work: Work, event: CaseMoved) -> None:
    """Whose turn it is learns so; who acted himself is not told what he did."""
    buyer, merchant = _to_buyer(event), _to_merchant(event)
    if buyer is not None and event.side is not Side.BUYER:
        notify(work, person_id=event.person_id, kind="case.moved", text=buyer, link=f"/cases/{event.case_id}")
    if merchant is not None and event.side is not Side.MERCHANT:
        link = f"/supplier/{event.merchant_id}/cases/{event.case_id}"
        for person_id in staff_in(work, event.merchant_id, ANSWERERS):
            notify(work, person_id=person_id, kind="case.moved", text=merchant, link=link)
    if event.state is CaseState.DISPUTED:
        text = say("售后 %(number)s 等平台判定。", number=event.number)
        for person_id in operators_who_may(work, Permission.ORDER_OVERSEE):
            notify(work, person_id=person_id, kind="case.moved", text=text, link=f"/platform/cases/{event.case_id}")


def _to_buyer(event: CaseMoved) -> Text | None:
    shop, amount = event.merchant_name, Yuan(event.amount_fen)
    if event.step is CaseStep.STUCK:
        return say("%(shop)s 的退款 %(amount)s 暂时没有退成，平台已在处理。", shop=shop, amount=amount)
    sentences = {
        CaseState.OFFERED: say("%(shop)s 提出退 %(amount)s，请您确认。", shop=shop, amount=amount),
        CaseState.REFUSED: say("%(shop)s 拒绝了您的售后申请，可以补充说明或申请平台介入。", shop=shop),
        CaseState.DISPUTED: say("您与 %(shop)s 的售后已转给平台判定。", shop=shop),
        CaseState.RETURNING: say("%(shop)s 同意退货，请寄回商品并填写快递单号。", shop=shop),
        CaseState.REFUNDING: say("%(shop)s 的退款 %(amount)s 已提交，将原路退回。", shop=shop, amount=amount),
        CaseState.REFUNDED: say("%(shop)s 的退款 %(amount)s 已退回。", shop=shop, amount=amount),
        CaseState.CLOSED: say("您在 %(shop)s 的售后单已关闭。", shop=shop),
    }
    return sentences.get(event.state)


def _to_merchant(event: CaseMoved) -> Text | None:
    number, amount = event.number, Yuan(event.amount_fen)
    if event.step is CaseStep.STUCK:
        return None
    sentences = {
        CaseState.ASKED: say("售后 %(number)s 等您处理，金额 %(amount)s。", number=number, amount=amount),
        CaseState.DISPUTED: say("售后 %(number)s 已转给平台判定。", number=number),
        CaseState.RETURNING: say("售后 %(number)s 已同意退货，等买家寄回。", number=number),
        CaseState.SENT: say("售后 %(number)s 的退货已寄出，收到后请验收。", number=number),
        CaseState.REFUNDING: say("售后 %(number)s 已退款 %(amount)s。", number=number, amount=amount),
        CaseState.WITHDRAWN: say("售后 %(number)s 已由买家撤销。", number=number),
        CaseState.CLOSED: say("售后 %(number)s 已关闭。", number=number),
    }
    return sentences.get(event.state)


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = ((CaseMoved, tell_moved),)
