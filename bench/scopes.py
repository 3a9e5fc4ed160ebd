"""What it costs to know who acts, and what row-level security costs a list."""

from collections.abc import Iterator

import measure
import psycopg
from django.db import connection

from guanxi.access import queries
from guanxi.access.models import User
from guanxi.config.commands import database
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Actor, Origin

LIST = """
SELECT n.id, n.code, n.name_zh, p.city_zh FROM network_node n JOIN network_outletprofile p ON p.node_id = n.id
WHERE n.kind = 'OUTLET' {within} ORDER BY n.code LIMIT 50
"""


def results() -> Iterator[measure.Result]:
    """Yield both comparisons, for the manager of a branch."""
    with db.scoped(SYSTEM):
        user = User.objects.get(username="branch")
    yield _building(user)
    yield _reading(user)


def _actor(user: User) -> Actor:
    return queries.actor_for(user, day=clock.today(), origin=Origin())


def _building(user: User) -> measure.Result:
    """The three queries that build the Actor and the one that sets its scope, against one round trip."""
    with db.scoped(Actor(user_id=None, name=""), identify=True):

        def ours() -> None:
            db.set_scope(_actor(user), identify=True)

        def floor() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")

        return measure.compare("Actor and scope of a branch manager / SELECT 1", ours, floor)


def _reading(user: User) -> measure.Result:
    """The same rows: as the application under row security, and as the owner with the ids in the query."""
    with db.scoped(SYSTEM):
        actor = _actor(user)
    nodes = sorted(actor.scope.nodes)
    bare, within = LIST.format(within="").encode(), LIST.format(within="AND n.id = ANY(%s)").encode()
    with psycopg.connect(database.dsn("owner"), autocommit=True) as owner, db.scoped(actor), connection.cursor() as app:
        app.execute(bare.decode())
        expected = app.fetchall()

        def ours() -> None:
            app.execute(bare.decode())
            assert len(app.fetchall()) == len(expected)

        def floor() -> None:
            assert len(owner.execute(within, [nodes]).fetchall()) == len(expected)

        return measure.compare("outlets of a branch under row security / as owner", ours, floor)
