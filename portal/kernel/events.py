"""What happened, told upwards: a feature publishes, features above react, in the same transaction.

`wiring.py` subscribes the reactions once; nobody else does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

Reaction = Callable[[Any, Any], None]
_REACTIONS: dict[type, list[Reaction]] = defaultdict(list)


def subscribe(event_type: type, reaction: Reaction) -> None:
    """Let `reaction(work, event)` run whenever such an event is published. Twice is once."""
    if reaction not in _REACTIONS[event_type]:
        _REACTIONS[event_type].append(reaction)


def reactions_to(event: object) -> tuple[Reaction, ...]:
    """The reactions to this event, in the order they were subscribed."""
    return tuple(_REACTIONS[type(event)])
