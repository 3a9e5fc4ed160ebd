"""Headquarters asks a random sample of those whose complaint was closed once more: only their word verifies it."""

import datetime
import hashlib

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.complaints import policy
from guanxi.complaints.events import ComplaintRefuted
from guanxi.complaints.models import Complaint, Recheck
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import cases, rechecks
from guanxi.complaints.queries.rechecks import SUBJECT
from guanxi.complaints.services import intake, steps
from guanxi.complaints.services.intake import NewComplaint
from guanxi.complaints.states import Act, Checked, RevisitBy
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import SYSTEM, Actor, check, check_everywhere
from guanxi.foundation.errors import Conflict, Invalid, words_of
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.network.states import Kind
from guanxi.records import services as records
from guanxi.worklist.services import adding, working

KIND = "complaints.recheck"
REASON = gettext_noop("Ask the customer once more whether it is settled: %(what)s")
BACK, WITHIN = datetime.timedelta(days=7), "3d"
# By a hash that nobody outside can reckon: the same complaint is drawn or not however often it is asked, so that a
# night that was missed is caught up and none is drawn twice.
DRAW = """
INSERT INTO complaints_recheck (complaint_id, place_id, drawn_on, due_at, result, words, checked_by)
SELECT c.id, %(place)s, %(day)s, %(due)s, '', '', '' FROM complaints_complaint c
JOIN complaints_process p ON p.code = c.process_id
WHERE c.kind = 'COMPLAINT' AND c.ending = 'CONFIRMED' AND c.ended_at >= %(first)s AND c.ended_at < %(last)s
  AND p.recheck_role <> '' AND (hashtextextended(c.id::text, %(seed)s) & 65535) < p.recheck_share * 655.36
ON CONFLICT (complaint_id) DO NOTHING RETURNING id
"""


def draw(*, actor: Actor, at: datetime.datetime) -> int:
    """Draw the share that each process names of the complaints that were closed by the customer's word in the last
    seven days before today: checks the right, writes them by set, writes the tasks of the role of the process, audits
    with one line. The same night again draws nothing. Return how many were drawn.

    :raises NotAllowed: the actor does not work for the whole network.
    """
    check_everywhere(actor, Verb.RECHECK)
    day = clock.day_of(at)
    with db.atomic():
        db.serialise("complaints.recheck")
        place_id = _place(day)
        if place_id is None:
            return 0
        ids = _drawn(place_id, at, day)
        if ids:
            rows = Recheck.objects.filter(pk__in=ids).select_related("complaint__process", "complaint__category")
            adding.add_tasks(actor=actor, tasks=[_task(row) for row in rows.order_by("pk")], at=at)
            records.audit(
                actor=actor, verb="complaints.draw_rechecks", subject_type=SUBJECT, subject_id=day.isoformat(),
                node_id=place_id, after={"drawn": len(ids)},
            )  # fmt: skip
    return len(ids)


def _place(day: datetime.date) -> int | None:
    """Return from where customers are asked: the call centre, or the group without one."""
    rows = network.open_on(Node.objects.filter(kind__in=[Kind.CALL_CENTRE, Kind.GROUP]), day)
    return next((row.pk for row in sorted(rows, key=lambda row: (row.kind != Kind.CALL_CENTRE, row.pk))), None)


def _drawn(place_id: int, at: datetime.datetime, day: datetime.date) -> list[int]:
    seed = hashlib.sha256(f"{settings.SECRET_KEY}:complaints.recheck".encode()).digest()[:8]
    today = clock.start_of(day)
    with connection.cursor() as cursor:
        cursor.execute(
            DRAW,
            {"place": place_id, "day": day, "due": steps.due(place_id, KIND, WITHIN, at), "first": today - BACK,
             "last": today, "seed": int.from_bytes(seed, signed=True)},
        )  # fmt: skip
        return [pk for (pk,) in cursor.fetchall()]


def _task(row: Recheck) -> adding.NewTask:
    about = row.complaint
    return adding.NewTask(
        kind=KIND, key=f"{KIND}:{row.pk}", node_id=row.place_id, reason=REASON, due=steps.term(WITHIN),
        role=about.process.recheck_role, subject_type=SUBJECT, subject_id=row.pk, subject_label=about.number,
        values={
            "what": about.category.name_zh if about.category else about.words[:40],
            "what_en": about.category.name_en if about.category else about.words[:40], "words": about.words,
        },
    )  # fmt: skip


def record_recheck(*, actor: Actor, recheck_id: int, result: str, words: str, at: datetime.datetime) -> Recheck:
    """Write what a customer says when he is asked once more: locks, checks the right and that the actor neither handled
    nor resolved it, writes, ends the task, notes it in the history of the complaint, audits; publishes
    ComplaintRefuted, by which a new complaint is taken in, if he is not satisfied. What was closed stays closed.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not ask there.
    :raises Conflict: he was asked already, or the actor handled the complaint.
    :raises Invalid: no result that is offered, or no words.
    """
    said = words_of(words, message=_("Say what the customer says."))
    if result not in Checked.values:
        raise Invalid(_("Choose one of the values offered."), field="result")
    with db.atomic():
        row = db.lock(rechecks.visible_to(actor), recheck_id)
        check(actor, Verb.RECHECK, row.place_id)
        about = cases.complaint(actor, row.complaint_id)
        _refuse(actor, row, about)
        row.result, row.words, row.checked_at = result, said, at
        row.checked_by_id, row.checked_by = actor.user_id, actor.name[:160]
        row.save()
        db.widen(row.place_id)
        working.settle(actor=SYSTEM, key=f"{KIND}:{row.pk}", outcome=result, note=said, at=at)
        steps.say(actor, about, Act.RECHECKED, f"{row.get_result_display()}: {said}", at)
        records.audit(
            actor=actor, verb=Verb.RECHECK, subject_type=SUBJECT, subject_id=row.pk, subject_label=about.number,
            node_id=about.outlet_id, after={"result": result, "words": said},
        )  # fmt: skip
        if result == Checked.REFUTED:
            events.publish(ComplaintRefuted(row.pk, about.pk))
    return row


def _refuse(actor: Actor, row: Recheck, about: Complaint) -> None:
    if row.result:
        raise Conflict(_("The customer was asked once more already."))
    resolved_by = steps.this_round(about).resolved_by_id
    if not policy.may_revisit(
        RevisitBy.AGENT, person_id=actor.user_id, owner_id=about.owner_id, resolved_by_id=resolved_by
    ):
        raise Conflict(_("Whoever handled it does not ask the customer; somebody else does."))


def take_in_again(*, actor: Actor, recheck_id: int, at: datetime.datetime) -> Complaint:
    """Take in what a customer who was asked once more is not satisfied with, as a new complaint at the same outlet,
    which audits and publishes: once.

    :raises NotFound: there is no such one.
    :raises NotAllowed: the actor does not take complaints in for the whole network.
    """
    check_everywhere(actor, Verb.OPEN)
    row = rechecks.one(actor, recheck_id)
    about = row.complaint
    new = NewComplaint(
        about.outlet_id, about.angle, f"{about.number}: {row.words}", f"recheck-{row.pk}",
        category=about.category_id or "", customer_id=about.customer_id, vehicle_id=about.vehicle_id,
        caller_name=about.caller_name, caller_phone=about.caller_phone, caller_car=about.caller_car, is_another=True,
    )  # fmt: skip
    return intake.open_complaint(actor=actor, new=new, at=at)
