"""Options and their combinations; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product

from portal.domain.catalogue.values import MOST_OPTIONS, MOST_SKUS, Option
from portal.kernel.lines import clean_line
from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say

_BETWEEN = re.compile(r"[、,，;；\n|]+")
NAME_MOST, VALUE_MOST = 12, 30


def read_values(text: str, *, field: str) -> tuple[str, ...]:
    """The values of one option, typed with 、 or commas or on lines of their own. Refuses doubles."""
    found = [clean_line(part, field=field, most=VALUE_MOST, required=False) for part in _BETWEEN.split(text)]
    values = [value for value in found if value]
    if len({half_width(value).casefold() for value in values}) != len(values):
        raise Refusal(say("同一项规格里有重复的值。"), field=field)
    return tuple(values)


def read_options(pairs: Iterable[tuple[str, str, str]]) -> tuple[Option, ...]:
    """Options from (field, name, values as typed); empty pairs are left out.

    Refuses a name without values or values without a name, the same name twice and too many combinations.
    """
    options: list[Option] = []
    for field, typed, text in pairs:
        name = clean_line(typed, field=field, most=NAME_MOST, required=False)
        values = read_values(text, field=field)
        if not name and not values:
            continue
        if not name or not values:
            raise Refusal(say("规格要有名称，也要有至少一个值，例如：口味 / 原味、麻辣。"), field=field)
        if name in {one.name for one in options}:
            raise Refusal(say("规格名称重复了。"), field=field)
        options.append(Option(name, values))
    check_options(options)
    return tuple(options)


def check_options(options: Sequence[Option]) -> None:
    """Refuse more options or combinations than a buyer could choose from."""
    count = 1
    for option in options:
        count *= len(option.values)
    if len(options) > MOST_OPTIONS or count > MOST_SKUS:
        sentence = say("规格组合有 %(count)s 种，最多 %(most)s 种。", count=count, most=MOST_SKUS)
        raise Refusal(sentence, field="options")


def combinations(options: Sequence[Option]) -> tuple[tuple[str, ...], ...]:
    """Every combination in reading order; one empty combination when there are no options."""
    return tuple(product(*(option.values for option in options)))
