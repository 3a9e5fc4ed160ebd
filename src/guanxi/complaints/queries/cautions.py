"""Reads of cautions: the list, one with its steps, those in force about a customer, who and where to choose from."""

import datetime
from collections.abc import Sequence

from django.db.models import Max, QuerySet

from guanxi.access.models import Role
from guanxi.complaints.models import Caution, CautionStep, Complaint
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import choosing
from guanxi.complaints.states import CAUTION_OPEN, CautionState, Kind
from guanxi.customers import queries as customers
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound, Text
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.network.states import Kind as Place

SUBJECT = "complaints.caution"
MOST = 5  # complaints that are named when a rule proposes a caution


def visible_to(actor: Actor) -> QuerySet[Caution]:
    """Return the cautions of places where the actor may see them."""
    rows, where = Caution.objects.all(), actor.where(Verb.VIEW_CAUTIONS)
    return rows if where is None else rows.filter(db.among("place_id", where))


def caution(actor: Actor, pk: int) -> Caution:
    """Return one visible caution with its place.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("place").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def steps(row: Caution) -> list[CautionStep]:
    """Return what was said and decided about a visible caution, the newest first; one query."""
    return list(row.steps.order_by("-at", "-pk"))


def in_force(actor: Actor, customer_id: int) -> list[Caution]:
    """Return the cautions in force about a customer, for everybody who sees him; one query.

    They hold the plan and the owner; what was said stands in the steps.
    """
    seen = customers.visible_to(actor).filter(pk=customer_id)
    return list(Caution.objects.filter(customer__in=seen, state=CautionState.IN_FORCE).order_by("pk"))


def open_at(customer_id: int, place_id: int) -> Caution | None:
    """Return the caution about a customer at a place that is proposed or in force; one query."""
    return Caution.objects.filter(customer_id=customer_id, place_id=place_id, state__in=CAUTION_OPEN).first()


def of_customer(actor: Actor, customer_id: int) -> list[Caution]:
    """Return the cautions about a customer that are proposed or in force, as far as the actor reads them; one query."""
    return list(visible_to(actor).filter(customer_id=customer_id, state__in=CAUTION_OPEN).order_by("-pk"))


def places(actor: Actor, customer_id: int, about: Complaint | None = None) -> Sequence[tuple[str, Text]]:
    """Return where the actor may propose a caution about a visible customer: at his own call centre, at the outlets of
    the customer, and where he complained; three queries at most.
    """
    day = clock.today()
    found = {row.outlet_id for row in customers.relations(actor, [customer_id])}
    found |= {about.outlet_id} if about is not None else set()
    centres = network.open_on(network.visible_to(actor), day).filter(kind=Place.CALL_CENTRE)
    found |= set(centres.filter(pk=actor.home_id or 0).values_list("pk", flat=True))
    held = [pk for pk in sorted(found) if actor.can(Verb.PROPOSE_CAUTION, pk)]
    names = network.names(actor, held)
    return [(str(pk), names[pk]) for pk in held if pk in names]


def owners(place_id: int, day: datetime.date) -> dict[int, str]:
    """Return the names of those who may own a caution of a place: who reads cautions there; three queries."""
    return {item.person_id: name for item, name in choosing.candidates(place_id, day, Verb.VIEW_CAUTIONS)}


def reviewing_roles(place_id: int) -> list[str]:
    """Return the roles that review cautions at a place, in the order of the roles; two queries."""
    kind = Node.objects.values_list("kind", flat=True).get(pk=place_id)
    rows = Role.objects.filter(
        is_current=True, verbs__contains=[str(Verb.REVIEW_CAUTION)], kinds__contains=[kind]
    )  # fmt: skip
    return list(rows.order_by("position", "code").values_list("pk", flat=True))


def complained(customer_id: int, outlet_id: int, since: datetime.datetime) -> list[Complaint]:
    """Return the complaints of a customer at an outlet since a moment and since the last caution there ended, the
    newest first; two queries.
    """
    ended = Caution.objects.filter(customer_id=customer_id, place_id=outlet_id).aggregate(at=Max("ended_at"))
    rows = Complaint.objects.filter(
        customer_id=customer_id, outlet_id=outlet_id, kind=Kind.COMPLAINT, opened_at__gt=since
    )
    if ended["at"] is not None:
        rows = rows.filter(opened_at__gt=ended["at"])
    return list(rows.order_by("-opened_at", "-pk"))


def named(rows: Sequence[Complaint]) -> str:
    """Return the numbers of the newest of some complaints."""
    return ", ".join(row.number for row in rows[:MOST])
