"""What belongs to the demo and to tests is absent in production."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.kernel import faults
from portal.localdb.server import LocalPostgres
from portal.settings import ROOT, SettingsError, load_settings
from portal.web.callbacks import notices
from tests.architecture.house import NOWHERE, python_files
from tests.architecture.test_files import words_of

SECRET = "x" * 48


@pytest.fixture
def production(postgres: LocalPostgres, database: str, tmp_path: Path) -> Iterator[Flask]:
    """The portal as an operator starts it, on an empty database."""
    env = {
        "PORTAL_MODE": "production",
        "DATABASE_URL": postgres.url("portal_web", database),
        "PORTAL_VAR": str(tmp_path),
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": "https://portal.example",
    }
    app = create_app(load_settings(env))
    yield app
    app.extensions["portal"].engine.dispose()


def test_the_sandbox_is_closed(production: Flask) -> None:
    client = production.test_client()
    assert client.get("/outbox", base_url="https://portal.example").status_code == 404
    page = client.get("/signin", base_url="https://portal.example").get_data(as_text=True)
    assert "154" not in page, "no demo sign-in is offered"
    assert "/outbox" not in page


def test_nobody_pretends_to_be_a_payment_provider(production: Flask) -> None:
    client, base = production.test_client(), "https://portal.example"
    requests = ("orders", "orders/query", "orders/close", "refunds", "refunds/query")
    for path in ("/callbacks/sandbox", *(f"/sandbox/v1/{one}" for one in requests)):
        assert client.post(path, base_url=base).status_code == 404, path
    for path in ("/sandbox/pay/01234567-89ab-7def-8123-456789abcdef", "/platform/sandbox"):
        assert client.get(path, base_url=base).status_code == 404, path
    assert production.extensions["portal"].gateways == {}
    assert production.extensions["portal"].postman is None
    offered = [name for name, one in notices.callbacks.declared.items() if not one.signed]
    assert not offered, "every route of the inbox is signed"


def test_errors_tell_nothing(production: Flask) -> None:
    assert not production.debug
    assert not production.testing
    answer = production.test_client().get("/nowhere", base_url="https://portal.example")
    assert answer.status_code == 404
    assert answer.headers["Strict-Transport-Security"]


def test_cookies_are_bound_to_the_host(production: Flask) -> None:
    answer = production.test_client().get("/signin", base_url="https://portal.example")
    for cookie in answer.headers.getlist("Set-Cookie"):
        for part in ("__Host-", "Secure", "HttpOnly", "SameSite", "Path=/"):
            assert part in cookie, cookie


def test_forwarded_headers_of_strangers_are_not_believed(production: Flask) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-For": "10.0.0.1"}
    answer = production.test_client().get("/me", base_url="https://portal.example", headers=headers)
    assert "evil.example" not in answer.headers.get("Location", "")
    assert "evil.example" not in answer.get_data(as_text=True)


def test_nothing_of_the_portal_waits_at_the_points_of_tests(production: Flask) -> None:
    assert production.config["TESTING"] is False
    assert faults.HOOKS == {}
    users = {path.name for path, tree in python_files("portal") for word, _line in words_of(tree) if word == "HOOKS"}
    assert users == {"faults.py"}


@pytest.mark.parametrize("key", ["", "short", "a" * 31])
def test_production_insists_on_a_secret(key: str) -> None:
    env = {"PORTAL_MODE": "production", "DATABASE_URL": NOWHERE, "SECRET_KEY": key, "PUBLIC_URL": "https://x.example"}
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        load_settings(env)


def test_the_portal_does_not_import_its_tests() -> None:
    guilty = [path for path, _tree in python_files("portal") if "from tests" in path.read_text("utf-8")]
    assert not guilty
    assert (ROOT / "tests").exists()
