"""Prices of many dishes at once, and taking that back until somebody else has changed a dish."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from portal.domain.menus.actions.books import EDIT
from portal.domain.menus.actions.dishes import change_many
from portal.domain.menus.errors import ChangeOver, DishWrong
from portal.domain.menus.models import DishRepricing, DishRow
from portal.domain.menus.values import MOST_FEN, UNDO_FOR, DishState, Pricing
from portal.kernel.database import new_id
from portal.kernel.refusals import NotFound
from portal.kernel.words import say
from portal.kernel.work import Work


def raise_prices(work: Work, dish_ids: Iterable[UUID], *, fen: int) -> int:
    """So many fen more or less each, sizes as well; 时价 has no price to raise. Refuses what would fall below 0.

    Written down, so that `undo_prices` can take it back.
    """
    work.require(EDIT)
    changed: dict[str, int] = {}

    def change(row: DishRow) -> None:
        _raise(row, fen)
        changed[str(row.id)] = row.version + 1  # change_many counts it up

    count = change_many(work, dish_ids, change, "dish.repriced")
    work.session.add(
        DishRepricing(
            merchant_id=work.merchant_id,
            id=new_id(),
            change_fen=fen,
            dishes=changed,
            made_at=work.now(),
            undone_at=None,
        )
    )
    work.session.flush()
    return count


def undo_prices(work: Work, change_id: UUID) -> tuple[int, int]:
    """Take it back: how many dishes have their former price, and how many stay because somebody has changed them since.

    Refuses (`ChangeOver`) a second time and after a day.
    """
    work.require(EDIT)
    query = select(DishRepricing).where(DishRepricing.merchant_id == work.merchant_id, DishRepricing.id == change_id)
    change = work.session.execute(query.with_for_update()).scalar_one_or_none()
    if change is None:
        raise NotFound
    if change.undone_at is not None or work.now() >= change.made_at + UNDO_FOR:
        raise ChangeOver
    same = _unchanged(work, change)
    if same:
        change_many(work, same, lambda row: _raise(row, -change.change_fen), "dish.repriced_back")
    change.undone_at = work.now()
    work.session.flush()
    work.audit("dish.repricing_undone", "dish_repricing", change_id, dishes=len(same))
    return len(same), len(change.dishes) - len(same)


def _unchanged(work: Work, change: DishRepricing) -> list[UUID]:
    wanted = select(DishRow.id, DishRow.version).where(
        DishRow.merchant_id == work.merchant_id,
        DishRow.id.in_([UUID(one) for one in change.dishes]),
        DishRow.state != DishState.GONE.value,
    )
    found = work.session.execute(wanted.order_by(DishRow.id).with_for_update()).all()
    return [row.id for row in found if change.dishes[str(row.id)] == row.version]


def _raise(row: DishRow, fen: int) -> None:
    if row.pricing == Pricing.MARKET:
        return
    row.price_fen = _within(row.name, row.price_fen + fen)
    row.groups = [_raised(row.name, group, fen) if group["full"] else group for group in row.groups]


def _raised(name: str, group: dict[str, object], fen: int) -> dict[str, object]:
    options = group["options"]
    assert isinstance(options, list)
    return {**group, "options": [{**one, "fen": _within(name, one["fen"] + fen)} for one in options]}


def _within(name: str, fen: int) -> int:
    if not 0 <= fen <= MOST_FEN:
        raise DishWrong(say("%(name)s 调价后不在 0 到 %(most)s 元之间。", name=name, most=MOST_FEN // 100), "amount")
    return fen
