"""Hangs the portal's commands on `flask`. Imported by app.py alone; the supervisor must not need it."""

from __future__ import annotations

from flask import Flask

from portal.commands.database import database
from portal.commands.demo import demo
from portal.commands.doctor import doctor
from portal.commands.ledger import ledger
from portal.commands.owner import create_owner
from portal.commands.regions import regions
from portal.commands.stores import stores
from portal.commands.worker import worker

COMMANDS = (database, demo, doctor, ledger, regions, stores, create_owner, worker)


def init_app(app: Flask) -> None:
    """Registers every command and group."""
    for command in COMMANDS:
        app.cli.add_command(command)
