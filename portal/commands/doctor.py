"""`flask doctor`: is this installation what it should be? Settings, data folder, database, roles, migrations, worker.

Changes nothing. `make doctor` looks at the machine instead.
"""

from __future__ import annotations

import os
import shutil
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.kernel.health import health
from portal.localdb.inspection import Finding, inspect
from portal.services import Services
from portal.settings import ROOT, Settings

FREE_BYTES = 1024**3


@click.command("doctor", help="Look whether this installation is what it should be.")
@with_appcontext
def doctor() -> None:
    """A line per check; exit 1 when one of them is bad."""
    services: Services = current_app.extensions["portal"]
    findings = [*_settings(services.settings), *inspect(services.settings.database_url)]
    state = health(services.engine)
    findings.append(Finding(state.well, f"worker: {state.reason or 'its heart beats'}"))
    for finding in findings:
        click.echo(f"{'  ok  ' if finding.well else '  BAD '}{finding.sentence}")
    if not all(finding.well for finding in findings):
        sys.exit(1)


def _settings(settings: Settings) -> list[Finding]:
    folder = settings.data_dir
    free = shutil.disk_usage(folder if folder.exists() else ROOT).free
    return [
        Finding.good(f"mode {settings.mode}, {settings.public_url or 'no PUBLIC_URL'}"),
        Finding(os.access(folder, os.W_OK), f"{folder} may be written"),
        Finding(free > FREE_BYTES, f"{free / 1e9:.1f} GB free for it"),
    ]
