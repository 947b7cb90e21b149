"""The columns of each kind of list: what they are called in both languages, which must be there, and an example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from portal.domain.imports.values import Kind
from portal.kernel.words import Text, say


@dataclass(frozen=True)
class Column:
    """One column. A title is never translated by the catalogue of texts: both are read back from files."""

    name: str
    zh: str
    en: str
    hint: Text
    example: str = ""
    needed: bool = False
    also: tuple[str, ...] = ()

    def title(self, locale: str) -> str:
        """What the reader calls it."""
        return self.en if locale == "en" else self.zh


_CODE = Column(
    "code", "商家编码", "SKU code", say("您自己的编码，再次导入时凭它认出同一个规格。"), "LC-500", needed=True
)
_NOTE = Column("note", "说明", "Note", say("选填，最多 200 字。"), "", also=("备注",))
_ROW_OPTIONS = tuple(
    column
    for at in (1, 2, 3)
    for column in (
        Column(
            f"option{at}",
            f"规格名{at}",
            f"Option {at}",
            say("例如：规格、口味。没有规格就空着。"),
            "规格" if at == 1 else "",
        ),
        Column(f"value{at}", f"规格值{at}", f"Value {at}", say("这一行是哪一种。"), "500 克" if at == 1 else ""),
    )
)
COLUMNS: Final[Mapping[Kind, Sequence[Column]]] = {
    Kind.PRODUCTS: (
        Column(
            "name",
            "商品名称",
            "Product",
            say("最多 60 个字。同一件商品的各个规格连着写，名称相同。"),
            "广式腊肠",
            needed=True,
        ),
        _CODE,
        Column("category", "类目", "Category", say("类目的名称，重名的写成“上级/下级”。新商品必填。"), "腊味干货"),
        Column("brand", "品牌", "Brand", say("平台品牌表里的名称，没有就空着。")),
        *_ROW_OPTIONS,
        Column("supply", "供货价", "Supply price", say("元，最多两位小数。"), "32.00", also=("供货价（元）",)),
        Column(
            "suggested", "建议零售价", "Suggested price", say("元，不低于供货价。"), "45.90", also=("建议零售价（元）",)
        ),
        Column("grams", "重量（克）", "Weight (g)", say("带包装的重量，整数。"), "520", also=("重量", "weight")),
        Column("opening", "期初库存", "Opening stock", say("只对新规格有用。"), "100", also=("库存",)),
        Column("low_mark", "低库存提醒", "Low stock at", say("低到这个数提醒一次，0 或空着不提醒。"), "10"),
        Column("barcode", "条码", "Barcode", say("包装上的条码，会核对校验位。"), "6901234567892"),
        Column("returnable", "七天无理由", "7-day return", say("是或否；空着按类目。"), "是", also=("七天无理由退货",)),
        Column("detail", "商品介绍", "Description", say("最多 5000 字。")),
    ),
    Kind.PRICES: (
        _CODE,
        Column(
            "supply",
            "供货价",
            "Supply price",
            say("元，最多两位小数。"),
            "33.00",
            needed=True,
            also=("供货价（元）", "新供货价"),
        ),
        Column(
            "suggested", "建议零售价", "Suggested price", say("空着保持不变。"), "45.90", also=("建议零售价（元）",)
        ),
        Column("effective_at", "生效时间", "Effective from", say("例如 2026-12-01 08:00，空着就是现在。")),
        _NOTE,
    ),
    Kind.STOCK: (
        _CODE,
        Column("way", "方式", "Type", say("盘点填货架上的实数，入库填到了多少；空着是盘点。"), "盘点"),
        Column("quantity", "数量", "Quantity", say("整数。"), "120", needed=True, also=("库存", "实数")),
        _NOTE,
    ),
    Kind.TRACKING: (
        Column(
            "order", "订单号", "Order", say("订单列表里的编号。"), "2607041200000001", needed=True, also=("订单编号",)
        ),
        Column("carrier", "快递公司", "Carrier", say("空着按单号识别。"), "", also=("物流公司",)),
        Column(
            "tracking",
            "快递单号",
            "Tracking number",
            say("几个订单同一个单号就是一个包裹。"),
            "SF1234567890123",
            needed=True,
            also=("运单号", "物流单号"),
        ),
    ),
    Kind.HISTORY: (
        Column(
            "order", "订单号", "Order", say("原系统里的编号。"), "536365", needed=True, also=("InvoiceNo", "订单编号")
        ),
        Column(
            "placed_at",
            "下单时间",
            "Ordered at",
            say("例如 2025-12-01 08:26。"),
            "2025-12-01 08:26",
            needed=True,
            also=("InvoiceDate",),
        ),
        Column("code", "商家编码", "SKU code", say("选填。"), "85123A", also=("StockCode",)),
        Column("name", "商品名称", "Product", say("选填。"), "广式腊肠", also=("Description",)),
        Column("quantity", "数量", "Quantity", say("整数，退货写负数。"), "6", needed=True),
        Column("unit_price", "单价", "Unit price", say("最多六位小数。"), "2.55", needed=True, also=("UnitPrice",)),
        Column("currency", "币种", "Currency", say("三个字母，空着是 CNY。"), "CNY"),
        Column(
            "customer", "顾客", "Customer", say("原系统的顾客编号，请不要写姓名和电话。"), "17850", also=("CustomerID",)
        ),
        Column("country", "国家或地区", "Country", say("选填。"), "", also=("Country",)),
    ),
}


def names(kind: Kind) -> dict[str, tuple[str, ...]]:
    """What each column may be called in a file; the last is what a sentence calls it."""
    return {one.name: (one.zh, one.en, one.name, *one.also, one.zh) for one in COLUMNS[kind]}


def required(kind: Kind) -> tuple[str, ...]:
    """Columns without which there is no list."""
    return tuple(one.name for one in COLUMNS[kind] if one.needed)
