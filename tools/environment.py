"""Makes .venv and installs the pinned, hashed requirements, with uv when it is there, else with pip.

A stamp remembers what was installed, so that the next start costs nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.debian import install, is_debian_root
from tools.steps import ROOT, VENV_PYTHON, fail, run

VENV = ROOT / ".venv"
STAMP = VENV / "portal-stamp.json"
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"


def ensure(*, dev: bool = False) -> bool:
    """Brings .venv up to date. True when something had to be done."""
    wanted = {name: _mark(ROOT / name) for name in (RUNTIME, DEVELOPMENT)[: 2 if dev else 1]}
    wanted["where"] = str(VENV)
    known = _stamp()
    missing = [name for name, mark in wanted.items() if known.get(name) != mark]
    if not missing and VENV_PYTHON.exists():
        return False
    if not _works():
        _create()
        known = {}
    for name in (RUNTIME, DEVELOPMENT):
        if name in wanted and known.get(name) != wanted[name]:
            _install(VENV_PYTHON, ROOT / name, f"Installing {name}")
    STAMP.write_text(json.dumps({**known, **wanted}, indent=1), encoding="utf-8")
    return True


def stale() -> list[str]:
    """The requirement files that .venv does not hold yet."""
    known = _stamp()
    return [name for name in (RUNTIME, DEVELOPMENT) if known.get(name) != _mark(ROOT / name)]


def tool_environment(folder: Path, requirements: Path, title: str) -> None:
    """A separate environment for one tool, so that its packages never mix with the portal's."""
    stamp = folder / "portal-stamp.json"
    if stamp.exists() and json.loads(stamp.read_text()) == _mark(requirements):
        return
    if not (folder / "bin" / "python").exists():
        run(f"{title} (environment)", _venv_command(folder))
    _install(folder / "bin" / "python", requirements, title)
    stamp.write_text(json.dumps(_mark(requirements)), encoding="utf-8")


def _create() -> None:
    if run("Creating .venv", _venv_command(VENV), may_fail=True):
        return
    if is_debian_root():
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if install("Installing python3-venv", ["python3-venv", version]):
            run("Creating .venv", _venv_command(VENV))
            return
    raise fail("This Python cannot make environments: install its venv package (Debian: python3-venv), or uv.")


def _venv_command(folder: Path) -> list[str]:
    uv = shutil.which("uv")
    if uv:
        return [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)]
    return [sys.executable, "-m", "venv", "--clear", str(folder)]


def _install(python: Path, requirements: Path, title: str) -> None:
    uv = shutil.which("uv")
    quick: list[str | Path] = [uv or "", "pip", "install", "--python", python, "--require-hashes", "-r", requirements]
    if uv and run(f"{title} (uv)", quick, may_fail=True):
        return
    if subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        run("Adding pip", [python, "-m", "ensurepip", "--upgrade"])
    pip: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar=off",
    ]
    run(f"{title} (pip)", [*pip, "--require-hashes", "-r", requirements])


def _works() -> bool:
    """Whether .venv exists, belongs to this folder and runs a Python that is new enough."""
    probe = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        works = subprocess.run([VENV_PYTHON, "-c", probe], check=False, capture_output=True).returncode == 0
    except OSError:
        return False
    return works and _stamp().get("where", str(VENV)) == str(VENV)


def _stamp() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _mark(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes())
    digest.update(os.fsencode(f"{sys.version_info[:2]}"))
    return digest.hexdigest()
