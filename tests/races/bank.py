"""A real portal of three programs that are killed and come back, and clients that send money acts until they know.

The supervisor ends with its children on purpose, so the programs are started here, as the supervisor starts them.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from portal.commands.serve.preparing import FLASK, environment, migrate, start_database
from portal.localdb.server import LocalPostgres
from portal.settings import ROOT

GUNICORN = (sys.executable, "-m", "gunicorn", "wsgi:application")
SECONDS = 8.0
GIVE_UP = 90.0
PAUSE = 4.5
Act = Callable[[Callable[[], bool]], None]
Killer = Callable[[], None]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Portal:
    """PostgreSQL, gunicorn and the worker on a folder of their own."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.database: LocalPostgres = start_database(var / "pg")
        given = {**os.environ, "PORTAL_VAR": str(var), "PUBLIC_URL": self.base, "BIND": f"127.0.0.1:{self.port}"}
        self.env = environment(given, self.database)
        migrate(self.env)
        self.log = (var / "programs.log").open("ab")
        self.kills: Counter[str] = Counter()
        self.web = self._start(GUNICORN)
        self.worker = self._start((*FLASK, "worker", "run"))
        self.wait()

    def _start(self, command: tuple[str, ...]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip

    def wait(self) -> None:
        """Until somebody answers."""
        until = time.monotonic() + GIVE_UP
        while time.monotonic() < until:
            with contextlib.suppress(OSError, http.client.HTTPException):
                link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
                link.request("GET", "/healthz")
                if link.getresponse().status in (200, 503):
                    return
            time.sleep(0.2)
        raise AssertionError(f"the portal does not answer: {self.last_words()}")

    def kill_web(self) -> None:
        """One of gunicorn's workers; its master starts another."""
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text().split()
        if children:
            os.kill(int(random.choice(children)), signal.SIGKILL)
            self.kills["web"] += 1

    def kill_worker(self) -> None:
        """The worker that takes the jobs."""
        os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()
        self.kills["worker"] += 1
        self.worker = self._start((*FLASK, "worker", "run"))

    def kill_database(self) -> None:
        """The postmaster; everybody's sessions go with it."""
        pid = self.database.pid()
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
            self.kills["database"] += 1
        self.database.start()

    def ended(self) -> list[str]:
        """Programs that stopped by themselves: none should."""
        programs = {"web": self.web, "worker": self.worker}
        return [name for name, program in programs.items() if program.poll() is not None]

    def last_words(self) -> str:
        """The end of what the programs said."""
        return (self.var / "programs.log").read_text(errors="replace")[-3000:]

    def stop(self) -> None:
        """All of it, for good."""
        for program in (self.web, self.worker):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
            program.wait()
        self.log.close()
        self.database.stop()


@dataclass
class Tally:
    """What clients saw. An outcome is unknown when an act was sent and no answer came."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    counts: Counter[str] = field(default_factory=Counter)
    acknowledged: list[tuple[str, str]] = field(default_factory=list)  # (what, where it led)
    open_questions: list[tuple[str, str]] = field(default_factory=list)  # (what, its key), to be found stored

    def add(self, name: str) -> None:
        """One more."""
        with self.lock:
            self.counts[name] += 1

    def keep(self, what: str, where: str) -> None:
        """The portal has said that it is done."""
        with self.lock:
            self.acknowledged.append((what, where))


@dataclass(frozen=True)
class Client:
    """One browser: its cookie and a CSRF token of the same session."""

    portal: Portal
    tally: Tally
    cookie: str
    csrf: str

    def get(self, path: str) -> tuple[int, str]:
        """A page; 0 when nothing came."""
        try:
            status, _where, text = self._send("GET", path, b"", drop=False)
        except (OSError, http.client.HTTPException):
            return 0, ""
        return status, text

    def act(
        self, what: str, path: str, fields: Mapping[str, str], *, stop: Callable[[], bool], done_at: str = ""
    ) -> str | None:
        """Send a form until its outcome is known, always with the same key; where it led, None when refused.

        Now and then the client itself hangs up without listening. Where an act has no key of its own, `done_at` is
        what "that is over" means after an answer that never came.
        """
        key = str(uuid4())
        body = urlencode({"csrf_token": self.csrf, "key": key, **fields}).encode()
        unknown, until = False, time.monotonic() + GIVE_UP
        while time.monotonic() < until:
            try:
                drop = not unknown and random.random() < 0.08
                status, where, _text = self._send("POST", path, body, drop=drop)
            except (OSError, http.client.HTTPException):
                status, where = 0, ""
            if status == 303:
                self.tally.add(f"{what} done")
                if unknown:
                    self.tally.add("known only after asking again")
                    if not done_at:
                        self.tally.open_questions.append((what, key))
                self.tally.keep(what, where)
                return where
            if status == 409 and unknown and done_at:
                self.tally.add(f"{what} done")
                self.tally.add("known only after asking again")
                self.tally.keep(what, done_at)
                return done_at
            if 400 <= status < 500:
                self.tally.add(f"{what} refused {status}")
                return None
            self.tally.add(f"{what} unanswered" if status == 0 else f"{what} failed {status}")
            unknown = True
            time.sleep(0.05 if stop() else random.uniform(0.1, 0.6))
        raise AssertionError(f"{what}: no outcome within {GIVE_UP} s")

    def _send(self, method: str, path: str, body: bytes, *, drop: bool) -> tuple[int, str, str]:
        link = http.client.HTTPConnection("127.0.0.1", self.portal.port, timeout=SECONDS)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            link.request(method, path, body, headers)
            if drop:
                time.sleep(random.uniform(0, 0.2))
                raise OSError("hung up")
            answer = link.getresponse()
            return answer.status, answer.getheader("Location", ""), answer.read().decode("utf-8", "replace")
        finally:
            link.close()


def last_id(where: str) -> str:
    """The last id in an address."""
    found = re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", where)
    return str(found[-1]) if found else ""


def storm(acts: list[Act], killers: Iterator[Killer], seconds: float) -> list[Any]:
    """Run every act in a thread of its own until the time is over, while the killers take turns; what was raised."""
    until, raised = time.monotonic() + seconds, []

    def over() -> bool:
        return time.monotonic() >= until

    def run(act: Callable[[Callable[[], bool]], None]) -> None:
        try:
            while not over():
                act(over)
        except Exception as error:  # noqa: BLE001  # told to the test, which fails with it
            raised.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    while time.monotonic() < until - PAUSE:
        time.sleep(PAUSE)
        next(killers)()
    for thread in threads:
        thread.join(GIVE_UP + SECONDS)
    return raised
