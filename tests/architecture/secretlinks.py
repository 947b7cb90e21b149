"""The texts of secret links that a town's rows stand for: no column holds them, the installation's key makes them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from portal.domain.bookings.rules import links
from portal.domain.bookings.rules.links import Link

_KEYS: dict[str, bytes] = {}


def learn(secret_key: str) -> None:
    """The key of the installation whose towns are asked about."""
    _KEYS.update({purpose: links.key_for(secret_key, purpose) for purpose in ("visit", "feed")})


def of_visits(town: Any) -> list[str]:
    """The secret links of a town's visits."""
    return [_text("visit", row["id"], row["link_version"]) for row in town.rows.get("bookings", [])]


def of_feeds(town: Any) -> list[str]:
    """The secret addresses of a town's calendar feeds."""
    return [_text("feed", row["person_id"], row["version"]) for row in town.rows.get("booking_feeds", [])]


def _text(purpose: str, row_id: Any, version: int) -> str:
    return links.write(Link(UUID(str(row_id)), version), _KEYS[purpose]) if _KEYS else ""
