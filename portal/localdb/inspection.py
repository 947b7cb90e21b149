"""Looks whether a database is what `bootstrap` and the migrations make it, with the rights of the role that asks.

Changes nothing. For `flask doctor` and for tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from portal.localdb.binaries import OLDEST_MAJOR
from portal.localdb.bootstrap import EXTENSIONS, FACES, WEB_SETTINGS, Connection, connect

MINE = (
    "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit FROM pg_roles WHERE rolname = current_user"
)
OWNED = "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user AND relkind IN ('r', 'p')"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `well` False means that it must be mended; the sentence says how."""

    well: bool
    sentence: str

    @classmethod
    def good(cls, sentence: str) -> Finding:
        """Nothing to do."""
        return cls(well=True, sentence=sentence)

    @classmethod
    def bad(cls, sentence: str) -> Finding:
        """Something to mend."""
        return cls(well=False, sentence=sentence)


def inspect(url: str) -> list[Finding]:
    """Looks as the role in `url`, which should be the web role."""
    try:
        with connect(url) as session:
            return [
                _version(session),
                _role(session),
                _faces(session),
                _patience(session),
                _extensions(session),
                _migration(session),
            ]
    except psycopg.OperationalError as error:
        return [Finding.bad(f"the database does not answer: {error}")]


def _one(session: Connection, question: str) -> tuple[object, ...]:
    return session.execute(question.encode()).fetchone() or ()


def _version(session: Connection) -> Finding:
    major = session.info.server_version // 10000
    return Finding(major >= OLDEST_MAJOR, f"PostgreSQL {major}, {OLDEST_MAJOR} or newer is needed")


def _role(session: Connection) -> Finding:
    (who,) = _one(session, "SELECT current_user")
    powers = _one(session, MINE)
    (owned,) = _one(session, OWNED)
    if any(powers) or owned:
        return Finding.bad(f"{who} can do too much or owns {owned} tables: run `flask database bootstrap`")
    return Finding.good(f"{who} owns nothing and goes round no wall")


def _faces(session: Connection) -> Finding:
    missing = []
    for face in FACES:
        try:
            session.execute(f"SET ROLE {face}".encode())
            session.execute("RESET ROLE")
        except psycopg.Error:
            missing.append(face)
    if missing:
        return Finding.bad(f"cannot become {', '.join(missing)}: run `flask database bootstrap`")
    return Finding.good(f"becomes all {len(FACES)} faces")


def _patience(session: Connection) -> Finding:
    differing = [name for name, value in WEB_SETTINGS.items() if _one(session, f"SHOW {name}") != (value,)]
    if differing:
        return Finding.bad(f"{', '.join(differing)} differ: run `flask database bootstrap`")
    return Finding.good("time limits and search path are set on the role")


def _extensions(session: Connection) -> Finding:
    there = {name for (name,) in session.execute("SELECT extname FROM pg_extension").fetchall()}
    missing = [name for name in EXTENSIONS if name not in there]
    if missing:
        return Finding.bad(f"extensions {', '.join(missing)} are missing: run `flask database bootstrap`")
    return Finding.good(f"extensions: {', '.join(EXTENSIONS)}")


def _migration(session: Connection) -> Finding:
    """Which one it was only the owner may read: `flask db current`."""
    if _one(session, "SELECT to_regclass('public.alembic_version')") == (None,):
        return Finding.bad("no migration has run: run `flask db upgrade` as the owner")
    return Finding.good("migrations have run")
