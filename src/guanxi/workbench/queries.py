"""Reads of the workbench: what I was told, my views, my places, and whether everything runs."""

from dataclasses import dataclass

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q, QuerySet
from django.urls import reverse

from guanxi.access.models import Role
from guanxi.codelists import queries as codelists
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.network.models import Node
from guanxi.network.states import Kind
from guanxi.workbench.models import Notification, SavedView

HEARTBEAT_WITHIN = 90
_migrated: set[str] = set()
_SHELL = """
SELECT (SELECT ARRAY[name_zh, name_en] FROM network_node WHERE id = %s),
  (SELECT count(*) FROM workbench_notification WHERE user_id = %s AND read_at IS NULL),
  (SELECT json_object_agg(code, ARRAY[name_zh, name_en]) FROM access_role WHERE code = ANY(%s)),
  (SELECT count(*) FROM knowledge_to_read(%s, %s))
"""


@dataclass(frozen=True)
class ViewTab:
    """A saved view as the tab of a list."""

    id: int
    name: str
    query: str
    is_shared: bool
    is_mine: bool

    @property
    def delete_url(self) -> str:
        return reverse("workbench:delete_view", args=[self.id])


@dataclass(frozen=True)
class Place:
    """A place where the actor holds roles."""

    node_id: int
    code: str
    name: str
    kind: str
    is_outlet: bool
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Shell:
    """What every page says of its reader: first place, roles in their order, how many notifications are unread, and how
    many articles wait to be read and confirmed.
    """

    place: str
    roles: tuple[str, ...]
    unread: int
    to_read: int


@dataclass(frozen=True)
class Health:
    """Whether each part answers; ``worker_seconds`` is the age of the last sign of life, None for none."""

    database: bool
    migrations: bool
    worker_seconds: float | None

    @property
    def worker(self) -> bool:
        return self.worker_seconds is not None and self.worker_seconds <= HEARTBEAT_WITHIN

    @property
    def is_ok(self) -> bool:
        return self.database and self.migrations


def notifications(actor: Actor) -> QuerySet[Notification]:
    """Return what the actor was told, newest first."""
    return Notification.objects.filter(user_id=actor.user_id or 0).order_by("-at", "-pk")


def unread(actor: Actor) -> int:
    """Return how many notifications the actor has not read."""
    return Notification.objects.filter(user_id=actor.user_id or 0, read_at__isnull=True).count()


def own_views(actor: Actor) -> QuerySet[SavedView]:
    return SavedView.objects.filter(owner_id=actor.user_id or 0)


def views_visible_to(actor: Actor) -> QuerySet[SavedView]:
    """Return the actor's views and those shared at, or above, the places of the actor's roles."""
    if actor.user_id is None:
        return SavedView.objects.none()
    places = {grant.node_id for grant in actor.grants} | actor.scope.above
    return SavedView.objects.filter(Q(owner_id=actor.user_id) | Q(is_shared=True, node_id__in=places))


def saved_views(actor: Actor, table: str) -> list[ViewTab]:
    """Return the views of one list as its tabs."""
    rows = views_visible_to(actor).filter(table=table).order_by("name", "pk")
    return [ViewTab(row.pk, row.name, row.query, row.is_shared, row.owner_id == actor.user_id) for row in rows]


def role_names(actor: Actor) -> dict[str, str]:
    """Return the names of the actor's roles by code, in the order of the roles held."""
    names = {row.code: row.name for row in Role.objects.filter(code__in=actor.roles)}
    return {code: names.get(code, code) for code in actor.roles}


def shell(actor: Actor) -> Shell:
    """Return what every page says of the actor; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_SHELL, [actor.home_id, actor.person_id, list(actor.roles), actor.person_id, clock.today()])
        place, unread, roles, to_read = cursor.fetchone()
    names = {code: codelists.in_language(*both) for code, both in (roles or {}).items()}
    return Shell(
        codelists.in_language(*place) if place else "",
        tuple(names.get(code, code) for code in actor.roles),
        unread,
        to_read,
    )


def places(actor: Actor) -> list[Place]:
    """Return the places where the actor holds roles, with the roles; two queries."""
    names = role_names(actor)
    held: dict[int, list[str]] = {}
    for grant in actor.grants:
        roles = held.setdefault(grant.node_id, [])
        if names[grant.role] not in roles:
            roles.append(names[grant.role])
    nodes = {row.pk: row for row in Node.objects.filter(pk__in=held)}
    return [
        Place(row.pk, row.code, row.name, row.get_kind_display(), row.kind == Kind.OUTLET, tuple(roles))
        for pk, roles in held.items()
        if (row := nodes.get(pk))
    ]


def health() -> Health:
    """Look at the database, its migrations and the job worker's sign of life."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('procrastinate_workers') IS NOT NULL")
        seconds = None
        if cursor.fetchone()[0]:
            cursor.execute(
                "SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat))::float FROM procrastinate_workers"
            )
            seconds = cursor.fetchone()[0]
    return Health(True, _is_migrated(), seconds)


def _is_migrated() -> bool:
    """Once a process has seen the database complete, it need not load the migrations again."""
    if not _migrated:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            _migrated.add("complete")
    return bool(_migrated)
