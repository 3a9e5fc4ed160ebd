"""Reads of the contact centre: scripts, calls as each may see them, and the tasks that are calls."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import User
from guanxi.contact_centre.models import Call, Script, Terms
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.policy import scripts
from guanxi.contact_centre.states import Means
from guanxi.customers import queries as customers
from guanxi.customers.models import ContactPoint, Customer
from guanxi.customers.states import Channel, PointState
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, NotFound
from guanxi.foundation.tables import parse_date_or_none
from guanxi.network.models import Ancestry, Node
from guanxi.vehicles.models import Vehicle
from guanxi.vehicles.queries import cars
from guanxi.verification.queries import record
from guanxi.worklist import states as worklist
from guanxi.worklist.models import Task
from guanxi.worklist.permissions import Verb as Work
from guanxi.worklist.queries import tasks

CUSTOMER = "customer"
PHONES = (Channel.MOBILE, Channel.LANDLINE)
MOST_PLACES = 300
RECENT = datetime.timedelta(days=90)


def current() -> dict[str, Script]:
    """Return the last version of each script; one query."""
    return {row.code: row for row in Script.objects.filter(until__isnull=True)}


def newest_terms(source: str) -> Terms | None:
    return Terms.objects.filter(source=source).order_by("-since").first()


def terms_on(day: datetime.date) -> Terms:
    """Return the terms that hold on a day; those written last come first.

    :raises Conflict: none hold.
    """
    found = Terms.objects.filter(since__lte=day).order_by("-since", "-pk").first()
    if found is None:
        raise Conflict(_("No terms of the contact centre are in force; apply the base preset."))
    return found


def scripts_on(day: datetime.date) -> list[Script]:
    """Return the scripts that hold on a day; one query."""
    rows = Script.objects.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)
    return list(rows.order_by("code"))


def scripts_seen(actor: Actor, day: datetime.date) -> list[Script]:
    """Return the scripts that hold on a day, for reading.

    :raises NotAllowed: the actor may not see calls.
    """
    check(actor, Verb.VIEW)
    return scripts_on(day)


def script_for(task: Task, day: datetime.date) -> Script:
    """Return the script of a task: by the first of its rules that has one, its kind, else the plain one.

    :raises Conflict: there is none at all.
    """
    keys = [str(code) for code in task.values.get("rules", ())]
    found = scripts.choose(scripts_on(day), (*keys, task.kind))
    if found is None:
        raise Conflict(_("No call script is in force; apply the base preset."))
    return found


def call_kinds() -> list[str]:
    """Return the kinds of tasks that are done by telephone; each may be done as a face visit instead."""
    return [kind.key for kind in worklist.kinds().values() if kind.by_phone]


def visit_kinds() -> list[str]:
    """Return the kinds of tasks that ask for a face visit (FUP-02)."""
    return [kind.key for kind in worklist.kinds().values() if kind.in_person]


def means_of(task: Task | None, asked: str) -> str:
    """Return by which way a customer is followed up: as the task asks, else as was chosen, else by telephone."""
    if task is not None and worklist.kind(task.kind).in_person:
        return Means.VISIT
    return asked if asked in Means.values else Means.PHONE


def to_call(actor: Actor) -> QuerySet[Task]:
    """Return the calls and visits to customers at the places where the actor may call: also those that colleagues
    have, so that nobody is called twice.
    """
    where = actor.where(Verb.CALL)
    rows = Task.objects.filter(kind__in=[*call_kinds(), *visit_kinds()], subject_type=CUSTOMER)
    return rows if where is None else rows.filter(db.among("node_id", where))


def task_to_call(actor: Actor, task_id: int) -> Task:
    """Return one call that is to be made to a customer.

    :raises NotFound: there is none, or not for this actor.
    """
    check(actor, Verb.CALL)
    found = to_call(actor).filter(pk=task_id).first()
    if found is None:
        raise NotFound
    return found


def may_record(actor: Actor, task: Task) -> bool:
    """Say whether the actor may work on a task: his own, one that waits for his role, or one of his team."""
    if not task.is_live or not tasks.visible_to(actor).filter(pk=task.pk).exists():
        return False
    if task.owner_id is not None and task.owner_id == actor.user_id:
        return actor.can(Work.WORK)
    return actor.can(Work.WORK if task.owner_id is None else Work.ASSIGN, task.node_id)


def next_call(actor: Actor, at: datetime.datetime) -> Task | None:
    """Return the call that the actor should make next: of his own, then of those that wait for his role."""
    kinds = set(call_kinds())
    for rows in (tasks.mine(actor), tasks.pile(actor)):
        for row in rows:
            if row.kind in kinds and row.subject_type == CUSTOMER and max(row.opens_at, row.wake_at or at) <= at:
                return row
    return None


def phones(customer_id: int) -> list[ContactPoint]:
    """Return the numbers of a customer that may be called, the main one first; one query."""
    rows = customers.points([customer_id]).get(customer_id, [])
    usable = [row for row in rows if row.channel in PHONES and row.state != PointState.DO_NOT_CONTACT]
    return sorted(usable, key=lambda row: (row.state == PointState.WRONG, not row.is_primary))


def cars_of(task: Task) -> list[Vehicle]:
    """Return the cars that a task is about, as far as they are in sight; one query."""
    return list(cars.named(int(pk) for pk in task.values.get("cars", ())).values())


def verified_in(actor: Actor, task: Task, customer: Customer, day: datetime.date) -> record.Subject | None:
    """Return the record that a call verifies, if it is one that does."""
    keys = (*(str(code) for code in task.values.get("rules", ())), task.kind)
    car_ids = [int(pk) for pk in task.values.get("cars", ())]
    anchor = parse_date_or_none(str(task.values.get("day", "")))
    return record.subject_of(actor, record.Asked(keys, customer, car_ids, task.node_id, day, anchor))


def visible_to(actor: Actor) -> QuerySet[Call]:
    """Return the calls of the places where the actor may see calls."""
    where = actor.where(Verb.VIEW)
    return Call.objects.all() if where is None else Call.objects.filter(db.among("node_id", where))


def listed(actor: Actor) -> QuerySet[Call]:
    """Return the calls for a list: the actor's own, and those of the places whose team he may see."""
    rows, where = visible_to(actor), actor.where(Verb.VIEW_TEAM)
    if where is None:
        return rows
    own = Q(agent_id=actor.person_id)
    return rows.filter(own | Q(db.among("node_id", where))) if where else rows.filter(own)


def agents(actor: Actor, at: datetime.datetime, limit: int) -> list[tuple[int, str]]:
    """Return who called in the last 90 days, of the people and the calls in sight, by name; one query that looks into
    an index for each person, never through the calls.
    """
    recent = listed(actor).filter(agent_id=OuterRef("pk"), ended_at__gte=at - RECENT)
    people = User.objects.filter(Exists(recent), kind=User.Kind.PERSON).order_by("name", "pk")
    if actor.where(Verb.VIEW_TEAM) == frozenset():
        people = people.filter(pk=actor.person_id)
    return list(people.values_list("pk", "name")[:limit])


@dataclass(frozen=True)
class Sheet:
    """One call; the customer and the car, if they are still in sight."""

    call: Call
    place: str
    customer: Customer | None
    car: Vehicle | None


def sheet(actor: Actor, pk: int) -> Sheet:
    """Return one visible call; four queries.

    :raises NotFound: there is none, or not for this actor.
    """
    call = visible_to(actor).select_related("script").filter(pk=pk).first()
    if call is None:
        raise NotFound
    place = Node.objects.filter(pk=call.node_id).first()
    customer = Customer.objects.filter(pk=call.customer_id).first()
    car = cars.named([call.vehicle_id]).get(call.vehicle_id) if call.vehicle_id else None
    return Sheet(call, place.name if place else "", customer, car)


def of_customer(actor: Actor, customer_id: int, limit: int) -> list[Call]:
    """Return the newest calls to a customer that the actor may see; one query."""
    rows = visible_to(actor).filter(customer_id=customer_id).select_related("script")
    return list(rows.order_by("-ended_at", "-pk")[:limit])


def names_of_places(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of places as far as row-level security shows them; one query."""
    return {row.pk: row.name for row in Node.objects.filter(pk__in=set(ids))}


def places(actor: Actor) -> list[Node]:
    """Return the places whose team the actor may see, at most 300; one query."""
    where, rows = actor.where(Verb.VIEW_TEAM), Node.objects.filter(valid_to__isnull=True).order_by("code")
    return list((rows if where is None else rows.filter(db.among("pk", where)))[:MOST_PLACES])


def place_for(actor: Actor, outlet_id: int | None, day: datetime.date) -> int | None:
    """Return where the actor acts for an outlet: there if he belongs to it, else where he belongs; one query."""
    if actor.home_id is None or outlet_id is None:
        return actor.home_id or outlet_id
    above = {"ancestor_id": outlet_id, "descendant_id": actor.home_id, "during__contains": day}
    return outlet_id if Ancestry.objects.filter(**above).exists() else actor.home_id


def place_of_call(actor: Actor, customer_id: int, day: datetime.date) -> int:
    """Return where a call is made that no task asks for; two queries.

    :raises NotFound: the actor belongs nowhere, and the customer neither.
    """
    place = place_for(actor, outlet_of(actor, customer_id, 0) or None, day)
    if place is None:
        raise NotFound
    return place


def outlet_of(actor: Actor, customer_id: int, near: int) -> int:
    """Return where something is to be done for a customer: the place of the call if he is a customer there, else the
    first of his outlets at which the actor may write tasks, else the place of the call; one query.
    """
    held = [relation.outlet_id for relation in customers.relations(actor, [customer_id])]
    if near in held:
        return near
    return next((outlet for outlet in held if actor.can(Work.ADD_TASK, outlet)), near)
