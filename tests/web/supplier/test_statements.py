"""Statements in the browser: both sides look, the supplier doubts, the platform answers, and what the file holds."""

from __future__ import annotations

import io
from pathlib import Path
from uuid import UUID

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from sqlalchemy import select

from portal.domain.ordering.models import Order
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from portal.kernel.work import Work
from tests.client import Browser
from tests.domain.settlement.town import LineOf, issue, refund, sell, settle
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World

GOLDEN = Path(__file__).parent / "statement.golden.txt"


@pytest.fixture
def supplier(world: World) -> MadeMerchant:
    """Who gets statements; its name looks like a formula."""
    return world.merchant(Kind.SUPPLIER, "=松湖优选")


@pytest.fixture
def statement(world: World, supplier: MadeMerchant) -> UUID:
    """July: two orders, one refund."""
    person = world.person()
    sold = [sell(world, person, supplier, [LineOf(2, 4590, 3200, 605)]), sell(world, person, supplier, [LineOf()])]
    settle(world, *sold)
    refund(world, sold[0], goods_fen=4590)
    return issue(world)[0]


def test_a_supplier_doubts_and_the_platform_answers(
    world: World, browser: Browser, supplier: MadeMerchant, statement: UUID
) -> None:
    owner, keeper = browser.as_(world.staff(supplier)), browser.as_(world.operator(Role.PLATFORM_FINANCE))
    seen = owner.get("supplier.statements_list", merchant=supplier.id)
    assert "2026 年 7 月" in seen.text
    assert "待核对" in seen.text
    at = {"merchant": supplier.id, "statement": statement}
    page = owner.get("supplier.statements_show", **at)
    ladder = [cell.get_text(strip=True) for cell in page.soup.select(".ladder td:last-child")]
    assert ladder == ["¥0.00", "+¥102.05", "−¥32.00", "¥70.05"]
    number = page.one("#lines tbody tr:first-child .t-number").get_text(strip=True)
    form = owner.get("supplier.statements_dispute", order=number, **at)
    assert number in form.one("textarea[name=orders]").get_text()
    wrong = owner.post("supplier.statements_dispute_send", {"note": "少了", "orders": "123"}, status=422, **at)
    assert "这张对账单里没有订单 123。" in wrong.text
    assert "少了" in wrong.one("textarea[name=note]").get_text()
    empty = owner.post("supplier.statements_dispute_send", {"note": " ", "orders": ""}, status=422, **at)
    assert empty.soup.select(".field-errors")
    owner.post("supplier.statements_dispute_send", {"note": "运费少结。", "orders": f"{number}，{number}"}, **at)
    assert "有异议" in owner.get("supplier.statements_show", **at).text
    assert "有异议 1" in keeper.get("platform.statements_list").text
    shown = keeper.get("platform.statements_show", statement=statement)
    assert "运费少结。" in shown.text
    assert number in shown.one(".said .refs").get_text()
    too_much = keeper.post(
        "platform.statements_answer", {"note": "补。", "amount": "9999"}, status=422, statement=statement
    )
    assert "补偿不能超过" in too_much.text
    keeper.post("platform.statements_answer", {"note": "核实，补 6 元。", "amount": "6"}, statement=statement)
    after = owner.get("supplier.statements_show", **at)
    assert "核实，补 6 元。" in after.text
    owner.post("supplier.statements_confirm", **at)
    owner.post("supplier.statements_confirm", status=409, **at)
    assert "已确认" in owner.get("supplier.statements_show", **at).text


def test_the_running_period_empty_states_and_filters(
    world: World, browser: Browser, supplier: MadeMerchant, statement: UUID
) -> None:
    owner, keeper = browser.as_(world.staff(supplier)), browser.as_(world.operator())
    assert "本期还没有明细" in owner.get("supplier.statements_current", merchant=supplier.id).text
    assert "没有这个状态" in owner.get("supplier.statements_list", merchant=supplier.id, state="disputed").text
    one = {"merchant": supplier.id, "statement": statement}
    assert len(owner.get("supplier.statements_show", section="refunded", **one).soup.select("#lines tbody tr")) == 1
    assert "没有这一类" in owner.get("supplier.statements_show", section="fees", **one).text
    assert len(owner.get("supplier.statements_show", section="nonsense", after="x", **one).soup.select("#lines tr")) > 3
    owner.get("supplier.statements_print", **one)
    keeper.get("platform.statements_print", statement=statement)
    assert "没有符合条件" in keeper.get("platform.statements_list", state="confirmed").text
    assert supplier.name in keeper.get("platform.statements_list", of=supplier.id).text


def test_another_merchants_statement_is_not_there(
    world: World, browser: Browser, supplier: MadeMerchant, statement: UUID
) -> None:
    other = world.merchant(Kind.SUPPLIER, "岭南果源")
    thief = browser.as_(world.staff(other))
    for page in ("show", "export", "print", "dispute"):
        thief.get(f"supplier.statements_{page}", status=404, merchant=other.id, statement=statement)
    thief.post("supplier.statements_confirm", status=404, merchant=other.id, statement=statement)
    manager = browser.as_(world.staff(supplier, Role.MANAGER))
    manager.get("supplier.statements_list", status=403, merchant=supplier.id)


def test_terms_are_set_from_a_day_on(world: World, browser: Browser, supplier: MadeMerchant) -> None:
    keeper = browser.as_(world.operator(Role.PLATFORM_FINANCE))
    at = {"merchant": supplier.id}
    for day in ("", "  ", "昨天", "2026-07-04", "2030-01-01"):
        keeper.post("platform.statements_terms_set", {"cycle": "weekly", "from_day": day}, status=422, **at)
    keeper.post("platform.statements_terms_set", {"cycle": "x", "from_day": "2026-07-06"}, status=422, **at)
    keeper.post("platform.statements_terms_set", {"cycle": "weekly", "from_day": "2026-07-06"}, **at)
    assert "2026-07-06 起" in keeper.get("platform.statements_terms", **at).text


def test_margins_and_the_trial_balance_of_a_day(
    world: World, browser: Browser, supplier: MadeMerchant, statement: UUID
) -> None:
    keeper = browser.as_(world.operator(Role.PLATFORM_FINANCE))
    page = keeper.get("platform.margins_show", since="2026-07-01", until="2026-07-31")
    assert len(page.soup.select(".chart rect")) == 1
    assert "毛利率 28.4%" in page.text, "27.80 of 97.85"
    assert "这段时间没有结算" in keeper.get("platform.margins_show", since="2025-01-01", until="2025-01-31").text
    csv = keeper.open(keeper.url("platform.margins_export", since="2026-07-01", until="2026-07-31"))
    assert csv.response.data.decode("utf-8-sig").splitlines()[1].startswith("2026-07-11,'=松湖优选,")
    today, before = keeper.get("platform.ledger_show"), keeper.get("platform.ledger_show", until="2026-07-10")
    assert "CNY 合计为零" in today.text
    assert "CNY 合计为零" in before.text
    money = [cell.get_text(strip=True) for cell in before.soup.select("#trial .t-total")]
    assert "¥148.70" not in money
    assert "¥143.75" in money, "both payments were still in escrow"


def test_the_excel_file_is_as_it_always_was(
    world: World, browser: Browser, supplier: MadeMerchant, statement: UUID
) -> None:
    """Cell by cell, with types; ids and order numbers of this run are masked."""
    owner = browser.as_(world.staff(supplier, Role.FINANCE))
    url = owner.url("supplier.statements_export", merchant=supplier.id, statement=statement, format="xlsx")
    book = load_workbook(io.BytesIO(owner.client.get(url).data))
    with world.work(Face.PLATFORM) as work:
        numbers = _numbers(work)
    text = _dump(book, numbers)
    assert text == GOLDEN.read_text("utf-8"), text
    csv = owner.open(url.replace("xlsx", "csv")).response.data.decode("utf-8-sig").splitlines()
    assert len(csv) == 4
    assert csv[1].split(",")[6] == "70.05"


def _numbers(work: Work) -> dict[str, str]:
    rows = work.session.scalars(select(Order.number).order_by(Order.id))
    return {number: f"order {nth}" for nth, number in enumerate(rows, 1)}


def _dump(book: Workbook, numbers: dict[str, str]) -> str:
    rows = []
    for sheet in book:
        rows.append(f"# {sheet.title} {sheet.freeze_panes or ''}".rstrip())
        rows.extend(" | ".join(_shown(cell, numbers) for cell in row).rstrip() for row in sheet.iter_rows())
    return "\n".join(rows) + "\n"


def _shown(cell: Cell, numbers: dict[str, str]) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        if len(value) == 36 and value.count("-") == 4:
            value = "<id>"
        elif value.startswith("DZ"):
            value = value[:10] + "<id>"
        value = numbers.get(value, value)
    return f"{cell.data_type}:{value}"
