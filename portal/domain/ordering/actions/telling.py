"""The timeline of an order: what happened, in the words of both sides' pages. Added, never changed."""

from __future__ import annotations

from portal.domain.ordering.models import Order, OrderEvent
from portal.domain.ordering.values import Happening, OrderShown
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.scope import Face, Scope
from portal.kernel.work import ActorKind, Work

HOUSE = Scope(Face.JOB)
_WHO = {ActorKind.PERSON: "buyer", ActorKind.STAFF: "merchant", ActorKind.PLATFORM: "platform"}


def tell(work: Work, order: Order | OrderShown, kind: Happening, note: str = "") -> None:
    """Add a line to the timeline, on whatever face; `note` is read by both sides and in no need of translation
    (a number, an amount, what somebody wrote).
    """
    with borrowed(work, HOUSE):
        work.session.add(event_of(work, order, kind, note))


def event_of(work: Work, order: Order | OrderShown, kind: Happening, note: str = "") -> OrderEvent:
    """The row of `tell`, for acts that stand on the worker's face already."""
    return OrderEvent(
        merchant_id=order.merchant_id,
        id=new_id(),
        order_id=order.id,
        person_id=order.person_id,
        kind=kind.value,
        note=note,
        at=work.now(),
        by_kind=_WHO.get(work.actor.kind, "system"),
    )
