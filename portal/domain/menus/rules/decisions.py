"""What somebody may decide about rows of a menu from a file; each is a change of a row's facts. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.domain.menus.rules.repair import Facts
from portal.domain.menus.values import Group, Pricing

Change = Callable[[Facts], None]


def named(name: str) -> Change:
    """This name for rows without one."""

    def change(facts: Facts) -> None:
        facts["name"] = facts["name"].strip() or name

    return change


def priced(fen: int) -> Change:
    """This price, whatever the file says."""

    def change(facts: Facts) -> None:
        facts["fen"], facts["pricing"] = fen, Pricing.FIXED.value

    return change


def market(facts: Facts) -> None:
    """时价."""
    facts["pricing"] = Pricing.MARKET.value


def full(group_name: str, *, yes: bool) -> Change:
    """Groups of this name that were not decided are full prices, or add to the price."""

    def change(facts: Facts) -> None:
        for group in facts["groups"]:
            if group["name"] == group_name and group["full"] is None:
                group["full"] = yes

    return change


def first_full(facts: Facts) -> None:
    """Only the first group is the price, the others add to it."""
    for group in [group for group in facts["groups"] if group["full"]][1:]:
        group["full"] = False


def options_named(name: str) -> Change:
    """This name for options without one."""

    def change(facts: Facts) -> None:
        for value in _values(facts):
            value["name"] = value["name"].strip() or name

    return change


def options_free(facts: Facts) -> None:
    """Options without a price cost nothing more."""
    for value in _values(facts):
        if not value["price"].strip() and value["fen"] is None:
            value["fen"] = 0


def own(facts: Facts) -> None:
    """Another dish of the same name."""
    facts["repeat"] = "own"


def written(values: dict[str, Any], groups: list[Group]) -> Change:
    """A row as somebody typed it, with its groups."""

    def change(facts: Facts) -> None:
        facts.update(values)
        facts["groups"] = [_group(group) for group in groups]

    return change


def _group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "guess": group.full,
        "full": group.full,
        "least": group.least,
        "most": group.most,
        "values": [{"name": one.name, "price": "", "fen": one.fen} for one in group.options],
    }


def _values(facts: Facts) -> list[dict[str, Any]]:
    return [value for group in facts["groups"] for value in group["values"]]
