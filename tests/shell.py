"""One Flask application for a whole test process, given a new database and clock for each test.

Building the application anew costs more than most tests (hundreds of routes to compile, every template again). What
belongs to one installation is replaced: configuration, engine, services, what pages remembered. A test that changes
routes, or needs other settings than those of the mode `test`, calls `create_app` itself.
"""

from __future__ import annotations

from types import CodeType

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from portal.app import create_app, db
from portal.kernel.clock import Clock
from portal.kernel.database import make_engine
from portal.settings import Settings
from portal.wiring import wire


class Compiled(BytecodeCache):
    """Templates that any application of this process has compiled; the key holds a checksum of the source."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled of just this source."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remember it."""
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()


class Shell:
    """The application that is lent from test to test."""

    def __init__(self) -> None:
        self._app: Flask | None = None

    def lend(self, settings: Settings, clock: Clock) -> Flask:
        """The application on the database of these settings, as if it had just been built."""
        if self._app is None:
            self._app = create_app(settings, clock)
            self._app.jinja_env.bytecode_cache = COMPILED
            self._config = dict(self._app.config)
            self._extensions = dict(self._app.extensions)
            return self._app
        app = self._app
        _restore(app.config, self._config | {"SQLALCHEMY_DATABASE_URI": settings.database_url})
        _restore(app.extensions, self._extensions)
        with app.app_context():
            engines = db.engines
            engines[None] = make_engine(settings.database_url)  # type: ignore[index]
            app.extensions["portal"] = wire(settings, engines[None], clock)
        return app

    def take_back(self, app: Flask) -> None:
        """Let go of the database."""
        with app.app_context():
            db.engine.dispose()


def _restore(now: dict[str, object], before: dict[str, object]) -> None:
    now.clear()
    now.update(before)
