"""How the pretend provider's notices reach their reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Postman(Protocol):
    """Carries signed notices over HTTP. `base` is the provider's own address, `key` what it signs with."""

    base: str
    key: bytes

    def deliver(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Send it within five seconds; the status of the answer, 0 when there was none."""
        ...
