"""沽清: a dish, an option or all but some pieces of it is sold out in one store at once, wherever it is read, until a
time or until it is brought back.

Whoever stops takes the store's menu alone; whoever orders shares it (`counting.order`): an order that begins after the
stop committed is refused, one that was first is in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from portal.domain.menus.access import access_dish
from portal.domain.menus.actions.counting import hold_menu
from portal.domain.menus.errors import PiecesWrong, UntilWrong
from portal.domain.menus.events import DishResumed, DishStopped
from portal.domain.menus.models import WHOLE, DishRow, DishStop
from portal.domain.menus.rules import groups
from portal.domain.menus.values import MOST_PIECES
from portal.domain.stores.access import access_store
from portal.kernel import faults
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

LONGEST = timedelta(days=30)
STOP = Permission.MENU_STOP
KEYS = ("merchant_id", "store_id", "dish_id", "option_id")


def stop(work: Work, store_id: UUID, dish_id: UUID, until: datetime | None = None) -> None:
    """Nobody can order it in this store any more. `until` brings it back by itself; the newest word counts.

    Refuses (`UntilWrong`) a time that is over or more than 30 days away.
    """
    stop_many(work, store_id, [dish_id], until)


def stop_many(work: Work, store_id: UUID, dish_ids: Iterable[UUID], until: datetime | None = None) -> None:
    """Several at once, all or none."""
    _begin(work, store_id, until)
    for dish_id in sorted(set(dish_ids)):
        access_dish(work, dish_id, may=STOP)
        _write(work, store_id, dish_id, until=until)
        work.audit("dish.stopped", "dish", dish_id, store=store_id, until=until)
        work.publish(DishStopped(work.merchant_id, store_id, dish_id, until))
    faults.point(work, "menus.stop.written")


def stop_options(
    work: Work, store_id: UUID, dish_id: UUID, option_ids: Iterable[UUID], until: datetime | None = None
) -> None:
    """Exactly these choices of a dish cannot be had in this store; the dish can. None brings all back. Refuses
    UntilWrong; NotFound for another dish's choices.
    """
    _begin(work, store_id, until)
    row = access_dish(work, dish_id, may=STOP)
    wanted = sorted(set(option_ids))
    if not set(wanted) <= _options(row):
        raise NotFound
    work.session.execute(
        delete(DishStop).where(
            DishStop.merchant_id == work.merchant_id,
            DishStop.store_id == store_id,
            DishStop.dish_id == dish_id,
            DishStop.option_id != WHOLE,
        )
    )
    for option_id in wanted:
        _write(work, store_id, dish_id, option_id, until=until)
    work.audit("dish.options_stopped", "dish", dish_id, store=store_id, options=wanted, until=until)


def leave(work: Work, store_id: UUID, dish_id: UUID, pieces: int, until: datetime | None = None) -> None:
    """So many are left: rounds count them down, at 0 it is sold out. Refuses PiecesWrong and UntilWrong."""
    _begin(work, store_id, until)
    access_dish(work, dish_id, may=STOP)
    if not 1 <= pieces <= MOST_PIECES:
        raise PiecesWrong(MOST_PIECES)
    _write(work, store_id, dish_id, pieces=pieces, until=until)
    work.audit("dish.counted", "dish", dish_id, store=store_id, pieces=pieces, until=until)


def resume(work: Work, store_id: UUID, dish_id: UUID) -> None:
    """It can be had again, with all its options and uncounted; resuming twice is no error."""
    access_store(work, store_id, may=STOP)
    access_dish(work, dish_id, may=STOP)
    gone = delete(DishStop).where(
        DishStop.merchant_id == work.merchant_id, DishStop.store_id == store_id, DishStop.dish_id == dish_id
    )
    if work.session.execute(gone.returning(DishStop.dish_id)).first() is None:
        return
    work.audit("dish.resumed", "dish", dish_id, store=store_id)
    work.publish(DishResumed(work.merchant_id, store_id, dish_id))


def _begin(work: Work, store_id: UUID, until: datetime | None) -> None:
    access_store(work, store_id, may=STOP)
    now = work.now()
    if until is not None and not now < until <= now + LONGEST:
        raise UntilWrong
    hold_menu(work, store_id, alone=True)


def _options(row: DishRow) -> set[UUID]:
    return {option.id for group in groups.read(row.groups) for option in group.options}


def _write(
    work: Work,
    store_id: UUID,
    dish_id: UUID,
    option_id: UUID = WHOLE,
    *,
    pieces: int | None = None,
    until: datetime | None,
) -> None:
    again: dict[str, Any] = {"pieces": pieces, "stopped_until": until, "stopped_at": work.now()}
    row = {"merchant_id": work.merchant_id, "store_id": store_id, "dish_id": dish_id, "option_id": option_id, **again}
    work.session.execute(insert(DishStop).values(row).on_conflict_do_update(index_elements=list(KEYS), set_=again))
