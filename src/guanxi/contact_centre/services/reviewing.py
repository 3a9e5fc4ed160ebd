"""Drawing calls to be listened to, and judging them."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.models import Review
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.policy import reviews
from guanxi.contact_centre.queries import reviews as queries
from guanxi.contact_centre.states import Outcome
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid, Problem
from guanxi.records import services as records

LONGEST = 2000
DRAW = """
INSERT INTO contact_centre_review (call_id, node_id, agent_id, agent_name, week, drawn_at, scores, note, reviewed_by)
SELECT d.id, d.node_id, d.agent_id, d.agent_name, %(week)s, %(at)s, '{}', '', '' FROM (
  SELECT c.id, c.node_id, c.agent_id, c.agent_name,
    row_number() OVER (PARTITION BY c.agent_id ORDER BY md5(%(seed)s || c.token::text), c.id) AS place
  FROM contact_centre_call c
  WHERE c.node_id IN (SELECT descendant_id FROM network_ancestry WHERE ancestor_id = %(node)s AND during @> %(day)s)
    AND c.means = 'PHONE' AND c.outcome = %(reached)s
    AND c.agent_id IS NOT NULL AND c.ended_at >= %(first)s AND c.ended_at < %(last)s
) d WHERE d.place <= %(draws)s
ON CONFLICT (call_id) DO NOTHING
"""


def draw(*, actor: Actor, node_id: int, week: datetime.date, at: datetime.datetime) -> int:
    """Draw the calls of a week that are to be judged, so many of each agent at a place and below, of those that reached
    the customer: checks, draws in one statement, audits. The draw follows from the week alone, so that nobody can
    choose, and the same week drawn again adds nothing. Return how many were drawn.

    :raises NotAllowed: the actor reviews no calls there.
    :raises Invalid: no Monday, or the week is not over.
    :raises Conflict: no score sheet is in force.
    """
    check(actor, Verb.REVIEW_CALLS, node_id)
    today = clock.day_of(at)
    if not reviews.is_over(week, today):
        raise Invalid(_("Choose the Monday of a week that is over."), field="week")
    values: dict[str, Any] = {
        "week": week, "at": at, "seed": f"review:{week.isoformat()}:", "node": node_id, "day": today,
        "reached": str(Outcome.REACHED), "first": clock.start_of(week), "last": clock.start_of(week + reviews.ONE_WEEK),
        "draws": queries.sheet_on(today).draws,
    }  # fmt: skip
    with db.atomic(), connection.cursor() as cursor:
        cursor.execute(DRAW, values)
        drawn = int(cursor.rowcount)
        records.audit(
            actor=actor, verb="contact_centre.draw_calls", subject_type="week", subject_id=week.isoformat(),
            subject_label=week.isoformat(), node_id=node_id, after={"calls": drawn},
        )  # fmt: skip
    return drawn


def review(
    *, actor: Actor, review_id: int, scores: Mapping[str, int | None], note: str, at: datetime.datetime
) -> Review:
    """Judge a call that was drawn, once: locks, checks, sums up the points by the sheet of the day, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor reviews no calls there.
    :raises Conflict: it is judged already, it is the actor's own call, or no sheet is in force.
    :raises Invalid: points of an item are missing or cannot be.
    """
    with db.atomic():
        row = db.lock(queries.visible_to(actor), review_id)
        check(actor, Verb.REVIEW_CALLS, row.node_id)
        if row.reviewed_at is not None:
            raise Conflict(_("This call is judged already."))
        if row.agent_id == actor.user_id:
            raise Conflict(_("Nobody judges a call of his own."))
        sheet = queries.sheet_on(clock.day_of(at))
        found = reviews.summed(sheet.lines, scores)
        if found.wrong:
            told = _("Give points from 0 to the most.")
            raise Invalid(problems=[Problem(told, f"scores.{code}") for code in found.wrong])
        row.sheet, row.points, row.most = sheet, found.points, found.most
        row.scores = {item.code: scores[item.code] for item in sheet.lines}
        row.note = note.strip()[:LONGEST]
        row.reviewed_at, row.reviewed_by_id, row.reviewed_by = at, actor.user_id, actor.name[:160]
        row.save()
        records.audit(
            actor=actor, verb=Verb.REVIEW_CALLS, subject_type="call", subject_id=row.call_id,
            subject_label=row.agent_name, node_id=row.node_id, after={"points": row.points, "most": row.most},
        )  # fmt: skip
    return row
