"""apt-get, for root on Debian and its relatives. Must not be called on any other machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

from tools.steps import run

QUIET = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
WAIT = ["-o", "DPkg::Lock::Timeout=300"]


def is_debian_root() -> bool:
    """Whether we may install system packages here."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(title: str, packages: Sequence[str]) -> bool:
    """Installs packages without recommendations, refreshing apt's list when it is missing or too old."""
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *WAIT, *packages]
    if run(title, command, env=QUIET, may_fail=True):
        return True
    refreshed = run("Refreshing apt's list", ["apt-get", "update", "-q", *WAIT], env=QUIET, may_fail=True)
    return refreshed and run(title, command, env=QUIET, may_fail=True)
