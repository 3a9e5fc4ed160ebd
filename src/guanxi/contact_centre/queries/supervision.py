"""What a team is doing now: what each has on the table and did, how far the lists are. Counted, never listed."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Avg, Count, F, Max, Q, QuerySet

from guanxi.contact_centre.models import Call
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.queries.calls import call_kinds, visit_kinds
from guanxi.contact_centre.states import Disposition, Means, Outcome
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.network import queries as network
from guanxi.network.models import Ancestry, Node
from guanxi.network.states import Kind
from guanxi.worklist import states as worklist
from guanxi.worklist.models import Task
from guanxi.worklist.queries import tasks
from guanxi.worklist.states import LIVE, Result, State

WEEK, MONTH = datetime.timedelta(days=7), datetime.timedelta(days=30)
MOST_PLACES, MOST_LINES = 500, 300
CALLED = Q(means=Means.PHONE)
REACHED = (Result.REACHED, Result.APPOINTMENT, Result.DONE)


@dataclass(frozen=True)
class Agent:
    """What somebody has on the table, and what came of his calls: today, and in seven days up to now."""

    pk: int
    name: str
    open: int = 0
    late: int = 0
    today: int = 0
    week: int = 0
    reached: int = 0
    minutes: float | None = None
    visits: int = 0

    @property
    def share(self) -> int | None:
        """How many of a hundred calls of seven days reached the customer."""
        return round(100 * self.reached / self.week) if self.week else None


@dataclass(frozen=True)
class ByWay:
    """What came of the contacts of thirty days by one way (FUP-02)."""

    means: Text
    made: int
    reached: int
    complete: int
    refused: int

    @property
    def share(self) -> int | None:
        """How many of a hundred reached the customer."""
        return round(100 * self.reached / self.made) if self.made else None


@dataclass(frozen=True)
class Progress:
    """How far the calls of one kind are at one place: of those due in thirty days up to tonight."""

    kind: Text
    place: str
    due: int
    done: int
    reached: int
    overdue: int

    @property
    def share(self) -> int | None:
        """How many of a hundred that were due are done."""
        return round(100 * self.done / self.due) if self.due else None


def places(actor: Actor, day: datetime.date) -> list[Node]:
    """Return the open places whose team the actor may see, without their departments; one query."""
    where = actor.where(Verb.VIEW_TEAM)
    rows = network.open_on(network.visible_to(actor), day).exclude(kind__in=[Kind.UNIT, Kind.PARTNER])
    rows = rows if where is None else rows.filter(db.among("pk", where))
    return list(rows.order_by("code")[:MOST_PLACES])


def _at(place_id: int, day: datetime.date) -> Q:
    """Return the condition that something lies at a place or below it."""
    return Q(node_id__in=Ancestry.objects.filter(ancestor_id=place_id, during__contains=day).values("descendant_id"))


def _led(actor: Actor) -> Q:
    """Return the condition that something lies where the actor may see the team."""
    where = actor.where(Verb.VIEW_TEAM)
    return Q() if where is None else Q(db.among("node_id", where))


def calls_of(actor: Actor, place_id: int, day: datetime.date) -> QuerySet[Call]:
    """Return the calls of the team at a place and below."""
    return Call.objects.filter(_at(place_id, day), _led(actor))


def _to_do(actor: Actor, place_id: int, day: datetime.date, kinds: Iterable[str]) -> QuerySet[Task]:
    return Task.objects.filter(_at(place_id, day), _led(actor), kind__in=list(kinds))


def by_way(actor: Actor, place_id: int, at: datetime.datetime) -> list[ByWay]:
    """Return what came of the contacts of thirty days at a place and below, calls and face visits apart; one query."""
    rows = calls_of(actor, place_id, clock.day_of(at)).filter(ended_at__gt=at - MONTH, ended_at__lte=at)
    counted = rows.values("means").order_by("means").annotate(
        made=Count("pk"), reached=Count("pk", filter=Q(outcome=Outcome.REACHED)),
        complete=Count("pk", filter=Q(disposition=Disposition.COMPLETE)),
        refused=Count("pk", filter=Q(outcome=Outcome.REFUSED)),
    )  # fmt: skip
    return [
        ByWay(Means(row["means"]).label, row["made"], row["reached"], row["complete"], row["refused"])
        for row in counted
    ]


def agents(actor: Actor, place_id: int, at: datetime.datetime, today: datetime.datetime) -> list[Agent]:
    """Return who has calls to make at a place and below, or made some in seven days, by name; nobody yet comes first.
    Three queries, whatever the number of calls; ``today`` is the first moment of the day.
    """
    day = clock.day_of(today)
    held = _to_do(actor, place_id, day, call_kinds()).filter(state__in=LIVE, opens_at__lte=at)
    lines = {
        row["owner_id"] or 0: Agent(row["owner_id"] or 0, "", row["open"], row["late"])
        for row in held.values("owner_id")
        .order_by()
        .annotate(open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at)))
    }
    made = calls_of(actor, place_id, day).filter(ended_at__gt=at - WEEK, ended_at__lte=at, agent_id__isnull=False)
    counted = made.values("agent_id").order_by().annotate(
        name=Max("agent_name"), week=Count("pk", filter=CALLED), visits=Count("pk", filter=~CALLED),
        today=Count("pk", filter=CALLED & Q(ended_at__gte=today)),
        reached=Count("pk", filter=CALLED & Q(outcome=Outcome.REACHED)),
        took=Avg(F("ended_at") - F("started_at"), filter=CALLED),
    )  # fmt: skip
    for row in counted:
        pk = row["agent_id"] or 0
        lines[pk] = replace(
            lines.get(pk, Agent(pk, "")), name=row["name"], week=row["week"], today=row["today"],
            reached=row["reached"], minutes=row["took"].total_seconds() / 60 if row["took"] is not None else None,
            visits=row["visits"],
        )  # fmt: skip
    return _named(lines.values())


def _named(lines: Iterable[Agent]) -> list[Agent]:
    held = list(lines)
    names = tasks.names(line.pk for line in held if not line.name)
    found = [line if line.name else replace(line, name=names.get(line.pk, "")) for line in held]
    return sorted(found, key=lambda line: (line.pk != 0, line.name, line.pk))


def progress(actor: Actor, place_id: int, at: datetime.datetime, tonight: datetime.datetime) -> list[Progress]:
    """Return how far each kind of calls and visits is at each place, the most overdue first; two queries."""
    kinds = [*call_kinds(), *visit_kinds()]
    rows = _to_do(actor, place_id, clock.day_of(at), kinds).filter(due_at__gt=at - MONTH, due_at__lte=tonight)
    counted = rows.values("kind", "node_id").annotate(
        due=Count("pk"), done=Count("pk", filter=Q(state=State.DONE)),
        reached=Count("pk", filter=Q(state=State.DONE, outcome__in=REACHED)),
        overdue=Count("pk", filter=Q(state__in=LIVE, due_at__lt=at)),
    )  # fmt: skip
    held = list(counted.order_by("-overdue", "-due", "kind", "node_id")[:MOST_LINES])
    names = network.names(actor, {row["node_id"] for row in held})
    return [
        Progress(
            worklist.kind(row["kind"]).label, names.get(row["node_id"], ""), row["due"], row["done"], row["reached"],
            row["overdue"],
        )
        for row in held
    ]  # fmt: skip
