"""`flask worker run`: the program beside the web that sends, cleans up and keeps the timetable."""

from __future__ import annotations

import logging

import click
from flask.cli import AppGroup, ScriptInfo

from portal.jobs.timetable import TIMETABLE
from portal.jobs.worker import run as work_until_stopped

worker = AppGroup("worker", help="Queued acts and the timetable.")


@worker.command("run", with_appcontext=False)
@click.option("--concurrency", default=4, show_default=True, type=click.IntRange(1, 32), help="jobs at the same time")
@click.pass_obj
def run(info: ScriptInfo, concurrency: int) -> None:
    """Work until stopped with Ctrl-C or SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for noisy in ("procrastinate", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    work_until_stopped(info.load_app().extensions["portal"], concurrency=concurrency)


@worker.command("timetable", with_appcontext=False)
def timetable() -> None:
    """What happens by itself, in UTC."""
    for entry in TIMETABLE:
        click.echo(f"{entry.cron:<14} {entry.name:<18} {(entry.act.__doc__ or '').strip()}")
