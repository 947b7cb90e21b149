"""Bringing lists in: 30,000 new SKUs from a CSV, read, checked and applied by a worker's process of its own."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

from bench.installation import Installation
from bench.report import Figure

SKUS = 30_000
HEAD = ("商品名称", "商家编码", "类目", "规格名1", "规格值1", "供货价", "建议零售价", "重量", "期初库存")


def write(path: Path, skus: int) -> None:
    """Goods of two sizes each, all invented."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        for at in range(skus):
            name, size = f"莞香腊味 {at // 2:05} 号", ("500 克", "1 千克")[at % 2]
            out.writerow((name, f"B{at:06}", "goods-preserved", "规格", size, "32.00", "45.90", 500, at % 90))


def imports(installation: Installation) -> dict[str, Figure]:
    """Rows a second from the upload to the last product, and the memory of the process that did it."""
    installation.database("bench_imports")
    installation.app("bench_imports").extensions["portal"].engine.dispose()
    path = installation.folder / "goods.csv"
    write(path, SKUS)
    worker = [sys.executable, "-m", "bench.importing", str(path)]
    env = installation.environment("bench_imports")
    answer = subprocess.run(worker, env=env, stdout=subprocess.PIPE, check=True, timeout=1800)
    found = json.loads(answer.stdout.splitlines()[-1])
    rate = SKUS / (found["check"] + found["apply"])
    note = f"{SKUS} SKUs: checked in {found['check']:.0f} s, applied in {found['apply']:.0f} s"
    return {
        "import.rows_per_s": Figure(rate, None, "rows/s", note),
        "import.memory_mb": Figure(
            found["grown"], 150, "MB", f"growth of the worker, {found['peak']:.0f} MB at its peak"
        ),
    }
