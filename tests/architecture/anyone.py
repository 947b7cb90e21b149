"""Every page and act without sign-in, each with the reason why it is open. A line without a route fails the tests."""

from __future__ import annotations

ANYONE_BECAUSE = {
    "shop.home": "the street is public",
}
