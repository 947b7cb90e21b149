"""`python3 -m tools.check`: runs every check even when an earlier one fails, then names those that did."""

from __future__ import annotations

import subprocess
import sys
import time

from tools.steps import ROOT, VENV_PYTHON, say

CODE = ["portal", "tools", "tests", "migrations", "bench", "wsgi.py", "gunicorn.conf.py"]


def main() -> int:
    """0 when all is well, 1 otherwise."""
    there = [name for name in CODE if (ROOT / name).exists()]
    checks = {
        "ruff check": ["ruff", "check", *there],
        "ruff format": ["ruff", "format", "--check", *there],
        "mypy": ["mypy"],
        "import contracts": ["tools.contracts"],
        "architecture": ["pytest", "-q", "-p", "tools.closing", "-m", "not prove", "tests/architecture"],
    }
    failed = [name for name, words in checks.items() if not _passes(name, words)]
    say(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed")
    return 1 if failed else 0


def _passes(name: str, words: list[str]) -> bool:
    say(f"── {name}")
    began = time.monotonic()
    code = subprocess.run([VENV_PYTHON, "-m", *words], cwd=ROOT, check=False).returncode
    say(f"   {'ok' if code == 0 else 'FAILED'}, {time.monotonic() - began:.1f} s")
    return code == 0


if __name__ == "__main__":
    sys.exit(main())
