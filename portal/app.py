"""create_app(): settings, database, wiring, offices, error pages. Nothing else happens here."""

from __future__ import annotations

from flask import Flask
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.commands import cli
from portal.kernel.clock import Clock
from portal.kernel.database import ENGINE_OPTIONS
from portal.settings import ROOT, Settings, load_settings
from portal.tables import METADATA
from portal.web import (
    assets,
    cases,
    errors,
    guard,
    health,
    labels,
    locale,
    macros,
    moneywords,
    offices,
    orderwords,
    pictures,
    presenting,
    pulse,
    statementwords,
    wording,
)
from portal.web.htmx import htmx
from portal.web.sessions import Cookies, load_visitor
from portal.wiring import wire

db = SQLAlchemy(metadata=METADATA)


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Flask:
    """The WSGI application for these settings (default: from the environment)."""
    settings = settings or load_settings()
    app = Flask("portal", template_folder=str(ROOT / "templates"), static_folder=None, root_path=str(ROOT / "portal"))
    app.config.update(_config(settings))
    app.session_interface = Cookies(app)
    db.init_app(app)
    with app.app_context():
        app.extensions["portal"] = wire(settings, db.engine, clock)
    _sign_in(app)
    guard.init_app(app)  # first: what CSRF refuses has an id as well
    CSRFProtect(app)
    parts = (
        locale,
        wording,
        labels,
        moneywords,
        orderwords,
        statementwords,
        cases,
        assets,
        macros,
        presenting,
        errors,
        health,
        pictures,
        pulse,
        offices,
        htmx,
        cli,
    )
    for part in parts:
        part.init_app(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _sign_in(app: Flask) -> None:
    manager = LoginManager(app, add_context_processor=False)  # pages know `signed_in` instead
    manager.session_protection = None  # sign-ins live in the database and end there
    manager.user_loader(load_visitor)


def _config(settings: Settings) -> dict[str, object]:
    cookie = "__Host-jieshi" if settings.https else "jieshi"
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": ENGINE_OPTIONS,
        "SESSION_COOKIE_NAME": cookie,
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": settings.session_absolute_seconds,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the session
        "WTF_CSRF_SSL_STRICT": settings.https,
        "MAX_CONTENT_LENGTH": settings.upload_limit_bytes + 512 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 500,
        "TESTING": settings.mode == "test",
    }
