"""Reads of those who help on the road: who is near and able, and the four measures of each (RESC-05)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet

from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound, Text
from guanxi.network import queries as network
from guanxi.network.models import Node, OpeningHours
from guanxi.network.states import Kind
from guanxi.rescue import policy
from guanxi.rescue.models import Dispatch, Provider, Rescue, Terms
from guanxi.rescue.permissions import Verb
from guanxi.rescue.states import Inability, Sending

HELPERS = (Kind.OUTLET, Kind.PARTNER)
MOST, MOST_PLACES, MINUTE = 3000, 500, 60
ACCEPTED = (Sending.ACCEPTED, Sending.ARRIVED, Sending.FINISHED, Sending.FAILED)


@dataclass(frozen=True)
class Candidate:
    """Somebody who might be sent: how far, how soon, or why not. ``straight_km`` is None without both positions."""

    row: Provider
    straight_km: float | None
    road_km: int | None
    minutes: int | None
    inability: Inability | None

    @property
    def reason(self) -> Text:
        return self.inability.label if self.inability else ""


def all_of(day: datetime.date) -> QuerySet[Provider]:
    """Return the providers in use whose place exists on a day, as far as whoever asks sees the place."""
    places = network.open_on(Node.objects.all(), day).values("pk")
    return Provider.objects.filter(is_active=True, node_id__in=places).select_related("node")


def visible_to(actor: Actor) -> QuerySet[Provider]:
    """Return the providers that an actor sees in the list: those where he sees rescues."""
    where = actor.where(Verb.VIEW)
    rows = Provider.objects.select_related("node")
    return rows if where is None else rows.filter(db.among("node_id", where))


def provider(actor: Actor, pk: int) -> Provider:
    """Return one visible provider.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _open_at(at: datetime.datetime) -> set[int]:
    """Return the places whose service desk is open at a moment; one query."""
    here = clock.local(at)
    rows = OpeningHours.objects.filter(
        desk=OpeningHours.Desk.SERVICE, weekday=here.weekday(), opens__lte=here.time(), closes__gt=here.time()
    )
    return set(rows.values_list("node_id", flat=True))


def candidates(row: Rescue, terms: Terms, at: datetime.datetime) -> list[Candidate]:
    """Return who might be sent to a rescue: those who can, the nearest first, then those who cannot; three queries."""
    tried = set(row.dispatches.exclude(state=Sending.RECALLED).values_list("provider_id", flat=True))
    is_open = _open_at(at)
    found = [_candidate(row, one, terms, is_open, tried) for one in all_of(clock.day_of(at))[:MOST]]
    return sorted(found, key=lambda one: (one.inability is not None, one.road_km is None, one.road_km or 0, one.row.pk))


def _candidate(row: Rescue, one: Provider, terms: Terms, is_open: set[int], tried: set[int]) -> Candidate:
    straight = _straight(row, one)
    road = None if straight is None else policy.by_road(straight)
    able = policy.Able(
        one.helps, one.is_day_and_night or one.pk in is_open, one.radius_km, road, one.pk in tried
    )  # fmt: skip
    soon = None if road is None else policy.minutes(road, kmh=terms.speed_kmh, ready=terms.ready_minutes)
    return Candidate(one, straight, road, soon, policy.inability(able, row.help_id))


def _straight(row: Rescue, one: Provider) -> float | None:
    if row.latitude is None or row.longitude is None or one.latitude is None or one.longitude is None:
        return None
    return policy.distance(float(row.latitude), float(row.longitude), float(one.latitude), float(one.longitude))


def places(actor: Actor, verb: str, day: datetime.date) -> Sequence[tuple[str, Text]]:
    """Return the outlets and partners at which an actor may do something; one query."""
    where = actor.where(verb)
    rows = network.open_on(network.visible_to(actor), day).filter(kind__in=HELPERS)
    if where is not None:
        rows = rows.filter(db.among("id", where))
    return [(str(row.pk), row.name) for row in rows.order_by("kind", "code")[:MOST_PLACES]]


def workshops(day: datetime.date) -> Sequence[tuple[str, Text]]:
    """Return the outlets to which a car may be towed: every workshop that is open on a day; one query.

    Row-level security leaves those that whoever asks may see by name.
    """
    rows = network.open_on(Node.objects.filter(kind=Kind.OUTLET, profile__serves=True), day)
    return [(str(row.pk), row.name) for row in rows.order_by("code")[:MOST_PLACES]]


@dataclass(frozen=True)
class Measures:
    """The four measures of a provider: what it accepted of what it was sent, how soon it came, in time, complaints."""

    provider_id: int
    name: str
    sent: int
    accepted: int
    arrived: int
    in_time: int
    minutes: float | None
    complaints: int

    @property
    def acceptance(self) -> int | None:
        return round(100 * self.accepted / self.sent) if self.sent else None

    @property
    def punctuality(self) -> int | None:
        return round(100 * self.in_time / self.arrived) if self.arrived else None


def measures(actor: Actor, first: datetime.datetime, last: datetime.datetime) -> list[Measures]:
    """Return the measures of each provider over the sendings of some days, the most sent first; two queries.

    What was recalled or still waits for an answer does not count. Minutes run from the sending to the arrival.
    """
    where = actor.where(Verb.VIEW)
    rows = Dispatch.objects.filter(sent_at__gte=first, sent_at__lt=last).exclude(
        state__in=[Sending.RECALLED, Sending.SENT]
    )
    if where is not None:
        rows = rows.filter(Q(db.among("provider_id", where)) | Q(db.among("rescue__place_id", where)))
    took = ExpressionWrapper(F("arrived_at") - F("sent_at"), output_field=DurationField())
    counted = rows.values("provider_id").annotate(
        sent=Count("pk"),
        accepted=Count("pk", filter=Q(state__in=ACCEPTED)),
        arrived=Count("pk", filter=Q(arrived_at__isnull=False)),
        in_time=Count("pk", filter=Q(arrived_at__isnull=False, arrived_at__lte=F("eta_at"))),
        took=Avg(took),
        complaints=Count("pk", filter=Q(is_complaint=True)),
    )
    held = list(counted.order_by("-sent", "provider_id"))
    names = {node.pk: node.name for node in Node.objects.filter(pk__in=[row["provider_id"] for row in held])}
    return [
        Measures(
            row["provider_id"], names.get(row["provider_id"], ""), row["sent"], row["accepted"], row["arrived"],
            row["in_time"], row["took"].total_seconds() / MINUTE if row["took"] else None, row["complaints"],
        )
        for row in held
    ]  # fmt: skip
