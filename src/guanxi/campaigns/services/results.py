"""The night counts what followed: visits and sales of both arms within the days that count, set-based; and ends
campaigns whose days are over.
"""

import datetime

from guanxi.campaigns.models import Campaign
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.services.planning import SUBJECT
from guanxi.campaigns.services.sending import LASTS
from guanxi.campaigns.states import STARTED, State
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.records import services as records

LATE = 14  # days: so long after its days are over a visit may still become known
COUNT = """
WITH waves AS (
  SELECT c.id AS campaign_id, w.number, w."on" AS began, c.visit_days, c.sale_days
  FROM campaigns_campaign c JOIN campaigns_wave w ON w.campaign_id = c.id
  WHERE c.state IN ('RUNNING', 'ENDED') AND w."on" <= %(day)s
    AND (c.counted_on IS NULL OR w."on" + greatest(c.visit_days, c.sale_days) + %(late)s::int >= c.counted_on)),
found AS (
  SELECT t.id, least(
      (SELECT min(v.entered_on) FROM workshop_visit v WHERE v.customer_id = t.customer_id
        AND v.outlet_id = t.outlet_id AND v.counts
        AND v.entered_on BETWEEN w.began AND least(w.began + w.visit_days, %(day)s::date)),
      (SELECT min(v.entered_on) FROM workshop_visit v WHERE v.vehicle_id = t.vehicle_id AND v.customer_id IS NULL
        AND v.outlet_id = t.outlet_id AND v.counts
        AND v.entered_on BETWEEN w.began AND least(w.began + w.visit_days, %(day)s::date))) AS visited_on,
    (SELECT min(s.sold_on) FROM vehicles_sale s WHERE s.customer_id = t.customer_id AND s.outlet_id = t.outlet_id
      AND s.sold_on BETWEEN w.began AND least(w.began + w.sale_days, %(day)s::date)) AS bought_on
  FROM campaigns_member t JOIN waves w ON w.campaign_id = t.campaign_id AND w.number = t.wave)
UPDATE campaigns_member t SET visited_on = f.visited_on, bought_on = f.bought_on
FROM found f
WHERE f.id = t.id AND (t.visited_on, t.bought_on) IS DISTINCT FROM (f.visited_on, f.bought_on)
"""
# Calls, letters and visits that nobody made in their time, or before their campaign ended.
UNDONE = """
UPDATE campaigns_member m SET ending = 'UNDONE' FROM campaigns_campaign c
WHERE c.id = m.campaign_id AND c.channel IN ('PHONE', 'LETTER', 'VISIT') AND c.state IN ('RUNNING', 'ENDED')
  AND (c.ended_at IS NULL OR c.ended_at > %(at)s::timestamptz - make_interval(days => %(late)s::int))
  AND m.ending = '' AND m.contacted_at IS NOT NULL
  AND (c.ended_at IS NOT NULL OR m.contacted_at < %(at)s::timestamptz - %(lasts)s::interval)
"""
OVER = """
SELECT c.id FROM campaigns_campaign c JOIN campaigns_wave w ON w.campaign_id = c.id
WHERE c.state = 'RUNNING' GROUP BY c.id
HAVING bool_and(w.done_at IS NOT NULL)
  AND max(w."on") + greatest(c.visit_days, c.sale_days) <= %(day)s
"""


def count_results(*, actor: Actor, day: datetime.date, at: datetime.datetime) -> int:
    """Count the visits and sales until a day: checks the right, waits for another count, writes set-based for both arms
    of all campaigns whose days are not long over, ends those whose days are over, notes the calls, letters and visits
    that nobody made in their time, audits with one line. Return how many members changed. A second call changes
    nothing.

    :raises NotAllowed: the actor may not run campaigns everywhere.
    """
    check_everywhere(actor, Verb.RUN)
    with db.atomic():
        db.serialise("campaigns.results")
        changed = db.run(COUNT, {"day": day, "late": LATE})
        Campaign.objects.filter(state__in=STARTED).exclude(counted_on__gte=day).update(counted_on=day)
        over = [row.pk for row in Campaign.objects.raw(OVER, {"day": day})]
        Campaign.objects.filter(pk__in=over).update(state=State.ENDED, ended_at=at)
        undone = db.run(UNDONE, {"at": at, "late": LATE, "lasts": LASTS})
        if changed or over or undone:
            records.audit(
                actor=actor, verb="campaigns.count_results", subject_type=SUBJECT, subject_id=day.isoformat(),
                after={"members": changed, "ended": over, "undone": undone},
            )  # fmt: skip
    return changed
