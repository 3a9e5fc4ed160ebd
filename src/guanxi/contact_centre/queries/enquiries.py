"""Reads of enquiries: who calls, the list, one of them, what to choose from, how many were resolved at once."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.models import Enquiry, EnquiryCategory
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.states import OPEN, EnquiryState
from guanxi.customers import queries as customers
from guanxi.customers.models import ContactPoint, Customer, Relation
from guanxi.customers.states import Channel, PointState
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Invalid, NotFound, Text
from guanxi.foundation.values import phones
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.network.states import Kind
from guanxi.vehicles.models import Vehicle
from guanxi.vehicles.queries import cars

MOST_CALLERS, MOST_OUTLETS = 20, 500
PHONES = (Channel.MOBILE, Channel.LANDLINE)


@dataclass(frozen=True)
class Caller:
    """A customer who has a number, with what tells him from others who have it too: his cars and outlets."""

    customer: Customer
    cars: list[Vehicle]
    relations: list[Relation]
    is_wrong: bool = False

    @property
    def outlets(self) -> str:
        return "、".join(relation.outlet.name for relation in self.relations)


def read_numbers(text: str) -> list[str]:
    """Return the telephone numbers in a typed text, in the form in which they are kept."""
    read = phones.clean(text).value
    return [] if read is None else [number for number in (read.mobile, read.landline, *read.more) if number]


def numbers(text: str) -> list[str]:
    """Return the telephone numbers in a typed text, in the form in which they are kept.

    :raises Invalid: there is none.
    """
    found = read_numbers(text)
    if not found:
        raise Invalid(_("This is no telephone number."), field="number")
    return found


def callers(actor: Actor, number: str) -> list[Caller]:
    """Return the customers in sight who have a telephone number, in whatever spelling it was typed: the whole number,
    never the end of one, a landline also without its area code. Six queries.

    :raises Invalid: this is no telephone number.
    """
    typed = numbers(number)
    keys = {pk for one in typed for pk in customers.found(actor, one, MOST_CALLERS)}
    states = {
        pk: point.state for pk, held in customers.points(keys).items() for point in held if _is_one_of(point, typed)
    }
    rows = customers.visible_to(actor).filter(pk__in=states).order_by("reading", "pk")
    owned, relations = cars.held_by(states), defaultdict[int, list[Relation]](list)
    for relation in customers.relations(actor, states):
        relations[relation.customer_id].append(relation)
    return [Caller(row, owned.get(row.pk, []), relations[row.pk], states[row.pk] == PointState.WRONG) for row in rows]


def _is_one_of(point: ContactPoint, typed: Sequence[str]) -> bool:
    return point.channel in PHONES and any(point.value == one or point.value.endswith(f"-{one}") for one in typed)


def caller(actor: Actor, customer_id: int) -> Caller:
    """Return one visible customer as a caller; five queries.

    :raises NotFound: there is none, or not for this actor.
    """
    row = customers.customer(actor, customer_id)
    return Caller(row, cars.held_by([row.pk]).get(row.pk, []), customers.relations(actor, [row.pk]))


def visible_to(actor: Actor) -> QuerySet[Enquiry]:
    """Return the enquiries about outlets where the actor may see them, and those taken where he may."""
    where = actor.where(Verb.VIEW_ENQUIRIES)
    if where is None:
        return Enquiry.objects.all()
    return Enquiry.objects.filter(Q(db.among("outlet_id", where)) | Q(db.among("place_id", where)))


def enquiry(actor: Actor, pk: int) -> Enquiry:
    """Return one visible enquiry with its category and department.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("category", "department__role").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def of_customer(actor: Actor, customer_id: int, limit: int) -> list[Enquiry]:
    """Return the newest enquiries of a customer; one query."""
    rows = visible_to(actor).filter(customer_id=customer_id).select_related("category", "department")
    return list(rows.order_by("-taken_at", "-pk")[:limit])


def from_number(actor: Actor, number: str, limit: int) -> list[Enquiry]:
    """Return the newest enquiries of people without a record who called from a number; one query."""
    rows = visible_to(actor).filter(number__in=read_numbers(number), customer__isnull=True)
    return list(rows.exclude(number="").select_related("category", "department").order_by("-taken_at", "-pk")[:limit])


def categories() -> list[EnquiryCategory]:
    """Return the categories in use, by angle; one query."""
    return list(EnquiryCategory.objects.filter(is_active=True).order_by("angle", "code"))


def topics() -> list[tuple[str, str]]:
    """Return the categories to choose from, with whose matter each is; one query."""
    return [(row.pk, f"{row.get_angle_display()} · {row.name}") for row in categories()]


def outlets(actor: Actor, day: datetime.date) -> Sequence[tuple[str, Text]]:
    """Return the open outlets about which the actor may take an enquiry; one query."""
    where = actor.where(Verb.TAKE_ENQUIRY)
    rows = network.open_on(network.visible_to(actor), day).filter(kind=Kind.OUTLET)
    rows = rows if where is None else rows.filter(db.among("id", where))
    return [(str(row.pk), row.name) for row in rows.order_by("code")[:MOST_OUTLETS]]


def places(actor: Actor, day: datetime.date) -> Sequence[tuple[str, Text]]:
    """Return the branches and outlets by which enquiries are narrowed; one query."""
    where = actor.where(Verb.VIEW_ENQUIRIES)
    rows = network.open_on(network.visible_to(actor), day).filter(kind__in=[Kind.BRANCH, Kind.OUTLET])
    rows = rows if where is None else rows.filter(db.among("id", where))
    return [(str(row.pk), row.name) for row in rows.order_by("kind", "code")[:MOST_OUTLETS]]


def at_or_below(place_id: int, day: datetime.date) -> Q:
    """Return the condition that an enquiry is about this place or one below it."""
    below = network.under(Node.objects.all(), place_id, day)
    return Q(outlet_id=place_id) | Q(outlet_id__in=below.values("pk"))


@dataclass(frozen=True)
class Asked:
    """Of which enquiries the figures are asked for: taken from a moment to another, at a place and below."""

    first: datetime.datetime
    last: datetime.datetime
    place_id: int | None = None


@dataclass(frozen=True)
class Line:
    """The figures of one category or outlet: of ``taken`` enquiries ``at_once`` were resolved in the first contact."""

    code: str
    name: str
    taken: int
    at_once: int
    open: int
    overdue: int

    @property
    def share(self) -> int | None:
        """How many of a hundred that were taken were resolved in the first contact."""
        return round(100 * self.at_once / self.taken) if self.taken else None


def asked_for(actor: Actor, asked: Asked, day: datetime.date) -> QuerySet[Enquiry]:
    """Return the visible enquiries asked for."""
    rows = visible_to(actor).filter(taken_at__gte=asked.first, taken_at__lt=asked.last)
    return rows if asked.place_id is None else rows.filter(at_or_below(asked.place_id, day))


def figures(rows: QuerySet[Enquiry], by: str, at: datetime.datetime) -> dict[Any, Line]:
    """Return the figures by ``category_id`` or ``outlet_id``, the most first, as yet without names; one query."""
    counted = rows.values(by).annotate(
        taken=Count("pk"),
        at_once=Count("pk", filter=Q(is_first_contact=True)),
        open=Count("pk", filter=Q(state__in=OPEN)),
        overdue=Count("pk", filter=Q(state=EnquiryState.WITH_DEPARTMENT, due_at__lt=at)),
    )
    numbers = ("taken", "at_once", "open", "overdue")
    return {
        row[by]: Line(str(row[by] or ""), "", **{name: row[name] for name in numbers})
        for row in counted.order_by("-taken", by)
    }


def summed(lines: Iterable[Line]) -> Line:
    """Return the figures of several lines together."""
    held = list(lines)
    return Line(
        "", "", sum(line.taken for line in held), sum(line.at_once for line in held),
        sum(line.open for line in held), sum(line.overdue for line in held),
    )  # fmt: skip
