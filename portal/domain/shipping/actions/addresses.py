"""A buyer asks for another recipient before anything left; the merchant agrees or says why not.

Agreed, the order itself changes and a label that was printed before is no longer good.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.ordering import actions as ordering
from portal.domain.ordering.access import access_held as hold_order
from portal.domain.ordering.access import access_order
from portal.domain.ordering.models import Order
from portal.domain.ordering.values import STATES, OrderState, Recipient
from portal.domain.shipping import errors
from portal.domain.shipping.access import access_change, access_held
from portal.domain.shipping.events import AddressAsked, AddressDecided
from portal.domain.shipping.models import AddressChange
from portal.domain.shipping.values import REASON_MOST, AddressState
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.words import say
from portal.kernel.work import Work

HOUSE = Scope(Face.JOB)


def ask_address(work: Work, order_id: UUID, *, wanted: Recipient, note: str = "") -> UUID:
    """The buyer asks; one question at a time, before anything has left."""
    order = access_order(work, order_id, may=Permission.ORDER_BUY)
    note = clean_line(note, field="note", most=REASON_MOST, required=False)
    with borrowed(work, HOUSE):
        held, _lines = hold_order(work, order.merchant_id, order_id)
        if held.state != OrderState.PAID:
            raise Conflict(say("订单现在是“%(state)s”，不能再改地址了。", state=STATES[OrderState(held.state)]))
        if wanted == recipient_of(held):
            raise Refusal(say("和现在的地址一样，不用改。"))
        waiting = select(AddressChange.id).where(
            AddressChange.merchant_id == held.merchant_id,
            AddressChange.order_id == order_id,
            AddressChange.state == AddressState.ASKED.value,
        )
        if work.session.execute(waiting).scalar() is not None:
            raise Conflict(say("已经申请过改地址，请等商家答复，或先撤回。"))
        change = _asked(work, held, wanted, note)
        work.publish(AddressAsked(held.merchant_id, order_id, held.person_id, held.number))
    work.audit("address.asked", "order", order_id)
    return change.id


def _asked(work: Work, order: Order, wanted: Recipient, note: str) -> AddressChange:
    was = recipient_of(order)
    change = AddressChange(
        merchant_id=order.merchant_id,
        id=new_id(),
        order_id=order.id,
        person_id=order.person_id,
        state=AddressState.ASKED.value,
        recipient=wanted.name,
        phone=wanted.phone,
        region_code=wanted.region_code,
        region_names=list(wanted.region_names),
        detail=wanted.detail,
        before={
            "name": was.name,
            "phone": was.phone,
            "region_code": was.region_code,
            "region_names": list(was.region_names),
            "detail": was.detail,
        },
        note=note,
        reason="",
        asked_at=work.now(),
    )
    work.session.add(change)
    work.session.flush()
    return change


def withdraw_address(work: Work, change_id: UUID) -> None:
    """The buyer leaves it as it is."""
    change = access_change(work, change_id, may=Permission.ORDER_BUY)
    with borrowed(work, HOUSE):
        hold_order(work, change.merchant_id, change.order_id)
        _decide(work, access_held(work, change), AddressState.WITHDRAWN, "")
    work.audit("address.withdrawn", "order", change.order_id)


def agree_address(work: Work, change_id: UUID) -> UUID:
    """The merchant agrees: the order goes to the new recipient. Returns the order's id."""
    change = access_change(work, change_id, may=Permission.ORDER_SHIP)
    with borrowed(work, HOUSE):
        order, _lines = hold_order(work, change.merchant_id, change.order_id)
        held = access_held(work, change)
        _decide(work, held, AddressState.AGREED, "")
        ordering.change_recipient(work, order.merchant_id, order.id, wanted_of(held))
        work.publish(AddressDecided(order.merchant_id, order.id, order.person_id, order.number, agreed=True))
    work.audit("address.agreed", "order", change.order_id)
    return change.order_id


def refuse_address(work: Work, change_id: UUID, *, reason: str) -> UUID:
    """The merchant says why not. Returns the order's id."""
    change = access_change(work, change_id, may=Permission.ORDER_SHIP)
    reason = clean_line(reason, field="reason", most=REASON_MOST)
    with borrowed(work, HOUSE):
        order, _lines = hold_order(work, change.merchant_id, change.order_id)
        _decide(work, access_held(work, change), AddressState.REFUSED, reason)
        work.publish(AddressDecided(order.merchant_id, order.id, order.person_id, order.number, agreed=False))
    work.audit("address.refused", "order", change.order_id)
    return change.order_id


def _decide(work: Work, change: AddressChange, state: AddressState, reason: str) -> None:
    if change.state != AddressState.ASKED:
        raise errors.ChangeDecided
    change.state, change.reason = state.value, reason
    change.decided_at, change.decided_by = work.now(), work.actor.person_id
    work.session.flush()


def recipient_of(order: Order) -> Recipient:
    """Who gets it now."""
    return Recipient(order.recipient, order.phone, order.region_code, tuple(order.region_names), order.detail)


def wanted_of(change: AddressChange) -> Recipient:
    """Who should get it."""
    return Recipient(change.recipient, change.phone, change.region_code, tuple(change.region_names), change.detail)
