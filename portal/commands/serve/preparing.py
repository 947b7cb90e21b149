"""What must be true before web and worker start: a database that is up, migrated as its owner, and for a demo
seeded.

Runs the portal's own commands as separate processes, each with the role it needs.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from portal.commands.serve.progress import step, tell
from portal.localdb.bootstrap import OWNER, WEB, bootstrap
from portal.localdb.server import LocalPostgres
from portal.settings import ROOT

DATABASE = "portal"
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")
MIGRATE = (sys.executable, "-m", "alembic", "-c", str(ROOT / "migrations" / "alembic.ini"), "upgrade", "head")


class PreparationFailed(RuntimeError):
    """A step before the start failed; the message holds what it said."""


def start_database(home: Path) -> LocalPostgres:
    """The embedded server, running, with roles, database and extensions."""
    server = LocalPostgres(home)
    if server.moved:
        tell(f"  {server.moved}.")
    with step("PostgreSQL" if server.data.exists() else "PostgreSQL (new database)"):
        server.start()
        bootstrap(server.url(), DATABASE)
    return server


def environment(env: Mapping[str, str], server: LocalPostgres | None) -> dict[str, str]:
    """What web, worker and commands are started with."""
    merged = {**env, "FLASK_APP": "wsgi", "PYTHONUNBUFFERED": "1"}
    if server is not None:
        merged["PORTAL_MODE"] = "demo"
        merged["DATABASE_URL"] = server.url(WEB, DATABASE)
        merged["OWNER_DATABASE_URL"] = server.url(OWNER, DATABASE)
    return merged


def migrate(env: Mapping[str, str]) -> None:
    """Brings the tables up to date as their owner; without the owner's address says who must do it."""
    if not env.get("OWNER_DATABASE_URL"):
        tell("  Migrations were not run: set OWNER_DATABASE_URL to the role that owns the tables.")
        return
    with step("Migrations"):
        _run("Migrations", MIGRATE, env)


def seed(env: Mapping[str, str], home: Path) -> None:
    """Fills the demo town once per database, and again after its makers changed it."""
    mark = _seed_mark()
    stamp = home / "seeded"
    if stamp.exists() and stamp.read_text(encoding="ascii") == mark:
        return
    with step("Demo town"):
        _run("Demo town", (*FLASK, "demo", "seed"), env)
    stamp.write_text(mark, encoding="ascii")


def ask_signins(env: Mapping[str, str]) -> subprocess.Popen[str]:
    """The command that prints the demo sign-ins, begun early because importing the portal takes a second."""
    return subprocess.Popen(
        (*FLASK, "demo", "signins"), cwd=ROOT, env=dict(env), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def _run(title: str, command: Sequence[str], env: Mapping[str, str]) -> None:
    done = subprocess.run(
        command, cwd=ROOT, env=dict(env), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        last = "\n".join(done.stdout.splitlines()[-25:])
        raise PreparationFailed(f"{title} failed ({Path(command[0]).name} ended with {done.returncode}):\n{last}")


def _seed_mark() -> str:
    digest = hashlib.sha256()
    for path in sorted((ROOT / "portal" / "commands" / "demo").rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.read_bytes())
    return digest.hexdigest()
