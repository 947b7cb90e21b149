"""What a town's supplier has brought in by lists: one that is read, one with a wrong row, one bad, one applied."""

from __future__ import annotations

from portal.domain.imports.values import Kind
from portal.domain.tenants.values import Kind as MerchantKind
from portal.kernel.permissions import Role
from tests.factories.imports import csv_bytes
from tests.factories.world import World
from tests.walker.town import Town

HEAD = ("商品名称", "商家编码", "类目", "供货价", "建议零售价", "重量")
PAST = ("订单号", "下单时间", "数量", "单价")


def lists(world: World, town: Town) -> None:
    """Four imports of the supplier's."""
    merchant = town.merchants[MerchantKind.SUPPLIER]
    owner = world.staff(merchant, Role.OWNER)
    right = (f"{town.letter} 镇米饼", f"{town.letter}-1", "goods-preserved", "9.9", "15", "200")
    wrong = (f"{town.letter} 镇米酒", f"{town.letter}-2", "没有这个", "9.9", "15", "200")
    waiting = world.bring(merchant, owner, Kind.PRODUCTS, csv_bytes((HEAD, right, wrong)))
    world.check(merchant, waiting)
    world.check(merchant, world.bring(merchant, owner, Kind.STOCK, csv_bytes((("编号",), ("1",)))))
    world.bring(merchant, owner, Kind.PRODUCTS, csv_bytes((HEAD, right)))
    past = csv_bytes((PAST, (f"{town.letter}-536365", "2025-12-01 08:26", "6", "2.55")))
    world.imported(merchant, owner, Kind.HISTORY, past)
