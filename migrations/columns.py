"""Columns and constraints for migrations, named as the models name them, many at a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

LEGAL = (
    *("name", "legal_name", "licence_number", "representative", "contact_name", "contact_phone", "address"),
    *("lat", "lng", "category_id", "region_code", "bank_holder", "bank_name", "bank_last4"),
)
"""All of a merchant's legal and bank data but the full bank number."""


def words(*names: str, null: bool = False) -> list[sa.Column[str]]:
    """Text."""
    return [sa.Column(name, sa.Text(), nullable=null) for name in names]


def ids(*names: str, null: bool = False) -> list[sa.Column[object]]:
    """UUIDs."""
    return [sa.Column(name, sa.UUID(), nullable=null) for name in names]


def times(*names: str, null: bool = False) -> list[sa.Column[object]]:
    """Moments."""
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=null) for name in names]


def json(name: str, *, null: bool = False) -> sa.Column[object]:
    """JSON."""
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), nullable=null)


def numbers(*names: str) -> list[sa.Column[int]]:
    """Whole numbers."""
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def small(*names: str) -> list[sa.Column[int]]:
    """Small whole numbers."""
    return [sa.Column(name, sa.SmallInteger(), nullable=False) for name in names]


def fen(*names: str) -> list[sa.Column[int]]:
    """Money."""
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def flags(*names: str) -> list[sa.Column[bool]]:
    """Yes or no."""
    return [sa.Column(name, sa.Boolean(), nullable=False) for name in names]


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    """A named rule of a row."""
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    """The primary key."""
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def refers(table: str, columns: list[str], to: list[str]) -> sa.ForeignKeyConstraint:
    """A named foreign key."""
    return sa.ForeignKeyConstraint(columns, to, name=op.f(f"fk_{table}_{'_'.join(columns)}"))


def unique(table: str, *columns: str, **more: object) -> sa.UniqueConstraint:
    """A named uniqueness."""
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"), **more)


def legal(table: str) -> list[object]:
    """The columns of a merchant's legal and bank data, the same in four tables."""
    return [
        *words(*LEGAL[:7]),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        *ids("category_id", null=True),
        *words(*LEGAL[10:], "bank_number"),
        refers(table, ["category_id"], ["categories.id"]),
    ]
