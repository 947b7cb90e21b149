"""Two versions of a product side by side: what the reviewer reads when goods are handed in again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from portal.domain.catalogue.queries.platform import Version
from portal.domain.reference.values import Category
from portal.kernel.figures import say_yuan
from portal.web.locale import current, gettext

Row = tuple[str, str, str]


def diff_rows(tree: dict[UUID, Category], version: Version) -> list[Row]:
    """(what, before, now) for every fact; before is empty for a first version."""
    locale = current()

    def category(facts: dict[str, Any]) -> str:
        found = tree.get(UUID(facts["category_id"]))
        return found.called(locale) if found else ""

    old, new = version.before, version.facts
    rows = [
        (gettext("名称"), old["name"] if old else "", new["name"]),
        (gettext("类目"), category(old) if old else "", category(new)),
        (gettext("品牌"), old["brand"] if old else "", new["brand"]),
        (gettext("七天无理由退货"), _yes(old) if old else "", _yes(new)),
        (gettext("商品介绍"), old["detail"] if old else "", new["detail"]),
        (gettext("图片"), _photos(old) if old else "", _photos(new)),
    ]
    if old and [one["id"] for one in old["photos"]] != [one["id"] for one in new["photos"]]:
        rows[-1] = (rows[-1][0], rows[-1][1], gettext("%(photos)s，有更换或换了顺序", photos=rows[-1][2]))
    return rows + _skus(old, new)


def _yes(facts: dict[str, Any]) -> str:
    return gettext("支持") if facts["returnable"] else gettext("不支持")


def _photos(facts: dict[str, Any]) -> str:
    return gettext("%(count)s 张", count=len(facts["photos"]))


def _skus(old: dict[str, Any] | None, new: dict[str, Any]) -> list[Row]:
    before = {tuple(one["choice"]): one for one in old["skus"]} if old else {}
    now = {tuple(one["choice"]): one for one in new["skus"]}
    single = gettext("单一规格")
    return [
        (" / ".join(choice) or single, _sku(before.get(choice)), _sku(now.get(choice)))
        for choice in dict.fromkeys((*now, *before))
    ]


def _sku(one: dict[str, Any] | None) -> str:
    if one is None:
        return ""
    words = gettext(
        "供货 %(supply)s，建议 %(suggested)s，%(grams)s 克",
        supply=say_yuan(one["supply_fen"]),
        suggested=say_yuan(one["suggested_fen"]),
        grams=one["grams"],
    )
    return words + (f"，{one['barcode']}" if one["barcode"] else "")
