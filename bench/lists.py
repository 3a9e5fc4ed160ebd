"""A list page against its bare SQL, and the kit's list against a plain loop."""

from collections.abc import Iterator
from typing import Any

import measure
from django.db import connection
from django.http import QueryDict
from django.test import Client, RequestFactory

from guanxi.access import queries as access
from guanxi.access.models import User
from guanxi.foundation import clock, db, pages, tables
from guanxi.foundation.actor import SYSTEM, Origin
from guanxi.network import queries
from guanxi.network.tables import OUTLETS

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SQL = """
SELECT n.id, n.code, n.name_zh, n.valid_from, n.valid_to, p.sells, p.serves, p.is_key, p.city_zh, p.phone, p.address,
  (SELECT array_agg(up.name_zh ORDER BY a.depth DESC)
   FROM network_ancestry a JOIN network_node up ON up.id = a.ancestor_id
   WHERE a.descendant_id = n.id AND a.depth > 0 AND a.during @> current_date),
  count(*) OVER ()
FROM network_node n JOIN network_outletprofile p ON p.node_id = n.id
WHERE n.kind = 'OUTLET' ORDER BY n.code LIMIT 50
"""
PLAIN = """<table><thead><tr>{% for h in heads %}<th>{{ h }}</th>{% endfor %}</tr></thead><tbody>
{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>{% endfor %}</tbody></table>"""


def results() -> Iterator[measure.Result]:
    """Yield both comparisons."""
    yield _page()
    yield _kit()


def _page() -> measure.Result:
    with db.scoped(SYSTEM):
        user = User.objects.get(username="hq")
        client = Client(headers={"host": "localhost"})
        client.force_login(user, backend=BACKEND)

    def ours() -> None:
        answer = client.get("/network/?size=50")
        assert answer.status_code == 200

    def floor() -> None:
        with db.scoped(SYSTEM), connection.cursor() as cursor:
            cursor.execute(SQL)
            assert len(cursor.fetchall()) == 50

    return measure.compare("page of 50 outlets / bare SQL of its rows", ours, floor)


def _kit() -> measure.Result:
    with db.scoped(SYSTEM):
        request: Any = RequestFactory().get("/network/?size=50")
        user = User.objects.get(username="hq")
        request.user, request.session = user, {}
        request.actor = access.actor_for(user, day=clock.today(), origin=Origin())
        found = tables.listing(OUTLETS, queries.outlets(request.actor), QueryDict("size=50"), request.actor)
        template = pages.environment().from_string(PLAIN)
        context = {"listing": found, "can_export": True, "can_add": True, "can_import": True}

        def ours() -> None:
            assert len(pages.to_string(request, "network/outlets.html", context, block="list")) > 10_000

        def floor() -> None:
            heads = [str(column.label) for column in found.columns]
            rows = [[column.value(row) for column in found.columns] for row in found.rows]
            assert len(template.render(heads=heads, rows=rows)) > 5_000

        return measure.compare("kit list of 50 outlets / plain Jinja loop", ours, floor)
