"""`python -m portal.localdb start|stop|status|remove [FOLDER]`: the embedded server by hand, for make and for
people.

FOLDER is $PORTAL_VAR/pg or var/pg. Needs the standard library only.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from portal.localdb.binaries import LocalPostgresError
from portal.localdb.server import LocalPostgres

ROOT = Path(__file__).resolve().parent.parent.parent


def main(words: list[str]) -> int:
    """Does one thing and says what; 1 when the server is down or cannot do it, 2 when the words are wrong."""
    command = words[0] if words else ""
    if command not in ("start", "stop", "status", "remove") or len(words) > 2:
        print(__doc__)
        return 2
    home = Path(words[1]) if len(words) > 1 else Path(os.environ.get("PORTAL_VAR") or ROOT / "var") / "pg"
    try:
        return _do(command, LocalPostgres(home))
    except LocalPostgresError as error:
        print(error, file=sys.stderr)
        return 1


def _do(command: str, server: LocalPostgres) -> int:
    if command == "start":
        server.start()
    elif command == "stop":
        server.stop()
    elif command == "remove":
        server.remove()
        print(f"removed {server.home}")
        return 0
    pid = server.pid()
    print(f"PostgreSQL {f'runs as process {pid}' if pid else 'is down'}, data in {server.data}")
    if command == "start":
        print(server.url(db="portal"))
    return 0 if pid or command == "stop" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
