"""The town's facts, read from `town.toml` beside this file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

PASSWORD = "jieshi-2026-demo"  # noqa: S105 - printed at every start of a demo, exists nowhere else


def read_town() -> dict[str, Any]:
    """`people`, `merchants` and `coupons`, as lists of tables."""
    with (Path(__file__).parent / "town.toml").open("rb") as file:
        return tomllib.load(file)
