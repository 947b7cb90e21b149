"""What one web process remembers for a little while: small shared facts that change rarely, and drawn fragments.

Nothing of a person or of one merchant's office is kept here; what is remembered is public and may be seconds old.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Memory(Generic[Value]):
    """At most `most` values, each until its moment; the oldest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: dict[Hashable, tuple[datetime, Value]] = {}

    def recall(self, key: Hashable, now: datetime, make: Callable[[], tuple[datetime, Value]]) -> Value:
        """The value of `key`, made anew once its moment (`make` names it) has passed."""
        found = self._kept.get(key)
        if found is not None and now < found[0]:
            return found[1]
        until, value = make()
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = until, value
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]
        return value

    def forget(self) -> None:
        """Start empty."""
        with self._lock:
            self._kept.clear()
