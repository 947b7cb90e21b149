"""Sentences people read, made where no translator is at hand.

The kernel and the features say *what* is said, in Simplified Chinese with named places; the web layer translates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class Figure:
    """A value in a sentence whose look depends on the reader's language (see `spoken`)."""

    def shown(self, locale: str) -> str:
        """As a reader of "zh" or "en" expects it."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.shown("zh")


@dataclass(frozen=True)
class Text:
    """A translatable sentence: the Chinese message id and the values of its named places."""

    msgid: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid % self.params if self.params else self.msgid


def say(msgid: str, **params: Any) -> Text:
    """Mark a sentence for translation. `msgid` is Simplified Chinese; places are written `%(name)s`."""
    return Text(msgid, params)
