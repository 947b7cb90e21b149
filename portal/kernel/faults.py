"""Points where a test may hold a Work still, to prove what happens in the window between a check and a write.

The portal only passes them; it has no way to put anything there. Without a test the dictionary is empty and a point
costs one look-up. Hooks are set in `HOOKS` by tests alone (tests/architecture holds this).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from portal.kernel.work import Work

Hook = Callable[[Work], None]
HOOKS: Final[dict[str, Hook]] = {}


def point(work: Work, name: str) -> None:
    """Pass the point `name` (`feature.moment`); nothing happens unless a test waits there."""
    hook = HOOKS.get(name)
    if hook is not None:
        hook(work)
