"""A completed order waits to be settled; the worker does it, order by order, so that no merchant's balance is locked by
the work on many."""

from __future__ import annotations

from portal.domain.ordering.events import OrderCompleted
from portal.domain.settlement.models import Settlement
from portal.kernel.faces import borrowed
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work


def queue(work: Work, event: OrderCompleted) -> None:
    """To be settled by the next run."""
    with borrowed(work, Scope(Face.JOB)):
        work.session.add(
            Settlement(merchant_id=event.merchant_id, order_id=event.order_id, completed_at=work.now(), settled_at=None)
        )
        work.session.flush()


REACTIONS = ((OrderCompleted, queue),)
