"""Links that open something without an account: wrong ones are counted by address and by link.

So nobody guesses for long, and many who guess together at one link do not either.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from flask import request

from portal.kernel.limits import Limit
from portal.kernel.words import say
from portal.web.office import Checks, services

_TOO_OFTEN = say("试错的次数太多了，请十分钟后再试。")
_WRONG = Limit("links.wrong", 30, 600, _TOO_OFTEN, failures_only=True)
_SAME = Limit("links.wrong.same", 10, 600, _TOO_OFTEN, failures_only=True)


def wrong_links(args: dict[str, Any]) -> Checks:
    """Looks only; what turns out wrong is counted by `count_wrong`. The secret is the one text of the address."""
    link = next((value for name, value in args.items() if name in ("link", "slip", "visit")), "")
    return [(_WRONG, request.remote_addr or ""), (_SAME, sha256(str(link).encode()).hexdigest()[:32])]


def count_wrong() -> None:
    """That was one."""
    services().gate.miss(*wrong_links(dict(request.view_args or {})))
