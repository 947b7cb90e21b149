"""`flask regions load`: the administrative divisions, from the list that `make assets` prepares.

Reads files and hands rows to the feature; repeating it changes nothing.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.domain.regions import actions
from portal.domain.regions.values import Level, RegionName
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, open_work
from portal.services import Services
from portal.settings import ROOT

LIST = ROOT / ".tools" / "regions" / "china.csv.gz"


@click.group("regions", help="Administrative divisions.")
def regions() -> None:
    """The group."""


@regions.command("load", help="Load provinces, cities, areas and streets; what is there already stays.")
@click.option("--file", "path", type=click.Path(path_type=Path), default=LIST, show_default=True)
@click.option("--centres", type=click.Path(exists=True, path_type=Path), help="CSV with code,lat,lng in WGS-84.")
@with_appcontext
def load(path: Path, centres: Path | None) -> None:
    """Read both files and say what changed."""
    if not path.exists():
        raise click.ClickException(f"{path} is missing: run `make assets`")
    services: Services = current_app.extensions["portal"]
    known = _centres(centres) if centres else {}
    actor = Actor(ActorKind.COMMAND)
    rights = frozenset({Permission.PARAMETER_EDIT})
    with open_work(
        services.engine, scope=Scope(Face.JOB), actor=actor, clock=services.clock, permissions=rights
    ) as work:
        done = actions.load(work, read_regions(path, known))
    click.echo(f"regions: {done.made} new, {done.changed} changed, {done.unchanged} unchanged")


def read_regions(path: Path, centres: dict[str, tuple[float, float]] | None = None) -> Iterator[RegionName]:
    """The rows of the list, with centres where they are known."""
    centres = centres or {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lat, lng = centres.get(row["code"], (None, None))
            yield RegionName(row["code"], row["name"], Level(row["level"]), row["parent"] or None, lat, lng)


def _centres(path: Path) -> dict[str, tuple[float, float]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return {row["code"]: (float(row["lat"]), float(row["lng"])) for row in csv.DictReader(file)}
    except (KeyError, ValueError) as wrong:
        raise click.ClickException(f"{path}: a CSV with the columns code, lat, lng is needed ({wrong})") from wrong
