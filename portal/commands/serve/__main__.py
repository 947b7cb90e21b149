"""Starts PostgreSQL (when DATABASE_URL is not set), web and worker, watches them, and stops all with Ctrl-C.

The supervisor itself serves nothing and opens no transaction.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from portal.commands.serve.address import Address, AddressRefused, choose_address, lan_addresses
from portal.commands.serve.certificate import ensure_certificate
from portal.commands.serve.children import Children
from portal.commands.serve.preparing import (
    FLASK,
    PreparationFailed,
    ask_signins,
    environment,
    migrate,
    seed,
    start_database,
)
from portal.commands.serve.progress import step, tell
from portal.localdb import LocalPostgres, LocalPostgresError
from portal.settings import ROOT, SettingsError, load_settings

WELL_SECONDS = 60


class Stop(Exception):
    """Somebody asked us to stop: Ctrl-C, SIGTERM, or the terminal was closed."""


class Ended(Exception):
    """A program that should run has ended; the message says which and quotes its log."""


def main() -> int:
    """Runs until stopped. 0 after a stop that was asked for, 1 after a failure, 2 when a setting is wrong."""
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, _asked_to_stop)
    var = Path(os.environ.get("PORTAL_VAR") or ROOT / "var").resolve()
    try:
        with _only_one(var):
            return _run(var, dict(os.environ))
    except Stop:
        return 0
    except (AddressRefused, SettingsError) as error:
        print(error, file=sys.stderr)
        return 2
    except (LocalPostgresError, Ended) as error:
        print(error, file=sys.stderr)
        return 1


def _run(var: Path, env: dict[str, str]) -> int:
    if env.get("DATABASE_URL") and env.get("PORTAL_MODE") == "demo":
        raise SettingsError("PORTAL_MODE=demo: the demo town lives only in the embedded database, unset DATABASE_URL")
    children = Children(var / "run" / "children.json", var / "log")
    if children.clear_leftovers():
        tell("  Ended what an earlier run had left behind.")
    address = choose_address(env)
    server = None
    try:
        server = None if env.get("DATABASE_URL") else start_database(var / "pg")
        env = environment(env, server)
        if server is not None:
            env.setdefault("PUBLIC_URL", address.urls[-1])
        load_settings(env)
        migrate(env)
        if server is not None:
            seed(env, server.home)
        (var / "run" / "address").write_text(address.urls[0], encoding="utf-8")
        _serve(children, address, env, var, server)
    except (Ended, PreparationFailed) as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    finally:
        _stop_all(children, server)


def _serve(
    children: Children, address: Address, env: Mapping[str, str], var: Path, server: LocalPostgres | None
) -> NoReturn:
    signins = ask_signins(env) if server is not None else None
    try:
        with step("Web and worker"):
            children.start("web", _gunicorn(address, var), {**env, "BIND": address.bind}, ROOT)
            children.start("worker", (*FLASK, "worker", "run"), env, ROOT)
            unwell = _wait_until_well(children, address)
        _announce(address, unwell, signins, var)
        _watch(children, server)
    finally:
        if signins is not None:
            signins.kill()
            signins.wait()


def _gunicorn(address: Address, var: Path) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", "wsgi:application"]
    if address.https:
        certificate, key = ensure_certificate(var / "tls", lan_addresses())
        command += ["--certfile", str(certificate), "--keyfile", str(key)]
    return command


def _wait_until_well(children: Children, address: Address) -> str:
    """Empty when /healthz says all is well; its reason when it does not after a minute."""
    local = address.urls[0] + "/healthz"
    trusting = ssl._create_unverified_context()  # noqa: S323 - our own certificate on our own machine
    until, reason = time.monotonic() + WELL_SECONDS, "no answer yet"
    while time.monotonic() < until:
        _complain_if_ended(children)
        try:
            with urllib.request.urlopen(local, timeout=5, context=trusting) as answer:  # noqa: S310
                if answer.status == 200:
                    return ""
        except urllib.error.HTTPError as error:
            reason = _reason(error)
        except OSError:
            pass
        time.sleep(0.1)
    return reason


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(error.read()).get("reason", error.code))
    except ValueError:
        return f"/healthz answers {error.code}"


def _announce(address: Address, unwell: str, signins: subprocess.Popen[str] | None, var: Path) -> None:
    if address.moved:
        tell(f"\n  Port 8000 is taken, so this is port {address.port}.")
    if unwell:
        tell(f"\n  !!! Not everything is well: {unwell}")
    tell(f"\nOpen {address.urls[0]}")
    for url in address.urls[1:]:
        tell(f"  or {url} from the same network")
    if address.https:
        tell("  The certificate is this machine's own: the browser asks once whether to trust it.")
    if signins is not None:
        table, _ = signins.communicate(timeout=60)
        tell(f"\n{table.rstrip()}")
    tell(f"\nCtrl-C stops everything. Logs: {_near(var / 'log')}")


def _watch(children: Children, server: LocalPostgres | None) -> NoReturn:
    rounds = 0
    while True:
        _complain_if_ended(children)
        rounds += 1
        if server is not None and rounds % 10 == 0 and not server.running():
            raise Ended(f"PostgreSQL has ended, so the rest stops too. See {_near(server.log)}")
        time.sleep(0.5)


def _complain_if_ended(children: Children) -> None:
    child = children.ended()
    if child is not None:
        last = "\n".join(child.log.read_text(errors="replace").splitlines()[-15:])
        code = child.process.returncode
        raise Ended(f"\nThe {child.name} process has ended ({code}), so the rest stops too. Its last words:\n{last}")


def _stop_all(children: Children, server: LocalPostgres | None) -> None:
    """Stops in the order that loses nothing. A second Ctrl-C does not interrupt it; it takes seconds at most."""
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)
    tell("")
    with step("Stopping"):
        children.stop()
        if server is not None:
            server.stop()


@contextmanager
def _only_one(var: Path) -> Iterator[None]:
    """Refuses a second supervisor on the same data and says where the first one answers."""
    (var / "run").mkdir(parents=True, exist_ok=True)
    with open(var / "run" / "lock", "w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            noted = var / "run" / "address"
            where = noted.read_text(encoding="utf-8") if noted.exists() else "an address it has not chosen yet"
            raise Ended(f"The portal already runs at {where}: stop it there with Ctrl-C, or set PORTAL_VAR.") from None
        yield


def _asked_to_stop(_sign: int, _frame: FrameType | None) -> None:
    raise Stop


def _near(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


if __name__ == "__main__":
    sys.exit(main())
