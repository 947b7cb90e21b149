"""Twenty to five: forty orders, one column from a spreadsheet, the courier at the door."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.domain.ordering.values import OrderState
from portal.domain.shipping.values import Shortage
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from tests.factories.ordering import PLACE, MadeOrder
from tests.factories.shipping import ELSEWHERE
from tests.factories.world import World
from tests.journeys.people import Street

pytestmark = pytest.mark.browser
FORTY = 40
MOST_ACTIONS = 6
NAMES = ("陈静", "李志强", "王芳", "赵敏", "黄俊杰", "林小燕", "何家豪", "周子涵", "吴桂芳", "欧阳振华")


class Hands:
    """Counts what a person does in the browser: opening, typing or pasting, clicking."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions = page, 0

    def opens(self, path: str) -> None:
        self.page.goto(path)
        self.actions += 1

    def pastes(self, label: str, text: str) -> None:
        self.page.get_by_label(label).fill(text)
        self.actions += 1

    def clicks(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()
        self.actions += 1


def shown(page: Page, name: str) -> None:
    """A picture for whoever asked for pictures."""
    folder = os.environ.get("JOURNEY_SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def printed(page: Page, path: Path, **how: Any) -> bytes:
    """The page as the printer gets it."""
    page.pdf(path=str(path), prefer_css_page_size=True, print_background=True, **how)
    folder = os.environ.get("JOURNEY_SHOTS")
    if folder:
        (Path(folder) / path.name).write_bytes(path.read_bytes())
    return path.read_bytes()


def sheets(pdf: bytes) -> tuple[int, set[tuple[int, int]]]:
    """How many sheets a PDF has, and their sizes in millimetres."""
    boxes = [part.split(b"]")[0].split() for part in pdf.split(b"/MediaBox [")[1:]]
    return len(boxes), {tuple(round(float(one) * 25.4 / 72) for one in box[2:4]) for box in boxes}  # type: ignore[misc]


def forty(world: World) -> tuple[Any, list[MadeOrder]]:
    supplier = world.merchant(Kind.SUPPLIER, "莞邑日用")
    paper = world.product(supplier, "抽纸 原木浆 24 包", stock=500)
    board = world.product(supplier, "竹砧板", stock=500)
    buyers = [world.person() for _ in range(4)]
    orders = []
    for at in range(FORTY):
        place = replace(PLACE, name=NAMES[at % 10], detail=f"体育路 {at + 1} 号 {at % 7 + 1} 栋 {at % 9 + 1}02")
        goods = [(paper, at % 3 + 1)] if at % 4 else [(paper, 1), (board, 1, at // 4 % 2)]
        note = "放门卫就行，谢谢" if at % 13 == 5 else ""
        orders.append(world.order(buyers[at % 4], *goods, recipient=place, note=note))
    return supplier, orders


def test_forty_orders_leave_in_six_actions(street: Street, world: World, tmp_path: Path) -> None:
    supplier, orders = forty(world)
    shipper = street.at_a_desk(world.staff(supplier, Role.SHIPPER))
    hands = Hands(shipper.page)
    hands.opens(f"/supplier/{supplier.id}/orders")
    shipper.sees_heading("17:00 发车板").is_calm()
    shown(shipper.page, "board")
    numbers = [f"SF10000000{at:05}" if at % 2 else f"YT10000000{at:05}" for at in range(FORTY)]
    hands.pastes("从表格里复制的一列单号", "\n".join(numbers))
    hands.clicks("预览")
    shipper.reads("40 单可以发，装成 40 个包裹。").is_calm()
    shown(shipper.page, "preview")
    hands.clicks("全部发货（40 单）")
    shipper.reads("已发出 40 单，40 个包裹。").is_calm()
    shown(shipper.page, "done")
    print(f"forty orders in {hands.actions} browser actions")
    assert hands.actions <= MOST_ACTIONS
    assert {world.order_now(one).state for one in orders} == {OrderState.SHIPPED}
    assert world.parcels(orders[7])[0].number == numbers[7]


def test_the_papers_come_out_of_the_printer(street: Street, world: World, tmp_path: Path) -> None:
    supplier, orders = forty(world)
    world.printed(orders[3])
    shipper = street.at_a_desk(world.staff(supplier, Role.SHIPPER))
    shipper.goes(f"/supplier/{supplier.id}/orders").taps("打印配货单")
    shipper.sees_heading("配货单").is_calm()
    shown(shipper.page, "picking")
    count, sizes = sheets(printed(shipper.page, tmp_path / "picking.pdf"))
    assert sizes == {(210, 297)}
    assert count <= 4
    shipper.goes(f"/supplier/{supplier.id}/orders").taps("打印面单")
    shipper.reads("补打 1").is_calm()
    shown(shipper.page, "labels")
    count, sizes = sheets(printed(shipper.page, tmp_path / "labels.pdf"))
    assert (count, sizes) == (FORTY, {(76, 130)})


def test_what_stands_in_the_way_is_seen(street: Street, world: World) -> None:
    supplier, orders = forty(world)
    world.printed(*orders[:6])
    world.address_asked(orders[1], ELSEWHERE, note="搬到石排了，麻烦改一下")
    world.short(orders[2], Shortage.NEVER)
    owner = world.staff(supplier, Role.OWNER)
    desk, phone = street.at_a_desk(owner), street.somebody(owner)
    for who, name in ((desk, "desk"), (phone, "phone")):
        who.goes(f"/supplier/{supplier.id}/orders").reads("要改地址").is_calm()
        shown(who.page, f"board-{name}")
        who.goes(f"/supplier/{supplier.id}/orders/all?flag=0").reads(orders[-1].number).is_calm()
        shown(who.page, f"list-{name}")
        who.goes(f"/supplier/{supplier.id}/orders/{orders[1].id}").reads("搬到石排了").is_calm()
        shown(who.page, f"order-asked-{name}")
        who.goes(f"/supplier/{supplier.id}/orders/{orders[2].id}").reads("不再有货").is_calm()
        shown(who.page, f"order-short-{name}")
        who.goes(f"/supplier/{supplier.id}/orders/{orders[4].id}").reads("供货额").is_calm()
        shown(who.page, f"order-{name}")
