"""A counter's bar on a phone: at most five places, those of the role first; what is left opens behind the last.

A technician's own page is in the bar of technicians alone; others find it on the board.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from portal.kernel.permissions import Role

MOST: Final = 5
_DESK: Final = ("store.counter", "store.floor_board", "store.board_day", "store.queue_board")
_FIRST: Final[dict[Role, tuple[str, ...]]] = {
    Role.TECHNICIAN: ("store.mine", "store.board_day"),
    Role.KITCHEN: ("store.kitchen_all", "store.soldout_board"),
}

Entries = list[dict[str, Any]]


def split(entries: Sequence[dict[str, Any]], role: Role | None) -> tuple[Entries, Entries]:
    """What stands in the bar, and what is behind "more"; nothing is behind it while all of it has room."""
    first = _FIRST.get(role, _DESK) if role else _DESK
    rank = {endpoint: at for at, endpoint in enumerate(first)}
    wanted = [one for one in entries if one["endpoint"] != "store.mine" or role is Role.TECHNICIAN]
    found = sorted(wanted, key=lambda one: rank.get(one["endpoint"], len(rank)))
    room = MOST if len(found) <= MOST else MOST - 1
    return found[:room], found[room:]
