"""Whose phone a supplier's people read: who ships, while the order runs; nobody else, and nobody afterwards."""

from __future__ import annotations

from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from tests.client import Browser
from tests.factories.world import World

WHOLE, MASKED = "154 0001 0001", "154****0001"


def test_the_phone_is_whole_only_as_long_and_for_whom_it_is_needed(world: World, browser: Browser) -> None:
    supplier, buyer = world.merchant(Kind.SUPPLIER, "松湖优选"), world.person()
    goods = world.product(supplier, stock=10)
    order, unpaid = world.order(buyer, (goods, 1)), world.order(buyer, (goods, 1), paid=False)
    shipper, finance = world.staff(supplier, Role.SHIPPER), world.staff(supplier, Role.FINANCE)

    def seen(person: object, one: object, endpoint: str = "supplier.orders_show") -> str:
        at = {"order": one.id} if endpoint.endswith("show") else {"ids": one.id.hex}  # type: ignore[attr-defined]
        return str(browser.as_(person).get(endpoint, merchant=supplier.id, **at).soup)  # type: ignore[arg-type]

    world.address_asked(order)
    page = seen(shipper, order)
    assert WHOLE in page
    assert "15400010001" in page, "to be copied"
    for text in (seen(finance, order), seen(shipper, unpaid), seen(shipper, unpaid, "supplier.papers_labels")):
        assert MASKED in text
        assert WHOLE not in text
        assert "15400010001" not in text
    assert WHOLE in seen(shipper, order, "supplier.papers_labels")
    world.shipped(order)
    world.received(order)
    assert WHOLE in seen(shipper, order)
    assert world.completed(order)
    for text in (seen(shipper, order), seen(shipper, order, "supplier.papers_labels")):
        assert MASKED in text
        assert WHOLE not in text
        assert "15400010001" not in text
