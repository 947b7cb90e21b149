"""One line per step on the terminal: what and how long; a terminal sees the seconds run."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


def tell(sentence: str) -> None:
    """One line for the person at the terminal."""
    print(sentence, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Shows the title at once and the seconds it takes; an exception leaves it as failed."""
    began = time.monotonic()
    done = threading.Event()
    ticking = threading.Thread(target=_tick, args=(title, began, done), daemon=True)
    ticking.start()
    state = "failed"
    try:
        yield
        state = ""
    finally:
        done.set()
        ticking.join()
        seconds = f"{time.monotonic() - began:.1f} s"
        line = f"  {title}: {', '.join(filter(None, (seconds, state)))}"
        print(f"\r\033[K{line}" if sys.stdout.isatty() else line, flush=True)


def _tick(title: str, began: float, done: threading.Event) -> None:
    terminal = sys.stdout.isatty()
    while not done.wait(1 if terminal else 15):
        line = f"  {title}: {time.monotonic() - began:.0f} s …"
        print(f"\r\033[K{line}" if terminal else line, end="" if terminal else "\n", flush=True)
