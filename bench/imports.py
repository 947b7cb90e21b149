"""Bringing lists in: 30,000 new SKUs from a CSV, read, checked and applied by a worker's process of its own."""

from __future__ import annotations

import csv
from pathlib import Path

from bench.installation import Installation
from bench.report import Figure
from portal.domain.imports.values import Kind
from portal.domain.tenants.values import Kind as MerchantKind
from portal.kernel.clock import FixedClock, SystemClock
from tests.factories.world import World
from tests.importing import work_alone

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
    app = installation.app("bench_imports")
    world = World(app, FixedClock(SystemClock().now()))
    merchant = world.merchant(MerchantKind.SUPPLIER)
    owner = world.staff(merchant)
    path = installation.folder / "goods.csv"
    write(path, SKUS)
    batch_id = world.bring(merchant, owner, Kind.PRODUCTS, path.read_bytes())
    env = installation.environment("bench_imports")
    found = work_alone(env, Kind.PRODUCTS, merchant.id, batch_id, owner.id)
    batch = world.batch(merchant, batch_id)
    app.extensions["portal"].engine.dispose()
    assert (batch.done, batch.wrong, batch.failed) == (SKUS, 0, 0), batch
    rate = SKUS / (found.check + found.apply)
    note = f"{SKUS} SKUs: checked in {found.check:.0f} s, applied in {found.apply:.0f} s"
    return {
        "import.rows_per_s": Figure(rate, None, "rows/s", note),
        "import.memory_mb": Figure(found.grown, 150, "MB", f"growth of the worker, {found.peak:.0f} MB at its peak"),
    }
