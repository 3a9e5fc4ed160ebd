"""Tasks that messaging can do by itself, and those that it has done."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import connection

# One message for one reason; the task of a second car stays with people.
READY = """
SELECT t.node_id, t.template, t.channel, t.message, array_agg(t.subject_id), array_agg(t.car) FROM (
  SELECT DISTINCT ON (w.subject_id, w.values ->> 'message') w.node_id, w.values ->> 'template' AS template,
    w.values ->> 'channel' AS channel, w.values ->> 'message' AS message, w.subject_id,
    (w.values ->> 'car')::bigint AS car
  FROM worklist_task w JOIN network_node n ON n.id = w.node_id AND n.kind = 'OUTLET'
  WHERE w.state = 'OPEN' AND w.kind IN ('care.message', 'care.letter') AND w.subject_type = 'customer'
    AND w.opens_at <= %(at)s AND w.values ? 'template'
  ORDER BY w.subject_id, w.values ->> 'message', w.id) t
WHERE NOT EXISTS (SELECT 1 FROM messaging_message o
  WHERE o.customer_id = t.subject_id AND o.key = t.message AND o.reason = '')
GROUP BY 1, 2, 3, 4 ORDER BY 1, 4
"""
DONE = """
SELECT w.id FROM worklist_task w JOIN messaging_message o ON o.customer_id = w.subject_id
  AND o.key = w.values ->> 'message' AND o.reason = '' AND o.state IN ('SENT', 'DELIVERED')
  AND o.vehicle_id IS NOT DISTINCT FROM (w.values ->> 'car')::bigint
WHERE w.state IN ('OPEN', 'CLAIMED') AND w.kind IN ('care.message', 'care.letter') AND w.subject_type = 'customer'
  AND w.values ? 'template'
ORDER BY w.id
"""


@dataclass(frozen=True)
class Ready:
    """Tasks of a place that one template does: the key of the message, and each customer with the car it is about."""

    node_id: int
    template: str
    channel: str
    key: str
    cars: Mapping[int, int | None]


def ready(at: datetime.datetime) -> Iterator[Ready]:
    """Return what is due to be sent, by place, template and reason; one query."""
    with connection.cursor() as cursor:
        cursor.execute(READY, {"at": at})
        for node, template, channel, key, customers, cars in cursor.fetchall():
            yield Ready(node, template, channel, key, dict(zip(customers, cars, strict=True)))


def done() -> list[int]:
    """Return the live tasks whose message was sent; one query."""
    with connection.cursor() as cursor:
        cursor.execute(DONE)
        return [row[0] for row in cursor.fetchall()]
