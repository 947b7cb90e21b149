"""`python3 -m tools.ready [--dev] [--browser]`: everything that must exist before the portal runs or is tested."""

from __future__ import annotations

import fcntl
import sys
import time

from tools import assets, browser, environment
from tools.steps import TOOLS, say


def main(words: list[str]) -> int:
    """Brings environment and browser files up to date; one at a time when several makes run."""
    began = time.monotonic()
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        changed = environment.ensure(dev="--dev" in words)
        changed = assets.build() or changed
        if "--browser" in words:
            browser.ensure()
    if changed:
        say(f"Ready after {time.monotonic() - began:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
