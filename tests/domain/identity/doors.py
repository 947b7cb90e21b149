"""What the tests of signing in share: a browser's ticket, a counted try, a code put to use."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from portal.domain.identity.actions import codes
from portal.domain.identity.values import Browser, Purpose, Try
from portal.kernel.scope import Face
from tests.factories.world import World


def ticket() -> Browser:
    """A browser that was never signed in."""
    return Browser(secrets.token_bytes(32), "Chrome · Android", timedelta(days=180))


def secret(world: World) -> str:
    """The installation's key."""
    return world.services.settings.secret_key


def counted(world: World, code_id: UUID) -> Try:
    """One try, committed before the digits are looked at."""
    with world.work(Face.GATE) as work:
        return codes.count_try(work, code_id)


def use(world: World, code_id: UUID, typed: str, purpose: Purpose = Purpose.SIGN_IN) -> str:
    """Count a try and use the code; the phone."""
    attempt = counted(world, code_id)
    with world.work(Face.GATE) as work:
        return codes.use(work, secret(world), attempt, purpose=purpose, typed=typed)
