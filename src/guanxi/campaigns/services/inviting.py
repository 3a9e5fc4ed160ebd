"""Inviting the owners of a recall, a batch of one outlet at a time as waves go out; who cannot be reached is chased,
and what came of a call, a letter or a chase moves the car on.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop

from guanxi.campaigns.models import Recall, RecallCar
from guanxi.campaigns.services.recalls import SUBJECT
from guanxi.campaigns.services.sending import BATCH, LASTS, WORK_DAYS
from guanxi.campaigns.states import CarState, Channel
from guanxi.campaigns.states import State as Stands
from guanxi.care.queries import reaching
from guanxi.care.queries.matching import Query
from guanxi.customers.models import Customer
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.errors import DomainError
from guanxi.messaging.models import Message
from guanxi.messaging.permissions import Verb as Messages
from guanxi.messaging.services import queueing
from guanxi.privacy.states import Purpose
from guanxi.records import services as records
from guanxi.vehicles.queries import cars
from guanxi.worklist.services import adding
from guanxi.worklist.services.deadlines import Term
from guanxi.worklist.states import Result, State

KINDS = {
    Channel.PHONE: "campaigns.recall_call", Channel.LETTER: "campaigns.recall_letter",
    Channel.VISIT: "campaigns.recall_visit",
}  # fmt: skip
CHASE = "campaigns.chase"
REASON = gettext_noop("Recall: %(what)s")
CHASED = gettext_noop("The owner was not reached; find another way to him. Recall: %(what)s")
REACH = """
SELECT m.id, m.vehicle_id, m.customer_id, CASE WHEN m.customer_id IS NULL THEN 'NO_OWNER' ELSE {reach} END AS obstacle
FROM (SELECT x.*, x.outlet_id AS place_id FROM campaigns_recallcar x WHERE x.id = ANY(%(ids)s)) m
""".replace("{reach}", reaching.FIRST)
# An outcome of a call, a letter or a chase that moves the car on; what is not named leaves it as it stands.
AFTER = {
    Result.REFUSED: CarState.REFUSED, Result.NOT_REACHED: CarState.UNREACHABLE, Result.REACHED: CarState.INVITED,
    Result.APPOINTMENT: CarState.INVITED, Result.DONE: CarState.INVITED,
}  # fmt: skip


Found = Mapping[str, Any]


def invite_due(*, actor: Actor, now: Callable[[], datetime.datetime]) -> Counter[str]:
    """Invite the owners of running recalls whose cars are approved and who wait for it, batch by batch, each in a
    transaction of its own: finds who can be reached, writes tasks or queues messages, marks the cars, writes a task to
    chase each owner who cannot be reached and has an outlet, audits. Nothing if another one is at work.

    :raises NotAllowed: the actor may not write to customers everywhere.
    """
    check_everywhere(actor, Messages.SEND)
    done: Counter[str] = Counter()
    stuck: set[int] = set()
    with db.alone("campaigns.invite") as is_alone:
        while is_alone:
            first = None
            try:
                with db.scoped(actor):
                    waiting = RecallCar.objects.filter(
                        state=CarState.OPEN, is_approved=True, recall__state=Stands.RUNNING
                    )
                    rows = waiting.exclude(recall_id__in=stuck).order_by("recall_id", "outlet_id", "pk")
                    first = rows.select_related("recall").first()
                    if first is None:
                        break
                    batch = rows.filter(recall_id=first.recall_id, outlet_id=first.outlet_id)[:BATCH]
                    done += _step(actor, first.recall, first.outlet_id, [row.pk for row in batch], now())
            except DomainError:
                if first is None:
                    raise
                stuck.add(first.recall_id)
    return done


def _step(
    actor: Actor, row: Recall, outlet_id: int | None, ids: Sequence[int], at: datetime.datetime
) -> Counter[str]:  # fmt: skip
    found: list[Found] = list(Query(REACH, _values(row, ids, at)).rows())
    open_ones = [car for car in found if car["obstacle"] == "" and outlet_id is not None]
    if open_ones and outlet_id is not None:
        if row.is_written:
            open_ones = _write(actor, row, outlet_id, open_ones, at)
        else:
            _ask(actor, row, outlet_id, open_ones, at, KINDS[Channel(row.channel)])
    invited = {car["id"] for car in open_ones}
    RecallCar.objects.filter(pk__in=invited).update(state=CarState.INVITED, since=at, invited_at=at)
    missed = [car for car in found if car["id"] not in invited]
    RecallCar.objects.filter(pk__in=[car["id"] for car in missed]).update(state=CarState.UNREACHABLE, since=at)
    if missed and outlet_id is not None:
        _ask(actor, row, outlet_id, missed, at, CHASE)
    counts = {"invited": len(invited), "unreachable": len(missed)}
    _audit(actor, "campaigns.invite_owners", row, outlet_id, **counts)
    return Counter(counts)


def _values(row: Recall, ids: Sequence[int], at: datetime.datetime) -> dict[str, object]:
    is_exempt = row.is_safety and not row.is_written
    asked = {"ids": list(ids), "purpose": Purpose.SERVICE.value, "is_exempt": is_exempt, "today": clock.day_of(at)}
    return reaching.parameters(row.channel, "") | asked


def _write(
    actor: Actor, row: Recall, outlet_id: int, found: Sequence[Found], at: datetime.datetime
) -> list[Found]:  # fmt: skip
    """Write to the owners; return the cars of those who are."""
    people = {car["customer_id"] for car in found}
    queueing.queue_messages(
        actor=actor, template=row.template, node_id=outlet_id, customer_ids=people, key=row.key, at=at
    )
    written = Message.objects.filter(key=row.key, reason="", customer_id__in=people)
    reached = set(written.values_list("customer_id", flat=True))
    return [car for car in found if car["customer_id"] in reached]


def _ask(
    actor: Actor, row: Recall, outlet_id: int, found: Sequence[Found], at: datetime.datetime, kind: str
) -> None:  # fmt: skip
    ids = [car["customer_id"] for car in found if car["customer_id"]]
    names = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "name"))
    named = cars.named(car["vehicle_id"] for car in found)
    tasks = [_task(row, outlet_id, car, names, str(named.get(car["vehicle_id"], "")), at, kind) for car in found]
    adding.add_tasks(actor=actor, tasks=tasks, at=at)


def _task(
    row: Recall, outlet_id: int, car: Found, names: Mapping[int, str], plate: str, at: datetime.datetime, kind: str
) -> adding.NewTask:
    who = car["customer_id"]
    return adding.NewTask(
        kind=kind, key=row.key_of(car["vehicle_id"], "chase" if kind == CHASE else "invite"), node_id=outlet_id,
        role=row.role_id, reason=CHASED if kind == CHASE else REASON, due=Term(days=WORK_DAYS), opens_at=at,
        expires_at=at + 2 * LASTS, subject_type="customer" if who else "", subject_id=who or None,
        subject_label=f"{names.get(who, '')} {plate}".strip()[:160], priority=2 if row.is_safety else 3,
        values={"what": row.name, "words": row.about, "cars": [car["vehicle_id"]], "recall": row.pk},
    )  # fmt: skip


def follow_owner(
    *, actor: Actor, recall_id: int, vehicle_id: int, ending: tuple[str, str], at: datetime.datetime
) -> bool:
    """Move a car on by how the task about its owner ended (state, outcome): locks, writes, audits; whoever was not
    reached by the invitation is chased. Return whether it moved.

    :raises NotAllowed: the actor may not write to customers everywhere.
    """
    check_everywhere(actor, Messages.SEND)
    state, outcome = ending
    wanted = AFTER.get(Result(outcome)) if state == State.DONE and outcome in Result.values else None
    if state in {State.SKIPPED, State.EXPIRED}:
        wanted = CarState.UNREACHABLE
    with db.atomic():
        rows = RecallCar.objects.select_related("recall").select_for_update(of=("self",))
        row = rows.filter(recall_id=recall_id, vehicle_id=vehicle_id).exclude(state=CarState.DONE).first()
        if row is None or wanted is None or row.state == wanted:
            return False
        was, row.state, row.since = row.state, wanted, at
        row.save(update_fields=["state", "since"])
        if wanted == CarState.UNREACHABLE and row.outlet_id and row.recall.state == Stands.RUNNING:
            found = {"vehicle_id": vehicle_id, "customer_id": row.customer_id or 0}
            _ask(actor, row.recall, row.outlet_id, [found], at, CHASE)
        _audit(actor, "campaigns.follow_owner", row.recall, row.outlet_id, vehicle=vehicle_id, was=was, state=wanted)
    return True


def _audit(actor: Actor, verb: str, row: Recall, outlet_id: int | None, **after: object) -> None:
    records.audit(
        actor=actor, verb=verb, subject_type=SUBJECT, subject_id=row.pk, subject_label=row.name, node_id=outlet_id,
        after=after,
    )  # fmt: skip
