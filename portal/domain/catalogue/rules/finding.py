"""What somebody types to find goods, as pairs of signs; pure.

Signs that are neither letters nor digits divide words: what is typed with an exclamation mark finds the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

from portal.kernel.typed import half_width

MOST_SIGNS: Final = 60
MOST_PAIRS: Final = 24
_BETWEEN: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Looked:
    """`pairs` in the order they were typed; `signs` are words of one sign, which make no pair."""

    pairs: tuple[str, ...]
    signs: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.pairs or self.signs)

    @property
    def ways(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """What a thing must hold one of to be alike, the strictest way first. One wrong sign spoils two neighbouring
        pairs, so that of four parts two are whole; few pairs are taken two by two, and in the end one by one.
        """
        single = tuple((pair,) for pair in self.pairs)
        if len(self.pairs) < 4:
            return (single,) if single else ()
        if len(self.pairs) < 8:
            return tuple(pairwise(self.pairs)), single
        size = len(self.pairs)
        ends = [size * at // 4 for at in range(5)]
        parts = [self.pairs[first:last] for first, last in pairwise(ends)]
        return tuple((*one, *two) for one, two in combinations(parts, 2)), single


def look_for(text: str) -> Looked:
    """Read what was typed: folded to half width and small letters, at most sixty signs; nothing for nothing."""
    words = [word for word in _BETWEEN.split(half_width(text[:MOST_SIGNS]).casefold()) if word]
    pairs = dict.fromkeys(word[at : at + 2] for word in words for at in range(len(word) - 1))
    signs = dict.fromkeys(word for word in words if len(word) == 1)
    return Looked(tuple(pairs)[:MOST_PAIRS], tuple(signs)[:4])
