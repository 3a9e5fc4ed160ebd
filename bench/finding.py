"""Finding customers among many: under row-level security as outlet, branch and headquarters, against the same
statement without it; and the pages of customers against an empty page.

The world is the demonstration's, ``GUANXI_BENCH_CUSTOMERS`` customers large (1,000,000 unless said otherwise), made
anew for each run.
"""

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import measure
import psycopg
from django.db import connection
from django.test import Client

from guanxi.access import queries as access
from guanxi.access.models import User
from guanxi.config import embedded
from guanxi.customers import policy, queries
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Actor, Origin

CUSTOMERS = int(os.environ.get("GUANXI_BENCH_CUSTOMERS", "1000000"))
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WHO = {"outlet": "crm", "branch": "branch", "headquarters": "hq"}
SAMPLE = 400


@dataclass(frozen=True)
class Spread:
    """The median and the 99th percentile of one kind of search, in milliseconds, ours and without policies."""

    name: str
    ours: tuple[float, float]
    floor: tuple[float, float]

    def __str__(self) -> str:
        ratio = self.ours[0] / self.floor[0]
        said = f"p50 {self.ours[0]:.2f} p99 {self.ours[1]:.2f} ms"
        return f"{self.name:<40} {said:>25} {self.floor[0]:>7.2f} {self.floor[1]:>5.2f} ms {ratio:>8.2f}"


def results() -> Iterator[object]:
    """Yield a line for each way to find somebody and each of three readers, then the pages."""
    _world()
    with psycopg.connect(_owner(), autocommit=True) as bare:
        for who, username in WHO.items():
            with db.scoped(SYSTEM):
                actor = access.actor_for(User.objects.get(username=username), day=clock.today(), origin=Origin())
            yield from _ways(who, actor, bare)
    yield from _pages()


def _owner() -> str:
    from tests import database

    return embedded.describe(database.HOME).dsn("owner", connection.settings_dict["NAME"])


def _world() -> None:
    """Fill the database unless it holds as many customers already."""
    from guanxi.config.demo.world import loading, removing

    with db.scoped(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_customer")
        if cursor.fetchone()[0] >= CUSTOMERS:
            return
        start = time.perf_counter()
        removing.remove(day=clock.today(), done=lambda _count: None)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        loading.load(customers=CUSTOMERS, seed=1, at=clock.now(), day=clock.today(), done=lambda _count: None)
    print(f"made {CUSTOMERS:,} customers in {time.perf_counter() - start:.0f} s", flush=True)


def _keys(cursor: Any) -> dict[str, list[str]]:
    """Draw what people would type, from customers that are there."""
    cursor.execute(
        "SELECT c.name, c.reading, c.initials, p.value, v.plate, v.vin FROM customers_customer c TABLESAMPLE SYSTEM (1)"
        " JOIN customers_contactpoint p ON p.customer_id = c.id AND p.channel = 'MOBILE'"
        " JOIN vehicles_participant d ON d.customer_id = c.id AND d.until IS NULL"
        " JOIN vehicles_vehicle v ON v.id = d.vehicle_id LIMIT %s",
        [SAMPLE],
    )
    rows = cursor.fetchall()
    return {
        "telephone": [row[3] for row in rows], "last four digits": [row[3][-4:] for row in rows],
        "plate": [row[4] for row in rows if row[4]], "VIN tail of eight": [row[5][-8:] for row in rows],
        "name": [row[0] for row in rows], "part of a name": [row[0][-2:] for row in rows],
        "pinyin": [row[1] for row in rows if row[1]], "initials": [row[2] for row in rows if row[2]],
    }  # fmt: skip


def _ways(who: str, actor: Actor, bare: psycopg.Connection) -> Iterator[Spread]:
    with db.scoped(actor), connection.cursor() as cursor:
        with bare.cursor() as other:
            typed = _keys(other)
        places = queries.places(actor)
        for name, texts in typed.items():
            asked = [(list(places), way.start, way.end, 18) for text in texts for way in policy.ways(text)[:1]]
            for values in asked[:20]:
                cursor.execute(queries.WORDS, values)
            yield Spread(f"{who}: {name}", _spread(cursor, asked), _spread(bare.cursor(), asked))


def _spread(cursor: Any, asked: Sequence[Any]) -> tuple[float, float]:
    taken = []
    for values in asked:
        start = time.perf_counter()
        cursor.execute(queries.WORDS, values)
        cursor.fetchall()
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    return taken[len(taken) // 2], taken[max(0, round(len(taken) * 0.99) - 1)]


def _pages() -> Iterator[measure.Result]:
    for who, username in WHO.items():
        with db.scoped(SYSTEM):
            user = User.objects.get(username=username)
            client = Client(headers={"host": "localhost"})
            client.force_login(user, backend=BACKEND)
        for name, path in _paths(user):
            yield measure.compare(f"{who}: {name} / empty page", _get(client, path), _get(client, "/palette/"))


def _paths(user: User) -> list[tuple[str, str]]:
    with db.scoped(SYSTEM):
        actor = access.actor_for(user, day=clock.today(), origin=Origin())
    with db.scoped(actor):
        some = queries.visible_to(actor).order_by("-pk")[:1].get()
    return [
        ("list of 50 customers", "/customers/?size=50"), ("search in the list", f"/customers/?q={some.name}"),
        ("customer page", f"/customers/{some.pk}/"), ("palette, four digits", "/palette/?q=5678"),
    ]  # fmt: skip


def _get(client: Client, path: str) -> Any:
    def act() -> None:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    return act
