"""Supply prices and stock from rows, through the catalogue's own acts: approval and shortage stay what they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.domain.catalogue import actions as catalogue
from portal.domain.catalogue.actions.counting import Change, Counted
from portal.domain.catalogue.queries import bulk
from portal.domain.catalogue.values import MOST_STOCK, ChangeState, Movement, SkuShown
from portal.domain.imports.rules import cells
from portal.domain.imports.rules.cells import cell
from portal.domain.imports.values import Checked, Outcome, Problem, RowState, Task, Verdict
from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work

NOTE_MOST = 200
WAYS = {
    "": Movement.COUNTED,
    "盘点": Movement.COUNTED,
    "count": Movement.COUNTED,
    "counted": Movement.COUNTED,
    "入库": Movement.RECEIVED,
    "receive": Movement.RECEIVED,
    "received": Movement.RECEIVED,
}


def _skus(work: Work, rows: Sequence[Checked]) -> dict[str, SkuShown]:
    """The SKUs of these rows; a code that is missing or unknown is wrong."""
    known = bulk.by_codes(work, [code for row in rows if (code := cell(row, "code"))])
    for row in rows:
        row.verdict, row.key = Verdict.CHANGED, cell(row, "code")[:100]
        if not row.key:
            row.wrong("code", say("请填写这一项。"))
        elif row.key not in known:
            row.wrong("code", say("没有商家编码 %(code)s，请先导入或新建商品。", code=row.key[:32]))
    return known


def check_prices(work: Work, batch_id: UUID, rows: Sequence[Checked]) -> None:  # noqa: ARG001
    """Give each row its verdict."""
    known = _skus(work, rows)
    let_in = bulk.with_terms(work, [sku.id for sku in known.values()])
    for row in rows:
        supply = cells.needed(row, "supply", cells.price)
        suggested = cells.read(row, "suggested", cells.price)
        begins = cells.read(row, "effective_at", cells.moment)
        note = cells.read(row, "note", cells.text(NOTE_MOST)) or ""
        sku = known.get(row.key)
        if sku is None or supply is None or row.problems:
            continue
        _price(work, row, sku, (supply, suggested, begins, note), let_in=sku.id in let_in)


def _price(
    work: Work, row: Checked, sku: SkuShown, typed: tuple[int, int | None, datetime | None, str], *, let_in: bool
) -> None:
    supply, suggested, begins, note = typed
    if not let_in:
        row.wrong("code", say("这个规格还没有审核通过，直接修改商品里的供货价就行。"))
    elif begins is not None and begins < work.now():
        row.wrong("effective_at", say("生效时间要在现在到半年之内。留空就是立即生效。"))
    elif suggested is not None and suggested < supply:
        row.wrong("suggested", say("建议零售价不能低于供货价。"))
    elif suggested is None and sku.suggested_fen < supply:
        row.wrong("supply", say("比现在的建议零售价还高，请同时填建议零售价。"))
    elif begins is None and (supply, suggested or sku.suggested_fen) == _now(sku):
        row.verdict = Verdict.SAME
    else:
        when = begins.isoformat() if begins else None
        row.facts = {"sku": str(sku.id), "supply": supply, "suggested": suggested, "when": when, "note": note}


def _now(sku: SkuShown) -> tuple[int, int]:
    return sku.asked_fen or sku.supply_fen, sku.suggested_fen


def apply_prices(work: Work, batch_id: UUID, tasks: Sequence[Task]) -> list[Outcome]:  # noqa: ARG001
    """Ask for each price; a refusal is raised."""
    known = bulk.by_codes(work, [task.key for task in tasks])
    outcomes = []
    for task in tasks:
        facts, sku = task.facts, known.get(task.key)
        if sku is None or str(sku.id) != facts["sku"]:
            raise Conflict(say("这个编码现在是另一个规格，请重新上传。"))
        when = datetime.fromisoformat(facts["when"]) if facts["when"] else None
        suggested = facts["suggested"] or sku.suggested_fen
        state = catalogue.ask(
            work, sku.id, supply_fen=facts["supply"], suggested_fen=suggested, effective_at=when, note=facts["note"]
        )
        before = {"supply": sku.supply_fen, "suggested": sku.suggested_fen}
        after = {"state": state.value, "supply": facts["supply"], "suggested": suggested}
        outcomes.append(Outcome(task.number, RowState.DONE, {"before": before, "after": after}))
    return outcomes


def undo_prices(work: Work, batch_id: UUID, tasks: Sequence[Task]) -> list[Outcome]:  # noqa: ARG001
    """Ask for the former price again, or take the request back; what was changed or decided since refuses."""
    known = bulk.by_codes(work, [task.key for task in tasks])
    outcomes = []
    for task in tasks:
        sku, before, after = known.get(task.key), task.trace["before"], task.trace["after"]
        if sku is None or str(sku.id) != task.facts["sku"]:
            raise Conflict(say("这个规格已经不再销售。"))
        if after["state"] == ChangeState.WAITING:
            if sku.asked_fen != after["supply"]:
                raise Conflict(say("调价申请已经处理过，或又改过，没有撤销。"))
            catalogue.withdraw_change(work, sku.id)
        else:
            _check_untouched(sku, task.facts, after)
            catalogue.ask(work, sku.id, supply_fen=before["supply"], suggested_fen=before["suggested"])
        outcomes.append(Outcome(task.number, RowState.UNDONE))
    return outcomes


def _check_untouched(sku: SkuShown, facts: Any, after: Any) -> None:
    now = (sku.supply_fen, sku.suggested_fen)
    same = sku.suggested_fen == after["suggested"] if facts["when"] else now == (after["supply"], after["suggested"])
    if sku.asked_fen is not None or not same:
        raise Conflict(say("之后又有人改过这个规格的价格，没有撤销。"))


def check_stock(work: Work, batch_id: UUID, rows: Sequence[Checked]) -> None:  # noqa: ARG001
    """Give each row its verdict. A SKU may come in several times, and be counted once."""
    known = _skus(work, rows)
    for row in rows:
        way = cell(row, "way").casefold()
        quantity = cells.needed(row, "quantity", cells.whole)
        note = cells.read(row, "note", cells.text(NOTE_MOST)) or ""
        if way not in WAYS:
            row.wrong("way", say("方式请填“盘点”或“入库”。"))
        elif quantity is not None and (quantity > MOST_STOCK or (not quantity and WAYS[way] is Movement.RECEIVED)):
            low = 1 if WAYS[way] is Movement.RECEIVED else 0
            row.wrong("quantity", say("数量请填 %(low)s 到 %(most)s。", low=low, most=MOST_STOCK))
        sku = known.get(row.key)
        if sku is None or row.problems or quantity is None:
            continue
        kind = WAYS[way]
        if kind is Movement.COUNTED and quantity == sku.available + sku.held:
            row.verdict = Verdict.SAME
        elif kind is Movement.COUNTED and quantity < sku.held:
            row.wrong("quantity", say("已经有 %(held)s 件被订单占用，实数不会比它少。", held=sku.held))
        else:
            row.facts = {"sku": str(sku.id), "kind": kind.value, "quantity": quantity, "note": note}


def apply_stock(work: Work, batch_id: UUID, tasks: Sequence[Task]) -> list[Outcome]:
    """Enter all of it; a refusal is its row's outcome."""
    counted = [
        Counted(
            UUID(task.facts["sku"]),
            task.key,
            Movement(task.facts["kind"]),
            task.facts["quantity"],
            task.facts["note"],
        )
        for task in tasks
    ]
    answers = catalogue.adjust_many(work, counted=counted, business_id=batch_id)
    return [_answer(task, answer, RowState.FAILED) for task, answer in zip(tasks, answers, strict=True)]


def _answer(task: Task, answer: int | Refusal, otherwise: RowState) -> Outcome:
    if isinstance(answer, Refusal):
        return Outcome(task.number, otherwise, task.trace, Problem("", answer.sentence))
    if otherwise is RowState.LEFT:
        return Outcome(task.number, RowState.UNDONE)
    return Outcome(task.number, RowState.DONE, {"change": answer})


def undo_stock(work: Work, batch_id: UUID, tasks: Sequence[Task]) -> list[Outcome]:
    """Move back what each row moved."""
    changes = [Change(UUID(task.facts["sku"]), task.key, int(task.trace["change"])) for task in tasks]
    answers = catalogue.take_back(work, changes=changes, business_id=batch_id)
    return [_answer(task, answer, RowState.LEFT) for task, answer in zip(tasks, answers, strict=True)]
