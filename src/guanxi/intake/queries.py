"""Reads of imports. Each starts from what the actor may see."""

import datetime
import hashlib
import json
from collections.abc import Sequence

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound
from guanxi.intake.models import Finding, Mapping, Run
from guanxi.intake.permissions import Verb
from guanxi.network.models import Ancestry, Node
from guanxi.network.states import Kind


def visible_to(actor: Actor) -> QuerySet[Run]:
    """Return the imports that the actor made, and those of places where he may see imports."""
    where = actor.where(Verb.VIEW)
    if where is None:
        return Run.objects.all()
    return Run.objects.filter(Q(person_id=actor.person_id) | Q(db.among("place_id", where)))


def run(actor: Actor, pk: int) -> Run:
    """Return one visible import with its place.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("place").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def findings(row: Run) -> QuerySet[Finding]:
    """Return what is kept of the findings of an import that the caller has found visible."""
    return Finding.objects.filter(run=row)


def summary(row: Run) -> list[tuple[str, str, int]]:
    """Return level, code and number of the findings that are kept, the gravest and most frequent first."""
    order = {"reject": 0, "warn": 1, "note": 2, "ignore": 3}
    rows = findings(row).values_list("level", "code").annotate(count=Count("pk")).order_by()
    return sorted(rows, key=lambda item: (order.get(item[0], 9), -item[2], item[1]))


def examples(row: Run, most: int) -> dict[tuple[str, str], list[Finding]]:
    """Return the first findings of each level and code; one query."""
    place = Window(RowNumber(), partition_by=[F("level"), F("code")], order_by=F("row").asc())
    found: dict[tuple[str, str], list[Finding]] = {}
    for item in findings(row).annotate(place=place).filter(place__lte=most).order_by("row"):
        found.setdefault((item.level, item.code), []).append(item)
    return found


def places(actor: Actor, verb: str, day: datetime.date) -> list[Node]:
    """Return the open outlets, and the places above outlets, at which the actor holds a verb; at most 400."""
    kinds = (Kind.OUTLET, Kind.MARKET_OFFICE, Kind.BRANCH, Kind.BRAND, Kind.GROUP)
    rows = Node.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), kind__in=kinds, valid_from__lte=day)
    where = actor.where(verb)
    if where is not None:
        rows = rows.filter(db.among("pk", where))
    return list(rows.order_by("code")[:400])


def place(actor: Actor, verb: str, pk: int, day: datetime.date) -> Node:
    """Return an open place at which the actor holds a verb, with outlets below it, or an outlet.

    :raises NotFound: there is none.
    """
    found = Node.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), pk=pk, valid_from__lte=day).first()
    if found is None or not actor.can(verb, pk) or found.kind in {Kind.UNIT, Kind.PARTNER, Kind.DEPARTMENT}:
        raise NotFound
    return found


def outlets(place_id: int, day: datetime.date) -> dict[str, int]:
    """Return the outlets at or below a place on a day, by code."""
    rows = Ancestry.objects.filter(
        ancestor_id=place_id, descendant__kind=Kind.OUTLET, during__contains=day
    ).values_list("descendant__code", "descendant_id")
    return dict(rows)


def digest(headings: Sequence[str]) -> str:
    """Return what tells one set of headings from others, whatever their order."""
    return hashlib.sha256(json.dumps(sorted(headings), ensure_ascii=False).encode()).hexdigest()


def remembered(place_id: int, source: str, headings: Sequence[str]) -> Mapping | None:
    """Return how the columns of a file with these headings were read the last time, here from this system."""
    return Mapping.objects.filter(place_id=place_id, source=source, digest=digest(headings)).first()


def sources(actor: Actor) -> list[str]:
    """Return the names of systems used before in what the actor sees, the latest first; at most 20."""
    rows = visible_to(actor).order_by("-at").values_list("source", flat=True)[:200]
    return list(dict.fromkeys(rows))[:20]
