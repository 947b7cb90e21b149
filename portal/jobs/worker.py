"""The worker: takes queued acts and keeps the timetable until it is stopped. Its heartbeat is the queue's own.

A job whose worker died is taken up again after a minute, a line of the timetable with its next run; what a job does is
safe to do twice.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable

from procrastinate import App, PsycopgConnector
from procrastinate.jobs import Job, Status

from portal.jobs.tasks import TASKS
from portal.jobs.timetable import TIMETABLE, Entry
from portal.kernel.jobs import QUEUE, app
from portal.services import Services

log = logging.getLogger("portal.jobs")
STALLED_SECONDS = 60
JOBS_KEPT_HOURS = 72


def run(services: Services, *, concurrency: int = 4) -> None:
    """Work until SIGTERM or SIGINT; what is under way is finished first."""
    address = services.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with app.replace_connector(PsycopgConnector(conninfo=address, min_size=1, max_size=concurrency + 2)):
        equip(app, services)
        app.run_worker(queues=[QUEUE], concurrency=concurrency, name="portal", shutdown_graceful_timeout=10)


def equip(queue: App, services: Services) -> App:
    """Teach the queue every task and the timetable of this installation.

    A line of the timetable waits for its own last run: one that hangs on a silent bank keeps one place, not all.
    """
    for task in TASKS:
        act = functools.partial(task.act, services)
        queue.task(name=task.name, queue=QUEUE, retry=task.retry)(act)
    for entry in TIMETABLE:
        kept = _kept(entry, services)
        periodic = queue.task(name=entry.name, queue=QUEUE, queueing_lock=entry.name, lock=entry.name)(kept)
        queue.periodic(cron=entry.cron)(periodic)
    _look_after(queue)
    return queue


def _kept(entry: Entry, services: Services) -> Callable[[int], None]:
    def keep(timestamp: int) -> None:  # noqa: ARG001  # when it was due; the act looks at the clock itself
        done = entry.act(services)
        if done:
            log.info("%s: %s", entry.name, done)

    return keep


def _look_after(queue: App) -> None:
    """The queue's own housekeeping: take up what a dead worker left, forget what is done."""

    async def rescue(timestamp: int) -> None:  # noqa: ARG001
        stalled: list[Job] = list(await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS))
        for job in stalled:
            if job.queueing_lock:  # of the timetable: the next run, which waits for this one's lock, catches up
                await queue.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
                log.warning("given up: %s %s", job.task_name, job.id)
                continue
            await queue.job_manager.retry_job(job)
            log.warning("taken up again: %s %s", job.task_name, job.id)

    async def forget(timestamp: int) -> None:  # noqa: ARG001
        await queue.job_manager.delete_old_jobs(nb_hours=JOBS_KEPT_HOURS)

    rescuing = queue.task(name="jobs.rescue", queue=QUEUE, queueing_lock="jobs.rescue")(rescue)
    queue.periodic(cron="*/2 * * * *")(rescuing)
    forgetting = queue.task(name="jobs.forget", queue=QUEUE, queueing_lock="jobs.forget")(forget)
    queue.periodic(cron="32 19 * * *")(forgetting)
