"""Tasks that have settled themselves: the customer came, or the car was served, before anybody called; or the weather
notice that they come from was withdrawn.
"""

import datetime
from collections.abc import Sequence

from django.db import connection

from guanxi.care.queries.anchors import CONCERNED
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


# No other notice that stands gives the rules of the task a reason on its day.
WITHDRAWN = """
SELECT t.id FROM care_notice gone
JOIN worklist_task t ON t.state IN ('OPEN', 'CLAIMED') AND t.kind LIKE 'care.%%' AND t.subject_type = 'customer'
  AND t.values -> 'anchors' = '["WEATHER"]' AND t.values ->> 'day' = gone.starts_on::text
WHERE gone.id = %(notice)s AND gone.withdrawn_at IS NOT NULL AND EXISTS ({given_by_gone}) AND NOT EXISTS ({given})
ORDER BY t.id
"""
GIVEN = """
SELECT 1 FROM care_notice n JOIN care_rule r ON n.kind = ANY(r.of) AND r.anchor = 'WEATHER'
  AND t.values -> 'rules' ? r.code AND r.until IS NULL
WHERE n.starts_on = gone.starts_on AND {which} AND {concerned}
"""
OUTLET = (
    "(SELECT d.outlet_id FROM care_decision d WHERE d.customer_id = t.subject_id "
    "AND d.reason_on = gone.starts_on AND t.values -> 'rules' ? d.code LIMIT 1)"
)


def withdrawn(notice_id: int, day: datetime.date) -> list[int]:
    """Return the live tasks that a withdrawn weather notice alone was the reason of; one query."""
    concerned = CONCERNED.format(who="t.subject_id", outlet=OUTLET)
    text = WITHDRAWN.format(
        given_by_gone=GIVEN.format(which="n.id = gone.id", concerned=concerned),
        given=GIVEN.format(which="n.withdrawn_at IS NULL", concerned=concerned),
    )
    with connection.cursor() as cursor:
        cursor.execute(text, {"notice": notice_id, "today": day})
        return [row[0] for row in cursor.fetchall()]
