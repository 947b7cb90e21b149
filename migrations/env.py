"""Runs the migrations as the owner role. The web role owns nothing and never comes here."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from alembic import context
from sqlalchemy import create_engine, pool, text

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from portal.tables import METADATA  # noqa: E402  # after the path is set

config = context.config


def owner_url() -> str:
    """The owner's address: given by the caller, or OWNER_DATABASE_URL."""
    url = config.attributes.get("owner_url") or os.environ.get("OWNER_DATABASE_URL", "")
    if not url:
        raise SystemExit("OWNER_DATABASE_URL is not set: migrations run as the role that owns the tables")
    return str(url).replace("postgresql://", "postgresql+psycopg://", 1)


def include_name(name: str | None, type_: str, _parents: object) -> bool:
    """Leave procrastinate's own schema alone."""
    return not (type_ == "schema" and name == "jobs")


engine = create_engine(owner_url(), poolclass=pool.NullPool)
with engine.connect() as connection:
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_name=include_name,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
