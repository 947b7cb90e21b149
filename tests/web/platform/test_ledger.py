"""The ledger's browser: any balance opens its entries, any entry its journal, and files hold what pages show."""

from __future__ import annotations

import io

import pytest
from bs4 import Tag
from openpyxl import load_workbook

from portal.domain.ledger import actions
from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef
from portal.domain.tenants.values import Kind
from portal.jobs.timetable import close_days, prove_ledger
from portal.kernel.clock import FixedClock
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.world import World


@pytest.fixture
def finance(world: World, browser: Browser) -> Browser:
    return browser.as_(world.operator(Role.PLATFORM_FINANCE))


def plain(part: Tag) -> str:
    """The text of a table, figures in one piece."""
    cells = [[cell.get_text("", strip=True) for cell in row.select("td")] for row in part.select("tr")]
    return "\n".join(" ".join(row) for row in cells)


def test_an_empty_ledger_says_so(finance: Browser) -> None:
    assert "账本还是空的" in finance.get("platform.ledger_show").text
    assert "没有符合条件的账户" in finance.get("platform.ledger_accounts").text
    assert "还没有关过账" in finance.get("platform.ledger_days").text


def test_from_the_trial_balance_to_the_journal(world: World, finance: Browser) -> None:
    supplier = world.merchant(Kind.SUPPLIER, "松湖优选")
    mine = world.earned(supplier.id, 3200, margin=1390)
    trial = finance.get("platform.ledger_show")
    assert "CNY 合计为零" in trial.text
    assert "可提现 CNY 1 ¥32.00" in plain(trial.one("#trial"))
    listed = finance.get("platform.ledger_accounts", kind="available")
    assert "松湖优选" in listed.text
    account = finance.open(str(listed.one("tbody .t-number a")["href"]))
    assert str(account.response.request.path).endswith(str(mine.id))
    assert "供货款到账" in account.text
    journal = finance.open(str(account.one("tbody .t-next a")["href"]))
    assert "平台毛利" in journal.text
    assert "¥13.90" in plain(journal.one("#transfers"))


def test_a_reversal_leads_to_what_it_undoes(world: World, finance: Browser) -> None:
    _escrow, journal = world.captured(100)
    with world.work(Face.JOB) as work:
        payment = journal.transfers[0].id
        back = actions.reverse(work, transfer_id=payment, amount=60, key="back", business=journal.business)
    page = finance.get("platform.ledger_journal", journal=back.id)
    assert "顾客付款（退回）" in page.text
    before = finance.open(str(page.one("tbody .t-next a")["href"]))
    assert "已退回" in before.text


def test_entries_go_on_without_lost_or_double_rows(world: World, finance: Browser, clock: FixedClock) -> None:
    for number in range(1, 121):
        world.captured(number)
        clock.advance(minutes=30)
    clearing = AccountRef(AccountKind.CLEARING, HOUSE)
    url: str | None = finance.url("platform.ledger_account", account=clearing.id)
    seen: list[str] = []
    while url:
        page = finance.open(url)
        seen += [cell.get_text(strip=True) for cell in page.soup.select("tbody .t-total")]
        more = page.soup.select_one("tbody a[href*=after]")
        url = str(more["href"]) if more else None
    assert len(seen) == 120
    assert sorted(seen) == sorted(f"−¥{number // 100}.{number % 100:02d}" for number in range(1, 121))


def test_days_and_proof_are_shown(world: World, finance: Browser, clock: FixedClock) -> None:
    world.captured(12345)
    clock.advance(days=1)
    close_days(world.services)
    prove_ledger(world.services)
    page = finance.get("platform.ledger_days")
    assert "2026-07-04" in page.text
    assert "全部相符" in page.text
    assert "每条流水与转账一一对应" in page.text


def test_files_hold_what_pages_show(world: World, finance: Browser) -> None:
    mine = world.earned(world.merchant(Kind.SUPPLIER).id, 3200)
    for url in (
        finance.url("platform.ledger_export", format="xlsx"),
        finance.url("platform.ledger_account_export", account=mine.id, format="xlsx"),
    ):
        response = finance.client.get(url)
        rows = list(load_workbook(io.BytesIO(response.data)).active.values)
        assert 32 in [row[-1] for row in rows], rows


@pytest.mark.parametrize("role", [Role.PLATFORM_REVIEWER, Role.PLATFORM_SUPPORT])
def test_others_of_the_platform_do_not_see_it(world: World, browser: Browser, role: Role) -> None:
    browser.as_(world.operator(role)).get("platform.ledger_show", status=403)
