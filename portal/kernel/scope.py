"""Whose rows a Work may touch: the first wall, above the ORM.

Each model says in `__sight__` which *face* sees which of its rows, by comparing one column with one key. The same
declaration is written as row-security policies in the migrations; a test holds both against each other. A query
without a scope, or by a face the model does not name, does not run.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, Table, bindparam, event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.sql import visitors

from portal.kernel.database import Base

Statement = TypeVar("Statement", bound=Executable)


class Face(StrEnum):
    """One database role for each kind of audience."""

    SHOP = "shop"  # anyone, signed in or not: public facts only
    PERSON = "person"  # a person with his own things
    OFFICE = "office"  # a merchant's back office
    PLATFORM = "platform"  # the operator
    JOB = "job"  # the worker, outside any one tenant
    GATE = "gate"  # sign-in before anyone is known
    LEDGER = "ledger"  # the one writer of accounts and transfers
    GUEST = "guest"  # somebody at a table, with or without an account: the sitting he joined
    PROVIDER = "provider"  # a payment provider that calls: the inbox of its notices, and the sandbox's own rows

    @property
    def role(self) -> str:
        """The PostgreSQL role of this face."""
        return f"face_{self.value}"


class Key(StrEnum):
    """What a policy compares a column with: `app.<key>` in PostgreSQL, an attribute of the scope here."""

    MERCHANT = "merchant"
    PERSON = "person"
    ACTOR = "actor"
    SITTING = "sitting"


@dataclass(frozen=True)
class When:
    """Rows whose `column` holds one of these words."""

    column: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Sight:
    """Rows a face sees: those whose `column` equals the scope's `key`; both None means all rows, or all rows `when`."""

    column: str | None = None
    key: Key | None = None
    when: When | None = None


def by_merchant(column: str = "merchant_id") -> Sight:
    """Rows of the merchant whose back office is open."""
    return Sight(column, Key.MERCHANT)


def by_person(column: str = "person_id") -> Sight:
    """Rows of the person who is signed in."""
    return Sight(column, Key.PERSON)


def by_sitting(column: str = "sitting_id") -> Sight:
    """Rows of the sitting that a guest has joined."""
    return Sight(column, Key.SITTING)


def by_actor(column: str = "actor_id") -> Sight:
    """Rows of whoever acts, whatever the face (stored answers only)."""
    return Sight(column, Key.ACTOR)


def everyone(*, when: When | None = None) -> Sight:
    """All rows: public facts, or the operator's view; with `when` those that are in one of its states."""
    return Sight(when=when)


@dataclass(frozen=True)
class Scope:
    """The rows in reach of one Work. `store_ids` None means all stores of the merchant."""

    face: Face
    person_id: UUID | None = None
    merchant_id: UUID | None = None
    store_ids: frozenset[UUID] | None = None
    sitting_id: UUID | None = None

    def covers_store(self, store_id: UUID) -> bool:
        """True when the scope reaches this store of the merchant."""
        return self.store_ids is None or store_id in self.store_ids


class OutOfScope(RuntimeError):
    """A programming error: a query ran without a scope, or a face touched what it may never see."""


class WorkSession(Session):
    """A session that refuses owned rows out of its scope. Its `info` is filled by `take`."""

    def take(self, scope: Scope, actor_id: UUID | None) -> None:
        """From here on, rows of this scope only."""
        keys = {
            Key.MERCHANT: scope.merchant_id,
            Key.PERSON: scope.person_id,
            Key.ACTOR: actor_id,
            Key.SITTING: scope.sitting_id,
        }
        self.info.update(scope=scope, keys=keys)


def sight_of(model: type[Base], face: Face) -> Sight:
    """The declared sight. Raises OutOfScope when the model does not show itself to this face."""
    sight: Sight | None = model.__sight__.get(face)
    if sight is None:
        raise OutOfScope(f"{model.__name__} is out of sight of the {face} face")
    return sight


def fixed(statement: Statement) -> Statement:
    """Mark a statement that is built once, with bound parameters, and run for ever: its guard is built once too."""
    return statement.execution_options(fixed=True)


@cache
def _models_by_table() -> dict[str, type[Base]]:
    mappers = Base.registry.mappers
    return {str(mapper.local_table.name): mapper.class_ for mapper in mappers}  # type: ignore[attr-defined]


def owned_models(statement: Any) -> set[type[Base]]:
    """Every mapped class whose table the statement touches, in sub-queries, CTEs and counts as well."""
    known = _models_by_table()
    names = {element.name for element in visitors.iterate(statement) if isinstance(element, Table)}
    return {known[name] for name in names if name in known}


@cache
def _criterion(model: type[Base], face: Face) -> tuple[Key | None, Any] | None:
    """The key a face needs for this model and the option that compares with it; the value is asked for at each run."""
    sight = sight_of(model, face)
    if sight.when is not None:
        shown = getattr(model, sight.when.column).in_(sight.when.words)
        return None, with_loader_criteria(model, shown, include_aliases=True)
    if sight.key is None or sight.column is None:
        return None
    column, key = getattr(model, sight.column), sight.key
    held = bindparam(f"scope_{key}", callable_=lambda: _KEYS.get()[key], type_=column.type, unique=True)
    return key, with_loader_criteria(model, column == held, include_aliases=True)


_KEYS: ContextVar[dict[Key, UUID | None]] = ContextVar("keys")
_GUARDED: WeakKeyDictionary[Any, dict[Face, tuple[Any, frozenset[Key]]]] = WeakKeyDictionary()


def _guarded(statement: Any, face: Face) -> tuple[Any, frozenset[Key]]:
    """The statement with its criteria for this face, and the keys they need."""
    found = [_criterion(model, face) for model in owned_models(statement)]
    needed = [one for one in found if one is not None]
    options = [option for _key, option in needed]
    return statement.options(*options) if options else statement, frozenset(key for key, _option in needed if key)


@event.listens_for(WorkSession, "do_orm_execute")
def _guard_query(state: ORMExecuteState) -> None:
    info, statement = state.session.info, state.statement
    if "scope" not in info:
        raise OutOfScope("a query ran without a scope")
    face: Face = info["scope"].face
    if state.execution_options.get("fixed"):
        faces = _GUARDED.setdefault(statement, {})
        if face not in faces:
            faces[face] = _guarded(statement, face)
        state.statement, needed = faces[face]
    else:
        state.statement, needed = _guarded(statement, face)
    keys: dict[Key, UUID | None] = info["keys"]
    for key in needed:
        if keys[key] is None:
            raise OutOfScope(f"a query needs the key {key}, the scope has none")
    _KEYS.set(keys)


@event.listens_for(WorkSession, "before_flush")
def _guard_flush(session: Session, _flush: UOWTransaction, _objects: Any) -> None:
    if "scope" not in session.info:
        raise OutOfScope("a flush ran without a scope")
    for row in (*session.new, *session.dirty, *session.deleted):
        sight = sight_of(type(row), session.info["scope"].face)
        if sight.when is not None and getattr(row, sight.when.column) not in sight.when.words:
            raise OutOfScope(f"{type(row).__name__} is not to be seen by the {session.info['scope'].face} face")
        if sight.key is None or sight.column is None:
            continue
        if getattr(row, sight.column) != session.info["keys"][sight.key]:
            raise OutOfScope(f"{type(row).__name__} belongs to another {sight.key}")
