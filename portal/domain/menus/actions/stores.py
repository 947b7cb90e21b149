"""What one store does otherwise: which dishes it offers, at which price; and how it keeps its tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from portal.domain.menus.access import access_dish
from portal.domain.menus.actions.books import EDIT, name_of
from portal.domain.menus.errors import DishWrong
from portal.domain.menus.models import DishStore, TableMust, TableRule
from portal.domain.menus.values import MOST_FEN, TableRules
from portal.domain.stores.access import access_store
from portal.kernel.words import say
from portal.kernel.work import Work

MOST_COVER_FEN = 100_000
MOST_MUSTS = 5
MOST_MINUTES = 240


def set_choice(work: Work, store_id: UUID, dish_id: UUID, *, offered: bool, price_fen: int | None) -> None:
    """What this store does with a dish: offers it or not, at its own price (None: the menu's)."""
    access_store(work, store_id, may=EDIT)
    access_dish(work, dish_id, may=EDIT)
    if price_fen is not None and not 0 <= price_fen <= MOST_FEN:
        raise DishWrong(say("价格最多 %(most)s 元。", most=MOST_FEN // 100), "price")
    keys = {"merchant_id": work.merchant_id, "store_id": store_id, "dish_id": dish_id}
    facts = {"offered": offered, "price_fen": price_fen, "changed_at": work.now()}
    row = insert(DishStore).values({**keys, **facts})
    work.session.execute(row.on_conflict_do_update(index_elements=list(keys), set_=facts))
    work.audit("dish.store_choice", "dish", dish_id, store=store_id, offered=offered, price_fen=price_fen)


def set_table_rules(work: Work, store_id: UUID, rules: TableRules) -> None:
    """How the store keeps its tables from the next sitting on; 必点 are dishes without choices at a fixed price."""
    access_store(work, store_id, may=EDIT)
    rules = replace(rules, cover_name=name_of(rules.cover_name, field="cover_name"))
    if not 0 <= rules.cover_fen <= MOST_COVER_FEN:
        raise DishWrong(say("茶位费最多 %(most)s 元。", most=MOST_COVER_FEN // 100), "cover")
    if not 0 <= rules.order_minutes <= MOST_MINUTES:
        raise DishWrong(say("请填 0 到 %(most)s 分钟。", most=MOST_MINUTES), "order_minutes")
    keys = {"merchant_id": work.merchant_id, "store_id": store_id}
    facts = {
        "cover_fen": rules.cover_fen,
        "cover_name": rules.cover_name,
        "pays": rules.pays,
        "opens": rules.opens,
        "shared": rules.shared,
        "joins": rules.joins,
        "order_minutes": rules.order_minutes,
        "changed_at": work.now(),
    }
    row = insert(TableRule).values({**keys, **facts})
    work.session.execute(row.on_conflict_do_update(index_elements=list(keys), set_=facts))
    _set_musts(work, store_id, rules.musts)
    work.audit("table_rules.set", "store", store_id, cover_fen=rules.cover_fen, pays=rules.pays)


def _set_musts(work: Work, store_id: UUID, musts: Iterable[UUID]) -> None:
    ids = list(dict.fromkeys(musts))
    if len(ids) > MOST_MUSTS:
        raise DishWrong(say("必点最多 %(most)s 道。", most=MOST_MUSTS), "musts")
    gone = delete(TableMust).where(TableMust.merchant_id == work.merchant_id, TableMust.store_id == store_id)
    work.session.execute(gone)
    for position, dish_id in enumerate(ids):
        dish = access_dish(work, dish_id, may=EDIT)
        if dish.pricing != "fixed" or any(group["least"] for group in dish.groups):
            raise DishWrong(say("必点的菜不能是时价、称重，也不能要先选规格：%(name)s。", name=dish.name), "musts")
        row = TableMust(merchant_id=work.merchant_id, store_id=store_id, dish_id=dish_id, position=position)
        work.session.add(row)
    work.session.flush()
