"""``django migrate`` that survives a kill at any moment: what a migration did and that it did it are one transaction.

Django commits the tables first and notes the migration after that; killed in between, the next run would
find tables that it wants to make and fail for good. Two runs at once queue: a run whose parent was killed
goes on alone, and the next one waits for it and then looks what is left. (NFR-13)
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from django.core.management.commands import migrate
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

LOCK = "guanxi migrate"


@contextmanager
def alone(connection: BaseDatabaseWrapper, tell: Callable[[str], object]) -> Iterator[None]:
    """Hold the lock of migrations on the connection that migrates: whatever ends that connection frees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [LOCK])
        if not cursor.fetchone()[0]:
            tell("Waiting for another run to finish its migrations.")
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [LOCK])
    try:
        yield
    finally:
        if connection.connection is not None and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [LOCK])


class WholeExecutor(MigrationExecutor):
    """Applies and unapplies each migration together with its note."""

    def _whole(self, migration: Migration) -> AbstractContextManager[Any]:
        return transaction.atomic(using=self.connection.alias) if migration.atomic else nullcontext()

    def apply_migration(self, state: Any, migration: Migration, fake: bool = False, fake_initial: bool = False) -> Any:
        with self._whole(migration):
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)

    def unapply_migration(self, state: Any, migration: Migration, fake: bool = False) -> Any:
        with self._whole(migration):
            return super().unapply_migration(state, migration, fake=fake)


class Command(migrate.Command):
    """Django's own command with the executor and the lock above; what only looks does not wait."""

    def handle(self, *args: Any, **options: Any) -> None:
        migrate.MigrationExecutor = WholeExecutor  # type: ignore[attr-defined]
        only_looks = options["check_unapplied"] or options["plan"]
        waits = nullcontext() if only_looks else alone(connections[options["database"]], self.stdout.write)
        with waits:
            super().handle(*args, **options)
