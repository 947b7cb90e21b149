"""Our own numbers at providers: ids without their dashes."""

from __future__ import annotations

from uuid import UUID


def number_of(text: str) -> UUID | None:
    """The id behind a number that a provider gives back; None when it cannot be ours."""
    try:
        return UUID(hex=text) if len(text) == 32 else None
    except ValueError:
        return None
