"""Every answer carries the house's headers: pages, redirects, refusals, accidents, files and wrong addresses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.settings import load_settings
from portal.web.assets import MANIFEST
from tests.architecture.house import NOWHERE, declared, house

NOBODY = UUID(int=7)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Every route once, with ids that nobody has, and what is no route at all."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for one in declared():
            values = {name: value_for(type(one.rule._converters[name]).__name__) for name in one.rule.arguments}
            yield one.route.method, adapter.build(one.endpoint, values, method=one.route.method)
    yield from [("GET", "/nowhere"), ("POST", "/nowhere"), ("DELETE", "/"), ("TRACE", "/"), ("GET", "/healthz")]


def value_for(converter: str) -> object:
    return {"UUIDConverter": NOBODY, "IntegerConverter": 1}.get(converter, "none")


def check(response: TestResponse, what: str) -> None:
    headers = response.headers
    for name, value in ALWAYS.items():
        assert headers.get(name) == value, f"{what}: {name}"
    policy = headers.get("Content-Security-Policy", "")
    assert "default-src 'none'" in policy, what
    assert "unsafe" not in policy, what
    assert "frame-ancestors 'none'" in policy, what
    assert headers.get("X-Request-Id"), what
    if response.data and response.status_code not in (303, 304):
        kind = headers.get("Content-Type", "")
        assert kind, what
        assert "charset=utf-8" in kind.lower() or not kind.startswith("text/"), f"{what}: {kind}"
    if response.mimetype == "text/html":
        assert headers.get("Cache-Control") in ("no-store", "no-store, private"), (
            f"{what}: {headers.get('Cache-Control')}"
        )
    assert "Traceback" not in response.get_data(as_text=True), what


def check_cookies(response: TestResponse, what: str, *, secure: bool) -> None:
    for cookie in response.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie, f"{what}: {cookie}"
        assert "SameSite=Lax" in cookie or "SameSite=Strict" in cookie, f"{what}: {cookie}"
        if secure:
            assert cookie.startswith("__Host-"), f"{what}: {cookie}"
            assert "Secure" in cookie, f"{what}: {cookie}"
            assert "Path=/" in cookie, f"{what}: {cookie}"
            assert "Domain=" not in cookie, f"{what}: {cookie}"


def test_every_answer_has_the_headers(app: Flask) -> None:
    client, seen = app.test_client(), 0
    for method, address in addresses(app):
        response = client.open(address, method=method)
        assert response.status_code < 500 or address == "/healthz", f"{method} {address}: {response.status_code}"
        if method != "TRACE":
            check(response, f"{method} {address}")
        check_cookies(response, address, secure=False)
        seen += 1
    print(f"header walk: {seen} answers")


def test_files_are_what_their_names_say() -> None:
    names: dict[str, str] = json.loads(MANIFEST.read_text("utf-8"))
    client = house().test_client()
    for name in names.values():
        headers = client.get(f"/static/{name}").headers
        assert headers.get("X-Content-Type-Options") == "nosniff", name
        assert headers.get("Cross-Origin-Resource-Policy") == "same-origin", name
        assert "Access-Control-Allow-Origin" not in headers, name
        assert "immutable" in headers.get("Cache-Control", ""), name
        assert "Set-Cookie" not in headers, name
    for path in (
        "/static/../pyproject.toml",
        "/static/%2e%2e/pyproject.toml",
        "/static//etc/passwd",
        "/static/.git/config",
    ):
        assert client.get(path).status_code in (400, 404), path


def test_an_accident_has_the_headers_and_no_traceback(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(**_args: object) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setitem(app.view_functions, "shop.home", fall)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    response = app.test_client().get("/")
    assert response.status_code == 500
    check(response, "accident")
    assert "secret of the house" not in response.get_data(as_text=True)
    assert response.headers["X-Request-Id"] in response.get_data(as_text=True), "the error id is on the page"
    assert any("error" in record.getMessage() for record in caplog.records)


def test_https_has_strict_transport_and_host_cookies(app: Flask) -> None:
    app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="__Host-jieshi")
    response = app.test_client().get("/", base_url="https://localhost")
    assert int(response.headers["Strict-Transport-Security"].partition("max-age=")[2].partition(";")[0]) >= 31_536_000
    check_cookies(response, "/", secure=True)


def test_production_insists_on_https() -> None:
    env = {"PORTAL_MODE": "production", "DATABASE_URL": NOWHERE, "SECRET_KEY": "x" * 40}
    settings = load_settings({**env, "PUBLIC_URL": "https://portal.example"})
    assert settings.https
    assert not settings.is_demo
    with pytest.raises(ValueError, match="PUBLIC_URL"):
        load_settings({**env, "PUBLIC_URL": "http://portal.example"})
