"""Lists of stores: taken once, taken again, refused line by line, hostile files told in a sentence."""

from __future__ import annotations

import csv
import gzip
import os
import time
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from portal.domain.stores import actions
from portal.domain.stores.models import Store, StoreCard
from portal.domain.stores.queries import Filters, Search, Sort, nearby
from portal.domain.tenants.values import Kind
from portal.kernel.geo import Datum, Position, from_datum
from portal.kernel.scope import Face
from tests.domain.stores.test_nearby import ranked, same_order, walk
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World
from tests.kernel.real import FOLDER, rows

LINES = int(os.environ.get("IMPORT_LINES", "100000"))  # a million takes a quarter of an hour
HEAD = "门店编号,门店名称,城市,区县,详细地址,纬度,经度,电话,营业时间,月售\n"
GOOD = "A1,石排店,东莞市,,福隆路 12 号,23.087,113.92,0769-86650001,周一至周五 10:00-22:00; 周末 24 小时,1200\n"
ASKERS = (
    (30.66, 104.08), (22.54, 114.05), (39.91, 116.40), (31.23, 121.47), (22.28, 114.17),
    (1.29, 103.85), (45.0, 90.0), (30.39, 104.55), (23.02, 113.75), (-33.87, 151.21),
)  # fmt: skip


@pytest.fixture
def merchant(world: World) -> MadeMerchant:
    return world.merchant(Kind.BRAND, "喜茶")


def take(app: Flask, path: Path, *options: str, datum: str = "gcj02", merchant: str = "喜茶") -> Result:
    report = str(path.parent / "errors.csv")
    args = ["stores", "import", str(path), "--datum", datum, "--merchant", merchant, "--errors", report, *options]
    return app.test_cli_runner().invoke(args=args)


def written(tmp_path: Path, text: str | bytes, name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def count(world: World) -> tuple[int, int]:
    with world.work(Face.JOB) as work:
        stores = work.session.execute(select(func.count()).select_from(Store)).scalar_one()
        cards = work.session.execute(select(func.count()).select_from(StoreCard)).scalar_one()
    return stores, cards


@pytest.mark.real_data
def test_the_843_stores_are_taken_once(app: Flask, world: World, merchant: MadeMerchant, tmp_path: Path) -> None:
    source = list(rows("stores_cn.csv.gz"))
    file = FOLDER / "stores_cn.csv.gz"
    dry = take(app, file, "--dry-run", "--errors", str(tmp_path / "e.csv"))
    assert "试运行，没有写入：新增 843，更新 0，没有变化 0，拒绝 0" in dry.output
    assert count(world) == (0, 0)
    began = time.perf_counter()
    first = take(app, file, "--errors", str(tmp_path / "e.csv"))
    seconds = time.perf_counter() - began
    assert "新增 843，更新 0，没有变化 0，拒绝 0" in first.output, first.output
    second = take(app, file, "--errors", str(tmp_path / "e.csv"))
    assert "新增 0，更新 0，没有变化 843，拒绝 0" in second.output
    assert (first.exit_code, second.exit_code, count(world)) == (0, 0, (843, 843))
    assert not (tmp_path / "e.csv").exists()
    print(f"843 stores in {seconds:.1f} s")
    _abroad(world, source)
    _against_brute_force(world)


def _abroad(world: World, source: list[dict[str, str]]) -> None:
    """The six stores in Singapore and Hong Kong stand where the file says; the file's own figures are kept."""
    wanted = {
        row["name"]: (float(row["lat"]), float(row["lng"]))
        for row in source
        if row["city"] in ("新加坡", "香港特别行政區")
    }
    assert len(wanted) == 6
    with world.work(Face.JOB) as work:
        query = select(Store.name, Store.lat, Store.lng, Store.raw_lat, Store.raw_lng, Store.raw_datum, Store.address)
        found = {row.name: row for row in work.session.execute(query.where(Store.name.in_(wanted)))}
    for name, (lat, lng) in wanted.items():
        row = found[name]
        assert (row.lat, row.lng) == (lat, lng)
        assert (row.raw_lat, row.raw_lng, row.raw_datum) == (lat, lng, "gcj02")
        assert row.address in ("新加坡", "香港特别行政區")


def _against_brute_force(world: World) -> None:
    """Ten pages from ten points, with and without filters: the same order, distances within half a per cent."""
    with world.work(Face.JOB) as work:
        every = work.session.execute(select(StoreCard.store_id, StoreCard.name, StoreCard.lat, StoreCard.lng)).all()
    places = {row.store_id: Position(row.lat, row.lng) for row in every}
    named = {row.store_id: Position(row.lat, row.lng) for row in every if "1点点" in row.name}
    pages = 0
    for asker in ASKERS:
        here = Position(*asker)
        found = walk(world, Search(here, size=20), most=10)
        same_order(found, ranked(places, here)[:200])
        some = walk(world, Search(here, Filters(words=("1点点",)), size=20), most=10)
        same_order(some, ranked(named, here)[: len(some)])
        assert len(some) == min(200, len(named))
        pages += 20
    print(f"{pages} pages from {len(ASKERS)} points as brute force has them")


@pytest.mark.real_data
def test_the_sales_of_the_list_can_be_sorted(app: Flask, world: World, merchant: MadeMerchant, tmp_path: Path) -> None:
    source = [row for row in rows("stores_cn.csv.gz") if row["month_sales"]]
    take(app, FOLDER / "stores_cn.csv.gz", "--errors", str(tmp_path / "e.csv"))
    with world.work(Face.SHOP) as work:
        page = nearby(work, Search(Position(30.66, 104.08), sort=Sort.SALES, size=5))
    best = sorted((int(row["month_sales"]) for row in source), reverse=True)
    assert page.rows[0].card.month_sales <= best[0]
    sales = [near.card.month_sales for near in page.rows]
    assert sales == sorted(sales, reverse=True)


def test_our_own_columns(app: Flask, world: World, merchant: MadeMerchant, tmp_path: Path) -> None:
    done = take(app, written(tmp_path, HEAD + GOOD))
    assert "新增 1" in done.output, done.output
    with world.work(Face.SHOP) as work:
        (near,) = nearby(work, Search(Position(23.087, 113.92))).rows
    card = near.card
    assert (card.name, card.phone, card.month_sales, card.brand) == ("石排店", "076986650001", 1200, "喜茶")
    assert card.position == from_datum(23.087, 113.92, Datum.GCJ02)
    assert card.hours is not None
    assert [len(day) for day in card.hours.week] == [1] * 7


def test_a_changed_line_changes_its_store_and_nothing_else(
    app: Flask, world: World, merchant: MadeMerchant, tmp_path: Path
) -> None:
    other = GOOD.replace("A1,石排店", "A2,茶山店")
    take(app, written(tmp_path, HEAD + GOOD + other))
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        hidden = work.session.execute(select(Store.id).where(Store.name == "茶山店")).scalar_one()
        actions.hide(work, [hidden])
    moved = GOOD.replace("23.087", "23.090").replace("石排店", "石排新店")
    done = take(app, written(tmp_path, HEAD + moved + other.replace("1200", "1300")))
    assert "新增 0，更新 2，没有变化 0，拒绝 0" in done.output
    with world.work(Face.SHOP) as work:
        found = nearby(work, Search(Position(23.087, 113.92))).rows
    assert [near.card.name for near in found] == ["石排新店"], "what was hidden by hand stays hidden"


def test_wrong_lines_are_told_and_the_others_taken(
    app: Flask, world: World, merchant: MadeMerchant, tmp_path: Path
) -> None:
    bad = (
        "B1,,东莞市,,x,23,113,,,\n"
        "B2,没有坐标,东莞市,,x,,113,,,\n"
        "B3,坐标怪,东莞市,,x,nan,113,,,\n"
        "B4,坐标反了,东莞市,,x,113.9,23.0,,,\n"
        "B5,电话错,东莞市,,x,23,113,12345,,\n"
        "B6,时间错,东莞市,,x,23,113,,25:00-99:00,\n"
        "B7,销量错,东莞市,,x,23,113,,,-5\n"
        f"B8,{'长' * 61},东莞市,,x,23,113,,,\n"
        "B9,控制\u202e符,东莞市,,x,23,113,,,\n"
        "A1,又是石排,东莞市,,x,23,113,,,\n"
    )
    done = take(app, written(tmp_path, HEAD + GOOD + bad))
    assert "新增 1，更新 0，没有变化 0，拒绝 10" in done.output
    assert done.exit_code == 1
    with (tmp_path / "errors.csv").open(encoding="utf-8-sig", newline="") as file:
        told = list(csv.DictReader(file))
    assert [row["行"] for row in told] == ["3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
    assert all(row["原因"] for row in told)
    assert [row["列"] for row in told][:7] == ["name", "lat", "lat", "position", "phone", "hours", "month_sales"]


def test_formula_cells_stay_text(app: Flask, world: World, merchant: MadeMerchant, tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://x";"点我")'
    quoted = evil.replace('"', '""')
    line = f'C1,"{quoted}",,,+1+1,23.0,113.0,,,\nC2,"{quoted}",东莞市,,x,坏,113.0,,,\n'
    done = take(app, written(tmp_path, HEAD + line))
    assert "新增 1，更新 0，没有变化 0，拒绝 1" in done.output
    with world.work(Face.SHOP) as work:
        (near,) = nearby(work, Search(Position(23, 113))).rows
    assert (near.card.name, near.card.address) == (evil, "+1+1")
    told = (tmp_path / "errors.csv").read_text("utf-8-sig")
    assert "'=HYPERLINK" in told, "a spreadsheet that opens the report runs nothing"


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_of_spreadsheets(
    app: Flask, world: World, merchant: MadeMerchant, tmp_path: Path, encoding: str
) -> None:
    done = take(app, written(tmp_path, (HEAD + GOOD).encode(encoding)))
    assert "新增 1" in done.output, done.output
    take(app, written(tmp_path, gzip.compress((HEAD + GOOD).replace(",", "\t").encode(encoding)), "again.csv.gz"))
    assert count(world) == (1, 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件是空的"),
        (b"PK\x03\x04rest", "xlsx"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08broken", "压缩包打不开"),
        (b"a,b,c\n1,2,3\n", "缺少列"),
        (b"\x00\x01\x02" * 50, "不是文本文件"),
        (b"\xff\xff\xff,\xfe\n", "看不懂文件的编码"),
        ((HEAD + GOOD * 900).encode() + b"B2,\xff\xff,,,,1,1,,,\n", "无法识别的字符"),
        ((HEAD + GOOD).encode() + b'B2,"' + b"x" * 200_000, "读不下去"),
        (gzip.compress((HEAD + GOOD * 3000).encode())[:-300], "文件断了"),
    ],
)
def test_hostile_files_are_told_in_a_sentence(
    app: Flask, world: World, merchant: MadeMerchant, tmp_path: Path, content: bytes, words: str
) -> None:
    done = take(app, written(tmp_path, content))
    assert done.exit_code != 0
    assert words in done.output, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_whose_stores_must_be_plain(app: Flask, world: World, merchant: MadeMerchant, tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + GOOD)
    assert "没有商家叫" in take(app, path, merchant="没有").output
    world.merchant(Kind.SUPPLIER, "供应商")
    assert "没有商家叫" in take(app, path, merchant="供应商").output
    world.merchant(Kind.ALLIANCE, "喜茶")
    assert "有几个商家都叫" in take(app, path).output
    assert "新增 1" in take(app, path, merchant=str(merchant.id)).output
    assert "没有叫" in take(app, path, "--category", "没有", merchant=str(merchant.id)).output


@pytest.mark.prove
def test_many_lines_in_bounded_memory(app: Flask, world: World, merchant: MadeMerchant, tmp_path: Path) -> None:
    path = tmp_path / "many.csv.gz"
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        file.write(HEAD)
        for number in range(LINES):
            lat, lng = 20 + number % 2000 / 100, 100 + number // 2000 / 25
            file.write(f"N{number},小店 {number},东莞市,,路,{lat:.4f},{lng:.4f},,09:00-21:00,{number % 900}\n")
    before = _memory_mb()
    began = time.perf_counter()
    done = take(app, path)
    seconds, grown = time.perf_counter() - began, _memory_mb() - before
    assert f"新增 {LINES}，更新 0，没有变化 0，拒绝 0" in done.output, done.output
    assert grown < 200
    assert count(world) == (LINES, LINES)
    print(f"{LINES:,} stores in {seconds:.0f} s, {grown:.0f} MB more")


def _memory_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024
