"""Starting a campaign: the audience is frozen, drawn and put into waves in one statement; and ending one."""

import datetime
from collections import Counter
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign, Member
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import audience, checks
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.services.deciding import audit, moved
from guanxi.campaigns.states import Arm, Ending, Obstacle, State
from guanxi.care.queries.matching import MARK, Query
from guanxi.foundation import clock, db, jobs
from guanxi.foundation.actor import SYSTEM, Actor, check
from guanxi.foundation.errors import Invalid
from guanxi.worklist.models import Task
from guanxi.worklist.services import settling
from guanxi.worklist.states import LIVE

# Whoever knows the seed draws the same again: a hash of seed and customer below the share (care.policy.sampling.mark).
MARKED = MARK.replace("{text}", "%(seed)s::text || ':{what}:' || f.customer_id")
# Fourteen random signs of sixteen, in groups (policy.own_code); the thirteenth digit of a UUID is none of chance.
OWN_CODE = "left(r.dice, 4) || '-' || substr(r.dice, 5, 5) || '-' || substr(r.dice, 10, 3) || substr(r.dice, 18, 2)"
_FREEZE = """
, waves AS (
  SELECT w.number, sum(w.share) OVER (ORDER BY w.number) AS upto FROM campaigns_wave w
  WHERE w.campaign_id = %(campaign)s),
texts AS (
  SELECT t.letter, sum(t.share) OVER (ORDER BY t.letter) AS upto
  FROM unnest(%(letters)s::text[], %(shares)s::bigint[]) t (letter, share)),
drawn AS (
  SELECT f.*, {control} * 100 < %(control)s::bigint * 4294967296 AS is_control, {wave} AS mark, {text} AS text_mark,
    translate(replace(gen_random_uuid()::text, '-', ''), '0123456789abcdef', 'ACDEFHJKLMNPRTWX') AS dice
  FROM found f WHERE f.reason = ''),
ranked AS (
  SELECT d.*, NOT d.is_control AND %(most)s::bigint IS NOT NULL
    AND row_number() OVER (PARTITION BY d.is_control ORDER BY d.mark, d.customer_id) > %(most)s::bigint AS is_over
  FROM drawn d),
written AS (
  INSERT INTO campaigns_member (campaign_id, customer_id, vehicle_id, outlet_id, wave, arm, variant, code, skipped,
    response, response_note, response_by, redeemed_order, ending)
  SELECT %(campaign)s, r.customer_id, r.vehicle_id, r.outlet_id,
    (SELECT min(w.number) FROM waves w WHERE r.mark * 100 < w.upto * 4294967296),
    CASE WHEN r.is_control THEN 'CONTROL' ELSE 'TREATED' END,
    CASE WHEN r.is_control THEN '' ELSE coalesce(
      (SELECT min(t.letter) FROM texts t WHERE r.text_mark * 100 < t.upto * 4294967296), %(first)s) END,
    CASE WHEN r.is_control OR NOT %(own)s THEN '' ELSE {code} END, '', '', '', '', '', ''
  FROM ranked r WHERE NOT r.is_over ORDER BY r.customer_id
  ON CONFLICT (campaign_id, customer_id) DO NOTHING)
SELECT f.reason, count(*) AS many FROM found f GROUP BY 1
UNION ALL SELECT 'OVER_BUDGET', count(*) FROM ranked r WHERE r.is_over HAVING count(*) > 0
"""
FREEZE = (
    _FREEZE.replace("{code}", OWN_CODE)
    .replace("{control}", MARKED.replace("{what}", "control"))
    .replace("{wave}", MARKED.replace("{what}", "wave"))
    .replace("{text}", MARKED.replace("{what}", "text"))
)


def start(*, actor: Actor, campaign_id: int, at: datetime.datetime) -> Campaign:
    """Start an approved campaign: locks, checks the right, the move and that it can still be carried out, freezes whom
    the actor sees of the audience with wave and arm, keeps how many each reason kept out, audits, stores the job of
    the waves. One that runs already is returned as it is.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not run campaigns there.
    :raises Conflict: it is not approved.
    :raises Invalid: something in it cannot be any more, such as its template.
    """
    with db.atomic():
        row = db.lock(queries.visible_to(actor), campaign_id)
        if row.state == State.RUNNING:
            check(actor, Verb.RUN, row.node_id)
            return row
        row, before = moved(actor, campaign_id, Verb.RUN, State.RUNNING)
        waves = queries.planned(queries.waves(row))
        wrong = checks.unfit(row, waves, min(clock.day_of(at), waves[0].on))
        if wrong is not None:
            raise Invalid(wrong.message, field=wrong.field)
        reasons = _freeze(actor, row, at)
        row.excluded = {reason: many for reason, many in reasons.items() if reason}
        row.started_at = at
        row.save()
        audit(actor, Verb.RUN, row, before, members=reasons.get("", 0), excluded=row.excluded)
        jobs.enqueue("campaigns.send", queueing_lock="campaigns.send")
    return row


def _freeze(actor: Actor, row: Campaign, at: datetime.datetime) -> dict[str, int]:
    """Write the members; return how many of the audience each reason kept out, and under no reason all others."""
    begun = audience.found(row, at, actor.where(Verb.RUN))
    values: dict[str, Any] = begun.values | {
        "seed": row.seed, "control": row.control, "own": row.has_own_codes,
        "letters": [text.letter for text in row.texts[1:]], "shares": [text.share for text in row.texts[1:]],
        "first": row.texts[0].letter if row.variants else "",
        "most": policy.affordable(row.budget, row.fixed_cost, row.unit_cost),
    }  # fmt: skip
    counts: Counter[str] = Counter()
    for line in Query(begun.sql + FREEZE, values).rows():
        counts[line["reason"]] += line["many"]
    counts[""] -= counts.get(Obstacle.OVER_BUDGET.value, 0)
    return dict(counts)


def end(*, actor: Actor, campaign_id: int, at: datetime.datetime) -> Campaign:
    """End a running campaign: locks, checks the right and the move, leaves out whom no wave has addressed yet,
    withdraws tasks that nobody has done, writes, audits. What came of it is counted on while its days run.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not run campaigns there.
    :raises Conflict: it does not run.
    """
    with db.atomic():
        row, before = moved(actor, campaign_id, Verb.RUN, State.ENDED)
        waiting = Member.objects.filter(campaign=row, arm=Arm.TREATED, contacted_at=None, skipped="")
        left = waiting.update(skipped=Obstacle.CALLED_OFF)
        row.waves.filter(done_at=None).update(done_at=at)
        if not row.is_written:
            Member.objects.filter(campaign=row, ending="").exclude(contacted_at=None).update(ending=Ending.UNDONE)
        tasks = Task.objects.filter(key__startswith=f"{row.key}:", state__in=LIVE).values_list("pk", flat=True)
        settling.withdraw_many(
            actor=SYSTEM, task_ids=list(tasks), reason=str(_("The campaign has ended.")), at=at
        )  # fmt: skip
        row.ended_at = at
        row.save()
        audit(actor, Verb.RUN, row, before, left=left)
    return row
