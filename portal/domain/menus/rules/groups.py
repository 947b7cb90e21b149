"""Option groups between the column that keeps them and the facts pages read. Refuses what nobody could choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from portal.domain.menus.errors import GroupsWrong
from portal.domain.menus.values import MOST_FEN, MOST_GROUPS, MOST_OPTIONS, Group, Option, Pricing
from portal.kernel.words import say


def read(kept: Iterable[dict[str, Any]]) -> tuple[Group, ...]:
    """As they stand in the column."""
    return tuple(_group(one) for one in kept)


def _group(one: dict[str, Any]) -> Group:
    options = tuple(_option(each) for each in one["options"])
    return Group(UUID(one["id"]), one["name"], one["full"], one["least"], one["most"], options)


def _option(one: dict[str, Any]) -> Option:
    part = one.get("part")
    return Option(UUID(one["id"]), one["name"], one["fen"], UUID(part) if part else None)


def write(groups: Sequence[Group]) -> list[dict[str, Any]]:
    """As the column keeps them. Refuses (`GroupsWrong`) what `check` refuses."""
    check(groups)
    return [
        {
            "id": str(group.id),
            "name": group.name,
            "full": group.full,
            "least": group.least,
            "most": group.most,
            "options": [_kept(option) for option in group.options],
        }
        for group in groups
    ]


def _kept(option: Option) -> dict[str, Any]:
    part = {"part": str(option.part)} if option.part else {}
    return {"id": str(option.id), "name": option.name, "fen": option.fen, **part}


def check(groups: Sequence[Group]) -> None:
    """Refuses nameless or empty groups, impossible counts, two groups that both are the price, mad prices."""
    if len(groups) > MOST_GROUPS:
        raise GroupsWrong(say("一道菜最多 %(most)s 个选项组。", most=MOST_GROUPS))
    if sum(group.full for group in groups) > 1:
        raise GroupsWrong(say("只能有一个选项组是“整份价”，其他的要改成“加价”。"))
    for group in groups:
        _check(group)


def check_priced(pricing: Pricing, groups: Sequence[Group]) -> None:
    """Refuses a group that is the price of what is weighed or has the price of the day."""
    if pricing is not Pricing.FIXED and any(group.full for group in groups):
        raise GroupsWrong(say("时价和称重的菜不能有“整份价”的选项组，请把它改成“加价”。"))


def _check(group: Group) -> None:
    name = group.name
    if not name.strip():
        raise GroupsWrong(say("选项组要有名字。"))
    if not 1 <= len(group.options) <= MOST_OPTIONS:
        raise GroupsWrong(say("选项组“%(name)s”要有 1 到 %(most)s 个选项。", name=name, most=MOST_OPTIONS))
    if not 0 <= group.least <= group.most <= len(group.options) or not group.most:
        raise GroupsWrong(say("选项组“%(name)s”的最少、最多个数和选项对不上。", name=name))
    if group.full and (group.least, group.most) != (1, 1):
        raise GroupsWrong(say("“整份价”的选项组“%(name)s”必须选一个，也只能选一个。", name=name))
    if any(not option.name.strip() for option in group.options):
        raise GroupsWrong(say("选项组“%(name)s”里有没有名字的选项。", name=name))
    if len({option.id for option in group.options}) < len(group.options):
        raise GroupsWrong(say("选项组“%(name)s”里有重复的选项。", name=name))
    lowest = 0 if group.full else -MOST_FEN
    if any(not lowest <= option.fen <= MOST_FEN for option in group.options):
        raise GroupsWrong(say("选项组“%(name)s”里的价格不对。", name=name))
