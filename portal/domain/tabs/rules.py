"""Pure: what was picked as it is kept, money of a line in parts, and what a page showed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from portal.domain.menus.values import Pick
from portal.domain.tabs.values import INVITE_MINUTES, MOST_GUESTS, GuestState, Pays, Wanted


class Kept(Protocol):
    """What of a line says how it was picked."""

    dish_id: UUID | None
    picks: dict[str, Any]
    quantity: int


def picks_of(wanted: Wanted) -> dict[str, Any]:
    """What was picked, as the line keeps it: option groups with their options in one order, grams, a spoken price."""
    options = {str(group): sorted(str(one) for one in chosen) for group, chosen in wanted.options.items() if chosen}
    return {"options": options, "grams": wanted.grams, "price_fen": wanted.price_fen}


def pick_of(line: Kept) -> Pick:
    """The same, as the menu is asked."""
    assert line.dish_id is not None
    options: Mapping[UUID, tuple[UUID, ...]] = {
        UUID(group): tuple(UUID(one) for one in chosen) for group, chosen in line.picks["options"].items()
    }
    spoken = line.picks.get("price_fen")
    return Pick(line.dish_id, options, line.quantity, grams=line.picks.get("grams"), price_fen=spoken)


def digest(key: str) -> bytes:
    """What is kept of a guest's key."""
    return hashlib.sha256(key.encode()).digest()


class Key(Protocol):
    """What lets friends in."""

    code: str
    turned_at: datetime


def good_invite(key: Key | None, code: str, now: datetime) -> bool:
    """True for the present secret while it is fresh; compared in constant time."""
    kept = key.code if key is not None else "-" * 22
    same = hmac.compare_digest(kept.encode(), code.encode("utf-8", "replace"))
    return same and key is not None and now < key.turned_at + timedelta(minutes=INVITE_MINUTES)


def free_numbers(guests: Iterable[tuple[int, str]]) -> list[int]:
    """Numbers for further guests beside these (number, state), the next one first: those that nobody has had before
    those of guests who are out.
    """
    known = list(guests)
    had, taken = {nth for nth, _state in known}, {nth for nth, state in known if state != GuestState.OUT}
    return sorted(set(range(1, MOST_GUESTS + 1)) - taken, key=lambda nth: (nth in had, nth))


def orders_on(settled_at: datetime | None, minutes: int, now: datetime) -> bool:
    """Whether guests may order: something is due, or all was paid less than so many minutes ago."""
    return settled_at is None or now < settled_at + timedelta(minutes=minutes)


def takes_in(pays: str, settled_at: datetime | None, minutes: int, now: datetime) -> bool:
    """Whether a phone that scans the card belongs to them. Who paid at the end is leaving, so the next one does not."""
    return settled_at is None or (pays == Pays.BEFORE and orders_on(settled_at, minutes, now))


def part_of(amount_fen: int, quantity: int, taken: int) -> int:
    """What `taken` of `quantity` pieces are of an amount: the rest keeps the remainder, so both add up to the whole."""
    return amount_fen * taken // quantity
