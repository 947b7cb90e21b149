"""One private PostgreSQL server on a socket that only its owner can open: initialise, start, stop, address.

Survives `kill -9` of anything: aliveness is asked over the socket, never of a pid, because a killed server
may stay a zombie for seconds and its pid may be given away. Must not know roles or tables; `bootstrap` does.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from portal.localdb import places
from portal.localdb.binaries import Binaries, LocalPostgresError, find_binaries
from portal.localdb.processes import Postmaster, last_lines, postmaster_of

ADMIN = "portal_admin"
READY_SECONDS = 300  # crash recovery of a large database takes its time
STOP_SECONDS = 60
SSL_REQUEST = bytes.fromhex("0000000804d2162f")  # a living server answers a byte, a dying one nothing
ORPHANS_SECONDS = 30  # the backends of a killed server leave one by one
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "1h"}


class LocalPostgres:
    """A server whose files live under `home`. Creating the object starts nothing.

    `fast` gives up durability (tests only). `options` are postgresql.conf settings for this start.
    """

    def __init__(self, home: Path | str, *, fast: bool = False, options: Mapping[str, str] | None = None) -> None:
        self.wanted = Path(home).resolve()
        self.account = places.account_for(self.wanted / "data")
        self.home = places.reachable_home(self.account, self.wanted)
        if self.home != self.wanted:
            self.account = places.account_for(self.home / "data")
        self.data = self.home / "data"
        self.socket = places.socket_folder(self.home)
        self.log = self.home / "postgres.log"
        self._options = {**(FAST if fast else {}), **(options or {})}
        self._fast = fast

    @property
    def moved(self) -> str | None:
        """A sentence when the data could not be put where it was wanted, else None."""
        if self.home == self.wanted:
            return None
        who = self.account.name
        return f"{self.wanted} is closed to the account {who}, so the database lies in {self.home}"

    def url(self, user: str = ADMIN, db: str = "postgres") -> str:
        """A SQLAlchemy address. No password: the socket's folder (mode 0700) is the lock."""
        return f"postgresql+psycopg://{user}@/{quote(db)}?host={quote(str(self.socket))}"

    def running(self) -> bool:
        """Whether a server answers, also while starting or recovering. Silence for 3 s counts as busy."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
            knock.settimeout(3)
            try:
                knock.connect(str(self.socket / places.SOCKET_NAME))
                knock.sendall(SSL_REQUEST)
                return knock.recv(1) != b""
            except TimeoutError:
                return True
            except OSError:
                return False

    def pid(self) -> int | None:
        """The server's process id, None when it does not run."""
        found = postmaster_of(self.data)
        return found.pid if found and self.running() else None

    def start(self) -> LocalPostgres:
        """Initialises when new, starts when down, returns when connections work. Safe to call from several
        processes.
        """
        with self._locked():
            if not self.running():
                binaries = places.reachable_binaries(self.account, find_binaries())
                places.own_folder(self.socket, self.account, 0o700)
                self._initialise(binaries)
                self._launch(binaries)
            self._wait_until_ready()
        return self

    def stop(self) -> None:
        """Ends the sessions and stops the server; nothing happens when it is down."""
        if not self.home.exists():
            return
        with self._locked():
            server = postmaster_of(self.data)
            if server is None or not self.running():
                return
            for sign, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, STOP_SECONDS)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(server.pid, sign)
                if self._waits_for_end(seconds):
                    return
            raise LocalPostgresError(f"PostgreSQL (process {server.pid}) does not stop; see {self.log}")

    def remove(self) -> None:
        """Stops the server and deletes everything it kept. There is no way back."""
        self.stop()
        for folder in {self.home, self.wanted, self.socket}:
            shutil.rmtree(folder, ignore_errors=True)

    def _waits_for_end(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not self.running() and postmaster_of(self.data) is None:
                return True
            time.sleep(0.02)
        return False

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            places.make_home(self.home)
            with open(self.home / "lock", "w") as held:
                fcntl.flock(held, fcntl.LOCK_EX)
                yield
        except PermissionError as error:
            raise LocalPostgresError(
                f"{error.filename or self.home} belongs to another account: run as that account, "
                "remove the folder, or choose another with PORTAL_VAR"
            ) from error

    def _initialise(self, binaries: Binaries) -> None:
        """initdb into a folder beside, then rename: a killed initdb leaves nothing that looks like a
        database.
        """
        version = self.data / "PG_VERSION"
        if version.exists():
            made_by = version.read_text().strip()
            if made_by != str(binaries.major):
                raise LocalPostgresError(
                    f"{self.data} was made by PostgreSQL {made_by}, this is {binaries.major}: "
                    "upgrade it with pg_upgrade, or `make reset` when nothing in it is needed"
                )
            return
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        places.own_folder(fresh, self.account, 0o700)
        options = ["--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += ["--data-checksums", *(["--no-sync"] if self._fast else [])]
        self._run([binaries.program("initdb"), "-D", str(fresh), "-U", ADMIN, *options])
        fresh.rename(self.data)

    def _launch(self, binaries: Binaries) -> None:
        """Starts a detached server; after a kill -9 repeatedly until the dead one's sessions have left."""
        options = {"listen_addresses": "", "unix_socket_directories": str(self.socket), "timezone": "UTC"}
        options |= {"log_timezone": "UTC", **self._options}
        command = [binaries.program("postgres"), "-D", str(self.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        until = time.monotonic() + ORPHANS_SECONDS
        while True:
            dead = postmaster_of(self.data)
            if dead is not None and not self._is_gone(dead):
                raise LocalPostgresError(f"process {dead.pid} holds {self.data}, its socket is gone: end it first")
            launched = self._detach(command, dead)
            while launched.exists() and not self.running():
                time.sleep(0.02)
            if self.running():
                return
            if dead is None or time.monotonic() > until:
                raise LocalPostgresError(f"PostgreSQL did not start:\n{last_lines(self.log)}")
            time.sleep(0.25)

    def _is_gone(self, server: Postmaster) -> bool:
        """Whether the process behind postmaster.pid has ended; one that was just killed is given a moment."""
        until = time.monotonic() + 5
        while server.alive(self.data):
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def _detach(self, command: list[str], dead: Postmaster | None) -> Postmaster:
        """Runs the server in a session of its own, so that Ctrl-C in the terminal does not reach it."""
        more = {"PG_GRANDPARENT_PID": str(dead.pid)} if dead else {}  # "ignore this pid in postmaster.pid"
        shell = ["/bin/sh", "-c", '"$@" 1>&2 & echo $!', "sh"]
        said = self._run([*shell, *command], more, stdout=subprocess.PIPE)
        return Postmaster(int(said), "")

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            server = postmaster_of(self.data)
            if server is not None and server.status == "ready":
                return
            if not self.running():
                raise LocalPostgresError(f"PostgreSQL ended while starting:\n{last_lines(self.log)}")
            time.sleep(0.02)
        raise LocalPostgresError(f"PostgreSQL is not ready after {READY_SECONDS} s:\n{last_lines(self.log)}")

    def _run(self, command: list[str], more: Mapping[str, str] | None = None, stdout: int | None = None) -> str:
        """Runs as the account with output into the log; never a pipe that the server would inherit."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        env |= {"LC_ALL": "C", **(more or {})}
        with open(self.log, "ab") as log:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log if stdout is None else stdout,
                stderr=log,
                cwd="/",
                env=env,
                start_new_session=True,
                check=False,
                **places.as_account(self.account),  # type: ignore[call-overload]
            )
        if done.returncode:
            name = Path(command[0]).name
            raise LocalPostgresError(f"{name} failed ({done.returncode}):\n{last_lines(self.log)}")
        return bytes(done.stdout or b"").decode()
