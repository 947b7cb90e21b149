"""What a template may say. Pure: refuses with the sentence at the field of the form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from portal.domain.freight.values import (
    MOST_FEE,
    MOST_GRAMS,
    MOST_PIECES,
    MOST_ZONES,
    NAME_MOST,
    Tariff,
    TemplateDraft,
    Unit,
)
from portal.kernel.lines import clean_line
from portal.kernel.money import MOST
from portal.kernel.refusals import Refusal
from portal.kernel.words import say


def checked(draft: TemplateDraft, places: Mapping[str, str]) -> TemplateDraft:
    """The draft with a clean name. Refuses what cannot be meant; `places` are all provinces and cities by code."""
    name = clean_line(draft.name, field="name", most=NAME_MOST)
    if len(draft.zones) > MOST_ZONES:
        raise Refusal(say("最多 %(most)s 个地区。", most=MOST_ZONES))
    if draft.rest is None and not draft.zones:
        raise Refusal(say("至少要送一个地区。"), field="rest")
    if draft.rest is not None:
        _check_tariff(draft.rest, draft.unit, "")
    seen: dict[str, None] = {}
    _check_places(draft.unserved, places, seen, "unserved")
    for at, zone in enumerate(draft.zones):
        if not zone.codes:
            raise Refusal(say("请选择这个价格适用的地区。"), field=f"zones-{at}-cities")
        _check_places(zone.codes, places, seen, f"zones-{at}-cities")
        _check_tariff(zone.tariff, draft.unit, f"zones-{at}-")
    _check_threshold(draft.free_over_fen, "free_over")
    return replace(draft, name=name)


def _check_places(codes: Collection[str], places: Mapping[str, str], seen: dict[str, None], field: str) -> None:
    for code in codes:
        if code not in places:
            raise Refusal(say("没有这个地区，请重新选择。"), field=field)
        if code in seen:
            raise Refusal(say("%(place)s 已经在别的地区里了。", place=places[code]), field=field)
        seen[code] = None


def _check_tariff(tariff: Tariff, unit: Unit, prefix: str) -> None:
    most = MOST_PIECES if unit is Unit.PIECE else MOST_GRAMS
    for field, units in (("first", tariff.first_units), ("next", tariff.next_units)):
        if not 1 <= units <= most:
            sentence = (
                say("件数请填 1 到 %(most)s。", most=most)
                if unit is Unit.PIECE
                else say("重量请填 0.001 到 %(most)s 千克。", most=most // 1000)
            )
            raise Refusal(sentence, field=f"{prefix}{field}")
    for field, fen in (("first_fee", tariff.first_fen), ("next_fee", tariff.next_fen)):
        if not 0 <= fen <= MOST_FEE:
            raise Refusal(say("运费请填 0 到 %(most)s 元。", most=MOST_FEE // 100), field=f"{prefix}{field}")
    _check_threshold(tariff.free_over_fen, f"{prefix}free_over")


def _check_threshold(fen: int | None, field: str) -> None:
    if fen is not None and not 0 < fen <= MOST:
        raise Refusal(say("包邮门槛要大于 0；一直包邮请把运费填 0。"), field=field)
