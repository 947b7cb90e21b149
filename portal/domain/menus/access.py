"""The only ways to one menu, section, dish or import: permission, owner, lock."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from portal.domain.menus.models import DishRow, MenuBook, MenuImport, MenuSection
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
