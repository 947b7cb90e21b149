"""Moments that people type in Shanghai's time."""

from __future__ import annotations

from datetime import UTC, datetime

from portal.kernel.figures import SHANGHAI


def utc(local: datetime | None) -> datetime | None:
    """The same moment in UTC; nothing stays nothing."""
    return None if local is None else local.replace(tzinfo=SHANGHAI).astimezone(UTC)
