"""Reads of the ledger of consent: its lines, how a customer stands for an outlet, the texts agreed to."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from guanxi.customers import queries as customers
from guanxi.customers.models import Relation
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound, Text
from guanxi.network.models import Ancestry, Node
from guanxi.network.states import Kind
from guanxi.privacy import policy
from guanxi.privacy.models import Consent, ConsentText, Hold
from guanxi.privacy.permissions import Verb
from guanxi.privacy.states import Medium, Purpose, Standing

FOR_ALL = (Kind.GROUP, Kind.BRAND)
# ``policy.deciding`` as SQL: true, false, or nothing if nothing was ever said; a test holds both together.
AGREED = """
(SELECT CASE
    WHEN max(l.at) FILTER (WHERE l.is_own)
      >= coalesce(max(l.at) FILTER (WHERE NOT l.is_own AND l.standing <> 'GIVEN'), '-infinity')
    THEN bool_or(l.is_own AND l.standing = 'GIVEN')
    WHEN bool_or(NOT l.is_own AND l.standing <> 'GIVEN') THEN false
    ELSE bool_or(NOT l.is_own) END
  FROM (
    SELECT DISTINCT ON (k.recipient_id) k.standing, coalesce(k.withdrawn_at, k.given_at) AS at,
      k.recipient_id = {place} AS is_own
    FROM privacy_consent k
    WHERE k.customer_id = {customer} AND k.purpose = {purpose} AND k.medium = {medium}
      AND k.recipient_id IN (
        SELECT a.ancestor_id FROM network_ancestry a WHERE a.descendant_id = {place} AND a.during @> {day}::date
        UNION ALL SELECT {place})
    ORDER BY k.recipient_id, coalesce(k.withdrawn_at, k.given_at) DESC, k.id DESC) l)
"""
# Whoever is left alone for a time; what the service and the safety of his car need goes on.
HELD = "EXISTS (SELECT 1 FROM privacy_hold h WHERE h.customer_id = {customer} AND h.lifted_at IS NULL)"


def visible_to(actor: Actor) -> QuerySet[Consent]:
    """Return the lines about customers of outlets where the actor may see consents; row-level security leaves those
    that these outlets or places above them received.
    """
    places = customers.outlets(actor, Verb.VIEW)
    if places is None:
        return Consent.objects.all()
    related = Relation.objects.filter(customers.at(places)).values("customer_id")
    return Consent.objects.filter(customer_id__in=related)


def consent(actor: Actor, pk: int) -> Consent:
    """Return one visible line with its recipient and text.

    :raises NotFound: it does not exist or is not visible.
    """
    found = visible_to(actor).select_related("recipient", "text").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def ledger(actor: Actor, customer_id: int) -> list[Consent]:
    """Return all visible lines about a customer, newest first; two queries."""
    rows = visible_to(actor).filter(customer_id=customer_id).select_related("recipient", "text")
    return sorted(rows, key=lambda row: (moment(row), row.pk), reverse=True)


def moment(row: Consent) -> datetime.datetime:
    """Return since when a line stands as it does."""
    return row.withdrawn_at or row.given_at


def _line(row: Consent) -> policy.Line[Consent]:
    return policy.Line(row.recipient_id, row.standing, moment(row), row.pk, row)


def places_above(outlet_id: int, day: datetime.date) -> list[int]:
    """Return the places above an outlet on a day; one query."""
    rows = Ancestry.objects.filter(descendant_id=outlet_id, depth__gt=0, during__contains=day)
    return list(rows.values_list("ancestor_id", flat=True))


def outlets_of(actor: Actor, customer_id: int, verb: str) -> list[Node]:
    """Return the outlets of a customer at which the actor holds a verb; one query."""
    held = [relation.outlet for relation in customers.relations(actor, [customer_id])]
    return [outlet for outlet in held if actor.can(verb, outlet.pk)]


def recipients(outlets: Sequence[Node], day: datetime.date) -> list[Node]:
    """Return to whom consent may be given at these outlets: they themselves, and brand and group for all; one query."""
    ids = [outlet.pk for outlet in outlets]
    above = Ancestry.objects.filter(descendant_id__in=ids, during__contains=day).values("ancestor_id")
    rows = Node.objects.filter(Q(pk__in=above) | Q(pk__in=[] if ids else Node.objects.filter(kind=Kind.GROUP)))
    return [*outlets, *rows.filter(kind__in=FOR_ALL).order_by("kind", "code")]


@dataclass(frozen=True)
class Cell:
    """How a customer stands for one purpose by one channel, and the line that says so."""

    medium: str
    label: Text
    standing: str = ""
    standing_label: Text = ""
    line: Consent | None = None


@dataclass(frozen=True)
class Row:
    purpose: str
    label: Text
    cells: list[Cell]


def matrix(lines: Iterable[Consent], outlet_id: int, above: Iterable[int]) -> list[Row]:
    """Return how a customer stands for an outlet, purpose by purpose and channel by channel; no query."""
    near = {outlet_id, *above}
    by_cell: dict[tuple[str, str], list[policy.Line[Consent]]] = defaultdict(list)
    for row in lines:
        if row.recipient_id in near:
            by_cell[row.purpose, row.medium].append(_line(row))
    return [
        Row(
            purpose.value,
            purpose.label,
            [_cell(medium, policy.deciding(by_cell[purpose.value, medium.value], outlet_id)) for medium in Medium],
        )
        for purpose in Purpose
    ]


def _cell(medium: Medium, line: policy.Line[Consent] | None) -> Cell:
    if line is None:
        return Cell(medium.value, medium.label)
    return Cell(medium.value, medium.label, line.standing, Standing(line.standing).label, line.source)


def standing(
    actor: Actor, customer_id: int, purpose: str, medium: str, *, outlet_id: int, day: datetime.date
) -> Standing | None:
    """Say whether an outlet may contact a customer by a channel for a purpose (NFR-01): the lines of the outlet and of
    the places above it, combined. None: nothing was ever said; three queries.
    """
    lines = [row for row in ledger(actor, customer_id) if (row.purpose, row.medium) == (purpose, medium)]
    near = {outlet_id, *places_above(outlet_id, day)}
    found = policy.deciding([_line(row) for row in lines if row.recipient_id in near], outlet_id)
    return Standing(found.standing) if found else None


def agreed(*, customer: str, place: str, purpose: str, medium: str, day: str) -> str:
    """Return the SQL of ``standing`` for many: each value is an expression of the query around it."""
    return AGREED.format(customer=customer, place=place, purpose=purpose, medium=medium, day=day)


def on_hold(*, customer: str) -> str:
    """Return the SQL of whether somebody is left alone for a time; ``customer`` is an expression of the query."""
    return HELD.format(customer=customer)


def held(*, customer: str, purpose: str) -> str:
    """Return the SQL of whether somebody is left alone for a purpose: for all but service and safety."""
    return f"({purpose} <> '{Purpose.SERVICE.value}' AND {on_hold(customer=customer)})"


def held_since(customer_id: int) -> datetime.datetime | None:
    """Return since when a customer in sight is left alone, if he is; one query."""
    rows = Hold.objects.filter(customer_id=customer_id, lifted_at__isnull=True).order_by("since")
    return rows.values_list("since", flat=True).first()


def texts() -> list[ConsentText]:
    """Return the texts, by purpose, newest first; one query."""
    return list(ConsentText.objects.order_by("purpose", "-valid_from", "-pk"))


def text_of(purpose: str, day: datetime.date) -> ConsentText | None:
    """Return the text of a purpose that holds on a day; one query."""
    rows = ConsentText.objects.filter(purpose=purpose, valid_from__lte=day)
    return rows.order_by("-valid_from", "-pk").first()
