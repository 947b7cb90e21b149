"""A throw-away installation to measure: a PostgreSQL of its own that keeps its promises (fsync on), and gunicorn.

Nothing here touches the installation that `make run` starts.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from alembic import command
from alembic.config import Config
from flask import Flask

from portal.app import create_app
from portal.localdb.bootstrap import bootstrap, clone_database, drop_database
from portal.localdb.server import LocalPostgres
from portal.settings import ROOT, load_settings

WAIT_SECONDS = 60
EMPTY = "bench_empty"


@dataclass
class Served:
    """A gunicorn with two workers."""

    process: subprocess.Popen[bytes]
    port: int
    started_in: float
    log: Path

    def workers(self) -> list[psutil.Process]:
        """The worker processes."""
        return psutil.Process(self.process.pid).children()

    def last_words(self) -> str:
        """What it said last, for people who look for the reason."""
        return self.log.read_text(errors="replace")[-3000:]

    def stop(self) -> None:
        """End it and wait."""
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class Installation:
    """Server, migrated template and the secret that signs cookies."""

    folder: Path
    server: LocalPostgres
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(40))

    def database(self, name: str) -> None:
        """A fresh migrated database."""
        drop_database(self.server.url(), name)
        clone_database(self.server.url(), EMPTY, name)

    def environment(self, database: str) -> dict[str, str]:
        """What web processes on this database are started with."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "PORTAL_MODE": "test",
            "DATABASE_URL": self.server.url("portal_web", database),
            "OWNER_DATABASE_URL": self.server.url("portal_owner", database),
            "PORTAL_VAR": str(self.folder / "var"),
            "SECRET_KEY": self.secret,
        }

    def app(self, database: str) -> Flask:
        """The portal in this process, for filling and for counting."""
        return create_app(load_settings(self.environment(database)))

    def serve(self, database: str, target: str = "wsgi:application", **more: str) -> Served:
        """Start gunicorn as `make run` does and wait until it answers."""
        port, began = free_port(), time.monotonic()
        env = self.environment(database) | {"BIND": f"127.0.0.1:{port}", "WEB_WORKERS": "2"} | more
        path = self.folder / f"web-{port}.log"
        log = open(path, "wb")  # noqa: SIM115 - the process keeps it
        line = [sys.executable, "-m", "gunicorn", target]
        process = subprocess.Popen(line, cwd=ROOT, env=env, stdout=log, stderr=log)
        while time.monotonic() - began < WAIT_SECONDS:
            if process.poll() is not None:
                raise RuntimeError(f"gunicorn ended: {path.read_text()[-2000:]}")
            if answers(port):
                return Served(process, port, time.monotonic() - began, path)
            time.sleep(0.01)
        process.kill()
        raise RuntimeError("gunicorn does not answer")


def answers(port: int) -> bool:
    """True when the web gives any answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/hello", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def installation() -> Iterator[Installation]:
    """Start a server with a migrated, empty database; everything is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    server = LocalPostgres(folder / "pg", options={"shared_buffers": "512MB", "max_wal_size": "4GB"})
    try:
        server.start()
        bootstrap(server.url(), EMPTY)
        config = Config(str(ROOT / "migrations" / "alembic.ini"))
        config.attributes["owner_url"] = server.url("portal_owner", EMPTY)
        command.upgrade(config, "head")
        yield Installation(folder, server)
    finally:
        server.remove()
        shutil.rmtree(folder, ignore_errors=True)
