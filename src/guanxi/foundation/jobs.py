"""Background work in the same PostgreSQL and the same transaction as the data (Procrastinate's one door)."""

import functools
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, ParamSpec

import procrastinate
from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM

P = ParamSpec("P")

LOST = """
SELECT procrastinate_retry_job_v2(job.id, now(), NULL, NULL, NULL)
FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < now() - interval '30 seconds')
"""
_names: set[str] = set()


def task(name: str, *, retry: int = 3, in_steps: bool = False) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Register a job by name. It runs in one transaction as SYSTEM and is tried ``retry`` times more.

    One ``in_steps`` opens its transactions itself, because each has to be kept before the next begins.
    """

    def register(function: Callable[P, None]) -> Callable[P, None]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            close_old_connections()
            try:
                with nullcontext() if in_steps else db.scoped(SYSTEM):
                    function(*args, **kwargs)
            finally:
                close_old_connections()

        strategy = procrastinate.RetryStrategy(max_attempts=retry + 1, exponential_wait=4)
        app.task(name=name, retry=strategy)(run)
        _names.add(name)
        return function

    return register


def enqueue(name: str, *, queueing_lock: str | None = None, lock: str | None = None, **values: Any) -> int:
    """Store a job in the running transaction and return its number.

    A sweep with a ``queueing_lock`` that is waiting already is not stored twice (-1 is returned).
    :raises LookupError: no job has this name.
    """
    if name not in _names:
        msg = f"no job is called {name!r}"
        raise LookupError(msg)
    try:
        with db.atomic():  # a savepoint, so that a job refused leaves the caller's transaction whole
            return app.configure_task(name, queueing_lock=queueing_lock, lock=lock).defer(**values)
    except procrastinate.exceptions.AlreadyEnqueued:
        return -1


def every(cron: str, name: str) -> None:
    """Run the named job by the timetable; called by ``config.jobs`` alone.

    :raises LookupError: no job has this name.
    """
    app.periodic(cron=cron)(app.tasks[name])


@task("jobs.take_up_lost")
def take_up_lost(**_: Any) -> None:
    """Give the jobs of a worker that died to the next one; such a job may run a second time."""
    with connection.cursor() as cursor:
        cursor.execute(LOST)


def work(*, concurrency: int = 2, wait: bool = True) -> None:
    """Take jobs until stopped (``wait``) or until none is left; first those that a dead worker left behind.

    Without ``wait`` jobs go one by one: a job whose lock a running one holds would else be taken for none.
    """
    take_up_lost()
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as worker_app:
        worker_app.run_worker(concurrency=concurrency if wait else 1, wait=wait, install_signal_handlers=wait)
