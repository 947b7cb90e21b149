"""Checks of codes, prices and weights; the share by which a price moved; pure."""

from __future__ import annotations

from dataclasses import replace

from portal.domain.catalogue.rules.options import check_options, combinations
from portal.domain.catalogue.values import MOST_STOCK, ProductDraft, SaleDraft, SkuDraft
from portal.kernel.lines import clean_line, clean_text
from portal.kernel.money import MOST
from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say

NAME_MOST, DETAIL_MOST, CODE_MOST, MOST_GRAMS = 60, 5000, 32, 1_000_000
GTIN = frozenset({8, 12, 13, 14})


def tidy(draft: ProductDraft) -> ProductDraft:
    """The draft with clean texts. Refuses names, codes, prices or weights that cannot be, and SKUs that are not exactly
    the combinations of its options.
    """
    check_options(draft.options)
    skus = tuple(_tidy_sku(sku, number) for number, sku in enumerate(draft.skus))
    if sorted(sku.values for sku in skus) != sorted(combinations(draft.options)):
        raise Refusal(say("规格改过了，请点“生成规格表”再保存。"), field="options")
    codes = [sku.code for sku in skus if sku.code]
    if len(set(codes)) != len(codes):
        raise Refusal(say("商家编码重复了。"), field="skus")
    return replace(
        draft,
        name=clean_line(draft.name, field="name", most=NAME_MOST),
        detail=clean_text(draft.detail, field="detail", most=DETAIL_MOST, required=False),
        skus=skus,
    )


def _tidy_sku(sku: SkuDraft, number: int) -> SkuDraft:
    at = f"skus-{number}"
    check_price(sku.supply_fen, field=f"{at}-supply")
    check_price(sku.suggested_fen, field=f"{at}-suggested")
    if sku.suggested_fen < sku.supply_fen:
        raise Refusal(say("建议零售价不能低于供货价。"), field=f"{at}-suggested")
    if not 1 <= sku.grams <= MOST_GRAMS:
        raise Refusal(say("重量请填 1 到 %(most)s 克。", most=MOST_GRAMS), field=f"{at}-grams")
    check_count(sku.low_mark, field=f"{at}-low_mark")
    check_count(sku.opening, field=f"{at}-opening")
    code = clean_line(sku.code, field=f"{at}-code", most=CODE_MOST, required=False)
    return replace(sku, code=code, barcode=tidy_barcode(sku.barcode, field=f"{at}-barcode"))


def check_price(fen: int, *, field: str) -> None:
    """Refuse nothing, less than nothing and more than the house's most."""
    if fen <= 0:
        raise Refusal(say("价格要大于 0。"), field=field)
    if fen > MOST:
        raise Refusal(say("金额太大了，最多 %(most)s 元。", most=MOST // 100), field=field)


def check_count(count: int, *, field: str) -> None:
    """Refuse negative and unbelievable numbers of pieces."""
    if not 0 <= count <= MOST_STOCK:
        raise Refusal(say("数量请填 0 到 %(most)s。", most=MOST_STOCK), field=field)


def tidy_barcode(text: str, *, field: str) -> str:
    """A barcode without spaces. What looks like a GTIN (8, 12, 13 or 14 digits) must have the right check digit."""
    plain = half_width(text).replace(" ", "").replace("-", "")
    plain = clean_line(plain, field=field, most=CODE_MOST, required=False)
    if plain.isascii() and plain.isdigit() and len(plain) in GTIN and check_digit(plain[:-1]) != plain[-1]:
        raise Refusal(say("条码的校验位不对，请对照包装再核对一遍。"), field=field)
    return plain


def check_digit(body: str) -> str:
    """The last digit of a GTIN: weights 3 and 1 from the right."""
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(body)))
    return str(-total % 10)


def check_sale(draft: SaleDraft) -> None:
    """Refuse impossible prices and a member price above the sale price."""
    check_price(draft.sale_fen, field=f"sale-{draft.sku_id}")
    if draft.member_fen is not None:
        check_price(draft.member_fen, field=f"member-{draft.sku_id}")
        if draft.member_fen > draft.sale_fen:
            raise Refusal(say("会员价不能高于售价。"), field=f"member-{draft.sku_id}")


def lowest(draft: SaleDraft) -> int:
    """The least anybody pays for it, in fen."""
    return draft.sale_fen if draft.member_fen is None else min(draft.sale_fen, draft.member_fen)


def needs_approval(reviewed_fen: int | None, new_fen: int, percent: int) -> bool:
    """True when the new price is more than `percent` away from the last one somebody has looked at.

    Measured against the reviewed price, not the last one: many small steps do not add up to a large one unseen.
    """
    if reviewed_fen is None:
        return True
    return abs(new_fen - reviewed_fen) * 100 > percent * reviewed_fen


def bigrams(*texts: str) -> list[str]:
    """The pairs of neighbouring signs of these texts, for search: casefolded, half-width, without spaces.

    A text of one sign is itself.
    """
    found: set[str] = set()
    for text in texts:
        plain = "".join(half_width(text).casefold().split())
        found.update(plain[at : at + 2] for at in range(len(plain) - 1))
        if len(plain) == 1:
            found.add(plain)
    return sorted(found)
