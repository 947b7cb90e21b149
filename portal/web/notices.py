"""The operator's latest notice as one calm line on the street, until this browser has opened the list.

What is out is a few seconds old at most, so that the street pays for it once per process, not once per reader.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app, request
from werkzeug.http import dump_cookie

from portal.domain.reference import queries
from portal.domain.reference.values import Audience, Notice
from portal.kernel.work import Work
from portal.web.memory import Memory

COOKIE = "notice"
SECONDS = 20
_YEAR = 365 * 86400


def unread(work: Work) -> Notice | None:
    """The latest notice for the street, unless the reader has seen it in the list."""
    latest = _latest(work)
    return None if latest is None or request.cookies.get(COOKIE) == str(latest.id) else latest


def seen(latest: Notice) -> dict[str, str]:
    """The header by which this browser remembers that it showed this one."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    return {
        "Set-Cookie": dump_cookie(
            COOKIE, str(latest.id), max_age=_YEAR, path="/", secure=secure, httponly=True, samesite="Lax"
        )
    }


def _latest(work: Work) -> Notice | None:
    def read() -> tuple[datetime, Notice | None]:
        found = next(iter(queries.notices(work, Audience.SHOP, most=1)), None)
        return work.now() + timedelta(seconds=SECONDS), found

    memory: Memory[Notice | None] = current_app.extensions.setdefault("portal.memory.notices", Memory(1))
    return memory.recall("street", work.now(), read)
