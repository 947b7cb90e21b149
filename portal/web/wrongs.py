"""Links that open something without an account: wrong ones are counted by address, so that nobody guesses for long."""

from __future__ import annotations

from typing import Any

from flask import request

from portal.kernel.limits import Limit
from portal.kernel.words import say
from portal.web.office import Checks, services

_WRONG = Limit("links.wrong", 30, 600, say("试错的次数太多了，请十分钟后再试。"), failures_only=True)


def wrong_links(_args: dict[str, Any]) -> Checks:
    """Looks only; what turns out wrong is counted by `count_wrong`."""
    return [(_WRONG, request.remote_addr or "")]


def count_wrong() -> None:
    """That was one."""
    services().gate.miss(*wrong_links({}))
