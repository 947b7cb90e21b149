"""The way to a phone."""

from __future__ import annotations

from typing import Protocol

from portal.domain.messages.values import OutgoingText


class Messenger(Protocol):
    """Sends texts. `keeps_words`: only the sandbox of a demo installation, whose outbox page shows them."""

    keeps_words: bool

    def send(self, text: OutgoingText) -> str:
        """Hand a text over within five seconds; returns the provider's number. Raises NotSent to be tried again."""
        ...


class NotSent(Exception):
    """The provider did not take the text; trying again is safe."""
