"""Runs long steps with one line each: what, how long it is taking, where its output lies when it fails.

Must not know what the steps do.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
LOGS = TOOLS / "log"
VENV_PYTHON = ROOT / ".venv" / "bin" / "python"


Words = Sequence[str | os.PathLike[str]]


class StepFailed(SystemExit):
    """A step ended with an error; the sentence and the log's end have been printed."""

    def __init__(self) -> None:
        super().__init__(1)


def say(sentence: str) -> None:
    """One line for the person at the terminal."""
    print(sentence, flush=True)


def fail(sentence: str) -> StepFailed:
    """Prints the sentence and gives the exception to raise."""
    print(sentence, file=sys.stderr, flush=True)
    return StepFailed()


def run(
    title: str,
    command: Words,
    *,
    env: Mapping[str, str] | None = None,
    may_fail: bool = False,
) -> bool:
    """Runs a command with its output in .tools/log, showing title and elapsed seconds. False when it failed."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{title.split(' (', 1)[0].lower().replace(' ', '-')}.log"
    began = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [os.fspath(word) for word in command],
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        code = _watch(title, process, began)
    _line(title, f"{time.monotonic() - began:.1f} s{'' if code == 0 else ', failed'}", last=True)
    if code == 0:
        return True
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
    say(f"{tail}\n(all of it: {log.relative_to(ROOT)})")
    if may_fail:
        return False
    raise StepFailed


def _watch(title: str, process: subprocess.Popen[bytes], began: float) -> int:
    """Waits; a terminal sees the seconds run, a log file gets a line every 15 seconds."""
    every = 1.0 if sys.stdout.isatty() else 15.0
    try:
        while True:
            try:
                return process.wait(every)
            except subprocess.TimeoutExpired:
                _line(title, f"{time.monotonic() - began:.0f} s …", last=False)
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise fail(f"\n{title}: interrupted") from None


def _line(title: str, state: str, *, last: bool) -> None:
    if sys.stdout.isatty():
        print(f"\r\033[K  {title}: {state}", end="\n" if last else "", flush=True)
    else:
        print(f"  {title}: {state}", flush=True)
