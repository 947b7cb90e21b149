"""What a pick of a dish costs: one rule for guests, staff and the price that stands in the bill. Pure.

The dish's price, or the choice of its full-price group instead; what the store asks more or less; what the other
choices add or take off; never below nothing. Weight is rounded half up to the fen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from portal.domain.menus.values import MOST_FEN, MOST_GRAMS, MOST_QUANTITY, Dish, Group, Option, Pick, Priced, Pricing
from portal.kernel.words import Text, say

GONE = say("这道菜现在不供应，请换一道。")
Lines = list[dict[str, Any]]
Chosen = list[tuple[Group, tuple[Option, ...]]]


def price(dish: Dish | None, pick: Pick) -> Priced:
    """What it costs, or why it cannot be had."""
    if dish is None:
        return Priced(pick.dish_id, "", "", "", pick.quantity, None, 0, 0, [], "", GONE)
    refusal = _unavailable(dish, pick) or _misfit(dish, pick)
    if refusal is not None:
        return _refused(dish, pick, refusal)
    chosen = _chosen(dish, pick)
    lines = _lines(dish, pick, chosen)
    one = sum(line["fen"] for line in lines)
    return Priced(
        dish_id=dish.id,
        name=dish.name,
        choice=words(chosen),
        unit=dish.unit,
        quantity=pick.quantity,
        grams=pick.grams if dish.pricing is Pricing.WEIGHT else None,
        unit_fen=dish.price_fen if dish.pricing is Pricing.WEIGHT else one,
        total_fen=one * pick.quantity,
        price=lines,
        station=dish.station,
    )


def weighed(fen: int, grams: int, per_grams: int) -> int:
    """The price of so many grams, half up to the fen."""
    return (2 * fen * grams + per_grams) // (2 * per_grams)


def words(chosen: Chosen) -> str:
    """What was chosen, as the kitchen reads it."""
    return "；".join("、".join(option.name for option in options) for _group, options in chosen if options)


def too_few(name: str, left: int) -> Text:
    """Not that many are left."""
    return say("%(name)s 只剩 %(left)s 份了。", name=name, left=left)


def said(line: Mapping[str, Any]) -> Text:
    """A line of `Priced.price` or of a tab's line, to be read in the reader's language."""
    return Text(line["msgid"], dict(line["params"])) if "msgid" in line else say("%(name)s", name=line["name"])


def _refused(dish: Dish, pick: Pick, refusal: Text) -> Priced:
    return Priced(
        dish.id, dish.name, "", dish.unit, pick.quantity, pick.grams, 0, 0, [], dish.station, refusal
    )  # fmt: skip


def _unavailable(dish: Dish, pick: Pick) -> Text | None:
    """Sold out, or a figure that only the staff can say is not there."""
    if dish.stopped:
        return say("%(name)s 售罄了，请换一道。", name=dish.name)
    if dish.left is not None and pick.quantity > dish.left:
        return too_few(dish.name, dish.left)
    if not 1 <= pick.quantity <= MOST_QUANTITY:
        return say("份数请写 1 到 %(most)s。", most=MOST_QUANTITY)
    if dish.pricing is Pricing.MARKET and not (pick.price_fen is not None and 0 <= pick.price_fen <= MOST_FEN):
        return say("%(name)s 是时价，请服务员报价后再点。", name=dish.name)
    if dish.pricing is Pricing.WEIGHT and not (pick.grams is not None and 1 <= pick.grams <= MOST_GRAMS):
        return say("%(name)s 要称重，请服务员称好再点。", name=dish.name)
    if dish.pricing is Pricing.WEIGHT and pick.quantity != 1:
        return say("%(name)s 称重计价，一次点一份。", name=dish.name)
    return None


def _misfit(dish: Dish, pick: Pick) -> Text | None:
    """The choices do not fit the groups as they are now."""
    known = {group.id: group for group in dish.groups}
    if any(group_id not in known for group_id, picked in pick.options.items() if picked):
        return say("%(name)s 的选项变了，请重新选。", name=dish.name)
    troubles = (_group_misfit(dish, group, pick.options.get(group.id, ())) for group in dish.groups)
    return next((trouble for trouble in troubles if trouble is not None), None)


def _group_misfit(dish: Dish, group: Group, picked: Sequence[UUID]) -> Text | None:
    ids = {option.id for option in group.options}
    if not set(picked) <= ids or len(set(picked)) < len(picked):
        return say("%(name)s 的选项变了，请重新选。", name=dish.name)
    gone = [option.name for option in group.options if option.id in picked and option.id in dish.missing]
    if gone:
        return say("%(name)s 里的 %(option)s 售罄了，请换一个。", name=dish.name, option=gone[0])
    if len(picked) < group.least:
        return say("%(name)s：请选择“%(group)s”（%(least)s 个）。", name=dish.name, group=group.name, least=group.least)
    if len(picked) > group.most:
        return say("%(name)s：“%(group)s”最多选 %(most)s 个。", name=dish.name, group=group.name, most=group.most)
    return None


def _chosen(dish: Dish, pick: Pick) -> Chosen:
    return [
        (group, tuple(option for option in group.options if option.id in pick.options.get(group.id, ())))
        for group in dish.groups
    ]


def _lines(dish: Dish, pick: Pick, chosen: Chosen) -> Lines:
    """Lines that add up to one of it."""
    lines = [_base(dish, pick, chosen)]
    if dish.full is not None and dish.extra_fen:
        lines.append(_line("store", say("门店差价"), dish.extra_fen))
    for group, options in chosen:
        lines += [
            _line("option", _name(option.name), option.fen) for option in options if option.fen and not group.full
        ]
    below = sum(line["fen"] for line in lines)
    if below < 0:
        lines.append(_line("floor", say("不低于 0"), -below))
    return lines


def _base(dish: Dish, pick: Pick, chosen: Chosen) -> dict[str, Any]:
    if dish.pricing is Pricing.WEIGHT:
        price = f"{dish.price_fen // 100}.{dish.price_fen % 100:02}"
        what = say("%(grams)s 克 × ¥%(price)s / %(per)s 克", grams=pick.grams, price=price, per=dish.per_grams)
        return _line("weight", what, weighed(dish.price_fen, pick.grams or 0, dish.per_grams))
    if dish.pricing is Pricing.MARKET:
        return _line("market", say("%(name)s（时价）", name=dish.name), pick.price_fen or 0)
    sizes = [options[0] for group, options in chosen if group.full and options]
    if sizes:
        return _line("full", say("%(name)s（%(size)s）", name=dish.name, size=sizes[0].name), sizes[0].fen)
    return _line("dish", _name(dish.name), dish.price_fen)


def _name(word: str) -> Text:
    """The merchant's own word: the same in every language."""
    return say("%(name)s", name=word)


def _line(kind: str, what: Text, fen: int) -> dict[str, Any]:
    return {"kind": kind, "msgid": what.msgid, "params": what.params, "fen": fen}
