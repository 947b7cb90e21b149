"""How imports look: marks of batches and rows, templates, and the lists that go out as they may come in again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.domain.catalogue.queries import Asked
from portal.domain.catalogue.queries.bulk import Listed, listed
from portal.domain.catalogue.values import MOST_OPTIONS
from portal.domain.imports.rules.columns import COLUMNS
from portal.domain.imports.values import KINDS, Batch, BatchState, Kind, RowShown, RowState, Verdict
from portal.domain.ordering.values import STATES
from portal.domain.shipping.queries.rows import Row
from portal.kernel.figures import SHANGHAI
from portal.kernel.work import Work
from portal.web import goods
from portal.web.locale import current, gettext, said
from portal.web.locale import lazy_gettext as _l
from portal.web.sheets import Cell

MARKS: dict[BatchState, tuple[Any, str]] = {
    BatchState.READING: (_l("检查中"), "wait"),
    BatchState.UNREADABLE: (_l("读不出来"), "stop"),
    BatchState.READY: (_l("待确认"), "hot"),
    BatchState.DISCARDED: (_l("已放弃"), "quiet"),
    BatchState.APPLYING: (_l("导入中"), "wait"),
    BatchState.STOPPED: (_l("已停止"), "stop"),
    BatchState.APPLIED: (_l("已导入"), "ok"),
    BatchState.UNDOING: (_l("撤销中"), "wait"),
    BatchState.UNDONE: (_l("已撤销"), "quiet"),
}
VERDICTS: dict[Verdict, tuple[Any, str]] = {
    Verdict.NEW: (_l("新增"), "ok"),
    Verdict.CHANGED: (_l("更新"), "info"),
    Verdict.SAME: (_l("不变"), "quiet"),
    Verdict.WRONG: (_l("有问题"), "stop"),
}
ROWS: dict[RowState, tuple[Any, str]] = {
    RowState.DONE: (_l("已导入"), "ok"),
    RowState.FAILED: (_l("没导入"), "stop"),
    RowState.UNDONE: (_l("已撤销"), "quiet"),
    RowState.LEFT: (_l("没撤销"), "wait"),
}
ABOUT: dict[Kind, Any] = {
    Kind.PRODUCTS: _l("新建和修改商品、规格、重量、条码；图片和送审在商品页做。"),
    Kind.PRICES: _l("给已上架的规格调供货价；超出幅度的要平台审批。"),
    Kind.STOCK: _l("盘点填实数，入库填增加的数。"),
    Kind.TRACKING: _l("订单号和快递单号，导入后订单就发货了。"),
    Kind.HISTORY: _l("别的系统里的旧订单，只用来查询和统计，不进账。"),
}


def row_mark(row: RowShown) -> tuple[Any, str]:
    """What became of a row, or what is going to."""
    return ROWS.get(row.state) or VERDICTS[row.verdict]


def columns(kind: Kind) -> list[tuple[str, str]]:
    """Columns with their titles in the reader's language."""
    return [(one.name, one.title(current())) for one in COLUMNS[kind]]


def summary(kind: Kind, row: RowShown) -> str:
    """The first cells that say something, in short."""
    named = (row.cells.get(one.name, "") for one in COLUMNS[kind])
    return " · ".join(text[:24] for text in named if text)[:90]


def template(kind: Kind) -> tuple[list[Sequence[Cell]], list[Sequence[Cell]]]:
    """Head with an example, and a sheet that explains the columns."""
    every, locale = COLUMNS[kind], current()
    rows: list[Sequence[Cell]] = [[one.title(locale) for one in every], [one.example for one in every]]
    yes = gettext("是")
    notes: list[Sequence[Cell]] = [(gettext("列"), gettext("必须有"), gettext("说明"), gettext("例子"))]
    notes += [(one.title(locale), yes if one.needed else "", said(one.hint), one.example) for one in every]
    return rows, notes


def going_out(work: Work, kind: Kind, asked: Asked) -> Iterator[Sequence[Cell]]:
    """The goods of a filtered list in the columns of this kind, so that the file can be changed and brought back."""
    every = COLUMNS[kind]
    told = [] if kind is Kind.PRODUCTS else [gettext("商品"), gettext("规格")]
    yield [*(one.title(current()) for one in every), *told]
    categories = {one.id: one.code for one in goods.trees(work).values()}
    for one in listed(work, asked):
        cells = _cells(kind, one, categories)
        yield [*(cells.get(column.name, "") for column in every), *([one.name, one.sku.label] if told else [])]


def _cells(kind: Kind, one: Listed, categories: dict[UUID, str]) -> dict[str, Cell]:
    sku = one.sku
    supply, suggested = (sku.asked_fen or sku.supply_fen) / 100, sku.suggested_fen / 100
    found: dict[str, Cell] = {"code": sku.code, "supply": supply, "suggested": suggested}
    if kind is Kind.STOCK:
        return {"code": sku.code, "way": gettext("盘点"), "quantity": sku.available + sku.held}
    if kind is Kind.PRICES:
        return found
    for at in range(min(MOST_OPTIONS, len(one.options))):
        found[f"option{at + 1}"], found[f"value{at + 1}"] = one.options[at].name, sku.values[at]
    return {
        **found,
        "name": one.name,
        "category": categories.get(one.category_id, ""),
        "brand": one.brand,
        "grams": sku.grams,
        "opening": "",
        "low_mark": sku.low_mark,
        "barcode": sku.barcode,
        "returnable": gettext("是") if one.returnable else gettext("否"),
        "detail": one.detail,
    }


def wrong_rows(kind: Kind, rows: Iterable[RowShown]) -> Iterator[Sequence[Cell]]:
    """Rows that did not go through, as they came, with the reason behind them."""
    every = columns(kind)
    titles = dict(every)
    yield [*titles.values(), gettext("行"), gettext("哪一列"), gettext("原因")]
    for row in rows:
        first = row.problems[0].column if row.problems else ""
        reasons = "；".join(said(one.sentence) for one in row.problems)
        yield [*(row.cells.get(name, "") for name in titles), row.number, titles.get(first, ""), reasons]


def tabs(batch: Batch) -> list[tuple[str, Any, int]]:
    """Which rows can be shown, and how many there are."""
    return [
        ("all", _l("全部"), batch.rows),
        ("new", _l("新增"), batch.new),
        ("changed", _l("更新"), batch.changed),
        ("same", _l("不变"), batch.same),
        ("trouble", _l("有问题"), batch.wrong + batch.failed + batch.left),
    ]


SHOWN: dict[str, Any] = {
    "marks": MARKS,
    "kind_names": KINDS,
    "about": ABOUT,
    "row_mark": row_mark,
    "summary": summary,
}


def order_titles() -> list[Cell]:
    """The columns of an order behind those of its tracking number."""
    return [
        *(
            gettext("状态"),
            gettext("付款时间"),
            gettext("最晚发货"),
            gettext("收货人"),
            gettext("电话"),
            gettext("地址"),
        ),
        *(gettext("商品"), gettext("件数"), gettext("供货额（元）"), gettext("买家留言"), gettext("备注")),
    ]


def order_cells(row: Row) -> list[Cell]:
    """One order."""
    carriers, numbers = ("、".join(one[at] for one in row.parcels) for at in (0, 1))
    things = "；".join(f"{one.name} {one.choice} ×{one.quantity}".replace("  ", " ") for one in row.things)
    return [
        *(row.number, carriers, numbers, said(STATES[row.state]), _local(row.paid_at), _local(row.ship_by)),
        *(row.recipient, row.phone_masked, row.place, things, sum(one.quantity for one in row.things)),
        *(row.supply_fen / 100, row.buyer_note, row.note),
    ]


def _local(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""
