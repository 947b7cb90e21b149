"""People who are in the middle of something: a code was sent, a phone is proven, a phone is being changed.

Their browsers remember it in the session; the pages they stand before are walked like all others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.client import Browser
from tests.factories.world import World
from tests.walker.town import Actor, Town

ALWAYS = ("csrf_token", "device", "_user_id", "_fresh", "_permanent", "_flashes")


def begin(world: World, town: Town) -> None:
    """Leave four people half-way."""
    first, newcomer, another = (f"1540007{next(world.numbers):04d}" for _ in range(3))
    asked, proven = Browser(world.app, world), Browser(world.app, world)
    asked.post("signin.code_send", {"phone": first})
    proven.post("signin.code_send", {"phone": newcomer})
    proven.post("signin.code_check", {"code": world.code_for(newcomer)})
    for name, browser in (("asked", asked), ("proven", proven)):
        town.actors[name] = Actor(f"{town.letter}.{name}", town.letter, session=_session(browser))
    _mover(world, town, another)


def _mover(world: World, town: Town, phone: str) -> None:
    mover = town.actors["mover"]
    browser = Browser(world.app, world).as_(mover.person)
    browser.post("shop.phone_codes", {"phone": phone})
    town.actors["mover"] = replace(mover, session=_session(browser))


def _session(browser: Browser) -> tuple[tuple[str, Any], ...]:
    with browser.client.session_transaction() as session:
        return tuple((name, value) for name, value in session.items() if name not in ALWAYS)
