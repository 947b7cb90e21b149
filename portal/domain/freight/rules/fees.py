"""From goods and a place to a fee and its explanation. Pure.

Lines that follow one template are charged together, templates beside each other add up. What a template frees from
freight is measured by the goods that follow it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.domain.freight.values import FreightLine, Quote, Tariff, TemplateDraft, Unit
from portal.domain.regions.rules import codes_of
from portal.kernel.money import Fen, allocate
from portal.kernel.spoken import Yuan
from portal.kernel.words import Text, say

NAMES_MOST = 3


@dataclass(frozen=True)
class Part:
    """What the lines of one template cost, line by line, and why."""

    shares: tuple[Fen, ...]
    words: Text
    hint: Text | None = None


def fee(tariff: Tariff, units: int) -> Fen:
    """What that many pieces or grams cost under a tariff; never less for more. Nothing costs nothing."""
    if units <= 0:
        return Fen(0)
    return Fen(tariff.first_fen + lots(tariff, units) * tariff.next_fen)


def lots(tariff: Tariff, units: int) -> int:
    """How many further lots are begun."""
    return -(-max(0, units - tariff.first_units) // tariff.next_units)


def tariff_at(draft: TemplateDraft, code: str | None) -> Tariff | None:
    """The tariff of a place; None when it is not served. The narrowest place that is named decides, so a city of an
    excluded province can be served and a city of a cheap one excluded. Without a place: that of everywhere else.
    """
    named: dict[str, Tariff | None] = {one: zone.tariff for zone in draft.zones for one in zone.codes}
    named.update(dict.fromkeys(draft.unserved))
    for step in reversed(codes_of(code or "")):
        if step in named:
            return named[step]
    return draft.rest


def threshold(draft: TemplateDraft, tariff: Tariff) -> int | None:
    """From which amount of goods on nothing is charged there."""
    return tariff.free_over_fen or draft.free_over_fen


def quote(
    merchant_id: UUID,
    lines: Sequence[FreightLine],
    followed: Sequence[UUID | None],
    templates: Mapping[UUID, TemplateDraft],
    code: str | None,
) -> Quote:
    """The fee of one merchant's lines, each with the template it follows (None: it travels free)."""
    refused: dict[UUID, None] = {}
    shares, words, hints = [Fen(0)] * len(lines), dict[str, Text](), list[Text]()
    for template_id in dict.fromkeys(one for one in followed if one is not None):
        draft, places = templates[template_id], [at for at, one in enumerate(followed) if one == template_id]
        tariff = tariff_at(draft, code)
        if tariff is None:
            refused.update(dict.fromkeys(lines[at].product_id for at in places))
            continue
        part = charge(draft, tariff, [lines[at] for at in places])
        for at, share in zip(places, part.shares, strict=True):
            shares[at] = share
        words[str(part.words)] = part.words
        hints += [part.hint] if part.hint else []
    if refused:
        return Quote(merchant_id, None, refused=tuple(refused))
    total = Fen(sum(shares))
    said = tuple(words.values()) if total or len(words) == 1 else (say("包邮"),)
    return Quote(merchant_id, total, tuple(shares), said or (say("包邮"),), hints[0] if hints else None)


def charge(draft: TemplateDraft, tariff: Tariff, lines: Sequence[FreightLine]) -> Part:
    """What these lines cost together, shared among them by what is counted."""
    weights = [line.pieces if draft.unit is Unit.PIECE else line.grams for line in lines]
    units, goods, free_over = sum(weights), sum(line.goods_fen for line in lines), threshold(draft, tariff)
    cost = fee(tariff, units)
    nothing = tuple(Fen(0) for _ in lines)
    if cost and free_over is not None and goods >= free_over:
        return Part(nothing, say("满 %(amount)s 包邮", amount=Yuan(free_over)))
    if not cost:
        return Part(nothing, say("包邮"))
    hint = None
    if free_over is not None:
        hint = say("满 %(amount)s 包邮，还差 %(missing)s", amount=Yuan(free_over), missing=Yuan(free_over - goods))
    return Part(tuple(allocate(cost, weights)), explained(draft.unit, tariff, units), hint)


def explained(unit: Unit, tariff: Tariff, units: int) -> Text:
    """How a fee comes about: 首重 1 kg ¥8 + 续重 2 × ¥3."""
    more, first, each = lots(tariff, units), Yuan(tariff.first_fen), Yuan(tariff.next_fen)
    size = measured(unit, tariff.first_units)
    if not more or not tariff.next_fen:
        if unit is Unit.WEIGHT:
            return say("首重 %(size)s %(first)s", size=size, first=first)
        return (
            say("首件 %(first)s", first=first)
            if size == "1"
            else say("%(size)s 件内 %(first)s", size=size, first=first)
        )
    if unit is Unit.WEIGHT:
        return say("首重 %(size)s %(first)s + 续重 %(more)s × %(each)s", size=size, first=first, more=more, each=each)
    return say("首 %(size)s 件 %(first)s + 续件 %(more)s × %(each)s", size=size, first=first, more=more, each=each)


def measured(unit: Unit, units: int) -> str:
    """A number of pieces, or a weight in kilograms: 2, 0.5 kg."""
    if unit is Unit.PIECE:
        return str(units)
    whole, grams = divmod(units, 1000)
    return f"{whole}.{grams:03}".rstrip("0").rstrip(".") + " kg"


def not_served(names: Sequence[str]) -> Text:
    """Which goods do not go there; a long list is cut short."""
    listed = "、".join(f"“{name}”" for name in names[:NAMES_MOST])
    if len(names) > NAMES_MOST:
        return say("%(names)s等 %(count)s 件商品不送到这个地址。", names=listed, count=len(names))
    return say("%(names)s不送到这个地址。", names=listed)


def in_short(found: Quote, place: str) -> Text:
    """For a product's page: 到东莞 ¥8, 包邮, 不送到新疆."""
    if found.fee_fen is None:
        return say("不送到%(place)s", place=place)
    if not found.fee_fen:
        return found.words[0]
    return say("到%(place)s %(fee)s", place=place, fee=Yuan(found.fee_fen))
