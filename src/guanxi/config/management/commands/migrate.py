"""``django migrate`` that survives a kill at any moment: what a migration did and that it did it are one transaction.

Django commits the tables first and notes the migration after that; killed in between, the next run would
find tables that it wants to make and fail for good. (NFR-13)
"""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.core.management.commands import migrate
from django.db import transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor


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
    """Django's own command with the executor above."""

    def handle(self, *args: Any, **options: Any) -> None:
        migrate.MigrationExecutor = WholeExecutor  # type: ignore[attr-defined]
        super().handle(*args, **options)
