"""The night of the lectures: who has gathered at each outlet, and the proposals that follow. Set-based; Python walks
over the kinds and the open proposals.
"""

import datetime

from django.utils.translation import gettext_noop

from guanxi.care.models import Gathering, Proposal
from guanxi.care.permissions import Verb
from guanxi.care.queries import candidates, matching
from guanxi.care.queries import gatherings as queries
from guanxi.care.states.gatherings import State
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.records import services as records
from guanxi.worklist.services import adding
from guanxi.worklist.services.deadlines import Term

LOCK = "care.gather"
KIND, SUBJECT = "care.gathering", "care.proposal"
REASON = gettext_noop("%(found)s %(whom)s have gathered: propose a lecture")

GATHERED = """
CREATE TEMP TABLE IF NOT EXISTS care_gathered (customer_id bigint, vehicle_id bigint, outlet_id int, reason text)
  ON COMMIT DROP;
TRUNCATE care_gathered;
"""
GATHER = "INSERT INTO care_gathered (customer_id, vehicle_id, outlet_id, reason) {gathered}"
REFRESH = """
UPDATE care_member o SET excluded = n.reason,
  lapsed_on = CASE WHEN n.holds THEN NULL ELSE coalesce(o.lapsed_on, %(today)s) END
FROM ({listed}) n
WHERE o.id = n.member_id AND (o.excluded <> n.reason OR (o.lapsed_on IS NULL) <> n.holds)
"""
PROPOSE = f"""
INSERT INTO care_proposal (gathering_id, code, outlet_id, opened_on, found, state, decided_by, reason)
SELECT %(gathering)s, %(code)s, g.outlet_id, %(today)s, count(*), 'OPEN', '', ''
FROM care_gathered g JOIN network_node n ON n.id = g.outlet_id AND {matching.OPEN}
WHERE g.reason = '' AND NOT EXISTS (
  SELECT 1 FROM care_proposal q WHERE q.outlet_id = g.outlet_id AND q.code = %(code)s
    AND (q.state = 'OPEN' OR q.state = 'DECLINED' AND q.decided_on + %(pause)s::int > %(today)s))
GROUP BY g.outlet_id HAVING count(*) >= %(threshold)s
"""  # noqa: S608 -- fixed parts of one statement
# Who has another car of the kind when that of the list is gone stays on it with the other.
ENTER = """
INSERT INTO care_member AS o (proposal_id, customer_id, vehicle_id, joined_on, excluded, insisted, hand, hand_note,
  hand_by)
SELECT q.id, g.customer_id, g.vehicle_id, %(today)s, g.reason, false, '', '', ''
FROM care_gathered g JOIN care_proposal q ON q.outlet_id = g.outlet_id AND q.code = %(code)s AND q.state = 'OPEN'
ON CONFLICT (proposal_id, customer_id) DO UPDATE SET vehicle_id = excluded.vehicle_id, excluded = excluded.excluded
  WHERE o.excluded = 'GONE' AND o.vehicle_id <> excluded.vehicle_id
"""
COUNT = f"""
INSERT INTO care_tally AS t (gathering_id, code, outlet_id, day, met, counted, reasons)
SELECT %(gathering)s, %(code)s, n.id, %(today)s, coalesce(sum(g.people), 0),
  coalesce(sum(g.people) FILTER (WHERE g.reason = ''), 0),
  coalesce(jsonb_object_agg(g.reason, g.people) FILTER (WHERE g.reason <> ''), '{{}}')
FROM network_node n
LEFT JOIN (SELECT outlet_id, reason, count(*) AS people FROM care_gathered GROUP BY 1, 2) g ON g.outlet_id = n.id
WHERE n.kind = 'OUTLET' AND {matching.OPEN} GROUP BY n.id
ON CONFLICT (outlet_id, code) DO UPDATE SET gathering_id = excluded.gathering_id, day = excluded.day,
  met = excluded.met, counted = excluded.counted, reasons = excluded.reasons
  WHERE (t.gathering_id, t.day, t.met, t.counted, t.reasons)
    IS DISTINCT FROM (excluded.gathering_id, excluded.day, excluded.met, excluded.counted, excluded.reasons)
"""  # noqa: S608 -- fixed parts of one statement
FORGET = "DELETE FROM care_tally WHERE day < %(today)s"


def gather(*, actor: Actor, day: datetime.date, at: datetime.datetime) -> dict[str, dict[str, int]]:
    """Let lectures propose themselves: checks the right, waits for decisions under way, and for each kind finds who
    meets its conditions, looks anew at those on living lists, writes a proposal where enough have gathered, puts
    them and all who gathered since on its list, counts by outlet; then writes the tasks of open proposals that have
    none, and audits with one line what changed. A second call changes nothing.

    :raises NotAllowed: the actor may not decide about lectures everywhere.
    """
    check_everywhere(actor, Verb.DECIDE_GATHERINGS)
    with db.atomic():
        db.serialise(LOCK)
        db.run(GATHERED)
        done = {row.code: _of_kind(row, day) for row in queries.in_force(day)}
        db.run(FORGET, {"today": day})
        _write_tasks(actor, at)
        changed = {code: counts for code, counts in done.items() if any(counts.values())}
        if changed:
            records.audit(
                actor=actor, verb="care.gather", subject_type="care.night", subject_id=day.isoformat(), after=changed
            )  # fmt: skip
    return done


def _of_kind(row: Gathering, day: datetime.date) -> dict[str, int]:
    """Do the night of one kind; return how many proposals were written and how many lines of lists changed."""
    values = {
        "gathering": row.pk, "code": row.code, "today": day, "threshold": row.threshold, "pause": row.pause,
    }  # fmt: skip
    listed, gathered = candidates.listed(row, day), candidates.gathered(row, day)
    renewed = db.run(REFRESH.replace("{listed}", listed.sql), listed.values)
    db.run("TRUNCATE care_gathered")
    db.run(GATHER.replace("{gathered}", gathered.sql), gathered.values)
    proposed = db.run(PROPOSE, values)
    entered = db.run(ENTER, values)
    db.run(COUNT, values)
    return {"proposals": proposed, "entered": entered, "renewed": renewed}


def _write_tasks(actor: Actor, at: datetime.datetime) -> None:
    """Write a task for each open proposal that has none; one that ended without a decision comes anew."""
    rows = Proposal.objects.filter(state=State.OPEN).select_related("gathering").order_by("pk")
    adding.add_tasks(actor=actor, tasks=[_task(row) for row in rows], at=at)


def _task(row: Proposal) -> adding.NewTask:
    kind = row.gathering
    return adding.NewTask(
        kind=KIND, key=row.task_key, node_id=row.outlet_id, role=kind.role_id, reason=REASON, due=Term(days=kind.due),
        subject_type=SUBJECT, subject_id=row.pk, subject_label=kind.name_zh,
        values={
            "found": row.found, "whom": kind.whom_zh, "whom_en": kind.whom_en, "title": kind.name_zh,
            "title_en": kind.name_en, "words": kind.aim_zh, "words_en": kind.aim_en,
        },
    )  # fmt: skip
