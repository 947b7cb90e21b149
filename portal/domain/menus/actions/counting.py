"""Ordering against what is left: what the menu says holds until the order is in, and counted pieces are taken from it.

For the features above, on the worker's face.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Text as Words
from sqlalchemy import bindparam, func, or_, select

from portal.domain.menus.events import DishResumed, DishStopped
from portal.domain.menus.models import WHOLE, DishRow, DishStop
from portal.domain.menus.queries.served import needs, quoted
from portal.domain.menus.rules import groups, pricing
from portal.domain.menus.values import MOST_PIECES, Pick, Priced
from portal.kernel import faults
from portal.kernel.scope import fixed
from portal.kernel.work import Work

_NAME: Final[Any] = func.hashtextextended(bindparam("menu", type_=Words), 0)
_SHARED: Final[Any] = fixed(select(func.pg_advisory_xact_lock_shared(_NAME)))
_ALONE: Final[Any] = fixed(select(func.pg_advisory_xact_lock(_NAME)))


def hold_menu(work: Work, store_id: UUID, *, alone: bool = False) -> None:
    """Until the Work ends nobody stops anything in this store; `alone`: and nobody orders."""
    work.session.execute(_ALONE if alone else _SHARED, {"menu": f"menu/{store_id}"})


def order(work: Work, merchant_id: UUID, store_id: UUID, picks: Sequence[Pick], at: datetime) -> tuple[Priced, ...]:
    """As `queries.quote`, but what it says holds until the Work ends, and what is counted is taken.

    With any refusal nothing is taken; the caller refuses the whole.
    """
    hold_menu(work, store_id)
    priced, dishes = quoted(work, merchant_id, store_id, picks, at)
    if any(one.refusal is not None for one in priced):
        return priced
    wanted: Counter[UUID] = Counter()
    for pick in picks:
        for dish_id in needs(dishes[pick.dish_id], pick):
            wanted[dish_id] += pick.quantity
    short = _take(work, merchant_id, store_id, wanted, at)
    if not short:
        return priced
    names = {dish_id: _name(work, merchant_id, dish_id) for dish_id in short}
    return tuple(
        next(
            (
                replace(one, refusal=pricing.too_few(names[dish_id], short[dish_id]))
                for dish_id in needs(dishes[pick.dish_id], pick)
                if dish_id in short
            ),
            one,
        )
        for one, pick in zip(priced, picks, strict=True)
    )


def give_back(work: Work, merchant_id: UUID, store_id: UUID, picks: Iterable[Pick]) -> None:
    """What was ordered is not made after all: counted pieces are there again, a dish that had run out as well."""
    back = _returned(work, merchant_id, list(picks))
    for row in _counted(work, merchant_id, store_id, back, work.now()) if back else ():
        before = row.pieces or 0
        row.pieces = min(MOST_PIECES, before + back[row.dish_id])
        if before == 0:
            work.publish(DishResumed(merchant_id, store_id, row.dish_id))
    work.session.flush()


def hold_pieces(work: Work, merchant_id: UUID, store_id: UUID, picks: Iterable[Pick]) -> None:
    """Hold what `give_back` would count, for who has to hold something else before it knows whether to."""
    back = _returned(work, merchant_id, list(picks))
    if back:
        _counted(work, merchant_id, store_id, back, work.now())


def _returned(work: Work, merchant_id: UUID, asked: Sequence[Pick]) -> Counter[UUID]:
    """How many of each dish these are, with the parts of combos."""
    query = select(DishRow.id, DishRow.groups).where(
        DishRow.merchant_id == merchant_id, DishRow.id.in_({pick.dish_id for pick in asked})
    )
    known = {row.id: groups.read(row.groups) for row in work.session.execute(query)} if asked else {}
    back: Counter[UUID] = Counter()
    for pick in asked:
        chosen = {one for options in pick.options.values() for one in options}
        found = (one for group in known.get(pick.dish_id, ()) for one in group.options)
        for dish_id in (pick.dish_id, *(one.part for one in found if one.part and one.id in chosen)):
            back[dish_id] += pick.quantity
    return back


def _take(work: Work, merchant_id: UUID, store_id: UUID, wanted: Mapping[UUID, int], at: datetime) -> dict[UUID, int]:
    """Take them, or say of which there are too few, and how many."""
    rows = _counted(work, merchant_id, store_id, wanted, at)
    faults.point(work, "menus.take.counted")
    short = {row.dish_id: row.pieces or 0 for row in rows if (row.pieces or 0) < wanted[row.dish_id]}
    if short:
        return short
    for row in rows:
        row.pieces = (row.pieces or 0) - wanted[row.dish_id]
        if row.pieces == 0:
            work.publish(DishStopped(merchant_id, store_id, row.dish_id, row.stopped_until))
    work.session.flush()
    return {}


def _counted(work: Work, merchant_id: UUID, store_id: UUID, ids: Iterable[UUID], at: datetime) -> list[DishStop]:
    """The counted ones among them, held in the order of their ids."""
    query = select(DishStop).where(
        DishStop.merchant_id == merchant_id,
        DishStop.store_id == store_id,
        DishStop.dish_id.in_(list(ids)),
        DishStop.option_id == WHOLE,
        DishStop.pieces.is_not(None),
        or_(DishStop.stopped_until.is_(None), DishStop.stopped_until > at),
    )
    held = query.order_by(DishStop.dish_id).with_for_update().execution_options(populate_existing=True)
    return list(work.session.scalars(held))


def _name(work: Work, merchant_id: UUID, dish_id: UUID) -> str:
    query = select(DishRow.name).where(DishRow.merchant_id == merchant_id, DishRow.id == dish_id)
    return str(work.session.scalars(query).one())
