"""Messages: many rendered, checked and queued at once, against the same rows written bare; text messages through one
bind to a message centre, against the same hand-overs without the outbox.

MESSAGES customers (200,000) are copies of one of the demonstration, made and taken away again. TEXTS text
messages (600) go to a centre on this machine (smpp34). What is asked for: 200,000 in 60 seconds, 300 a second.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.db import connection, transaction
from tests import database
from tests.messaging import centre

from guanxi.config import embedded
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.messaging.channels import smpp
from guanxi.messaging.channels.outgoing import Outgoing
from guanxi.messaging.models import Message, Terms
from guanxi.messaging.services import queueing, sending
from guanxi.network.models import Node

MESSAGES = int(os.environ.get("MESSAGES", "200_000"))
TEXTS = int(os.environ.get("TEXTS", "600"))
FIRST = 1_000_000_000
COPY = """
INSERT INTO {table} SELECT r.* FROM (SELECT to_jsonb(x) AS j FROM {table} x WHERE {which} LIMIT 1) t,
  generate_series(1, %(size)s) n, jsonb_populate_record(NULL::{table}, t.j || jsonb_build_object({other})) r
"""
TABLES = (
    ("customers_customer", "id = %(one)s", "'id', %(first)s + n, 'name', '王雪' || n, 'identity_digest', NULL"),
    ("customers_relation", "customer_id = %(one)s AND ended_on IS NULL",
     "'id', %(first)s + n, 'customer_id', %(first)s + n, 'outlet_id', %(outlet)s::int"),
    ("customers_contactpoint", "customer_id = %(one)s AND channel = 'MOBILE'",
     "'id', %(first)s + n, 'customer_id', %(first)s + n, 'state', 'VALID', 'value', '1' || (3000000000 + n)"),
    ("privacy_consent", "customer_id = %(one)s",
     """'id', %(first)s + n, 'customer_id', %(first)s + n, 'purpose', 'CARE', 'medium', 'SMS', 'standing', 'GIVEN',
     'recipient_id', %(outlet)s::int, 'withdrawn_at', NULL, 'withdrawal_proof', ''"""),
)  # fmt: skip
ONE = """
SELECT c.id FROM customers_customer c WHERE c.identity_digest IS NULL AND c.merged_into_id IS NULL
  AND EXISTS (SELECT 1 FROM customers_contactpoint p WHERE p.customer_id = c.id AND p.channel = 'MOBILE')
  AND EXISTS (SELECT 1 FROM privacy_consent p WHERE p.customer_id = c.id)
  AND EXISTS (SELECT 1 FROM customers_relation r WHERE r.customer_id = c.id AND r.ended_on IS NULL) LIMIT 1
"""
BARE = """
INSERT INTO messaging_message (customer_id, node_id, purpose, channel, address, language, subject, body, key, state,
  reason, written_by, queued_at, not_before, carrier, reference, parts, arrived, error)
SELECT p.customer_id, %(outlet)s, 'CARE', 'SMS', p.value, 'zh', '', %(words)s, 'bare', 'QUEUED', '', '', now(), now(),
  '', '', '{}', '{}', '' FROM customers_contactpoint p WHERE p.id > %(first)s
"""


@dataclass(frozen=True)
class Rate:
    """How many messages a second, ours and the floor, and what is asked for."""

    name: str
    count: int
    ours: float
    floor: float
    asked: float

    def __str__(self) -> str:
        rates = [f"{self.count / seconds:>9,.0f} /s" for seconds in (self.ours, self.floor)]
        said = f"{self.name} ({self.asked:,.0f} /s asked)"
        return f"{said:<52} {rates[0]:>13} {rates[1]:>13} {self.ours / self.floor:>8.2f}"


def results() -> Iterator[object]:
    """Yield the rate of text messages, then that of queueing, which leaves many dead rows behind."""
    yield _texts()
    yield _queueing()


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


@contextmanager
def _world(size: int) -> Iterator[int]:
    """Make customers of an outlet who agreed to care by text message, as the owner; give the outlet, clear up."""
    with db.scoped(SYSTEM):
        outlet = Node.objects.get(code="YLHD001").pk
    tables = [table for table, _which, _other in TABLES]
    with psycopg.connect(embedded.describe(database.HOME).dsn("owner", connection.settings_dict["NAME"])) as owner:
        owner.execute("SET session_replication_role = replica")
        found = owner.execute(ONE).fetchone()
        values = {"one": found and found[0], "first": FIRST, "size": size, "outlet": outlet}
        for table, which, other in TABLES:
            owner.execute(COPY.format(table=table, which=which, other=other), values)
        owner.execute("ANALYZE " + ", ".join(tables))
        owner.commit()
        try:
            yield outlet
        finally:
            for table in ["messaging_message", *tables]:
                column = "customer_id" if table == "messaging_message" else "id"
                owner.execute(f"DELETE FROM {table} WHERE {column} > %s", [FIRST])
            owner.commit()


def _queue(size: int, outlet: int) -> None:
    ids = range(FIRST + 1, FIRST + size + 1)
    found = queueing.queue_messages(
        actor=SYSTEM, template="birthday", node_id=outlet, customer_ids=ids, key="bench", at=clock.now()
    )
    if found.queued != size:
        msg = f"{found.queued} of {size}: {found.skipped}"
        raise RuntimeError(msg)


def _queueing() -> Rate:
    with _world(MESSAGES) as outlet, db.scoped(SYSTEM):
        ours = _seconds(lambda: _queue(MESSAGES, outlet))
        words = Message.objects.filter(key="bench").latest("pk").body
        values = {"outlet": outlet, "words": words, "first": FIRST}
        floor = _seconds(lambda: db.run(BARE, values))
        transaction.set_rollback(True)
    return Rate(f"{MESSAGES:,} messages queued", MESSAGES, ours, floor, 200_000 / 60)


def _texts() -> Rate:
    """Send what waits, kept step by step, and hand over as many without the outbox."""
    settings.MESSAGE_CARRIERS = {**settings.MESSAGE_CARRIERS, "SMS": "smpp"}
    settings.SMPP_HOST, settings.SMPP_USER, settings.SMPP_PASSWORD = centre.HERE, "crm", "crm"
    with centre.running() as held, _world(TEXTS) as outlet:
        settings.SMPP_PORT = held.port
        with db.scoped(SYSTEM):
            Message.objects.all().delete()
            Terms.objects.update(quiet_from="00:00", quiet_until="00:00")
            _queue(TEXTS, outlet)
        ours = _seconds(_send_all)
        line = smpp.dial()
        outgoing = [Outgoing(n, "13800138000", "", "王雪，祝您生日快乐，一路平安！回复TD退订。") for n in range(TEXTS)]
        floor = _seconds(lambda: [line.send(item) for item in outgoing])
        line.close()
    return Rate(f"{TEXTS:,} text messages through one bind", TEXTS, ours, floor, 300)


def _send_all() -> None:
    sent = 0
    while sent < TEXTS:
        found = sending.send_waiting(actor=SYSTEM, now=clock.now)
        if set(found) != {"SENT"}:
            raise RuntimeError(dict(found))
        sent += found["SENT"]
