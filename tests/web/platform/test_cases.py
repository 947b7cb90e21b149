"""Pages of cases ask the database little, however many cases there are; in both languages."""

from __future__ import annotations

import pytest

from portal.domain.aftersales.values import CaseKind, Reason
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from tests.client import Browser
from tests.factories.onboarding import photo
from tests.factories.world import World
from tests.web.platform.test_pages import counted


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_pages_take_few_statements(world: World, browser: Browser, locale: str) -> None:
    supplier, buyer = world.merchant(Kind.SUPPLIER, "松湖优选"), world.person(locale=locale)
    world.return_address(supplier.id)
    order = world.order(buyer, (world.product(supplier, stock=100), 3), shipped=True)
    one = world.case(order, CaseKind.RETURN, 1, reason=Reason.QUALITY, pictures=(photo((1, 2, 3)),))
    boss = browser.as_(world.operator(Role.PLATFORM_OWNER, person=world.person(locale=locale)))
    owner = browser.as_(world.staff(supplier, Role.OWNER, person=world.person(locale=locale)))
    mine, at = browser.as_(buyer), {"merchant": supplier.id}
    picks = {f"n-{order.lines[0]}": 1}
    pages = {
        "platform list": lambda: boss.get("platform.cases_list", tab="all"),
        "platform case": lambda: boss.get("platform.cases_show", case=one),
        "supplier list": lambda: owner.get("supplier.cases_list", **at),
        "supplier case": lambda: owner.get("supplier.cases_show", case=one, **at),
        "supplier grant": lambda: owner.get("supplier.cases_grant", order=order.id, **at),
        "my list": lambda: mine.get("shop.cases_list"),
        "my case": lambda: mine.get("shop.cases_show", case=one),
        "my order": lambda: mine.get("shop.orders_show", order=order.id),
        "choose": lambda: mine.get("shop.claims_choose", order=order.id, kind="return"),
        "check": lambda: mine.get("shop.claims_check", order=order.id, kind="return", reason="quality", **picks),
    }
    seen: list[dict[str, int]] = []
    for _ in range(2):
        counts = {}
        for name, look in pages.items():
            with counted(world) as statements:
                look()
            counts[name] = len(statements)
        seen.append(counts)
        world.case(order, CaseKind.MONEY, 1, amount_fen=100)
    print(seen[0])
    assert seen[0] == seen[1]
    assert max(seen[0].values()) <= 12, seen[0]
