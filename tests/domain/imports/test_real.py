"""Real goods through the bulk path: the file is made here, everything after it is the product's.

Mappings. `catalogue_yanxuan.json.xz`: one product for each of the 239 goods, one row for each SKU; a good without SKUs
is one row. Code is `YX-<goods id>-<SKU id>`. The values of a SKU are its option values where the combinations are
complete, else one option 规格 with the values joined. The suggested price is the SKU's (or the counter price), supply
70 % of it rounded down to the fen. Weight unknown: 500 g; stock is the SKU's number. All stand in goods-preserved,
because the source's tree is another company's. Names longer than sixty signs are cut.

`tmall_cosmetics_2016-11.csv.gz`: one product for each of the 27,598 listing snapshots, since the same article stands
there once for each day: code `<id>-<day>`, the title is the name, the price the suggested one, supply 70 % of it. A
row that stands there twice is imported once and told.
"""

from __future__ import annotations

import csv
import gzip
import json
import lzma
from decimal import ROUND_DOWN, Decimal

import pytest
from sqlalchemy import func, select

from portal.domain.catalogue.models import Product, Sku
from portal.domain.imports.values import BatchState, Kind
from portal.kernel.scope import Face
from tests.factories.imports import csv_bytes
from tests.importing import child_environment, work_alone
from tests.kernel import real

HEAD = (
    "商品名称",
    "商家编码",
    "类目",
    "规格名1",
    "规格值1",
    "规格名2",
    "规格值2",
    "供货价",
    "建议零售价",
    "重量",
    "期初库存",
)
YANXUAN, TMALL = "catalogue_yanxuan.json.xz", "tmall_cosmetics_2016-11.csv.gz"


def supply(price):
    return max(Decimal("0.01"), (price * Decimal("0.7")).quantize(Decimal("0.01"), ROUND_DOWN))


def yanxuan():
    """Rows of the file; see the module's docstring."""
    data = json.loads(lzma.decompress(real.file(YANXUAN).read_bytes()))
    skus = {}
    for one in data["litemall_goods_product"]:
        skus.setdefault(one["goods_id"], []).append(one)
    for good in data["litemall_goods"]:
        rows = skus.get(good["id"], [])
        values = [tuple(json.loads(row["specifications"])) for row in rows]
        width = len(values[0]) if values else 0
        whole = 1
        for at in range(width):
            whole *= len({value[at] for value in values})
        split = width in (1, 2) and whole == len(rows)
        for row, value in zip(rows or [None], values or [()], strict=True):
            price = Decimal(row["price"] if row else good["counter_price"])
            chosen = (value if split else (" ".join(value),)) if value else ()
            pairs = [part for at, text in enumerate(chosen) for part in (f"规格{at or ''}", text)]
            pairs += [""] * (4 - len(pairs))
            code = f"YX-{good['id']}-{row['id'] if row else 0}"
            stock = row["number"] if row else 0
            yield (good["name"][:60], code, "goods-preserved", *pairs, supply(price), price, 500, stock)


@pytest.mark.real_data
def test_the_goods_of_a_catalogue(world, merchant, owner):
    rows = list(yanxuan())
    batch = world.imported(merchant, owner, Kind.PRODUCTS, csv_bytes((HEAD, *rows)))
    assert (batch.state, batch.rows, batch.wrong, batch.done) == (BatchState.APPLIED, len(rows), 0, len(rows))
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        products = work.session.execute(select(func.count()).select_from(Product)).scalar()
        count, total = work.session.execute(select(func.count(), func.sum(Sku.suggested_fen))).one()
    assert (products, count) == (239, len(rows))
    assert total == sum(int(row[8] * 100) for row in rows)


def tmall():
    """Rows of the file; see the module's docstring."""
    with gzip.open(real.file(TMALL), "rt", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            price = Decimal(row["price"])
            day = row["update_time"].replace("/", "")
            code = f"{row['id']}-{day}"
            yield (row["title"][:60], code, "goods-preserved", "", "", "", "", supply(price), price, 500, 10)


@pytest.mark.prove
@pytest.mark.real_data
def test_a_month_of_listings(world, settings, merchant, owner):
    rows = list(tmall())
    assert len(rows) == 27_598
    twice = len(rows) - len({row[1] for row in rows})
    batch_id = world.bring(merchant, owner, Kind.PRODUCTS, csv_bytes((HEAD, *rows)))
    worked = work_alone(child_environment(settings), Kind.PRODUCTS, merchant.id, batch_id, owner.id)
    print(f"titles: {worked.told(len(rows))}")
    batch = world.batch(merchant, batch_id)
    counts = (batch.state, batch.rows, batch.wrong, batch.failed, batch.done)
    assert counts == (BatchState.APPLIED, len(rows), twice, 0, len(rows) - twice)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        products = work.session.execute(select(func.count()).select_from(Product)).scalar()
        total = work.session.execute(select(func.sum(Sku.suggested_fen))).scalar()
    assert products == len(rows) - twice
    assert total == sum({row[1]: int(row[8] * 100) for row in reversed(rows)}.values())
    assert worked.grown < 150
