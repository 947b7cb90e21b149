"""A restaurant with tables, a menu and guests who sit there: made by the portal's own acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from portal.domain.floor.models import FloorArea, FloorTable
from portal.domain.menus.actions import set_table_rules
from portal.domain.menus.values import TableRules
from portal.domain.tabs import actions
from portal.domain.tabs import queries as tabs
from portal.domain.tabs.actions.settling import new_code
from portal.domain.tabs.values import Joined, Tab, Wanted
from portal.kernel.database import new_id
from portal.kernel.permissions import ROLES, Role
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, Work, open_work
from tests.factories.base import Maker
from tests.factories.calendar import Kind, MadeResource
from tests.factories.menus import MadeMenu
from tests.factories.stores import MadeStore
from tests.factories.tenants import MadeMerchant

RULES = TableRules(0, "茶位费", (), "after", "guest", True, "open")


@dataclass(frozen=True)
class MadeTable:
    """A table a test knows, with the code of its card."""

    id: UUID
    store_id: UUID
    merchant_id: UUID
    name: str
    code: str


@dataclass(frozen=True)
class MadePlace:
    """A restaurant: store, menu, some tables."""

    merchant: MadeMerchant
    store: MadeStore
    menu: MadeMenu
    tables: tuple[MadeTable, ...]


class Tabs(Maker):
    """Makers of tables and sittings."""

    def dining_table(self, store: MadeStore, name: str = "") -> MadeTable:
        """A table in the store's hall."""
        name = name or f"{next(self.numbers)} 号桌"
        made: MadeResource = self.resource(store, Kind.TABLE, name=name)  # type: ignore[attr-defined]
        code = new_code()
        with self.work(Face.OFFICE, merchant=store.merchant_id) as work:
            area_id = work.session.scalars(select(FloorArea.id).where(FloorArea.store_id == store.id)).first()
            if area_id is None:
                area_id = new_id()
                work.session.add(
                    FloorArea(merchant_id=store.merchant_id, id=area_id, store_id=store.id, name="大堂", position=1)
                )
                work.session.flush()
            work.session.add(
                FloorTable(
                    merchant_id=store.merchant_id,
                    id=made.id,
                    store_id=store.id,
                    area_id=area_id,
                    name=name,
                    code=code,
                    seats_min=1,
                    seats_max=4,
                    seats_extra=2,
                    plan_x=0,
                    plan_y=0,
                    shape="square",
                    active=True,
                    created_at=work.now(),
                )
            )
        return MadeTable(made.id, store.id, store.merchant_id, name, code)

    def restaurant(self, count: int = 2, **rules: object) -> MadePlace:
        """A restaurant with `count` tables, where guests may open them and join each other unless `rules` differ."""
        merchant = self.merchant()  # type: ignore[attr-defined]
        store = self.store(merchant)  # type: ignore[attr-defined]
        self.dining_rules(store, **rules)
        tables = tuple(self.dining_table(store, f"{number:02} 桌") for number in range(1, count + 1))
        return MadePlace(merchant, store, self.menu(merchant), tables)  # type: ignore[attr-defined]

    def dining_rules(self, store: MadeStore, **rules: object) -> None:
        """How the store keeps its tables."""
        with self.work(Face.OFFICE, merchant=store.merchant_id) as work:
            set_table_rules(work, store.id, replace(RULES, **rules))  # type: ignore[arg-type]

    def joins(self, table: MadeTable, *, people: int = 1, name: str = "", person: UUID | None = None) -> Joined:
        """A phone that has scanned the table's card."""
        kind = ActorKind.PERSON if person else ActorKind.GUEST
        face = Face.PERSON if person else Face.SHOP
        with self.work(face, person=person, kind=kind) as work:
            return actions.join(work, table.store_id, table.code, people=people, name=name)

    @contextmanager
    def at_table(self, joined: Joined) -> Iterator[Work]:
        """A guest's Work, as the table's office opens it."""
        scope = Scope(Face.GUEST, merchant_id=joined.merchant_id, sitting_id=joined.sitting_id)
        actor = Actor(ActorKind.GUEST, guest_id=joined.guest_id)
        with open_work(self.engine, scope=scope, actor=actor, clock=self.clock, permissions=ROLES[Role.GUEST]) as work:
            yield work

    def thinks_of(self, joined: Joined, dish_id: UUID, quantity: int = 1, note: str = "") -> UUID:
        """A line that a guest thinks of."""
        with self.at_table(joined) as work:
            return actions.add(work, joined.sitting_id, Wanted(dish_id, {}, quantity, note))

    def sends(self, joined: Joined, *dish_ids: UUID) -> UUID:
        """A round of these dishes."""
        for dish_id in dish_ids:
            self.thinks_of(joined, dish_id)
        with self.at_table(joined) as work:
            return actions.place(work, joined.sitting_id)

    def tab_at(self, table: MadeTable) -> UUID:
        """The sitting at a table."""
        with self.work(Face.OFFICE, merchant=table.merchant_id) as work:
            (found,) = (one.id for one in tabs.floor_state(work, table.store_id) if table.id in one.table_ids)
            return found

    def tab_seen(self, merchant_id: UUID, sitting_id: UUID) -> Tab:
        """A sitting as the staff sees it."""
        with self.work(Face.OFFICE, merchant=merchant_id) as work:
            return tabs.tab(work, sitting_id)
