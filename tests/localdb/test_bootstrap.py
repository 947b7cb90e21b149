"""The roles are what the walls stand on: the web role owns nothing, inherits nothing, becomes only a face."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

from portal.localdb import LocalPostgres
from portal.localdb.bootstrap import FACES, OWNER, WEB, bootstrap, clone_database, connect, drop_database
from portal.localdb.inspection import inspect


@pytest.fixture(scope="module")
def server():
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    folder.chmod(0o755)
    running = LocalPostgres(folder / "pg", fast=True).start()
    bootstrap(running.url())
    clone_database(running.url(), "portal", "copy")
    yield running
    running.remove()
    shutil.rmtree(folder, ignore_errors=True)


def rows(url: str, question: str) -> list[tuple[object, ...]]:
    with connect(url) as session:
        return session.execute(question).fetchall()


def test_repeating_the_bootstrap_changes_nothing_and_mends_what_was_loosened(server):
    before = rows(server.url(), "SELECT rolname, rolsuper, rolinherit, rolcanlogin FROM pg_roles ORDER BY 1")
    with connect(server.url()) as session:
        session.execute("ALTER ROLE portal_web SUPERUSER INHERIT")
    bootstrap(server.url())
    after = rows(server.url(), "SELECT rolname, rolsuper, rolinherit, rolcanlogin FROM pg_roles ORDER BY 1")
    assert after == before


@pytest.mark.parametrize("database", ["portal", "copy"])
@pytest.mark.parametrize(
    "forbidden",
    [
        "CREATE TABLE x (a int)",
        "CREATE TEMPORARY TABLE x (a int)",
        "CREATE SCHEMA x",
        "CREATE DATABASE x",
        "CREATE ROLE x",
        "SET ROLE portal_owner",
        "SET ROLE portal_admin",
        "SET SESSION AUTHORIZATION portal_owner",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_the_web_role_may_not(server, database, forbidden):
    with connect(server.url(WEB, database)) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute(forbidden)


def test_the_web_role_becomes_every_face_and_has_a_faces_rights_only_then(server):
    with connect(server.url(OWNER, "copy")) as owner:
        owner.execute("CREATE TABLE seen (a int); GRANT SELECT ON seen TO face_shop")
    with connect(server.url(WEB, "copy")) as session:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("SELECT * FROM seen")
        for face in FACES:
            session.execute(f"SET ROLE {face}")
            assert session.execute("SELECT current_user").fetchone() == (face,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("SELECT * FROM seen")
        session.execute("SET ROLE face_shop")
        assert session.execute("SELECT * FROM seen").fetchall() == []


def test_a_face_cannot_log_in(server):
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        connect(server.url("face_shop", "portal"))


def test_the_web_roles_patience_and_path_are_set_on_the_role(server):
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "search_path")
    found = [rows(server.url(WEB, "copy"), f"SHOW {name}")[0][0] for name in names]
    assert found == ["3s", "15s", "30s", "public, jobs"]


def test_the_extensions_are_there_in_the_copy_as_well(server):
    found = {name for (name,) in rows(server.url(db="copy"), "SELECT extname FROM pg_extension")}
    assert {"cube", "earthdistance", "btree_gist", "pg_trgm"} <= found
    question = "SELECT earth_distance(ll_to_earth(31.23, 121.47), ll_to_earth(39.90, 116.40))"
    metres = rows(server.url(WEB, "copy"), question)[0][0]
    assert metres == pytest.approx(1_068_000, rel=0.01)


def test_a_password_is_set_when_one_is_given(server):
    bootstrap(server.url(), passwords={WEB: "o'clock"})
    kept = rows(server.url(), "SELECT rolpassword FROM pg_authid WHERE rolname = 'portal_web'")
    assert str(kept[0][0]).startswith("SCRAM-SHA-256$")


def test_the_inspection_is_content_with_the_web_role_and_names_what_is_loosened(server):
    said = {finding.sentence: finding.well for finding in inspect(server.url(WEB, "portal"))}
    assert [sentence for sentence, well in said.items() if not well] == [
        "no migration has run: run `flask db upgrade` as the owner"
    ]
    with connect(server.url()) as session:
        session.execute("ALTER ROLE portal_web BYPASSRLS; REVOKE face_gate FROM portal_web")
        session.execute("ALTER ROLE portal_web RESET lock_timeout")
    try:
        loosened = " ".join(finding.sentence for finding in inspect(server.url(WEB, "portal")) if not finding.well)
        assert "can do too much" in loosened
        assert "cannot become face_gate" in loosened
        assert "lock_timeout" in loosened
    finally:
        bootstrap(server.url())


def test_the_inspection_says_when_nobody_answers():
    (only,) = inspect("postgresql+psycopg://portal_web@/portal?host=/nowhere")
    assert not only.well
    assert "does not answer" in only.sentence


def test_dropping_ends_sessions_and_may_be_repeated(server):
    clone_database(server.url(), "portal", "short lived")
    session = connect(server.url(WEB, "short lived"))
    drop_database(server.url(), "short lived")
    drop_database(server.url(), "short lived")
    with pytest.raises(psycopg.OperationalError):
        session.execute("SELECT 1")
    session.close()
