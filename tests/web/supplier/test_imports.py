"""The desk of lists: template, upload, preview, going ahead, undo; hostile files get a sentence and nothing is lost."""

from __future__ import annotations

import csv
import gzip
import io
import time
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from portal.domain.catalogue.queries import Asked, products
from portal.domain.imports.actions.batches import bring
from portal.domain.imports.queries import batches
from portal.domain.imports.values import Kind
from portal.domain.tenants.values import Kind as MerchantKind
from portal.jobs import imports as jobs
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from portal.web.supplier.imports import UPLOADS
from tests.factories.imports import csv_bytes, xlsx_bytes

HEAD = ("商品名称", "商家编码", "类目", "供货价", "建议零售价", "重量（克）", "期初库存")
ROWS = (
    HEAD,
    ("莞香米饼", "MB-1", "goods-preserved", "9.90", "15", "200", "30"),
    ("豆瓣酱", "DB-1", "goods-preserved", "8", "5", "500", "20"),
)


@pytest.fixture
def merchant(world):
    return world.merchant(MerchantKind.SUPPLIER, "松湖优选")


@pytest.fixture
def owner(browser, world, merchant):
    return browser.as_(world.staff(merchant, Role.OWNER))


def upload(browser, merchant, content, name="商品.csv", kind="products", *, status=303):
    at = {"merchant": merchant.id, "listkind": kind}
    return browser.post("supplier.imports_upload", {"file": (io.BytesIO(content), name)}, **at, status=status)


def download(browser, endpoint, **values):
    answer = browser.client.get(browser.url(endpoint, **values))
    assert answer.status_code == 200, answer.status
    return answer


def latest(world, merchant):
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        return batches(work)[0][0]


def test_from_the_template_to_the_goods_and_back(world, merchant, owner):
    at = {"merchant": merchant.id}
    assert "还没有导入过" in owner.get("supplier.imports_list", **at).text
    upload(owner, merchant, csv_bytes(ROWS))
    batch = latest(world, merchant)
    seen = owner.get("supplier.imports_show", intake=batch.id, **at)
    assert "检查中" in seen.text
    assert seen.soup.select_one("#far[hx-get]") is not None
    jobs.read(world.services, merchant=str(merchant.id), batch=str(batch.id))
    seen = owner.get("supplier.imports_show", intake=batch.id, **at)
    assert "建议零售价不能低于供货价" in seen.text
    assert "导入 1 行" in seen.text
    assert "莞香米饼" in owner.get("supplier.imports_show", intake=batch.id, show="new", **at).text
    owner.post("supplier.imports_go", intake=batch.id, **at)
    jobs.apply(world.services, merchant=str(merchant.id), batch=str(batch.id))
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        assert [one.name for one in products(work, Asked())[0]] == ["莞香米饼"]
    assert "撤销这次导入" in owner.get("supplier.imports_show", intake=batch.id, **at).text
    owner.post("supplier.imports_undo", intake=batch.id, **at)
    jobs.undo(world.services, merchant=str(merchant.id), batch=str(batch.id))
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        assert products(work, Asked())[0] == ()
    assert "已撤销" in owner.get("supplier.imports_list", **at).text


@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_template_in_either_language_is_read_back(world, merchant, owner, kind, locale):
    owner.get("shop.language", to=locale, status=303)
    answer = download(owner, "supplier.imports_template", merchant=merchant.id, listkind=kind)
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    assert len(book.worksheets) == 2
    assert all(cell.data_type in ("s", "n") for row in book.worksheets[0] for cell in row)
    upload(owner, merchant, answer.get_data(), "template.xlsx", kind)
    batch = world.check(merchant, latest(world, merchant).id)
    assert (batch.rows, batch.strangers, batch.problem) == (1, (), None)


def test_what_goes_out_comes_back_the_same(world, merchant, owner):
    draft = world.product_draft(stock=5)
    coded = tuple(replace(sku, code=f"LC-{at}") for at, sku in enumerate(draft.skus))
    world.product(merchant, draft=replace(draft, skus=coded))
    for kind in ("products", "prices", "stock"):
        for form in ("csv", "xlsx"):
            answer = download(owner, "supplier.imports_export", merchant=merchant.id, listkind=kind, format=form)
            upload(owner, merchant, answer.get_data(), f"out.{form}", kind)
            batch = world.check(merchant, latest(world, merchant).id)
            assert (batch.rows, batch.same) == (2, 2), (kind, form)


def test_orders_go_out_as_the_list_is_filtered(world, merchant, owner):
    goods, buyer = world.product(merchant, stock=9), world.person()
    printed, flagged, plain = (world.order(buyer, (goods, 1)) for _ in range(3))
    world.printed(printed)
    owner.post("supplier.orders_flag", {"flag": "2"}, merchant=merchant.id, order=flagged.id)

    def numbers(**filters):
        answer = download(owner, "supplier.imports_orders", merchant=merchant.id, format="csv", **filters)
        return {line[0] for line in list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))[1:]}

    every = {printed.number, flagged.number, plain.number}
    assert (numbers(), numbers(printed="yes"), numbers(flag="2")) == (every, {printed.number}, {flagged.number})
    listed = owner.get("supplier.orders_list", merchant=merchant.id, printed="no", flag="2")
    link = listed.one("a[href*='orders-export']")["href"]
    assert "printed=no" in link
    assert "flag=2" in link


def test_formulas_go_out_as_text(world, merchant, owner):
    rows = (HEAD, ("=HYPERLINK(1)", "-A1", "goods-preserved", "9.90", "15", "200", "30"))
    batch = world.imported(merchant, world.staff(merchant), Kind.PRODUCTS, csv_bytes(rows))
    assert batch.done == 1
    text = download(
        owner, "supplier.imports_export", merchant=merchant.id, listkind="products", format="csv"
    ).get_data()
    line = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))[1]
    assert line[:2] == ["'=HYPERLINK(1)", "'-A1"]
    book = download(owner, "supplier.imports_export", merchant=merchant.id, listkind="products").get_data()
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=HYPERLINK(1)", "s")


def test_wrong_rows_can_be_taken_mended_and_brought_again(world, merchant, owner):
    batch_id = world.bring(merchant, world.staff(merchant), Kind.PRODUCTS, csv_bytes(ROWS))
    world.check(merchant, batch_id)
    answer = download(owner, "supplier.imports_trouble", merchant=merchant.id, intake=batch_id, format="csv")
    lines = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert (lines[1][0], lines[1][-3], lines[1][-2]) == ("豆瓣酱", "3", "建议零售价")
    lines[1][lines[0].index("建议零售价")] = "12"
    again = world.bring(merchant, world.staff(merchant), Kind.PRODUCTS, csv_bytes(lines))
    assert world.check(merchant, again).new == 1


def bomb(size=200):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<x/>")
        for at in range(size // 20):
            archive.writestr(f"xl/worksheets/sheet{at}.xml", b" " * 20 * 2**20)
    return out.getvalue()


def packed(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(ROWS))) as good, zipfile.ZipFile(out, "w") as archive:
        for info in good.infolist():
            archive.writestr(info.filename, members.pop(info.filename.replace("/", "_"), good.read(info)))
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


ENTITY = b'<?xml version="1.0"?>' + b" " * 3_000_000 + b'<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'
HOSTILE = {
    "bomb": (bomb, "解开后超过"),
    "truncated": (lambda: xlsx_bytes(ROWS)[:-400], "打不开"),
    "macro": (lambda: packed(xl__vbaProject_bin=b"x", **{"xl__vbaProject.bin": b"x"}), "宏"),
    "external": (lambda: packed(**{"xl__externalLinks__externalLink1.xml": b"<x/>"}), "引用了别的文件"),
    "entities": (lambda: packed(**{"xl__other.xml": ENTITY}), "声明"),
    "entities in utf-16": (lambda: packed(**{"xl__other.xml": ENTITY.decode().encode("utf-16")}), "声明"),
    "climbing": (lambda: packed(**{"..__..__etc__passwd": b"x"}), "文件名"),
    "any zip": ("any_zip", "不是 xlsx"),
    "html": (lambda: b"\xef\xbb\xbf <html><table><tr><td>x</td></tr></table></html>", "网页"),
    "old excel": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "xls"),
    "pdf": (lambda: b"%PDF-1.7 ...", "PDF"),
    "nul": (lambda: b"code,quantity\nA,\0\n", "不是文本"),
    "empty": (lambda: b"  \n", "空的"),
    "broken gzip": (lambda: gzip.compress(csv_bytes(ROWS))[:20], "压缩包"),
    "no encoding": (lambda: b"\xff\xff\xff,\xfe\n", "编码"),
}


def any_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("holiday.txt", "hello")
    return out.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_sentence_at_once(world, merchant, owner, name):
    make, sentence = HOSTILE[name]
    content = globals()[make]() if isinstance(make, str) else make()
    before = time.monotonic()
    seen = upload(owner, merchant, content, f"{name}.xlsx", status=422)
    assert time.monotonic() - before < 1.5
    assert sentence in seen.text
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        assert batches(work)[0] == ()


LATER = {
    "columns": (lambda: b"a," * 1_000_000 + b"\n", "太长"),
    "some columns": (lambda: b"a," * 300 + b"\n", "列太多"),
    "one line": (lambda: b"x" * 3_000_000, "太长"),
    "open quote": (lambda: csv_bytes(ROWS) + b'"' + b"x\n" * 200_000, "引号"),
    "no head": (lambda: csv_bytes((("a", "b"), ("1", "2"))), "缺少列"),
    "twice": (lambda: csv_bytes((("商品名称", "商家编码", "SKU code"), ("1", "2", "3"))), "两次"),
    "changing encoding": (lambda: csv_bytes(ROWS * 900) + "乱码".encode("gbk") + b"\n", "编码前后不一致"),
    "far row": ("far_row", None),
}


def far_row():
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active.cell(1_048_576, 5, "x")
    book.active.cell(2, 16_384, "x")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_uploads_are_counted(world, merchant, browser):
    person = world.staff(merchant, Role.OWNER)
    for _ in range(UPLOADS.most - 1):
        world.services.gate.hit((UPLOADS, str(person.id)))
    upload(browser.as_(person), merchant, csv_bytes(ROWS))
    last = latest(world, merchant).id
    assert "操作太频繁" in upload(browser.as_(person), merchant, csv_bytes(ROWS), status=429).text
    assert latest(world, merchant).id == last, "the one too many was not kept"


@pytest.mark.parametrize("name", LATER)
def test_what_only_reading_shows_is_said_on_the_page(world, merchant, owner, name):
    make, sentence = LATER[name]
    upload(owner, merchant, globals()[make]() if isinstance(make, str) else make(), "list.csv")
    batch = world.check(merchant, latest(world, merchant).id)
    assert batch.problem is not None
    shown = owner.get("supplier.imports_show", intake=batch.id, merchant=merchant.id).text
    assert "读不出来" in shown
    assert sentence is None or sentence in shown


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("gbk", ","), ("utf-8", "\t"), ("utf-16", ";"), ("utf-8-sig", ";")]
)
def test_the_ways_spreadsheets_write_text(world, merchant, owner, encoding, delimiter):
    upload(owner, merchant, csv_bytes(ROWS, encoding=encoding, delimiter=delimiter))
    batch = world.check(merchant, latest(world, merchant).id)
    assert (batch.new, batch.wrong) == (1, 1)


def test_a_shipper_brings_stock_and_numbers_and_nothing_else(browser, world, merchant):
    shipper = browser.as_(world.staff(merchant, Role.SHIPPER))
    seen = shipper.get("supplier.imports_list", merchant=merchant.id)
    assert "库存" in seen.text
    assert "导入供货价" not in seen.text
    shipper.get("supplier.imports_new", merchant=merchant.id, listkind="products", status=403)
    shipper.get("supplier.imports_new", merchant=merchant.id, listkind="nonsense", status=404)
    other = world.bring(merchant, world.staff(merchant), Kind.PRODUCTS, csv_bytes(ROWS))
    shipper.get("supplier.imports_show", merchant=merchant.id, intake=other, status=403)


def test_too_many_files_wait(world, merchant, owner):
    person = world.staff(merchant)
    for _ in range(20):
        world.bring(merchant, person, Kind.STOCK, b"x")
    assert bring is not None
    assert "等着确认" in upload(owner, merchant, csv_bytes(ROWS), status=422).text
    assert len(list(world.services.lists.root.rglob("*.csv"))) == 20
