"""The portal as the architecture tests look at it: built, but without a database behind it."""

from __future__ import annotations

import ast
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from portal.app import create_app
from portal.settings import ROOT, load_settings
from portal.web.office import Office, Route
from portal.web.offices import OFFICES

NOWHERE = "postgresql://nobody@/nowhere?host=/nonexistent"


@cache
def house() -> Flask:
    """The application of a test installation; asking its database fails."""
    folder = tempfile.mkdtemp(prefix="portal-house-")
    env = {"PORTAL_MODE": "test", "DATABASE_URL": NOWHERE, "PORTAL_VAR": folder, "SECRET_KEY": "x" * 40}
    return create_app(load_settings(env))


@dataclass(frozen=True)
class Declared:
    """A route of an office, as the address map and as its author declared it."""

    rule: Rule
    office: Office
    route: Route

    @property
    def endpoint(self) -> str:
        """office.thing_verb"""
        return str(self.rule.endpoint)


def declared() -> list[Declared]:
    """Every route of every office, by endpoint."""
    offices = {office.name: office for office in OFFICES}
    found = []
    for rule in house().url_map.iter_rules():
        office = offices.get(str(rule.endpoint).partition(".")[0])
        if office is not None:
            found.append(Declared(rule, office, office.declared[str(rule.endpoint).partition(".")[2]]))
    return sorted(found, key=lambda one: (list(offices).index(one.office.name), one.endpoint))


def tracked(*patterns: str) -> list[Path]:
    """The project's own files: known to git, or new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        names = done.stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive without git
        names = [str(path.relative_to(ROOT)) for pattern in patterns for path in ROOT.glob(pattern)]
    return sorted({ROOT / name for name in names if (ROOT / name).is_file()})


def python_files(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    """Every Python file under these folders with its syntax tree."""
    for path in tracked(*(f"{folder}/**/*.py" for folder in folders), *(f"{folder}/*.py" for folder in folders)):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    """The path as people write it."""
    return path.relative_to(ROOT).as_posix()
