"""What to choose from when a complaint is taken in or handled, and who could handle it."""

import datetime
from collections.abc import Iterable, Sequence

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Membership
from guanxi.access.queries import current
from guanxi.codelists import queries as codelists
from guanxi.complaints import policy
from guanxi.complaints.models import Category, Cause, Process, Sign
from guanxi.complaints.permissions import Verb
from guanxi.complaints.policy import Candidate
from guanxi.complaints.states import Caused
from guanxi.customers import queries as customers
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM, Actor
from guanxi.foundation.errors import Conflict, Text
from guanxi.network import queries as network
from guanxi.network.models import Ancestry
from guanxi.network.states import Kind
from guanxi.vehicles.models import Participant
from guanxi.vehicles.queries import cars
from guanxi.worklist.queries import people

MOST_OUTLETS, CHANNELS, DESKS, SYSTEMS = 500, "contact_channels", "outside_desks", "car_systems"


def signs() -> list[policy.Sign]:
    """Return by what a crisis is known; one query."""
    return [row.rule for row in Sign.objects.filter(is_active=True).order_by("code")]


def names_of_signs() -> dict[str, str]:
    """Return what kinds of crisis are called; one query."""
    return {row.pk: row.name for row in Sign.objects.all()}


def process_for(*, angle: str, channel: str, signs: Iterable[str]) -> Process:
    """Return the process of a complaint; one query.

    :raises Conflict: none is there for it.
    """
    rows = {row.pk: row for row in Process.objects.filter(is_active=True)}
    code = policy.choose_process((row.fits for row in rows.values()), angle=angle, channel=channel, signs=signs)
    if code is None:
        raise Conflict(_("No process for such a complaint is in force; apply the base preset."))
    return rows[code]


def categories() -> Sequence[tuple[str, Text]]:
    """Return the categories to choose from, those below another one indented after it; one query."""
    rows = list(Category.objects.filter(is_active=True).order_by("position", "code"))
    below: dict[str | None, list[Category]] = {}
    for row in rows:
        below.setdefault(row.under_id, []).append(row)

    def walk(under: str | None, depth: int) -> Iterable[tuple[str, Text]]:
        for row in below.get(under, ()):
            yield row.pk, f"{'　' * depth}{row.name}"
            yield from walk(row.pk, depth + 1)

    return list(walk(None, 0))


def causes() -> Sequence[tuple[str, Text]]:
    """Return the causes to choose from, each with its kind; one query."""
    kinds = dict(Caused.choices)
    order = {kind: number for number, kind in enumerate(Caused.values)}
    rows = sorted(Cause.objects.filter(is_active=True), key=lambda row: (order[row.kind], row.position, row.pk))
    return [(row.pk, f"{kinds[row.kind]} · {row.name}") for row in rows]


def desks(day: datetime.date) -> Sequence[tuple[str, Text]]:
    """Return the outside desks to choose from, through which complaints come; one query."""
    return [(item.code, item.name) for item in codelists.codes(SYSTEM, DESKS, day)]


def systems(day: datetime.date) -> Sequence[tuple[str, Text]]:
    """Return the systems of a car to choose from, in which a fault may be; one query."""
    return [(item.code, item.name) for item in codelists.codes(SYSTEM, SYSTEMS, day)]


def names_of_systems(day: datetime.date) -> dict[str, str]:
    """Return what the systems of a car are called; one query."""
    return {code: label.name for code, label in codelists.labels(SYSTEMS, day).items()}


def channels(day: datetime.date) -> Sequence[tuple[str, Text]]:
    """Return the channels to choose from; one query."""
    return [(item.code, item.name) for item in codelists.codes(SYSTEM, CHANNELS, day)]


def desk_name(code: str, day: datetime.date) -> str:
    """Return what an outside desk is called; one query, none without one."""
    found = codelists.label(DESKS, code, day) if code else None
    return found.name if found else code


def channel_name(code: str, day: datetime.date) -> str:
    """Return what a channel is called; one query."""
    found = codelists.label(CHANNELS, code, day)
    return found.name if found else code


def outlets(actor: Actor, day: datetime.date, verb: Verb = Verb.OPEN) -> Sequence[tuple[str, Text]]:
    """Return the open outlets for which the actor may take a complaint in, or do something else; one query."""
    where = actor.where(verb)
    rows = network.open_on(network.visible_to(actor), day).filter(kind=Kind.OUTLET)
    if where is not None:
        rows = rows.filter(db.among("id", where))
    return [(str(row.pk), row.name) for row in rows.order_by("code")[:MOST_OUTLETS]]


def outlet_of(actor: Actor, customer_id: int) -> int | None:
    """Return the outlet whose customer somebody is, as far as the actor sees, the newest relation first."""
    held = sorted(customers.relations(actor, [customer_id]), key=lambda row: row.since, reverse=True)
    return held[0].outlet_id if held else None


def cars_of(actor: Actor, customer_id: int, day: datetime.date) -> Sequence[tuple[str, Text]]:
    """Return the cars of a visible customer to choose from; two queries."""
    if not customers.visible_to(actor).filter(pk=customer_id).exists():
        return []
    held = Participant.objects.filter(Q(until=None) | Q(until__gt=day), customer_id=customer_id)
    found = cars.named(held.values_list("vehicle_id", flat=True))
    return [(str(pk), str(named)) for pk, named in sorted(found.items())]


def _members(outlet_id: int, day: datetime.date, verb: str) -> Sequence[tuple[int, str, str]]:
    """Return who holds a verb at an outlet or in its departments: number, name and role; one query."""
    here = Ancestry.objects.filter(ancestor_id=outlet_id, during__contains=day).values("descendant_id")
    rows = Membership.objects.filter(node_id__in=here, role__verbs__contains=[str(verb)])
    rows = current(rows, day).filter(user__is_active=True, user__kind="PERSON", role__is_current=True)
    return list(rows.annotate(name=F("user__name")).values_list("user_id", "name", "role_id").order_by("name", "pk"))


def candidates(outlet_id: int, day: datetime.date, verb: str = Verb.HANDLE) -> list[tuple[Candidate, str]]:
    """Return who could handle a complaint of an outlet, or do something else about it, with his name; three queries."""
    db.widen(outlet_id)
    rows = _members(outlet_id, day, verb)
    loads = people.loads({pk for pk, _name, _role in rows})
    away = {item.person for item in people.away(day)}
    return [(Candidate(pk, role, loads[pk], pk in away), name) for pk, name, role in rows]


def handlers(outlet_id: int, day: datetime.date) -> dict[int, str]:
    """Return the names of those who may handle complaints of an outlet; one query."""
    return {pk: name for pk, name, _role in _members(outlet_id, day, Verb.HANDLE)}
