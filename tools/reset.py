"""`make reset`: stops the embedded database and deletes var/ after saying what that is. There is no way back."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.steps import ROOT, fail, say


def main() -> int:
    """Deletes after a yes; YES=1 or no terminal to ask on counts as one only when it was given."""
    var = Path(os.environ.get("PORTAL_VAR") or ROOT / "var").resolve()
    if not var.exists():
        say(f"There is no {var}: nothing to delete.")
        return 0
    size = sum(each.lstat().st_size for each in var.rglob("*") if each.is_file())
    say(f"This deletes {var} ({size / 1e6:.0f} MB): database, uploads, certificate, logs.")
    if os.environ.get("YES") != "1" and not _agreed():
        say("Nothing was deleted.")
        return 1
    _refuse_while_running(var)
    done = subprocess.run([sys.executable, "-m", "portal.localdb", "remove", var / "pg"], cwd=ROOT, check=False)
    if done.returncode:
        raise fail("The database could not be stopped, so nothing else was deleted.")
    shutil.rmtree(var)
    say(f"Deleted {var}.")
    return 0


def _agreed() -> bool:
    if not sys.stdin.isatty():
        say("Say YES=1 to do it without being asked.")
        return False
    return input("Delete all of it? Write yes: ").strip().lower() == "yes"


def _refuse_while_running(var: Path) -> None:
    lock = var / "run" / "lock"
    if lock.exists():
        with lock.open("w") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise fail("The portal is running: stop it with Ctrl-C first.") from None


if __name__ == "__main__":
    sys.exit(main())
