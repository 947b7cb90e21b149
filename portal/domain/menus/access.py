"""The only ways to one menu, section, dish or import: permission, owner, lock."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import exists, or_, select

from portal.domain.menus.errors import BeyondReach
from portal.domain.menus.models import DishPlace, DishRow, MenuBook, MenuImport, MenuSection, MenuStore
from portal.domain.menus.values import DishState
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

Row = TypeVar("Row", MenuBook, MenuSection, DishRow, MenuImport)


def _access(work: Work, model: type[Row], row_id: UUID, may: Permission, *, lock: bool) -> Row:
    work.require(may)
    columns: Any = model
    query = select(model).where(columns.merchant_id == work.merchant_id, columns.id == row_id)
    row = work.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def access_dish(work: Work, dish_id: UUID, *, lock: bool = False, may: Permission = Permission.MENU_VIEW) -> DishRow:
    """The merchant's dish; one that was thrown away is NotFound."""
    row = _access(work, DishRow, dish_id, may, lock=lock)
    if row.state == DishState.GONE:
        raise NotFound
    return row


def access_menu(work: Work, menu_id: UUID, *, lock: bool = False, may: Permission = Permission.MENU_VIEW) -> MenuBook:
    """The merchant's menu."""
    return _access(work, MenuBook, menu_id, may, lock=lock)


def access_section(
    work: Work, section_id: UUID, *, lock: bool = False, may: Permission = Permission.MENU_VIEW
) -> MenuSection:
    """A section of one of the merchant's menus."""
    return _access(work, MenuSection, section_id, may, lock=lock)


def access_import(
    work: Work, import_id: UUID, *, lock: bool = False, may: Permission = Permission.MENU_EDIT
) -> MenuImport:
    """A menu that was brought."""
    return _access(work, MenuImport, import_id, may, lock=lock)


def refuse_shared(work: Work, dish_ids: Collection[UUID]) -> None:
    """Raises BeyondReach for a dish that stands in a menu of stores which who acts is not in charge of."""
    if work.scope.store_ids is None:
        return
    standing = (
        select(DishPlace.dish_id)
        .join(
            MenuSection,
            (MenuSection.merchant_id == DishPlace.merchant_id) & (MenuSection.id == DishPlace.section_id),
        )
        .join(MenuBook, (MenuBook.merchant_id == MenuSection.merchant_id) & (MenuBook.id == MenuSection.menu_id))
        .where(DishPlace.merchant_id == work.merchant_id, DishPlace.dish_id.in_(dish_ids), is_shared(work))
    )
    if work.session.scalars(standing.limit(1)).one_or_none() is not None:
        raise BeyondReach


def is_shared(work: Work) -> Any:
    """Of a menu: whether stores serve it that who acts is not in charge of."""
    reach = work.scope.store_ids
    beyond = exists().where(MenuStore.merchant_id == MenuBook.merchant_id, MenuStore.menu_id == MenuBook.id)
    return or_(MenuBook.everywhere, beyond.where(MenuStore.store_id.not_in(reach or ())))
