"""呼叫服务员: one wish of a table waits once, however often it is pressed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.tabs.access import access_held, touch
from portal.domain.tabs.events import WaiterCalled
from portal.domain.tabs.models import WaiterCall
from portal.domain.tabs.values import Wish
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


def call_waiter(work: Work, sitting_id: UUID, wish: Wish = Wish.SERVICE) -> UUID:
    """Call for this; the call that waits for the same already is the answer. Returns the call."""
    with access_held(work, sitting_id, may=Permission.TAB_ORDER) as sitting:
        query = select(WaiterCall.id).where(
            WaiterCall.merchant_id == sitting.merchant_id,
            WaiterCall.sitting_id == sitting.id,
            WaiterCall.wish == wish.value,
            WaiterCall.answered_at.is_(None),
        )
        waiting = work.session.scalars(query).one_or_none()
        if waiting is not None:
            return waiting
        call = WaiterCall(
            merchant_id=sitting.merchant_id,
            id=new_id(),
            sitting_id=sitting.id,
            guest_id=work.actor.guest_id,
            wish=wish.value,
            made_at=work.now(),
            answered_at=None,
        )
        work.session.add(call)
        touch(work, sitting)
        work.session.flush()
        work.publish(WaiterCalled(sitting.merchant_id, sitting.store_id, sitting.id, call.id, wish))
        return call.id


def answer_call(work: Work, sitting_id: UUID, call_id: UUID) -> None:
    """Somebody goes there. Twice is once."""
    with access_held(work, sitting_id, may=Permission.TAB_SERVE, closed=True) as sitting:
        query = select(WaiterCall).where(WaiterCall.merchant_id == sitting.merchant_id, WaiterCall.id == call_id)
        call = work.session.scalars(query.where(WaiterCall.sitting_id == sitting.id)).one_or_none()
        if call is None:
            raise NotFound
        if call.answered_at is None:
            call.answered_at = work.now()
            touch(work, sitting)
            work.session.flush()
            work.audit("call.answered", "waiter_call", call.id, sitting=sitting.id)
