"""`flask database bootstrap`: prepares a PostgreSQL server of your own, once, as its administrator.

Addresses and passwords come from the environment, so that they never show in a list of processes.
"""

from __future__ import annotations

import subprocess
import sys

import click
from flask.cli import AppGroup

from portal.localdb.bootstrap import OWNER, WEB, bootstrap
from portal.settings import ROOT

database = AppGroup("database", help="Prepare a PostgreSQL server.")


@database.command("bootstrap")
@click.option("--admin-url", envvar="ADMIN_DATABASE_URL", required=True, help="postgresql://… of a superuser")
@click.option("--name", default="portal", show_default=True, help="the database to make")
@click.option("--owner-password", envvar="OWNER_PASSWORD", help=f"password of {OWNER}, who runs migrations")
@click.option("--web-password", envvar="WEB_PASSWORD", help=f"password of {WEB}, whom web and worker connect as")
def bootstrap_command(admin_url: str, name: str, owner_password: str | None, web_password: str | None) -> None:
    """Make roles, database and extensions; repeating it changes nothing."""
    given = {OWNER: owner_password, WEB: web_password}
    passwords = {role: password for role, password in given.items() if password}
    bootstrap(admin_url, name, passwords)
    click.echo(f"Database {name}: owner {OWNER}, web role {WEB}. Passwords set: {', '.join(passwords) or 'none'}.")
    click.echo("Next: flask database migrate with OWNER_DATABASE_URL, then flask doctor.")


@database.command("migrate")
@click.argument("revision", default="head")
def migrate_command(revision: str) -> None:
    """Bring the tables to REVISION as the owner (OWNER_DATABASE_URL)."""
    command = (sys.executable, "-m", "alembic", "-c", str(ROOT / "migrations" / "alembic.ini"), "upgrade", revision)
    raise SystemExit(subprocess.run(command, cwd=ROOT, check=False).returncode)
