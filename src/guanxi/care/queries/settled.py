"""Tasks that have settled themselves: the customer came, or the car was served, before anybody called."""

from collections.abc import Sequence

from django.db import connection

from guanxi.care.states.rules import Anchor
from guanxi.workshop.states import MAINTENANCE

OF_CARS = (Anchor.FIRST_SERVICE, Anchor.PERIODIC_SERVICE)
OF_OWNERS = (Anchor.STATE, Anchor.LAST_VISIT)

# Every reason that a task names has gone. An outlet asks back who stayed away from it, the call centre who stayed away
# from all.
SETTLED = """
SELECT t.id FROM worklist_task t JOIN network_node n ON n.id = t.node_id
WHERE t.state IN ('OPEN', 'CLAIMED') AND t.kind LIKE 'care.%%' AND t.subject_type = 'customer'
  AND (%(customers)s::bigint[] IS NULL OR t.subject_id = ANY(%(customers)s))
  AND t.values ? 'anchors' AND t.values -> 'anchors' <@ to_jsonb(%(of_cars)s::text[] || %(of_owners)s::text[])
  AND (NOT t.values -> 'anchors' ?| %(of_cars)s::text[] OR NOT EXISTS (
    SELECT 1 FROM jsonb_array_elements_text(t.values -> 'cars') c (id) WHERE NOT EXISTS (
      SELECT 1 FROM workshop_visit w WHERE w.vehicle_id = c.id::bigint AND w.category = ANY(%(maintenance)s)
        AND w.entered_on > (t.values ->> 'since')::date)))
  AND (NOT t.values -> 'anchors' ?| %(of_owners)s::text[] OR EXISTS (
    SELECT 1 FROM workshop_visit w WHERE w.customer_id = t.subject_id AND w.counts
      AND (w.outlet_id = t.node_id OR n.kind = 'CALL_CENTRE') AND w.entered_on > (t.values ->> 'since')::date))
ORDER BY t.id
"""


def settled(customers: Sequence[int] | None) -> list[int]:
    """Return the live tasks of all customers, or of some, whose every reason has gone; one query."""
    values = {
        "customers": None if customers is None else list(customers), "of_cars": list(OF_CARS),
        "of_owners": list(OF_OWNERS), "maintenance": list(MAINTENANCE),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SETTLED, values)
        return [row[0] for row in cursor.fetchall()]
