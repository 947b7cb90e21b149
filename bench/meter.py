"""How much work requests cause: CPU of all web and database processes, wall time, and round trips to the database."""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil

Request = Callable[[http.client.HTTPConnection], int]


def cpu_seconds(roots: Iterable[int]) -> float:
    """User and system time of these processes, of their children, and of children that have ended."""
    total = 0.0
    for pid in roots:
        root = psutil.Process(pid)
        times = root.cpu_times()
        total += times.children_user + times.children_system
        for process in (root, *root.children(recursive=True)):
            try:
                own = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += own.user + own.system
    return total


@dataclass
class Cost:
    """What one kind of request cost in each round, in milliseconds."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    @property
    def cpu_ms(self) -> float:
        """The median over the rounds."""
        return statistics.median(self.cpu)

    @property
    def wall_ms(self) -> float:
        """The median of the mean time of a request."""
        return statistics.median(self.wall)


def measure(port: int, processes: list[int], requests: list[Request], cost: Cost) -> None:
    """Send the requests one after the other over one kept connection; every answer must be right."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    before, began = cpu_seconds(processes), time.perf_counter()
    for request in requests:
        status = request(connection)
        if status >= 400:
            raise RuntimeError(f"status {status} while measuring")
    spent = time.perf_counter() - began
    time.sleep(0.05)  # the kernel books the last tick
    cost.cpu.append((cpu_seconds(processes) - before) / len(requests) * 1000)
    cost.wall.append(spent / len(requests) * 1000)
    connection.close()


def get(path: str, cookie: str = "") -> Request:
    """A GET as a browser sends it."""

    def send(connection: http.client.HTTPConnection) -> int:
        headers = {"Accept": "text/html", "Accept-Language": "zh-CN"} | ({"Cookie": cookie} if cookie else {})
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    return send


def post(path: str, body: str, cookie: str, expect: int = 303) -> Request:
    """A form post that must be answered with `expect`."""

    def send(connection: http.client.HTTPConnection) -> int:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        connection.request("POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status if answer.status == expect else 599

    return send


class RoundTrips:
    """Stands between the application and PostgreSQL and counts what has to be waited for."""

    def __init__(self, folder: Path, behind: Path) -> None:
        self.folder, self.behind = folder, behind
        self.count = 0
        folder.mkdir(parents=True, exist_ok=True)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / ".s.PGSQL.5432"))
        self.listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, user: str, database: str) -> str:
        """The address through the counter."""
        return f"postgresql+psycopg://{user}@/{database}?host={quote(str(self.folder))}&gssencmode=disable"

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self.listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(str(self.behind))
            threading.Thread(target=self._forward, args=(client, server), daemon=True).start()
            threading.Thread(target=_copy, args=(server, client), daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        """Client to server: a simple query and a sync are what the client then waits for."""
        stream = client.makefile("rb")
        try:
            head = stream.read(4)
            server.sendall(head + stream.read(struct.unpack("!I", head)[0] - 4))  # the start-up has no type
            while kind := stream.read(1):
                size = stream.read(4)
                self.count += kind in (b"Q", b"S")
                server.sendall(kind + size + stream.read(struct.unpack("!I", size)[0] - 4))
        except (OSError, struct.error):
            pass
        finally:
            server.close()


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    finally:
        target.close()


@contextmanager
def round_trips(folder: Path, server_socket: Path) -> Iterator[RoundTrips]:
    """Count while inside."""
    counter = RoundTrips(folder, server_socket)
    try:
        yield counter
    finally:
        counter.listener.close()
        (folder / ".s.PGSQL.5432").unlink(missing_ok=True)


def machine() -> str:
    """Which machine this was, without names."""
    return f"{os.cpu_count()} cores, {round(psutil.virtual_memory().total / 2**30)} GB, load {os.getloadavg()[0]:.1f}"
