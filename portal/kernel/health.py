"""Is the installation well? Web (it answers), database (it answers), worker (its heart beats)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

WORKER_SILENCE_SECONDS = 60


@dataclass(frozen=True)
class Health:
    """`reason` is empty when all is well."""

    database: bool
    worker: bool
    reason: str

    @property
    def well(self) -> bool:
        """True when nothing is amiss."""
        return not self.reason


def health(engine: Engine) -> Health:
    """Ask the database and look at the worker's last heartbeat."""
    try:
        with engine.connect() as connection:
            beat = connection.execute(
                text("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM jobs.procrastinate_workers")
            ).scalar()
    except (SQLAlchemyError, OSError):
        return Health(database=False, worker=False, reason="the database does not answer")
    if beat is None or beat > WORKER_SILENCE_SECONDS:
        return Health(database=True, worker=False, reason="the worker's heart does not beat")
    return Health(database=True, worker=True, reason="")
