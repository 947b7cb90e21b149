"""Figures with their limits: the table people read and the file that is compared over time."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.meter import machine
from portal.settings import ROOT

LATEST = Path(__file__).with_name("latest.json")


@dataclass(frozen=True)
class Figure:
    """`limit` None is a trend: recorded, never missed; with `least` it is a floor."""

    value: float
    limit: float | None
    unit: str
    note: str = ""
    least: bool = False

    @property
    def held(self) -> bool:
        """True when the limit is kept, or there is none."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.least else self.value <= self.limit


def commit() -> str:
    """The commit that was measured, with a mark when the tree was changed."""
    try:
        answer = subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return answer.stdout.strip()


def write(figures: dict[str, Figure]) -> None:
    """Keep the figures; those of groups that were not run stay as they were."""
    kept: dict[str, object] = {}
    if LATEST.exists():
        kept = json.loads(LATEST.read_text(encoding="utf-8")).get("figures", {})
    fresh = {name: asdict(figure) for name, figure in figures.items()}
    content = {"commit": commit(), "machine": machine(), "figures": kept | fresh}
    LATEST.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def table(figures: dict[str, Figure]) -> str:
    """What was measured, one line each."""
    lines = [f"{'figure':<28} {'value':>10} {'limit':>8}  {'':<6} note"]
    for name, figure in figures.items():
        limit = f"{figure.limit:g}" if figure.limit is not None else "trend"
        mark = "" if figure.held else "MISSED"
        lines.append(f"{name:<28} {figure.value:>10.2f} {limit:>8}  {mark:<6} {figure.unit}  {figure.note}")
    return "\n".join(lines)


def missed(figures: dict[str, Figure]) -> bool:
    """True when a limit is missed; says which."""
    names = [name for name, figure in figures.items() if not figure.held]
    if names:
        print(f"\nmissed: {', '.join(names)}", file=sys.stderr)
    return bool(names)
