"""Where uploaded files are kept: a port of three verbs and a folder that implements it.

Names are random and say nothing; who may read a file is decided by the row that holds its name, never here.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say

SUFFIXES: Final = ("webp", "jpg", "png", "pdf", "csv", "xlsx")
_NAME: Final = re.compile(rf"[0-9a-f]{{32}}\.(?:{'|'.join(SUFFIXES)})")
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class StorageFull(Refusal):
    """The disk has no room; nothing was kept."""

    status = 507

    def __init__(self) -> None:
        super().__init__(say("存储空间不够，文件没有保存。请稍后再试，或联系平台。"))


class Storage(Protocol):
    """Keeps bytes under names it makes up."""

    def put(self, content: bytes, suffix: str) -> str:
        """Keep the content whole or not at all; its new name. Refuses (`StorageFull`) when there is no room."""
        ...

    def keep(self, content: BinaryIO, suffix: str) -> str:
        """The same for what is too large for memory; read from where it stands."""
        ...

    def open(self, name: str) -> BinaryIO:
        """The content, to be read and closed. `NotFound` for a name that is not ours or is gone."""
        ...

    def delete(self, name: str) -> None:
        """Forget the content; forgetting twice is no error."""
        ...


class LocalFolder:
    """Storage in a folder of this machine: written aside, flushed, then put in place in one step."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, content: bytes, suffix: str) -> str:
        """Keep the content whole or not at all; its new name. Refuses (`StorageFull`) when there is no room."""
        return self.keep(io.BytesIO(content), suffix)

    def keep(self, content: BinaryIO, suffix: str) -> str:
        """The same for what is too large for memory; read from where it stands."""
        if suffix not in SUFFIXES:
            raise ValueError(f"no file ends in {suffix!r} here")
        name = f"{secrets.token_hex(16)}.{suffix}"
        try:
            self._write(self._place(name), content)
        except OSError as trouble:
            if trouble.errno in _FULL:
                raise StorageFull from trouble
            raise
        return name

    def open(self, name: str) -> BinaryIO:
        """The content, to be read and closed. `NotFound` for a name that is not ours or is gone."""
        try:
            return self._place(name).open("rb")
        except FileNotFoundError:
            raise NotFound(say("文件不存在，或已经删除。")) from None

    def delete(self, name: str) -> None:
        """Forget the content; forgetting twice is no error."""
        self._place(name).unlink(missing_ok=True)

    def _place(self, name: str) -> Path:
        """Its path, two levels deep. What does not look like one of our names has no path."""
        if not _NAME.fullmatch(name):
            raise NotFound(say("文件不存在，或已经删除。"))
        return self.root / name[:2] / name

    @staticmethod
    def _write(place: Path, content: BinaryIO) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=place.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                shutil.copyfileobj(content, file, 2**20)
                file.flush()
                os.fsync(file.fileno())
            Path(aside).replace(place)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                Path(aside).unlink()
            raise
