"""沽清: a dish is sold out in one store at once, wherever it is read, until a time or until it is brought back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from portal.domain.menus.access import access_dish
from portal.domain.menus.errors import UntilWrong
from portal.domain.menus.events import DishResumed, DishStopped
from portal.domain.menus.models import DishStop
from portal.domain.stores.access import access_store
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

LONGEST = timedelta(days=30)
STOP = Permission.MENU_STOP


def stop(work: Work, store_id: UUID, dish_id: UUID, until: datetime | None = None) -> None:
    """Nobody can order it in this store any more. `until` brings it back by itself; the newest word counts.

    Refuses (`UntilWrong`) a time that is over or more than 30 days away.
    """
    stop_many(work, store_id, [dish_id], until)


def stop_many(work: Work, store_id: UUID, dish_ids: Iterable[UUID], until: datetime | None = None) -> None:
    """Several at once, all or none."""
    access_store(work, store_id, may=STOP)
    now = work.now()
    if until is not None and not now < until <= now + LONGEST:
        raise UntilWrong
    for dish_id in sorted(set(dish_ids)):
        access_dish(work, dish_id, may=STOP)
        row = {
            "merchant_id": work.merchant_id,
            "store_id": store_id,
            "dish_id": dish_id,
            "stopped_until": until,
            "stopped_at": now,
        }
        again = {"stopped_until": until, "stopped_at": now}
        keys = ["merchant_id", "store_id", "dish_id"]
        work.session.execute(insert(DishStop).values(row).on_conflict_do_update(index_elements=keys, set_=again))
        work.audit("dish.stopped", "dish", dish_id, store=store_id, until=until)
        work.publish(DishStopped(work.merchant_id, store_id, dish_id, until))


def resume(work: Work, store_id: UUID, dish_id: UUID) -> None:
    """It can be had again; resuming twice is no error."""
    access_store(work, store_id, may=STOP)
    access_dish(work, dish_id, may=STOP)
    gone = delete(DishStop).where(
        DishStop.merchant_id == work.merchant_id, DishStop.store_id == store_id, DishStop.dish_id == dish_id
    )
    if work.session.execute(gone.returning(DishStop.dish_id)).first() is None:
        return
    work.audit("dish.resumed", "dish", dish_id, store=store_id)
    work.publish(DishResumed(work.merchant_id, store_id, dish_id))
