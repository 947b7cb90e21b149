"""flask-htmx, with header values decoded: htmx sends what is not ASCII percent-encoded and says so beside it."""

from __future__ import annotations

from urllib.parse import unquote

from flask import request
from flask_htmx import HTMX


class Htmx(HTMX):  # type: ignore[misc]  # flask-htmx ships no types
    """What htmx told about this request."""

    @property
    def prompt(self) -> str | None:
        """What was typed into `hx-prompt`."""
        return _decoded("HX-Prompt")

    @property
    def current_url(self) -> str | None:
        """The address in the browser's bar."""
        return _decoded("HX-Current-URL")

    @property
    def target(self) -> str | None:
        """The id of the element that will be replaced."""
        return _decoded("HX-Target")

    @property
    def wants_block(self) -> bool:
        """True when a part is asked for, not a boosted or restored whole page."""
        return bool(self) and not self.history_restore_request and not self.boosted


def _decoded(name: str) -> str | None:
    value = request.headers.get(name)
    if value is not None and request.headers.get(f"{name}-URI-AutoEncoded") == "true":
        return unquote(value)
    return value


htmx = Htmx()
