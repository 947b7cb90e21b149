"""Menus and their sections: made, changed, put in order, thrown away when nothing stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update

from portal.domain.menus.access import access_menu, access_section, is_shared
from portal.domain.menus.errors import BeyondReach, NameMissing, NotEmpty
from portal.domain.menus.models import DishPlace, MenuBook, MenuSection, MenuStore
from portal.domain.menus.values import MenuFacts
from portal.domain.stores.access import access_store
from portal.kernel.database import new_id
from portal.kernel.hours import to_json
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

EDIT = Permission.MENU_EDIT
MOST_NAME = 30


def name_of(text: str, *, field: str = "name") -> str:
    """A short name without odd spaces. Refuses an empty one and more than 30 letters."""
    name = " ".join(text.split())
    if not 1 <= len(name) <= MOST_NAME:
        raise NameMissing(MOST_NAME, field)
    return name


def create_menu(work: Work, facts: MenuFacts) -> UUID:
    """A menu behind the others. Refuses (`BeyondReach`) one of all stores to who is in charge of some."""
    work.require(EDIT)
    if facts.everywhere and work.scope.store_ids is not None:
        raise BeyondReach("everywhere")
    last = select(func.max(MenuBook.position)).where(MenuBook.merchant_id == work.merchant_id)
    row = MenuBook(
        merchant_id=work.merchant_id,
        id=new_id(),
        position=(work.session.execute(last).scalar() or 0) + 1,
        created_at=work.now(),
    )
    _fill(work, row, facts)
    work.session.add(row)
    work.session.flush()
    _serve_in(work, row.id, facts)
    work.audit("menu.created", "menu", row.id)
    return row.id


def edit_menu(work: Work, menu_id: UUID, facts: MenuFacts) -> None:
    """Its name, its hours, its stores, whether it is served. Stores that who acts is not in charge of keep it as it
    is: he says only of his own whether they serve it (`BeyondReach`).
    """
    row = access_menu(work, menu_id, lock=True, may=EDIT)
    _refuse_beyond(work, row, facts)
    _fill(work, row, facts)
    work.session.flush()
    _serve_in(work, menu_id, facts)
    work.audit("menu.edited", "menu", menu_id, active=facts.active)


def _refuse_beyond(work: Work, row: MenuBook, facts: MenuFacts) -> None:
    if work.scope.store_ids is None:
        return
    if facts.everywhere != row.everywhere:
        raise BeyondReach("everywhere")
    if _shared(work, row) and (facts.active != row.active or _hours(facts) != row.hours):
        raise BeyondReach("times" if facts.active == row.active else "active")


def _shared(work: Work, row: MenuBook) -> bool:
    query = select(MenuBook.id).where(MenuBook.merchant_id == row.merchant_id, MenuBook.id == row.id, is_shared(work))
    return work.scope.store_ids is not None and work.session.scalars(query).one_or_none() is not None


def _hours(facts: MenuFacts) -> dict[str, Any] | None:
    return to_json(facts.hours) if facts.hours else None


def _fill(work: Work, row: MenuBook, facts: MenuFacts) -> None:
    row.name, row.active, row.everywhere = name_of(facts.name), facts.active, facts.everywhere
    row.hours = _hours(facts)
    row.changed_at = work.now()


def _serve_in(work: Work, menu_id: UUID, facts: MenuFacts) -> None:
    keys: tuple[Any, ...] = (MenuStore.merchant_id == work.merchant_id, MenuStore.menu_id == menu_id)
    if work.scope.store_ids is not None:
        keys = (*keys, MenuStore.store_id.in_(work.scope.store_ids))
    work.session.execute(delete(MenuStore).where(*keys))
    for store_id in () if facts.everywhere else sorted(set(facts.stores)):
        access_store(work, store_id, may=EDIT)
        work.session.add(MenuStore(merchant_id=work.merchant_id, menu_id=menu_id, store_id=store_id))
    work.session.flush()


def remove_menu(work: Work, menu_id: UUID) -> None:
    """Throw a menu away. Refuses (`NotEmpty`) while dishes stand in it, and one of other stores (`BeyondReach`)."""
    row = access_menu(work, menu_id, lock=True, may=EDIT)
    if _shared(work, row):
        raise BeyondReach
    sections = select(MenuSection.id).where(MenuSection.merchant_id == work.merchant_id, MenuSection.menu_id == menu_id)
    _refuse_filled(work, sections)
    work.session.delete(row)
    work.audit("menu.removed", "menu", menu_id)


def _refuse_filled(work: Work, sections: Any) -> None:
    standing = select(func.count()).where(DishPlace.merchant_id == work.merchant_id, DishPlace.section_id.in_(sections))
    if count := work.session.execute(standing).scalar_one():
        raise NotEmpty(count)


def add_section(work: Work, menu_id: UUID, name: str) -> UUID:
    """A heading behind the others."""
    access_menu(work, menu_id, lock=True, may=EDIT)
    section_id = add_sections(work, menu_id, [name_of(name)])[0]
    work.audit("menu.section_added", "menu_section", section_id, menu=menu_id)
    return section_id


def add_sections(work: Work, menu_id: UUID, names: Iterable[str]) -> list[UUID]:
    """Several, in order; the caller has checked the menu and the names."""
    keys = (MenuSection.merchant_id == work.merchant_id, MenuSection.menu_id == menu_id)
    last = work.session.execute(select(func.max(MenuSection.position)).where(*keys)).scalar() or 0
    rows = [
        MenuSection(merchant_id=work.merchant_id, id=new_id(), menu_id=menu_id, name=name, position=last + step)
        for step, name in enumerate(names, 1)
    ]
    work.session.add_all(rows)
    work.session.flush()
    return [row.id for row in rows]


def rename_section(work: Work, section_id: UUID, name: str) -> None:
    """Another heading."""
    access_section(work, section_id, lock=True, may=EDIT).name = name_of(name)
    work.audit("menu.section_renamed", "menu_section", section_id)


def remove_section(work: Work, section_id: UUID) -> None:
    """Throw a heading away. Refuses (`NotEmpty`) while dishes stand under it."""
    row = access_section(work, section_id, lock=True, may=EDIT)
    _refuse_filled(work, [section_id])
    work.session.delete(row)
    work.audit("menu.section_removed", "menu_section", section_id)


def order_sections(work: Work, menu_id: UUID, ids: Sequence[UUID]) -> None:
    """The sections of a menu in this order; those not named follow as they were."""
    access_menu(work, menu_id, lock=True, may=EDIT)
    keys = (MenuSection.merchant_id == work.merchant_id, MenuSection.menu_id == menu_id)
    listed = select(MenuSection.id).where(*keys).order_by(MenuSection.position, MenuSection.id)
    for position, one in enumerate(reordered(work.session.execute(listed).scalars().all(), ids), 1):
        work.session.execute(update(MenuSection).where(*keys, MenuSection.id == one).values(position=position))
    work.audit("menu.ordered", "menu", menu_id)


def order_dishes(work: Work, section_id: UUID, ids: Sequence[UUID]) -> None:
    """The dishes of a section in this order; those not named follow as they were."""
    access_section(work, section_id, lock=True, may=EDIT)
    keys = (DishPlace.merchant_id == work.merchant_id, DishPlace.section_id == section_id)
    listed = select(DishPlace.dish_id).where(*keys).order_by(DishPlace.position, DishPlace.dish_id)
    found = reordered(work.session.execute(listed).scalars().all(), ids)
    rows = [{"position": position, "b_dish": one} for position, one in enumerate(found, 1)]
    for row in rows:
        moved = update(DishPlace).where(*keys, DishPlace.dish_id == row["b_dish"]).values(position=row["position"])
        work.session.execute(moved)
    work.audit("menu.dishes_ordered", "menu_section", section_id)


def reordered(standing: Sequence[UUID], wanted: Sequence[UUID]) -> list[UUID]:
    """`wanted` first, as far as it stands here and once each, then the others as they stood."""
    first = list(dict.fromkeys(one for one in wanted if one in set(standing)))
    return [*first, *(one for one in standing if one not in set(first))]
