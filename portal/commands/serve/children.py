"""Starts the long-running programs, notices when one ends, stops them, and clears away those of a killed
supervisor.

Every child leads a process group of its own, so that Ctrl-C in the terminal reaches only the supervisor.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STOP_SECONDS = 20
LOG_LIMIT_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Child:
    """One running program and the log it writes to."""

    name: str
    command: tuple[str, ...]
    log: Path
    process: subprocess.Popen[bytes]


class Children:
    """The programs of one supervisor. Their pids are noted in a file, so that the next one finds what was
    left.
    """

    def __init__(self, note: Path, logs: Path) -> None:
        self._note = note
        self._logs = logs
        self._running: list[Child] = []

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str], cwd: Path) -> Child:
        """Starts a program with its output appended to var/log/<name>.log."""
        self._logs.mkdir(parents=True, exist_ok=True)
        log = self._logs / f"{name}.log"
        if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as output:
            process = subprocess.Popen(
                command, cwd=cwd, env=dict(env), stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        child = Child(name, tuple(command), log, process)
        self._running.append(child)
        self._write_note()
        return child

    def ended(self) -> Child | None:
        """The first program that is no longer running."""
        return next((child for child in self._running if child.process.poll() is not None), None)

    def stop(self) -> None:
        """Asks all to finish what they are doing, then insists."""
        for child in self._running:
            _signal_group(child.process.pid, signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        for child in self._running:
            try:
                child.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            finally:
                _signal_group(child.process.pid, signal.SIGKILL)  # whoever of its group stayed behind
                child.process.wait()
        self._running.clear()
        self._note.unlink(missing_ok=True)

    def clear_leftovers(self) -> int:
        """Ends programs of an earlier supervisor that was killed. A pid given to another program is left
        alone.
        """
        try:
            noted = json.loads(self._note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return 0
        left = [entry for entry in noted if _group_lives(entry["pid"], entry["command"])]
        for entry in left:
            _signal_group(entry["pid"], signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        while any(_group_lives(entry["pid"], entry["command"]) for entry in left):
            if time.monotonic() > until:
                for entry in left:
                    _signal_group(entry["pid"], signal.SIGKILL)
            time.sleep(0.05)
        self._note.unlink(missing_ok=True)
        return len(left)

    def _write_note(self) -> None:
        entries = [{"pid": child.process.pid, "command": list(child.command)} for child in self._running]
        fresh = self._note.with_suffix(".new")
        fresh.write_text(json.dumps(entries), encoding="utf-8")
        fresh.replace(self._note)


def _signal_group(pid: int, sign: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, sign)


def _group_lives(leader: int, command: list[str]) -> bool:
    """Whether the leader or, after its death, one of its forks still runs this command."""
    if _command_of(leader) == command:
        return True
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            group = int((folder / "stat").read_text().rpartition(")")[2].split()[2])
        except (OSError, IndexError):
            continue
        if group == leader and _command_of(int(folder.name)) == command:
            return True
    return False


def _command_of(pid: int) -> list[str]:
    """The words a process was started with; empty when there is none, a zombie or no /proc and no ps."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
        except OSError:
            return []
    said = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return said.stdout.split()
