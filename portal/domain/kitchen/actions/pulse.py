"""The store's pulse: every change in its kitchen beats once, under the row's lock: it orders what happens there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from portal.domain.kitchen.models import KitchenPulse
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work


def house(merchant_id: UUID) -> Scope:
    """The worker's face: no office writes tickets or papers itself."""
    return Scope(Face.JOB, merchant_id=merchant_id)


def beat(work: Work, merchant_id: UUID, store_id: UUID) -> int:
    """Hold the store's kitchen until the end of this Work, and let its screens know. On the worker's face."""
    now: dict[str, Any] = {"beaten_at": work.now()}
    fresh = insert(KitchenPulse).values(merchant_id=merchant_id, store_id=store_id, beat=1, **now)
    once_more = fresh.on_conflict_do_update(
        index_elements=[KitchenPulse.merchant_id, KitchenPulse.store_id],
        set_={"beat": KitchenPulse.beat + 1, **now},
    )
    return int(work.session.execute(once_more.returning(KitchenPulse.beat)).scalar_one())
