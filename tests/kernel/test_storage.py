"""Files are kept whole or not at all, under names that give nothing away."""

from __future__ import annotations

import errno
import os

import pytest

from portal.kernel.refusals import NotFound
from portal.kernel.storage import LocalFolder, StorageFull


@pytest.fixture
def storage(tmp_path):
    return LocalFolder(tmp_path / "files")


def files(storage):
    return [path for path in storage.root.rglob("*") if path.is_file()] if storage.root.exists() else []


def test_what_is_put_comes_back_until_it_is_deleted(storage):
    name = storage.put(b"content", "webp")
    with storage.open(name) as file:
        assert file.read() == b"content"
    assert name != storage.put(b"content", "webp")
    storage.delete(name)
    storage.delete(name)
    with pytest.raises(NotFound):
        storage.open(name)


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "a" * 32 + ".svg", "/etc/passwd", "A" * 32 + ".webp", "a" * 32 + ".webp\n", "", "é" * 32],
)
def test_a_name_that_is_not_ours_does_not_exist(storage, name):
    with pytest.raises(NotFound):
        storage.open(name)
    with pytest.raises(NotFound):
        storage.delete(name)


def test_only_known_kinds_are_kept(storage):
    with pytest.raises(ValueError, match="svg"):
        storage.put(b"<svg>", "svg")


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_and_leaves_nothing_behind(storage, monkeypatch, reason):
    def full(handle):
        raise OSError(reason, os.strerror(reason))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull, match="存储空间不够"):
        storage.put(b"content", "jpg")
    assert files(storage) == []


def test_any_other_trouble_is_not_hidden_and_leaves_nothing_behind(storage, monkeypatch):
    def broken(handle):
        raise OSError(errno.EIO, "disk on fire")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="on fire"):
        storage.put(b"content", "jpg")
    assert files(storage) == []
