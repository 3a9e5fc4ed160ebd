"""Nightly: where the same problem came up too often, the branch is told and says what comes of it (CMP-40, POL-14)."""

import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.complaints import policy
from guanxi.complaints.models import Breach, Limit
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import limits
from guanxi.complaints.queries.limits import SUBJECT
from guanxi.complaints.services import steps
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Actor, check, check_everywhere
from guanxi.foundation.errors import Conflict, words_of
from guanxi.records import services as records
from guanxi.worklist.services import adding, working

KIND = "complaints.limit"
REASON = gettext_noop("%(outlet)s: %(many)s complaints about %(what)s, more than allowed")
WITHIN = "2d"
# Found invalid does not count. The branch above the outlet looks, or the outlet itself when there is none.
COUNT = """
INSERT INTO complaints_breach AS b
  (limit_id, outlet_id, place_id, category_id, since, many, found_at, words, answered_by)
SELECT %(limit)s, c.outlet_id, coalesce(
    (SELECT a.ancestor_id FROM network_ancestry a JOIN network_node n ON n.id = a.ancestor_id
     WHERE a.descendant_id = c.outlet_id AND n.kind = 'BRANCH' AND a.during @> %(day)s::date LIMIT 1), c.outlet_id),
  c.category_id, %(since)s, count(*), %(at)s, '', ''
FROM complaints_complaint c
WHERE c.kind = 'COMPLAINT' AND c.category_id IS NOT NULL AND c.is_valid IS DISTINCT FROM false
  AND c.opened_at >= %(first)s AND c.opened_at <= %(at)s
GROUP BY c.outlet_id, c.category_id HAVING count(*) > %(most)s
ON CONFLICT (limit_id, outlet_id, category_id, since) DO UPDATE SET many = excluded.many WHERE b.many <> excluded.many
RETURNING id, found_at = %(at)s
"""


def count(*, actor: Actor, at: datetime.datetime) -> int:
    """Count the complaints of each outlet and category in this month and this quarter against the limits: checks the
    right, writes by set where one is passed, writes one task for each that is new, audits with one line a limit. The
    same night again writes nothing. Return how many are new.

    :raises NotAllowed: the actor does not work for the whole network.
    """
    check_everywhere(actor, Verb.ASSIGN)
    with db.atomic():
        db.serialise("complaints.limits")
        return sum(_count(actor, limit, at) for limit in Limit.objects.filter(is_active=True).order_by("code"))


def _count(actor: Actor, limit: Limit, at: datetime.datetime) -> int:
    day = clock.day_of(at)
    since = policy.period_start(limit.period, day)
    values: dict[str, Any] = {
        "limit": limit.pk, "most": limit.most, "since": since, "first": clock.start_of(since), "at": at, "day": day,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        new = [pk for pk, is_new in cursor.fetchall() if is_new]
    if new:
        rows = Breach.objects.filter(pk__in=new).select_related("outlet", "category", "limit").order_by("pk")
        adding.add_tasks(actor=SYSTEM, tasks=[_task(row) for row in rows], at=at)
        records.audit(
            actor=actor, verb="complaints.count_limits", subject_type=SUBJECT, subject_id=limit.pk,
            subject_label=since.isoformat(), after={"passed": len(new)},
        )  # fmt: skip
    return len(new)


def _task(row: Breach) -> adding.NewTask:
    return adding.NewTask(
        kind=KIND, key=f"{KIND}:{row.pk}", node_id=row.place_id, reason=REASON, due=steps.term(WITHIN),
        role=row.limit.role, subject_type=SUBJECT, subject_id=row.pk, subject_label=row.outlet.name,
        values={
            "what": row.category.name_zh, "what_en": row.category.name_en, "many": row.many,
            "outlet": row.outlet.name_zh, "outlet_en": row.outlet.name_en,
        },
    )  # fmt: skip


def answer(*, actor: Actor, breach_id: int, words: str, at: datetime.datetime) -> Breach:
    """Say what comes of a limit that was passed: checks that the actor works where it is looked at, locks, writes, ends
    the task, audits. Once.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not share out complaints where it is looked at.
    :raises Conflict: it is answered already.
    :raises Invalid: no words.
    """
    said = words_of(words, message=_("Say what comes of it."))
    with db.atomic():
        check(actor, Verb.ASSIGN, limits.breach(actor, breach_id).place_id)
        row = db.lock(limits.visible_to(actor), breach_id)
        if row.answered_at:
            raise Conflict(_("It is answered already."))
        row.words, row.answered_at, row.answered_by = said, at, actor.name[:160]
        row.save()
        working.settle(actor=SYSTEM, key=f"{KIND}:{row.pk}", outcome="DONE", note=said, at=at)
        records.audit(
            actor=actor, verb="complaints.answer_limit", subject_type=SUBJECT, subject_id=row.pk,
            subject_label=row.limit_id, node_id=row.place_id, after={"words": said},
        )  # fmt: skip
    return row
