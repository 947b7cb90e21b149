"""Menus with dishes and options, made by the portal's own acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.domain.menus import actions
from portal.domain.menus.values import DishFacts, DishKind, Group, MenuFacts, Option, Pricing
from portal.kernel.database import new_id
from portal.kernel.hours import parse_week
from portal.kernel.scope import Face
from tests.factories.base import Maker
from tests.factories.tenants import MadeMerchant


@dataclass(frozen=True)
class MadeMenu:
    """A menu a test knows, with one section."""

    id: UUID
    merchant_id: UUID
    section_id: UUID


def group(
    name: str,
    options: Sequence[tuple[str, int] | tuple[str, int, UUID]],
    *,
    full: bool = False,
    least: int = 0,
    most: int = 1,
) -> Group:
    """An option group of (name, fen) or (name, fen, dish)."""
    made = tuple(Option(new_id(), one[0], one[1], one[2] if len(one) > 2 else None) for one in options)
    return Group(new_id(), name, full, 1 if full else least, most, made)


class Menus(Maker):
    """Makers of menus."""

    def menu(
        self, merchant: MadeMerchant, name: str = "主菜单", *, hours: str | None = None, section: str = "招牌"
    ) -> MadeMenu:
        """A menu that every store serves, with one section."""
        with self.work(Face.OFFICE, merchant=merchant.id) as work:
            menu_id = actions.create_menu(work, MenuFacts(name, hours=parse_week(hours) if hours else None))
            return MadeMenu(menu_id, merchant.id, actions.add_section(work, menu_id, section))

    def dish(
        self,
        menu: MadeMenu,
        name: str = "吊龙",
        fen: int = 4800,
        *,
        groups: Sequence[Group] = (),
        pricing: Pricing = Pricing.FIXED,
        kind: DishKind = DishKind.DISH,
        station: str = "",
        unit: str = "份",
    ) -> UUID:
        """A dish in the menu's section."""
        facts = DishFacts(name, fen, unit, kind, pricing, station=station, sections=(menu.section_id,))
        with self.work(Face.OFFICE, merchant=menu.merchant_id) as work:
            dish_id = actions.create(work, facts)
            if groups:
                actions.set_groups(work, dish_id, groups, version=1)
        return dish_id

    def sold_out(self, merchant_id: UUID, store_id: UUID, dish_id: UUID) -> None:
        """沽清 until somebody brings it back."""
        with self.work(Face.OFFICE, merchant=merchant_id) as work:
            actions.stop(work, store_id, dish_id)
