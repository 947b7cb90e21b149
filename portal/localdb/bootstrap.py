"""Prepares a PostgreSQL server for the portal: roles, one database, its extensions. Also clones and drops
databases.

Runs as the cluster's administrator, once by hand in production (`flask database bootstrap`), at every start
of the embedded server and for every test database; repeating it changes nothing. Must not create tables:
migrations do.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

OWNER = "portal_owner"  # owns database and tables, runs migrations
WEB = "portal_web"  # what web and worker connect as: owns nothing, sees nothing until it becomes a face
FACES = (
    "face_shop",
    "face_person",
    "face_office",
    "face_platform",
    "face_job",
    "face_gate",
    "face_ledger",
    "face_provider",
    "face_guest",
)
EXTENSIONS = ("cube", "earthdistance", "btree_gist", "pg_trgm")
WEB_SETTINGS = {
    "lock_timeout": "3s",
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "30s",
    "search_path": "public, jobs",
}
PLAIN = sql.SQL("NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION")

Connection = psycopg.Connection[tuple[object, ...]]


def bootstrap(admin_url: str, database: str = "portal", passwords: Mapping[str, str] | None = None) -> None:
    """Makes roles, database and extensions, or repairs what differs.

    `passwords` maps a login role to its password; the embedded server needs none. Needs a superuser of
    PostgreSQL 17 or newer.
    """
    with connect(admin_url) as server:
        server.execute("SELECT pg_advisory_lock(727077)")  # several test processes may begin at once
        _make_roles(server, passwords or {})
        if not _exists(server, "SELECT 1 FROM pg_database WHERE datname = %s", database):
            server.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(_name(database), _name(OWNER)))
        _guard_database(server, database)
        with connect(admin_url, database) as inside:
            for extension in EXTENSIONS:
                inside.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(_name(extension)))
            inside.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(_name(OWNER)))
            inside.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")


def clone_database(admin_url: str, template: str, name: str) -> None:
    """A copy of a database to which nobody is connected. Privileges on the database itself are not copied:
    set again.
    """
    with connect(admin_url) as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY").format(
                _name(name), _name(template), _name(OWNER)
            )
        )
        _guard_database(server, name)


def drop_database(admin_url: str, name: str) -> None:
    """Removes a database and ends its sessions; nothing happens when there is none."""
    with connect(admin_url) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_name(name)))


def connect(url: str, database: str | None = None) -> Connection:
    """An autocommitting connection to a SQLAlchemy or libpq address, optionally to another database of that
    server.
    """
    parts = urlsplit(url)
    path = f"/{quote(database)}" if database else parts.path
    return psycopg.connect(urlunsplit(("postgresql", parts.netloc, path, parts.query, "")), autocommit=True)


def _make_roles(server: Connection, passwords: Mapping[str, str]) -> None:
    for role in (OWNER, WEB, *FACES):
        if not _exists(server, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
            server.execute(sql.SQL("CREATE ROLE {}").format(_name(role)))
    server.execute(sql.SQL("ALTER ROLE {} LOGIN {}").format(_name(OWNER), PLAIN))
    server.execute(sql.SQL("ALTER ROLE {} LOGIN NOINHERIT {}").format(_name(WEB), PLAIN))
    for face in FACES:
        server.execute(sql.SQL("ALTER ROLE {} NOLOGIN {}").format(_name(face), PLAIN))
        server.execute(sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(_name(face), _name(WEB)))
    for setting, value in WEB_SETTINGS.items():
        values = sql.SQL(", ").join(sql.Literal(each.strip()) for each in value.split(","))
        server.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(_name(WEB), _name(setting), values))
    for role, password in passwords.items():
        server.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(_name(role), sql.Literal(password)))


def _guard_database(server: Connection, database: str) -> None:
    """Only our two login roles connect; nobody makes temporary tables, which could shadow the real ones."""
    name = _name(database)
    server.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    server.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, _name(WEB)))


def _exists(server: Connection, question: str, value: str) -> bool:
    return server.execute(question, (value,)).fetchone() is not None


def _name(name: str) -> sql.Identifier:
    return sql.Identifier(name)
