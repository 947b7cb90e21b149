"""Rows of goods become drafts: rows of one product stand together, an empty cell leaves what is there. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from portal.domain.catalogue.queries.bulk import Copy
from portal.domain.catalogue.rules.goods import CODE_MOST, DETAIL_MOST, NAME_MOST, tidy
from portal.domain.catalogue.rules.options import combinations
from portal.domain.catalogue.values import MOST_OPTIONS, MOST_SKUS, Option, ProductDraft, SkuDraft
from portal.domain.imports.rules import cells
from portal.domain.imports.rules.cells import cell
from portal.domain.imports.values import Checked, Verdict
from portal.kernel.refusals import Refusal
from portal.kernel.words import say

SHOWN = 6
FIELDS = {"supply": "supply", "suggested": "suggested", "grams": "grams", "low_mark": "low_mark", "opening": "opening"}
COLUMN_OF = {**FIELDS, "code": "code", "barcode": "barcode"}


@dataclass(frozen=True)
class Known:
    """What rows are held against: `categories` by name, path or code (None: several), `owners` are products by code."""

    categories: Mapping[str, UUID | None]
    brands: Mapping[str, UUID]
    fresh: frozenset[UUID]
    owners: Mapping[str, UUID]
    copies: Mapping[UUID, Copy]


def apart(group: Sequence[Checked], owners: Mapping[str, UUID]) -> list[Sequence[Checked]]:
    """New rows of one name that name no options are goods of their own, which happen to be called the same."""
    valued = any(cell(row, f"value{at}") for row in group for at in range(1, MOST_OPTIONS + 1))
    nameless = any(not cell(row, "name") for row in group)
    if len(group) == 1 or valued or nameless or any(cell(row, "code") in owners for row in group):
        return [group]
    for row in group:
        row.line = replace(row.line, first=row.line.number)
    return [[row] for row in group]


def check(group: Sequence[Checked], known: Known) -> None:
    """Give the rows of one product their verdict; the first carries what its act needs."""
    for row in group:
        row.verdict, row.key = Verdict.NEW, cell(row, "code")
    if len(group) > MOST_SKUS:
        group[0].wrong("name", say("一件商品最多 %(most)s 个规格，每个规格一行。", most=MOST_SKUS))
    copy = _copy(group, known)
    draft = _draft(group, known, copy)
    wrong = [row for row in group if row.problems]
    if wrong or draft is None:
        _all_wrong(group, wrong)
        return
    try:
        tidied = tidy(draft)
    except Refusal as refusal:
        _place(group, draft, refusal)
        _all_wrong(group, [row for row in group if row.problems])
        return
    verdict = Verdict.NEW if copy is None else Verdict.SAME if tidied == copy.draft else Verdict.CHANGED
    for row in group:
        row.verdict = verdict
    if verdict is not Verdict.SAME:
        facts = {"product": str(copy.id), "version": copy.version} if copy else {}
        group[0].facts = {**facts, "draft": kept(tidied)}


def _all_wrong(group: Sequence[Checked], wrong: Sequence[Checked]) -> None:
    at = wrong[0].line.number if wrong else group[0].line.number
    for row in group:
        if not row.problems:
            row.wrong("", say("同一件商品的第 %(line)s 行有错，改好后一起导入。", line=at))


def _place(group: Sequence[Checked], draft: ProductDraft, refusal: Refusal) -> None:
    """Put a refusal of the draft at the row and cell it is about."""
    table, _, rest = (refusal.field or "").partition("-")
    number, _, name = rest.partition("-")
    row, column = group[0], table if table in ("name", "detail") else ""
    if table == "skus" and number.isdigit():
        code = draft.skus[int(number)].code
        row = next((one for one in group if one.key == code), group[0])
        column = COLUMN_OF.get(name, "")
    row.wrong(column, refusal.sentence)


def _copy(group: Sequence[Checked], known: Known) -> Copy | None:
    """The product these codes belong to already."""
    found = {known.owners[row.key]: row for row in group if row.key in known.owners}
    if not found:
        return None
    if len(found) > 1:
        row = list(found.values())[1]
        row.wrong("code", say("商家编码 %(code)s 属于另一件商品。", code=row.key[:CODE_MOST]))
        return None
    copy = known.copies[next(iter(found))]
    if copy.waiting:
        group[0].wrong("name", say("这件商品正在审核，先撤回再改。"))
    return copy


def _draft(group: Sequence[Checked], known: Known, copy: Copy | None) -> ProductDraft | None:
    first, before = group[0], copy.draft if copy else None
    name = cells.read(first, "name", cells.text(NAME_MOST)) or (before.name if before else "")
    if not name:
        first.wrong("name", say("请填写这一项。"))
    category = _category(group, known) or (before.category_id if before else None)
    if category is None and not any(one.column == "category" for row in group for one in row.problems):
        first.wrong("category", say("新商品要填类目。"))
    said = _one(group, "returnable")
    returns = cells.read(said, "returnable", cells.yes)
    if returns is None:
        returns = before.returnable if before else category not in known.fresh
    detail = cells.read(_one(group, "detail"), "detail", cells.text(DETAIL_MOST))
    skus, options = _skus(group, before), _options(group, before)
    if category is None or any(row.problems for row in group) or skus is None:
        return None
    draft = ProductDraft(
        name=name,
        category_id=category,
        brand_id=_brand(group, known) or (before.brand_id if before else None),
        detail=detail if detail is not None else before.detail if before else "",
        returnable=returns,
        options=options,
        skus=skus,
    )
    return _in_order(group, draft)


def _one(group: Sequence[Checked], column: str) -> Checked:
    """The row that says something in this column. Rows that say different things are wrong."""
    saying = [row for row in group if cell(row, column)]
    for row in saying[1:]:
        if cell(row, column) != cell(saying[0], column):
            sentence = say("和第 %(line)s 行不一样，同一件商品只能有一种写法。", line=saying[0].line.number)
            row.wrong(column, sentence)
    return saying[0] if saying else group[0]


def _category(group: Sequence[Checked], known: Known) -> UUID | None:
    row = _one(group, "category")
    text = cell(row, "category").casefold().replace(" ", "")
    if not text:
        return None
    if text not in known.categories:
        row.wrong("category", say("没有叫“%(name)s”的类目。", name=cell(row, "category")[:30]))
        return None
    found = known.categories[text]
    if found is None:
        row.wrong("category", say("有几个类目都叫“%(name)s”，请写成“上级/下级”。", name=cell(row, "category")[:30]))
    return found


def _brand(group: Sequence[Checked], known: Known) -> UUID | None:
    row = _one(group, "brand")
    text = cell(row, "brand")
    if text and text.casefold() not in known.brands:
        row.wrong("brand", say("平台还没有品牌“%(name)s”，请联系平台添加，或先空着。", name=text[:30]))
    return known.brands.get(text.casefold()) if text else None


def _options(group: Sequence[Checked], before: ProductDraft | None) -> tuple[Option, ...]:
    """Names from the rows, values in the order they come; what the product has already stays in front."""
    names = [cell(_one(group, f"option{at}"), f"option{at}") for at in range(1, MOST_OPTIONS + 1)]
    values = [[cell(row, f"value{at}") for row in group] for at in range(1, MOST_OPTIONS + 1)]
    if before is not None and not any(names):
        names = [one.name for one in before.options] + [""] * (MOST_OPTIONS - len(before.options))
    options = []
    for at, (name, said) in enumerate(zip(names, values, strict=True)):
        old = before.options[at].values if before and at < len(before.options) else ()
        found = tuple(dict.fromkeys((*old, *(value for value in said if value))))
        if bool(name) != bool(found):
            group[0].wrong(f"option{at + 1}", say("规格名和规格值要一起填。"))
        elif name:
            options.append(Option(name, found))
    return tuple(options)


def _skus(group: Sequence[Checked], before: ProductDraft | None) -> tuple[SkuDraft, ...] | None:
    """What is there already, changed by the rows, and what is new."""
    old = {sku.code: sku for sku in before.skus if sku.code} if before else {}
    found: dict[str, SkuDraft] = {}
    for row in group:
        if not row.key:
            row.wrong("code", say("请填写商家编码，再次导入时凭它认出同一个规格。"))
        elif row.key in found:
            row.wrong("code", say("商家编码重复了。"))
        else:
            sku = _sku(row, old.get(row.key))
            if sku is not None:
                found[row.key] = sku
    kept = tuple(found.get(sku.code, sku) if sku.code else sku for sku in (before.skus if before else ()))
    fresh = tuple(sku for code, sku in found.items() if code not in old)
    return None if any(row.problems for row in group) else kept + fresh


def _sku(row: Checked, old: SkuDraft | None) -> SkuDraft | None:
    values = tuple(value for at in range(1, MOST_OPTIONS + 1) if (value := cell(row, f"value{at}")))
    if old is not None and values and values != old.values:
        row.wrong("value1", say("规格值和现在的不一样。改规格请到商品页，或换一个新编码。"))
        return None
    code = cells.read(row, "code", cells.text(CODE_MOST))
    get = cells.read if old is not None else cells.needed
    supply, suggested = get(row, "supply", cells.price), get(row, "suggested", cells.price)
    grams = get(row, "grams", cells.whole)
    low_mark, opening = cells.read(row, "low_mark", cells.whole), cells.read(row, "opening", cells.whole)
    if row.problems or code is None:
        return None
    base = old or SkuDraft(values, 0, 0, 0, code)
    return replace(
        base,
        supply_fen=supply or base.supply_fen,
        suggested_fen=suggested or base.suggested_fen,
        grams=grams if grams is not None else base.grams,
        low_mark=low_mark if low_mark is not None else base.low_mark,
        barcode=cell(row, "barcode") or base.barcode,
        opening=0 if old is not None else opening or 0,
    )


def _in_order(group: Sequence[Checked], draft: ProductDraft) -> ProductDraft | None:
    """SKUs in the order of the combinations. Combinations that are missing are told at the first row."""
    wanted = combinations(draft.options)
    if len(wanted) <= MOST_SKUS:
        have = {sku.values: sku for sku in draft.skus}
        missing = [" / ".join(choice) for choice in wanted if choice not in have]
        if len(have) < len(draft.skus):
            group[-1].wrong("value1", say("这一种规格写了两次。"))
        elif missing:
            names = "、".join(missing[:SHOWN])
            group[0].wrong("value1", say("还缺规格：%(names)s。每种组合要有一行。", names=names))
        elif len(have) == len(wanted):
            return replace(draft, skus=tuple(have[choice] for choice in wanted))
        else:
            group[-1].wrong("value1", say("规格值没有填全，每行的规格要对得上规格名。"))
        return None
    return draft


def kept(draft: ProductDraft) -> dict[str, Any]:
    """A draft as JSON."""
    return {
        "name": draft.name,
        "detail": draft.detail,
        "returnable": draft.returnable,
        "options": [{"name": one.name, "values": list(one.values)} for one in draft.options],
        "skus": [vars(sku) for sku in draft.skus],
        "category_id": str(draft.category_id),
        "brand_id": str(draft.brand_id) if draft.brand_id else None,
    }


def draft_of(kept: Mapping[str, Any]) -> ProductDraft:
    """A draft from JSON."""
    return ProductDraft(
        name=kept["name"],
        category_id=UUID(kept["category_id"]),
        brand_id=UUID(kept["brand_id"]) if kept["brand_id"] else None,
        detail=kept["detail"],
        returnable=kept["returnable"],
        options=tuple(Option(one["name"], tuple(one["values"])) for one in kept["options"]),
        skus=tuple(SkuDraft(**{**sku, "values": tuple(sku["values"])}) for sku in kept["skus"]),
    )
