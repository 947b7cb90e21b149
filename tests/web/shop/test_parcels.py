"""A buyer follows his parcels: on the order's page, on a page of their own; nobody else's are there."""

from __future__ import annotations

from datetime import timedelta

from portal.domain.ordering.values import OrderState
from portal.domain.shipping.actions import tracking
from portal.domain.shipping.ports import Report, Track
from portal.domain.shipping.values import ParcelState
from portal.domain.tenants.values import Kind
from portal.jobs.tracking import ask_carriers
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.world import World
from tests.web.platform.test_pages import counted

NUMBER = "SF1000000000001"


def test_from_the_order_to_the_door(browser: Browser, world: World) -> None:
    buyer, goods = world.person(), world.product(world.merchant(Kind.SUPPLIER, "莞邑日用"), stock=50)
    order, other = world.order(buyer, (goods, 3)), world.order(buyer, (goods, 1))
    mine = browser.as_(buyer)
    assert "等快递揽收" not in mine.get("shop.orders_show", order=order.id).text
    first = world.parcel(order, number=NUMBER, pieces=order.pieces(2))
    second = world.parcel(order, other, number="YT1000000000003")
    page = mine.get("shop.orders_show", order=order.id)
    for word in ("2 个包裹", "顺丰速运", NUMBER, "圆通速递", "商家已交寄，等快递揽收", "查看物流"):
        assert word in page.text, word
    at = {"order": order.id, "parcel": first}
    blank = mine.get("shop.parcels_show", **at)
    assert "一般 24 小时内会有第一条" in blank.text
    assert "95338" in blank.text
    world.clock.advance(days=3)
    assert "单号可能填错了" in mine.get("shop.parcels_show", **at).text
    world.clock.advance(days=-3)
    assert "这几个订单一起寄" in mine.get("shop.parcels_show", order=order.id, parcel=second).text
    told = [
        Report("1", world.clock.now() + timedelta(hours=1), ParcelState.COLLECTED, "快件已揽收", "东莞市"),
        Report("3", world.clock.now() + timedelta(hours=9), ParcelState.DELIVERED, "快件已签收 <b>", "深圳市"),
    ]
    with world.work(Face.JOB) as work:
        errand = next(one for one in tracking.due(work) if one.sought.number == NUMBER)
        tracking.store(work, errand, Track(tuple(told)))
    for page, place in (("orders_show", {"order": order.id}), ("parcels_show", at)):
        with counted(world) as statements:
            mine.get(f"shop.{page}", **place)
        assert len(statements) <= 12, (page, statements)
    shown = mine.get("shop.parcels_show", **at)
    assert "快件已签收 <b>" in shown.text
    assert "已签收" in shown.soup.select(".card")[0].get_text()
    assert world.order_now(order).state is OrderState.SHIPPED
    mine.follow(mine.post("shop.orders_receive", {}, order=order.id))
    assert world.order_now(order).state is OrderState.RECEIVED
    mine.get("shop.parcels_show", order=other.id, parcel=first, status=404)
    stranger = browser.as_(world.person())
    stranger.get("shop.parcels_show", **at, status=404)
    assert ask_carriers(world.services) == 0
