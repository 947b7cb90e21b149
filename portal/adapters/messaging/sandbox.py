"""A messenger that sends nothing: in a demo the outbox page shows what it was given.

It writes no number and no words into any log. In production it forgets them and says once that no provider is set up.
"""

from __future__ import annotations

import logging

from portal.domain.messages.values import OutgoingText
from portal.kernel.database import new_id

log = logging.getLogger("portal.messaging")


class SandboxMessenger:
    """Takes every text."""

    def __init__(self, *, keeps_words: bool) -> None:
        self.keeps_words = keeps_words
        if not keeps_words:
            log.warning("no provider for texts is set up: codes reach nobody, sign in by password")

    def send(self, text: OutgoingText) -> str:
        """A number of our own."""
        return f"sandbox-{text.kind}-{new_id().hex[-12:]}"
