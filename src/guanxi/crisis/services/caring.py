"""The care list of a crisis: owners of affected cars, added by set, called by their outlets, marked when reached."""

import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.crisis.events import ConcernedChanged
from guanxi.crisis.models import Affected
from guanxi.crisis.queries import concerned
from guanxi.crisis.queries.concerned import Wanted
from guanxi.crisis.services import steps
from guanxi.crisis.states import Act, Reached
from guanxi.customers.models import Customer
from guanxi.foundation import db, events
from guanxi.foundation.actor import SYSTEM, Actor, check_everywhere
from guanxi.foundation.errors import Invalid, words_of
from guanxi.records import services as records
from guanxi.vehicles.queries import cars
from guanxi.worklist.permissions import Verb as Work
from guanxi.worklist.services import adding, working
from guanxi.worklist.services.deadlines import Term
from guanxi.worklist.states import Result, State

CALL = "crisis.call"
REASON = gettext_noop("Call an owner whose car may be affected: %(what)s")
MOST = 20_000
AFTER: dict[str, str] = {
    Result.REACHED: Reached.CONTACTED, Result.DONE: Reached.CONTACTED, Result.APPOINTMENT: Reached.CONTACTED,
    Result.REFUSED: Reached.REFUSED, Result.NOT_REACHED: Reached.UNREACHABLE,
}  # fmt: skip


def add_owners(*, actor: Actor, crisis_id: int, wanted: Wanted, at: datetime.datetime) -> int:
    """Put the owners of the cars that fit on the care list: locks, checks, writes them by set, notes it, audits,
    publishes ConcernedChanged. Who stands there already stays as he is. Return how many were added.

    :raises NotFound: there is no such crisis, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: the crisis is closed.
    :raises Invalid: nothing says which cars.
    """
    if wanted.is_empty:
        raise Invalid(_("Say which cars: a model, a range of VINs, an outlet or the days of sale."))
    with db.atomic():
        row = steps.locked(actor, crisis_id)
        steps.need_running(row)
        added = concerned.add(row, wanted, by=actor.name, at=at)
        steps.say(actor, row, Act.LISTED, f"+{added}: {concerned.named(wanted)}", at)
        records.audit(actor=actor, verb="crisis.add_owners", **steps.line(row, {}, {"added": added}))
        events.publish(ConcernedChanged(row.pk))
    return added


def ask_calls(*, actor: Actor, crisis_id: int, role: str, words: str, at: datetime.datetime) -> int:
    """Let the outlets call who is still to be contacted and is not asked for yet: locks, checks, writes the tasks of a
    role by set, marks the owners, notes it, audits. Return how many calls were asked for.

    :raises NotFound: there is no such crisis, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: the crisis is closed.
    :raises Invalid: no words, or a role that does no work.
    """
    said = words_of(words)
    if role not in dict(concerned.roles()):
        raise Invalid(_("Choose one of the values offered."), field="role")
    with db.atomic():
        row = steps.locked(actor, crisis_id)
        steps.need_running(row)
        waiting = Affected.objects.filter(crisis=row, state=Reached.TO_CONTACT, asked_at__isnull=True).order_by("pk")
        rows = list(waiting.select_for_update()[:MOST])
        db.widen(*{item.outlet_id for item in rows})
        adding.add_tasks(actor=SYSTEM, tasks=_tasks(rows, role, said, at), at=at)
        Affected.objects.filter(pk__in=[item.pk for item in rows]).update(asked_at=at)
        steps.say(actor, row, Act.LISTED, f"{len(rows)}: {said}", at)
        records.audit(actor=actor, verb="crisis.ask_calls", **steps.line(row, {}, {"calls": len(rows)}))
    return len(rows)


def _tasks(rows: list[Affected], role: str, words: str, at: datetime.datetime) -> list[adding.NewTask]:
    names = dict(Customer.objects.filter(pk__in={item.customer_id for item in rows}).values_list("pk", "name"))
    plates = cars.named(item.vehicle_id for item in rows)
    return [
        adding.NewTask(
            kind=CALL, key=item.call_key, node_id=item.outlet_id, role=role, reason=REASON, due=Term(days=2),
            subject_type="customer", subject_id=item.customer_id, note=words, priority=2, opens_at=at,
            subject_label=f"{names.get(item.customer_id, '')} {plates.get(item.vehicle_id, '')}".strip()[:160],
            values={"what": str(plates.get(item.vehicle_id, "")), "words": words, "cars": [item.vehicle_id]},
        )
        for item in rows
    ]  # fmt: skip


def mark(*, actor: Actor, affected_id: int, state: str, note: str, at: datetime.datetime) -> Affected:
    """Say how far an owner has been reached: locks, checks, writes, ends the task about him, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: the crisis is closed.
    :raises Invalid: no such state, or no words for a refusal.
    """
    words = note.strip()[:400]
    if state not in Reached.values or (state == Reached.REFUSED and not words):
        raise Invalid(_("Say it in words."), field="note")
    with db.atomic():
        row = steps.locked(actor, concerned.affected(actor, affected_id).crisis_id)
        steps.need_running(row)
        held = db.lock(Affected.objects.filter(crisis=row), affected_id)
        held.state, held.note, held.since, held.by = state, words, at, actor.name[:160]
        held.save()
        if state != Reached.TO_CONTACT:
            db.widen(held.outlet_id)
            working.settle(actor=SYSTEM, key=held.call_key, outcome=Result.DONE, note=words, at=at)
        told = {"vehicle": held.vehicle_id, "reached": state, "note": words}
        records.audit(actor=actor, verb="crisis.mark_owner", **steps.line(row, {}, told))
    return held


def follow_call(*, actor: Actor, key: str, ending: tuple[str, str], at: datetime.datetime) -> bool:
    """Mark an owner by how the task to call him ended (state, outcome): checks the right, locks, writes, audits. One
    who was marked by hand meanwhile stays as he is. Return whether he moved.

    :raises NotAllowed: the actor does not work for the whole network.
    """
    check_everywhere(actor, Work.ASSIGN)
    crisis_id, vehicle_id = (int(part) for part in key.split(":")[1:3])
    state, outcome = ending
    reached = AFTER.get(outcome, Reached.UNREACHABLE) if state == State.DONE else Reached.UNREACHABLE
    with db.atomic():
        rows = Affected.objects.select_for_update().filter(crisis_id=crisis_id, vehicle_id=vehicle_id)
        held = rows.filter(state=Reached.TO_CONTACT).first()
        if held is None:
            return False
        held.state, held.since = reached, at
        held.save(update_fields=["state", "since"])
        records.audit(
            actor=actor, verb="crisis.follow_call", subject_type="crisis.crisis", subject_id=crisis_id,
            node_id=held.outlet_id, after={"vehicle": vehicle_id, "reached": reached},
        )  # fmt: skip
    return True
