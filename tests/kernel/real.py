"""The real files beside the project, for tests marked `real_data`; they are never copied into it."""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("PORTAL_DATA") or Path(__file__).parents[3] / "shared" / "data")


def file(name: str) -> Path:
    """Where a real file lies, or a skip that says that it is absent."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"real data absent: {name} (set PORTAL_DATA)")
    return path


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a gzipped CSV file, or a skip that says which file is absent."""
    with gzip.open(file(name), "rt", encoding="utf-8") as source:
        yield from csv.DictReader(source)
