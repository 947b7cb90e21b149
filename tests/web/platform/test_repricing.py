"""The price list as a tool: filtered, exported, priced by a rule after a look, with a history and a way back."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from portal.domain.catalogue import actions
from portal.domain.catalogue.values import SaleDraft
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser, Seen
from tests.factories.catalogue import MadeProduct
from tests.factories.world import World
from tests.web.platform.test_pages import counted


@pytest.fixture
def made(world: World) -> MadeProduct:
    return world.product(world.merchant(Kind.SUPPLIER, "松湖优选"), "=腊肠")


@pytest.fixture
def boss(browser: Browser, world: World) -> Browser:
    return browser.as_(world.operator(Role.PLATFORM_OWNER))


def looked(boss: Browser, made: MadeProduct, **rule: str) -> Seen:
    picked = boss.post("platform.prices_pick", {"ids": [str(one) for one in made.skus]})
    assert "/prices/reprice?ids=" in picked.response.headers["Location"]
    return boss.get("platform.prices_reprice", ids=[str(one) for one in made.skus], **rule)


def sent(page: Seen, made: MadeProduct, **more: str) -> dict[str, Any]:
    return {**page.form("/prices/reprice"), "ids": [str(one) for one in made.skus], **more}


def test_a_rule_is_looked_at_then_holds_then_is_taken_back(boss: Browser, made: MadeProduct) -> None:
    page = looked(boss, made)
    assert "2 个规格会变" in page.text
    assert "¥43.90" in page.text
    batch = boss.follow(boss.post("platform.prices_apply", sent(page, made)))
    assert "改了 2 个售价" in batch.text
    assert "¥45.90" in batch.text
    edit = boss.get("platform.prices_edit", product=made.id)
    assert "¥45.90 → ¥43.90" in edit.text
    undone = boss.follow(undo_last(boss))
    assert "已恢复 2 个售价" in undone.text
    assert "已撤销" in undone.text
    assert "还没有" not in boss.get("platform.price_batches_list").text


def undo_last(boss: Browser) -> Seen:
    listed = boss.get("platform.price_batches_list")
    batch = str(listed.soup.select("tr[data-href]")[0]["data-href"]).rpartition("/")[2]
    return boss.post("platform.price_batches_undo", batch=batch)


def test_below_supply_asks_and_the_form_stays_as_it_was(boss: Browser, made: MadeProduct) -> None:
    page = looked(boss, made, times="0.9", ending="exact")
    assert "2 个规格会低于供货价" in page.text
    refused = boss.post("platform.prices_apply", sent(page, made), status=422)
    assert "低于供货价" in refused.text
    assert refused.form("/prices/reprice")["times"] == "0.9"
    boss.post("platform.prices_apply", sent(refused, made, below="1"))
    assert boss.get("platform.prices_list", margin="loss").text.count("=腊肠") == 4, "names and ticks"


def test_a_price_that_moved_meanwhile_is_looked_at_again(boss: Browser, world: World, made: MadeProduct) -> None:
    page = looked(boss, made)
    with world.work(Face.PLATFORM) as work:
        actions.set_sale(work, made.id, sales=[SaleDraft(made.skus[0], 5000, None)])
    late = boss.post("platform.prices_apply", sent(page, made), status=422)
    assert "重新看一遍" in late.text
    assert "¥50" in late.text
    boss.post("platform.prices_apply", sent(late, made))


@pytest.mark.parametrize("times", ["", "abc", "0", "1e9", "９９９", "1.23456", "\u202e", "🍵", "%", "-2"])
def test_nonsense_is_a_sentence_at_the_field(boss: Browser, made: MadeProduct, times: str) -> None:
    page = looked(boss, made, times=times, ending="nonsense")
    assert page.one("#times[aria-invalid]")
    assert "预览" in page.text
    odd = {"ids": [str(made.skus[0])], "times": times, "ending": "x", "seen": "y"}
    boss.post("platform.prices_apply", odd, status=422)


def test_nothing_ticked_is_said(boss: Browser, made: MadeProduct) -> None:
    for ids in ([], ["x"], [str(uuid4()) for _ in range(101)]):
        assert "请先勾选" in boss.post("platform.prices_pick", {"ids": ids}, status=422).text
    assert "还没有选商品" in boss.get("platform.prices_reprice").text
    boss.get("platform.prices_reprice", ids=[str(made.id)], status=404)
    boss.get("platform.price_batches_show", batch=made.id, status=404)


def test_the_list_is_narrowed_and_exported(boss: Browser, world: World, made: MadeProduct) -> None:
    other = world.product(world.merchant(Kind.SUPPLIER, "莞邑日用"), "抽纸", supply=4500)
    narrowed = boss.get("platform.prices_list", percent="５", category="goods-preserved")
    assert narrowed.text.count("抽纸") == 4
    assert "=腊肠" not in narrowed.text
    assert "=腊肠" in boss.get("platform.prices_list", supplier=made.merchant_id, percent="x").text
    with world.work(Face.PLATFORM) as work:
        actions.set_sale(work, other.id, sales=[SaleDraft(other.skus[0], 4590, 4400)], below=True)
    losses = boss.client.get(boss.url("platform.prices_export", margin="loss")).get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(losses.removeprefix("\ufeff"))))
    assert len(rows) == 2
    assert rows[1][:2] == ["抽纸", "500 克"]
    assert rows[1][5:13] == ["45.0", "45.9", "45.9", "44.0", "0.9", "1.96", "-1.0", "-2.28"]
    book = boss.client.get(boss.url("platform.prices_export", format="xlsx")).get_data()
    sheet = load_workbook(io.BytesIO(book)).active
    assert sheet is not None
    assert sheet.max_row == 5
    assert "=腊肠" in {row[0].value for row in sheet.iter_rows() if row[0].data_type == "s"}
    whole = boss.client.get(boss.url("platform.prices_export")).get_data(as_text=True)
    assert "'=腊肠" in whole, "what looks like a formula stays text"


def test_few_statements(boss: Browser, world: World, made: MadeProduct) -> None:
    done = boss.follow(boss.post("platform.prices_apply", sent(looked(boss, made), made)))
    batch = str(done.one('form[action$="/undo"]')["action"]).split("/")[-2]
    pages: tuple[tuple[str, dict[str, Any]], ...] = (
        ("prices_list", {"q": "腊肠", "percent": "50"}),
        ("prices_edit", {"product": made.id}),
        ("prices_reprice", {"ids": [str(one) for one in made.skus]}),
        ("price_batches_list", {}),
        ("price_batches_show", {"batch": batch}),
    )
    for endpoint, values in pages:
        with counted(world) as statements:
            boss.get(f"platform.{endpoint}", **values)
        assert len(statements) <= 12, (endpoint, len(statements), [one[:90] for one in statements])


def test_reviewer_reads_but_does_not_price(browser: Browser, world: World, made: MadeProduct) -> None:
    reviewer = browser.as_(world.operator(Role.PLATFORM_REVIEWER))
    listed = reviewer.get("platform.prices_list")
    assert not listed.soup.select("#prices-bulk")
    reviewer.get("platform.prices_reprice", status=403)
    reviewer.get("platform.prices_export")
