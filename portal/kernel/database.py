"""Declarative base, naming convention and column types shared by all tables.

Every owned table has its owner first in the primary key, and its foreign keys carry the owner along, so that a row of
another tenant cannot even be referred to (docs/decisions/0002). Ids are UUIDv7 made here, never by the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

import uuid_utils.compat as uuids
from sqlalchemy import BigInteger, DateTime, Engine, ForeignKeyConstraint, MetaData, Text, create_engine
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid  # noqa: N811  # told apart from uuid.UUID
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


def new_id() -> UUID:
    """A UUIDv7: ordered by time, made by the application."""
    return uuids.uuid7()


class Base(DeclarativeBase):
    """All tables. `__sight__` maps each face to the rows it sees (see `scope`)."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        str: Text,
        UUID: PgUuid(as_uuid=True),
    }
    __sight__: ClassVar[Mapping[Any, Any]] = {}


Id = Annotated[UUID, mapped_column(primary_key=True, default=new_id)]
OwnerId = Annotated[UUID, mapped_column(primary_key=True)]
Fen = Annotated[int, mapped_column(BigInteger)]


def belongs_to(owner: str, column: str, table: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A composite foreign key (owner, column) → table (owner, id): the parent must have the same owner."""
    return ForeignKeyConstraint([owner, column], [f"{table}.{owner}", f"{table}.id"], ondelete=ondelete)


ENGINE_OPTIONS: dict[str, Any] = {
    "pool_size": 5,
    "max_overflow": 3,
    "pool_timeout": 5,
    "pool_pre_ping": False,
    "pool_recycle": 1800,
    "connect_args": {"connect_timeout": 5},
}


def make_engine(url: str, **options: Any) -> Engine:
    """An engine with the portal's pool settings, for the worker and the commands."""
    return create_engine(url, **{**ENGINE_OPTIONS, **options})
