"""Gives files names that carry a hash of their content and rewrites the references between them.

A name once served never changes its content, so browsers may keep it for ever. CSS url(…) and relative imports of
JavaScript modules are followed; anything else is copied as it is.
"""

from __future__ import annotations

import gzip
import hashlib
import posixpath
import re
from collections.abc import Callable
from pathlib import Path

URL = re.compile(r"""url\(\s*(['"]?)([^'")]+)\1\s*\)""")
IMPORT = re.compile(r"""(\bfrom\s*|\bimport\s*\(?\s*)(['"])(\.{1,2}/[^'"]+)\2""")
SOURCE_MAP = re.compile(r"^(//# sourceMappingURL=.*|/\*# sourceMappingURL=.*?\*/)\s*$", re.MULTILINE)
COMPRESSED = {".css", ".js", ".mjs", ".svg", ".json", ".webmanifest", ".txt"}
HASH_LENGTH = 12


class Shelf:
    """Files by logical name ("css/portal.css"); `named` gives each its hashed name below `prefix`."""

    def __init__(self, prefix: str, sources: dict[str, Path]) -> None:
        self.sources = sources
        self.prefix = prefix
        self.content: dict[str, bytes] = {}
        self._names: dict[str, str] = {}
        self._open: list[str] = []

    def named(self, logical: str) -> str:
        """The hashed name of a file, its references already rewritten."""
        if logical not in self._names:
            if logical in self._open:
                raise SystemExit(f"static: {' → '.join([*self._open, logical])} refer to each other in a circle")
            self._open.append(logical)
            content = self._rewritten(logical)
            self._open.pop()
            mark = hashlib.sha256(content).hexdigest()[:HASH_LENGTH]
            stem, ext = posixpath.splitext(logical)
            self._names[logical] = f"{self.prefix}{stem}-{mark}{ext}"
            self.content[logical] = content
        return self._names[logical]

    def _rewritten(self, logical: str) -> bytes:
        content = self.sources[logical].read_bytes()
        rewrite = {".css": self._css, ".js": self._script, ".mjs": self._script}.get(Path(logical).suffix)
        return content if rewrite is None else rewrite(logical, content.decode("utf-8")).encode("utf-8")

    def _css(self, logical: str, text: str) -> str:
        def replace(found: re.Match[str]) -> str:
            target = self._reference(logical, found[2])
            return found[0] if target == found[2] else f'url("{target}")'

        return URL.sub(replace, SOURCE_MAP.sub("", text))

    def _script(self, logical: str, text: str) -> str:
        def replace(found: re.Match[str]) -> str:
            target = self._reference(logical, found[3])
            target = target if target.startswith(".") else f"./{target}"
            return f"{found[1]}{found[2]}{target}{found[2]}"

        return IMPORT.sub(replace, SOURCE_MAP.sub("", text))

    def _reference(self, logical: str, target: str) -> str:
        """The hashed address of a file we know, relative to the one that refers to it; others stay."""
        path, mark, rest = target.partition("#")
        known = posixpath.normpath(posixpath.join(posixpath.dirname(logical), path))
        if not path or ":" in path or path.startswith("/"):
            return target
        if known not in self.sources:
            raise SystemExit(f"static/{logical} refers to {target}, which does not exist")
        here = posixpath.dirname(f"{self.prefix}{logical}")
        return posixpath.relpath(self.named(known), here) + mark + rest


def write(root: Path, name: str, content: bytes, keep: Callable[[Path], None]) -> None:
    """Writes a file and, for text, its .gz beside it; an existing one of that name already has that content."""
    target = root / name
    target.parent.mkdir(parents=True, exist_ok=True)
    keep(target)
    if not target.exists():
        _replace(target, content)
    if target.suffix in COMPRESSED:
        packed = target.with_name(target.name + ".gz")
        keep(packed)
        if not packed.exists():
            _replace(packed, gzip.compress(content, 9, mtime=0))


def _replace(target: Path, content: bytes) -> None:
    fresh = target.with_name(target.name + ".new")
    fresh.write_bytes(content)
    fresh.replace(target)
