"""`make lock`: pins the requirements with hashes and the npm packages with integrity sums, without any addresses."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tools import node
from tools.steps import ROOT, TOOLS, run, say

PAIRS = ("requirements.in", "requirements-dev.in", "tools/requirements-node.in")


def main() -> int:
    """Rewrites the .txt files and package-lock.json; what is not newer in the .in files may move too."""
    uv = _uv()
    for name in PAIRS:
        target = ROOT / Path(name).with_suffix(".txt")
        command = [uv, "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"]
        run(f"Pinning {name}", [*command, "--quiet", "--upgrade", name, "-o", target.relative_to(ROOT)])
    npm = node.npm()
    run("Pinning npm packages", [npm, "install", "--package-lock-only", "--ignore-scripts"], env=node.environment())
    say("Read the diff before committing it.")
    return 0


def _uv() -> str:
    found = shutil.which("uv")
    if found:
        return found
    folder = TOOLS / "uv"
    if not (folder / "bin" / "uv").exists():
        run("Creating .tools/uv", [sys.executable, "-m", "venv", folder])
        run("Installing uv", [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "uv"])
    return str(folder / "bin" / "uv")


if __name__ == "__main__":
    sys.exit(main())
