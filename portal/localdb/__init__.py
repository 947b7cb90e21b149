"""The embedded PostgreSQL: finds binaries, starts and stops a private server, prepares roles and databases.

Used by `make run`, by the tests and by `flask database bootstrap`; it knows nothing about the portal's
tables. POSIX only. Starting and stopping need the standard library alone, so that a broken environment can
still be reset.
"""

from portal.localdb.binaries import LocalPostgresError
from portal.localdb.server import LocalPostgres

__all__ = ["LocalPostgres", "LocalPostgresError"]
