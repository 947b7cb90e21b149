"""What every request and every response passes: an id, clean text, strict headers."""

from __future__ import annotations

import secrets
from functools import cache
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request, session

from portal.kernel.refusals import Refusal
from portal.kernel.sheets.looking import MOST_PLAIN
from portal.kernel.words import say
from portal.services import Services

LARGER = {"supplier.imports_upload": MOST_PLAIN + 2**20}
"""Forms that take more than others; what is too large for the file is said by whoever reads it."""


class Malformed(Refusal):
    """The request itself is broken."""

    status = 400


def init_app(app: Flask) -> None:
    """Register both ends."""
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    g.request_id = secrets.token_hex(6)
    larger = LARGER.get(request.endpoint or "")
    if larger:
        request.max_content_length = larger
    if request.blueprint in ("health", "callbacks"):  # a callback's body is read once, as bytes, and signed
        return
    texts = [*request.args.values(), request.path]
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        texts += [value for _name, value in request.form.items(multi=True)]
    if any("\0" in text for text in texts):
        raise Malformed(say("内容里有无法识别的字符，请删除后重试。"))


@cache
def _content_policy(tile_url: str) -> str:
    tiles = urlsplit(tile_url).netloc.replace("{s}", "*")
    images = f"'self' data: blob: {tiles}".strip()
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; font-src 'self'; "
        "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _finish(response: Response) -> Response:
    headers = response.headers
    services: Services = current_app.extensions["portal"]
    headers.setdefault("Content-Security-Policy", _content_policy(services.settings.tile_url or ""))
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=(), payment=()"
    headers["X-Request-Id"] = g.get("request_id", "")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        session.modified = False  # no cookie came with it: to keep the error page's own would sign the visitor out
    if response.mimetype == "text/html" or g.get("signed_in") is not None:
        headers.setdefault("Cache-Control", "no-store")
    return response
