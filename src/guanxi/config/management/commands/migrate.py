"""``django migrate`` that survives a kill at any moment: what a migration did and that it did it are one transaction.

Django commits the tables first and notes the migration after that; killed in between, the next run would
find tables that it wants to make and fail for good. Two runs at once queue: a run whose parent was killed
goes on alone, and the next one waits for it and then looks what is left. (NFR-13)

Django also renders a model anew, with all that are related to it, for each index and constraint: of the minute that an
empty database took, this was half. Here the model that stands there takes it.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, cast

from django.core.management.commands import migrate
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import BaseConstraint, Index

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


class LeanState(ProjectState):
    """What the models are like, rendering no model anew that stays as it is: for an index or a constraint none, for a
    new model that one.
    """

    def clone(self) -> "LeanState":
        made = super().clone()
        made.__class__ = LeanState
        return cast("LeanState", made)

    def add_model(self, model_state: ModelState) -> None:
        if "apps" not in self.__dict__:  # nothing is rendered yet; asking for it would render all
            super().add_model(model_state)
            return
        key = model_state.app_label, model_state.name_lower
        self.models[key] = model_state
        if self._relations is not None:  # type: ignore[attr-defined]  # no part of the stubs
            self.resolve_model_relations(key)
        self.apps.render_multiple([model_state])

    def add_index(self, app_label: str, model_name: str, index: Index) -> None:
        self._take(app_label, model_name, "indexes", index)

    def add_constraint(self, app_label: str, model_name: str, constraint: BaseConstraint) -> None:
        self._take(app_label, model_name, "constraints", constraint)

    def _take(self, app_label: str, model_name: str, option: str, new: object) -> None:
        options = self.models[app_label, model_name].options
        options[option] = [*options[option], new]
        if "apps" in self.__dict__:
            meta = self.apps.get_model(app_label, model_name)._meta  # noqa: SLF001 -- Django's public way to a model's options
            setattr(meta, option, [*getattr(meta, option), new])


class WholeExecutor(MigrationExecutor):
    """Applies and unapplies each migration together with its note."""

    def _create_project_state(self, with_applied_migrations: bool = False) -> ProjectState:
        made = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]  # no part of the stubs
        made.__class__ = LeanState
        return cast("ProjectState", made)

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
