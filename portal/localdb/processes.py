"""Reads what a server wrote about itself in postmaster.pid and whether that process is still the one it was.

Must not signal anything.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Postmaster:
    """The process named in postmaster.pid; `status` is "starting", "stopping", "ready" or empty."""

    pid: int
    status: str

    def exists(self) -> bool:
        """Whether the process runs; a zombie (dead, not yet reaped) does not."""
        try:
            state = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return not Path("/proc/self/stat").exists() and _signalled(self.pid)
        return state not in "ZX"

    def alive(self, data: Path) -> bool:
        """Whether it runs and is the server of this data folder, not a stranger given the same pid."""
        if not self.exists():
            return False
        try:
            return Path(f"/proc/{self.pid}/cwd").readlink() == data
        except PermissionError:
            return False  # another account's process: not ours
        except OSError:
            return _signalled(self.pid)


def postmaster_of(data: Path) -> Postmaster | None:
    """What postmaster.pid says, None when there is none or it is not written completely."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return Postmaster(int(lines[0]), lines[7].strip() if len(lines) > 7 else "")
    except (FileNotFoundError, NotADirectoryError, IndexError, ValueError):
        return None


def last_lines(log: Path, count: int = 12) -> str:
    """The end of a log, for an error message."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return "(no log)"


def _signalled(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
