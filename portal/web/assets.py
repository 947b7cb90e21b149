"""Static files by logical name: `'css/portal.css'|asset` is an address that never changes its content."""

from __future__ import annotations

import json
import re
from typing import Any
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from portal.settings import ROOT

STATIC = ROOT / "static"
MANIFEST = STATIC / "vendor" / "vendor.json"
HASHED = re.compile(r"-[0-9a-f]{8,}\.[a-z0-9]+$")


FOR_SCRIPTS = {
    "clock": "js/clock.js",
    "jsqr": "jsqr.js",
    "leaflet": "leaflet.js",
    "leaflet_css": "leaflet.css",
    "map": "js/map.js",
    "nearby": "js/nearby.js",
    "pictures": "js/pictures.js",
}
"""What a script loads when somebody wants it."""


class AssetsMissing(RuntimeError):
    """The browser assets were never built."""


def init_app(app: Flask) -> None:
    """Serve `static/vendor` with immutable names and give templates `|asset`, which costs nothing when a page is drawn:
    a filter of a constant is worked out when the template is compiled.
    """
    if not MANIFEST.exists():
        raise AssetsMissing("static/vendor/vendor.json is missing: run `make assets`")
    names: dict[str, str] = json.loads(MANIFEST.read_text(encoding="utf-8"))

    def asset(name: str) -> str:
        try:
            return f"/static/{names[name]}"
        except KeyError:
            raise AssetsMissing(f"{name} is not in vendor.json: run `make assets`") from None

    app.jinja_env.filters["asset"] = asset
    app.jinja_env.globals["asset_map"] = json.dumps({key: asset(name) for key, name in FOR_SCRIPTS.items()})
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(STATIC),
        prefix="static/",
        immutable_file_test=_immutable,
        max_age=600,
        allow_all_origins=False,
        add_headers_function=_strict if app.config["SESSION_COOKIE_SECURE"] else _plain,
    )


def _plain(headers: Headers, _path: str, _url: str) -> None:
    """Files are what their name says and are for our own pages; they never pass through Flask."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def _strict(headers: Headers, path: str, url: str) -> None:
    """The same, over https."""
    _plain(headers, path, url)
    headers["Strict-Transport-Security"] = "max-age=31536000"


def _immutable(_path: str, url: str, *_rest: Any) -> bool:
    return HASHED.search(url) is not None
