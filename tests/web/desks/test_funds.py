"""A merchant sees what he has and every entry of it, and nobody else's."""

from __future__ import annotations

import pytest

from portal.domain.ledger import actions
from portal.domain.ledger.values import Business
from portal.domain.tenants.values import Kind
from portal.kernel.database import new_id
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World


@pytest.fixture
def supplier(world: World) -> MadeMerchant:
    return world.merchant(Kind.SUPPLIER, "松湖优选")


@pytest.fixture
def owner(world: World, browser: Browser, supplier: MadeMerchant) -> Browser:
    return browser.as_(world.staff(supplier, Role.OWNER))


def test_without_entries_the_page_says_so(owner: Browser, supplier: MadeMerchant) -> None:
    page = owner.get("supplier.funds_list", merchant=supplier.id)
    assert "还没有流水" in page.text
    assert "欠平台" not in page.text


def test_balances_and_entries_are_his_own(world: World, owner: Browser, supplier: MadeMerchant) -> None:
    mine = world.earned(supplier.id, 3200, margin=1390)
    world.earned(world.merchant(Kind.SUPPLIER, "岭南果源").id, 7777)
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        business = Business("withdrawal", new_id())
        actions.hold(work, account=mine, amount=800, key="w", business=business)
    page = owner.get("supplier.funds_list", merchant=supplier.id)
    tiles = [tile.get_text("", strip=True) for tile in page.soup.select(".tiles li")]
    assert [tile.split("¥")[1][:5] for tile in tiles] == ["24.00", "0.00售", "8.00已"]
    amounts = [cell.get_text("", strip=True) for cell in page.soup.select("tbody .t-total")]
    assert sorted(amounts[:2]) == ["¥8.00", "−¥8.00"]
    assert amounts[2:] == ["¥32.00"]
    assert "77.77" not in page.text.replace(" ", "")
    frozen = owner.get("supplier.funds_list", merchant=supplier.id, account="frozen")
    assert len(frozen.soup.select("tbody tr")) == 1
    assert "没有符合条件的流水" in owner.get("supplier.funds_list", merchant=supplier.id, account="pending").text


def test_the_file_holds_the_entries(world: World, owner: Browser, supplier: MadeMerchant) -> None:
    world.earned(supplier.id, 3200)
    text = owner.client.get(owner.url("supplier.funds_export", merchant=supplier.id)).data.decode("utf-8-sig")
    assert len(text.splitlines()) == 2
    assert text.splitlines()[1].endswith(",32.0")


@pytest.mark.parametrize(("role", "status"), [(Role.FINANCE, 200), (Role.MANAGER, 403), (Role.SHIPPER, 403)])
def test_money_is_for_owner_and_finance(
    world: World, browser: Browser, supplier: MadeMerchant, role: Role, status: int
) -> None:
    browser.as_(world.staff(supplier, role)).get("supplier.funds_list", merchant=supplier.id, status=status)
