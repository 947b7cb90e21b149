"""Chooses the address to serve on. A port that was asked for must be free; the default moves on and says so."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Mapping
from dataclasses import dataclass

DEFAULT_PORT = 8000
TRIES = 50
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound


class AddressRefused(ValueError):
    """The address that was asked for cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Address:
    """Where the web process listens. `moved` tells that the default port was taken."""

    host: str
    port: int
    https: bool
    moved: bool = False

    @property
    def bind(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def urls(self) -> list[str]:
        """What people type, this machine first, then the local network when it is open to it."""
        hosts = ["127.0.0.1", *lan_addresses()] if self.host in EVERYWHERE else [self.host]
        return [f"{'https' if self.https else 'http'}://{_bracketed(host)}:{self.port}" for host in hosts]


def choose_address(env: Mapping[str, str]) -> Address:
    """Reads HOST, PORT and HTTPS. Raises AddressRefused when what was asked for is taken or makes no sense."""
    https = env.get("HTTPS", "0") == "1"
    host = env.get("HOST") or (EVERYWHERE[0] if https else "127.0.0.1")
    asked = env.get("PORT", "")
    if asked:
        if not asked.isascii() or not asked.isdigit() or not 1 <= int(asked) <= 65535:
            raise AddressRefused(f"PORT={asked}: write a number from 1 to 65535.")
        reason = _refusal(host, int(asked))
        if reason:
            raise AddressRefused(f"PORT={asked}: {reason} Choose another port, or none.")
        return Address(host, int(asked), https)
    for port in range(DEFAULT_PORT, DEFAULT_PORT + TRIES):
        if not _refusal(host, port):
            return Address(host, port, https, moved=port != DEFAULT_PORT)
    raise AddressRefused(f"No free port from {DEFAULT_PORT} to {DEFAULT_PORT + TRIES - 1}: choose one with PORT=…")


def _refusal(host: str, port: int) -> str:
    """Why we cannot listen there, empty when we can."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(where)
            trial.listen(1)
    except socket.gaierror:
        raise AddressRefused(f"HOST={host}: this machine does not know that name.") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return "another program listens there already."
        if error.errno == errno.EACCES:
            return "this account may not listen there."
        raise AddressRefused(f"HOST={host}: {error.strerror}.") from None
    return ""


def lan_addresses() -> list[str]:
    """This machine's addresses in its networks. Nothing is sent."""
    found = set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # a documentation address: only the route is looked up
        found.add(str(probe.getsockname()[0]))
    with contextlib.suppress(socket.gaierror):
        found |= {str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    return sorted(ip for ip in found if not ip.startswith("127."))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
