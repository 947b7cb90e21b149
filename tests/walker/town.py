"""Two towns of the same shape on one installation: A, whose people try, and B, whose rows they must never reach.

Made by the portal's own makers where there are some, by the filler where there are none. Every word that a person of a
town wrote carries a mark, so that a leak says where it came from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

import psycopg

from portal.domain.tenants.values import KINDS_WITH_STORES, ROLES_OF_KIND, Kind
from portal.kernel.permissions import Role
from tests.architecture.catalogue import Catalogue, Table
from tests.architecture.ids import IDS
from tests.factories.persons import MadePerson
from tests.factories.stores import MadeStore
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World
from tests.walker.filler import Filler, parents_first
from tests.walker.ledger import Mark, Marker, Name, rows_of, snapshot, unusual

OF_NOBODY = frozenset({"limit_counters", "audit_entries", "denied_accesses", "regions", "alembic_version"})
WITHOUT_TOWN = frozenset({"announcements", "brands", "categories", "parameter_values", "regions"})
ON_THE_STREET = ("product_cards", "store_cards")  # a file's name that stands in one of these is everybody's
TOLD_BY_OTHERS = frozenset({"sku"})  # no state of their own, but rows elsewhere that wait
PLATFORM_ROLES = tuple(role for role in Role if role.value.startswith("platform"))


@dataclass(frozen=True)
class Actor:
    """Somebody with a browser. `token` is his sign-in's; None is nobody."""

    name: str
    town: str
    person: MadePerson | None = None
    token: str | None = None
    role: Role | None = None
    merchant: MadeMerchant | None = None
    stores: tuple[UUID, ...] | None = None
    shut: str = ""  # why every door is closed to him: blocked, ended, signed-out, suspended
    session: tuple[tuple[str, Any], ...] = field(
        default=(), compare=False
    )  # what else his browser remembers (a sign-in half-way)


NOBODY = Actor("nobody", "")


@dataclass
class Town:
    """People, merchants, stores and everything that belongs to them."""

    letter: str
    merchants: dict[Kind, MadeMerchant] = field(default_factory=dict)
    suspended: MadeMerchant | None = None
    stores: dict[UUID, list[MadeStore]] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    names: set[Name] = field(default_factory=set)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    shared: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # rows that belong to no town
    marks: list[Mark] = field(default_factory=list)
    secrets: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """By argument: links that were told once and are kept as digests only."""

    def owned_by(self, row: dict[str, Any], merchant: MadeMerchant | None) -> bool:
        """True when the row says nothing of merchants, or names this one."""
        return merchant is None or row.get("merchant_id") in (None, merchant.id)

    def candidates(self, argument: str, chosen: dict[str, UUID]) -> list[Any]:
        """Values for a route's argument that go together with those chosen before, newest last."""
        source = IDS.get(argument, "")
        if callable(source):
            return list(source(self))
        table, _, column = source.partition(".")
        rows = self.rows.get(table) or self.shared.get(table, [])
        for other, value in chosen.items():
            tied = self._tied(table, rows, argument, other, value)
            rows = tied or ([] if other == "merchant" and rows and "merchant_id" in rows[0] else rows)
        if rows and "id" in rows[0] and ("state" in rows[0] or argument in TOLD_BY_OTHERS):
            rows = self._telling(rows)
        return list(dict.fromkeys(row[column] for row in rows))

    def _telling(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows that show most come last: one of each state, and what other tables tell of them in each state."""
        chosen: list[dict[str, Any]] = []
        left = {
            id(row): {(str(row.get("kind")), str(row.get("state"))), *self._told.get(row["id"], ())} for row in rows
        }
        missing = set[tuple[str, str]]().union(*left.values())
        while missing:
            best = max(rows, key=lambda row: len(left[id(row)] & missing))
            missing -= left[id(best)]
            chosen.insert(0, best)
        return [row for row in rows if row not in chosen] + chosen

    def _tied(
        self, table: str, rows: list[dict[str, Any]], argument: str, other: str, value: Any
    ) -> list[dict[str, Any]]:
        """The rows that name `value` themselves, or are named together with it by another table's row."""
        if any(f"{other}_id" in row for row in rows[:1]) or other in ("merchant", "person"):
            return [row for row in rows if row.get(f"{other}_id", value) == value]
        mine, theirs = f"{argument}_id", f"{other}_id"
        links = [row for name, found in self.rows.items() if name != table for row in found if {mine, theirs} <= {*row}]
        named = {row[mine] for row in links if row[theirs] == value}
        return [row for row in rows if row.get("id") in named] if links else rows

    @cached_property
    def _told(self) -> dict[UUID, set[tuple[str, str]]]:
        """By id: which tables name it, in rows of which state."""
        found: dict[UUID, set[tuple[str, str]]] = defaultdict(set)
        for table, rows in self.rows.items():
            for row in rows:
                for value in row.values():
                    if isinstance(value, UUID):
                        found[value].add((table, str(row.get("state", ""))))
        return found

    def twin(self, other: Town) -> dict[str, str]:
        """Ids of this town → ids of the other that stand at the same place."""
        pairs: dict[str, str] = {}
        for table, rows in self.rows.items():
            theirs = other.rows.get(table, [])
            for mine, foreign in zip(rows, theirs, strict=False):
                pairs |= {str(mine[c]): str(foreign[c]) for c in mine if isinstance(mine[c], UUID) and c in foreign}
        return {mine: foreign for mine, foreign in pairs.items() if foreign != "None"}


@dataclass
class Builder:
    """Builds a town with the world's makers; everything that comes into being belongs to it."""

    world: World
    connection: psycopg.Connection
    catalogue: Catalogue
    needed: dict[Kind, set[str]]  # tables that routes of a kind's office need rows in

    def build(self, letter: str) -> Town:
        """One town."""
        before = set(snapshot(self.connection, self.catalogue, OF_NOBODY))
        town = Town(letter)
        self._merchants(town)
        self._people(town)
        for furnish in FURNISHERS:
            furnish(self.world, town)
        self._fill(town)
        after = set(snapshot(self.connection, self.catalogue, OF_NOBODY))
        town.names = self._not_of_others(before, after - before)
        marks = Marker(self.connection, self.catalogue, letter.lower()).mark(town.names)
        self.read(town)
        street = str([town.rows.get(table) for table in ON_THE_STREET])
        town.marks = [mark for mark in unusual(marks) if mark.word.startswith("zz") or mark.word not in street]
        return town

    def _not_of_others(self, before: set[Name], fresh: set[Name]) -> set[Name]:
        """Without what people got who were there before: the operator's people hear of every town."""
        residents = {key for table, key in before if table == "persons"}
        return {
            (table, key)
            for table, key in fresh
            if self.catalogue.tables[table].primary[:1] != ("person_id",) or key.partition("/")[0] not in residents
        }

    def read(self, town: Town) -> None:
        """Take the rows as they stand now."""
        for table in self.catalogue.tables.values():
            keys = {key for name, key in town.names if name == table.name}
            if table.name in WITHOUT_TOWN:
                everything = {key for name, key in snapshot(self.connection, self.catalogue) if name == table.name}
                town.shared[table.name] = rows_of(self.connection, table, everything)
            if keys:
                town.rows[table.name] = sorted(rows_of(self.connection, table, keys), key=lambda row: row["_key"])

    def _merchants(self, town: Town) -> None:
        for kind in Kind:
            merchant = self.world.merchant(kind, f"{town.letter} 镇{kind.value}")
            town.merchants[kind] = merchant
            if kind in KINDS_WITH_STORES:
                town.stores[merchant.id] = [self.world.store(merchant, f"{merchant.name}{n}号店") for n in (1, 2)]
                self.world.store(merchant, f"{merchant.name}未开的店", listed=False)
        town.suspended = self.world.merchant(Kind.BRAND, f"{town.letter} 镇停业品牌")
        town.stores[town.suspended.id] = [self.world.store(town.suspended, f"{town.letter} 镇停业店")]

    def _people(self, town: Town) -> None:
        self._actor(town, "consumer", Role.CONSUMER)
        self._actor(town, "neighbour", Role.CONSUMER, second_factor=False)
        self._actor(town, "mover", Role.CONSUMER)
        for kind, merchant in town.merchants.items():
            for role in ROLES_OF_KIND[kind]:
                self._actor(town, f"{kind.value}.{role.value}", role, merchant)
        for kind in KINDS_WITH_STORES:
            merchant = town.merchants[kind]
            for role in (Role.CLERK, Role.MANAGER):
                for number, store in enumerate(town.stores[merchant.id], 1):
                    self._actor(town, f"{kind.value}.{role.value}.{number}", role, merchant, (store.id,))
        for role in PLATFORM_ROLES:
            self._actor(town, role.value, role)
        assert town.suspended is not None
        self._actor(town, "suspended.owner", Role.OWNER, town.suspended, shut="suspended")
        self._shut(town)

    def _shut(self, town: Town) -> None:
        """People and a merchant to whom every door must be closed."""
        brand = town.merchants[Kind.BRAND]
        for why, statement in SHUTTING.items():
            actor = self._actor(town, f"{why}.owner", Role.OWNER, brand, shut=why)
            assert actor.person is not None
            self.connection.execute(statement, (actor.person.id,))
        assert town.suspended is not None
        self.connection.execute(
            "UPDATE merchants SET state = 'suspended', state_reason = '复核中' WHERE id = %s", (town.suspended.id,)
        )

    def _actor(
        self,
        town: Town,
        name: str,
        role: Role,
        merchant: MadeMerchant | None = None,
        stores: tuple[UUID, ...] | None = None,
        shut: str = "",
        *,
        second_factor: bool = True,
    ) -> Actor:
        person = self.world.person(f"{town.letter} 镇{name}先生")
        if merchant is not None:
            self.world.staff(merchant, role, person=person, stores=stores)
        elif role in PLATFORM_ROLES:
            self.world.operator(role, person)
        token = self.world.sign_in(person, second_factor=second_factor)
        actor = Actor(f"{town.letter}.{name}", town.letter, person, token, role, merchant, stores, shut)
        town.actors[name] = actor
        return actor

    def _fill(self, town: Town) -> None:
        """A row in every table that the makers left empty, for every merchant whose office needs one."""
        filler = Filler(self.connection, self.catalogue, self.world.clock.now())
        consumer = town.actors["consumer"].person
        assert consumer is not None
        people = dict.fromkeys(("person_id", "holder_id", "actor_id"), consumer.id)
        for table in parents_first(self.catalogue):
            if table.name in OF_NOBODY or table.name in UNFILLED:
                continue
            for owners in self._gaps(town, table, people):
                filler.fill(table.name, owners, "~")

    def _gaps(self, town: Town, table: Table, people: dict[str, UUID]) -> Iterator[dict[str, UUID]]:
        """The owners for whom this table holds nothing yet."""
        if "merchant_id" in table.columns:
            kinds = {kind for kind, tables in self.needed.items() if table.name in tables}
            if not any(self._has(table, "merchant_id", merchant.id) for merchant in town.merchants.values()):
                kinds.add(self._able(town, table))
            for merchant in (town.merchants[kind] for kind in sorted(kinds)):
                if not self._has(table, "merchant_id", merchant.id):
                    yield {**people, "merchant_id": merchant.id}
            return
        personal = next((column for column in people if column in table.columns), None)
        if personal and not self._has(table, personal, people[personal]):
            yield {**people, "merchant_id": town.merchants[Kind.BRAND].id}
        if personal is None and not self._has(table, "", None):
            yield people

    def _able(self, town: Town, table: Table) -> Kind:
        """A kind of merchant that has the rows this table refers to."""
        parents = [self.catalogue.tables[one.table] for one in table.references if "merchant_id" in one.columns]
        owned = [parent for parent in parents if "merchant_id" in parent.columns]
        able = [kind for kind in Kind if all(self._has(one, "merchant_id", town.merchants[kind].id) for one in owned)]
        return next(iter(sorted(able, key=lambda kind: kind is not Kind.BRAND)), Kind.BRAND)

    def _has(self, table: Table, column: str, value: UUID | None) -> bool:
        where = f"WHERE {column} = %s" if column else "WHERE %s::uuid IS NULL"
        return self.connection.execute(f"SELECT 1 FROM {table.name} {where} LIMIT 1", (value,)).fetchone() is not None


SHUTTING = {
    "blocked": "UPDATE persons SET state = 'blocked' WHERE id = %s",
    "ended": "UPDATE memberships SET ended_at = created_at WHERE person_id = %s",
    "signed-out": "UPDATE sign_ins SET ended_at = created_at WHERE person_id = %s",
}
UNFILLED = {
    "platform_staff": "made with the actors",
    "codes": "digests of codes; nobody's page shows them",
    "ledger_journals": "made by the furnishing's money; a journal without transfers is none",
}
FURNISHERS: list[Callable[[World, Town], None]] = []
