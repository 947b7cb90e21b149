"""Outside work, enqueued in the same transaction as the fact that causes it (procrastinate, schema `jobs`).

Arguments are ids only. The worker (`portal.jobs.worker`) registers the tasks by the names used here.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from procrastinate import App, PsycopgConnector
from sqlalchemy.orm import Session

QUEUE = "portal"
app = App(connector=PsycopgConnector())


def enqueue(
    session: Session,
    name: str,
    *,
    at: datetime | None = None,
    lock: str | None = None,
    **ids: UUID | str | int,
) -> None:
    """Queue task `name` with `ids`; it becomes visible when the session commits, never if it rolls back."""
    connection = session.connection().connection.driver_connection
    task = app.configure_task(name, queue=QUEUE, connection=connection, allow_unknown=True, schedule_at=at, lock=lock)
    task.defer(**{key: str(value) if isinstance(value, UUID) else value for key, value in ids.items()})
