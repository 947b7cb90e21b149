"""What the printers' clouds share: a signed form, five seconds at most, JSON back, and what silence means.

Before anything was sent a failure is a clear no; after that it is unknown.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from portal.domain.kitchen.ports import TIMEOUT_SECONDS

MOST_BYTES: Final = 64 * 1024
Send = Callable[[str, Mapping[str, str]], tuple[int, bytes]]
"""(address, form) → (status, answer); `Unsent` when nothing left this machine, OSError when the answer is missing."""


class Unsent(OSError):
    """The vendor was not reached: nothing has happened there."""


class Silent(Exception):
    """No answer, or none that can be read: what happened is unknown."""


def over_http(url: str, form: Mapping[str, str]) -> tuple[int, bytes]:
    """POST a form, five seconds at most from connecting to the last byte."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unsent("no address")
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    link = kind(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS)
    watch = threading.Timer(TIMEOUT_SECONDS, _cut, [link])
    watch.daemon = True
    try:
        link.connect()
    except OSError as error:
        link.close()
        raise Unsent(type(error).__name__) from error
    watch.start()
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        link.request("POST", parts.path or "/", urlencode(form).encode(), headers)
        answer = link.getresponse()
        return answer.status, answer.read(MOST_BYTES + 1)
    except http.client.HTTPException as error:
        raise OSError(type(error).__name__) from error
    finally:
        watch.cancel()
        link.close()


def _cut(link: http.client.HTTPConnection) -> None:
    if link.sock is not None:
        with contextlib.suppress(OSError):
            link.sock.shutdown(socket.SHUT_RDWR)


def asked(send: Send, url: str, form: Mapping[str, str]) -> dict[str, Any]:
    """The JSON object that came back. Raises Unsent, Silent."""
    try:
        status, answer = send(url, form)
        told = json.loads(answer) if status == 200 and len(answer) <= MOST_BYTES else None
    except Unsent:
        raise
    except (OSError, ValueError, RecursionError) as error:
        raise Silent(type(error).__name__) from error
    if not isinstance(told, dict):
        raise Silent(f"status {status}")
    return told


def number(told: Mapping[str, Any], name: str) -> int:
    """A whole number that may have come as text. Raises Silent."""
    try:
        return int(str(told[name]))
    except (KeyError, ValueError) as error:
        raise Silent(name) from error
