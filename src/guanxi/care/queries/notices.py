"""Reads of weather notices, and whom one concerns."""

import datetime
from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.care.models import Notice, Rule
from guanxi.care.permissions import Verb
from guanxi.care.states.rules import Anchor
from guanxi.foundation import divisions
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound, Text

SHOWN = 60


def visible_to(actor: Actor) -> QuerySet[Notice]:
    """Return the notices for all customers, and those of places in the actor's scope or above it."""
    if not actor.can(Verb.VIEW_RULES):
        return Notice.objects.none()
    if actor.is_system or actor.scope.everything:
        return Notice.objects.all()
    return Notice.objects.filter(Q(node=None) | Q(node_id__in=actor.scope.nodes | actor.scope.above))


def notice(actor: Actor, pk: int) -> Notice:
    """Return one visible notice.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def may_withdraw(actor: Actor, row: Notice) -> bool:
    """Say whether an actor may withdraw a notice."""
    if row.withdrawn_at is not None:
        return False
    if row.node_id is None:
        return actor.can_everywhere(Verb.GIVE_NOTICE)
    return actor.can(Verb.GIVE_NOTICE, row.node_id)


def newest(actor: Actor) -> list[Notice]:
    """Return the newest notices; one query."""
    return list(visible_to(actor).select_related("node").order_by("-starts_on", "-pk")[:SHOWN])


def heard(day: datetime.date) -> frozenset[str]:
    """Return which kinds of weather the rules of a day count from: a notice of another makes no tasks; one query."""
    rows = Rule.objects.filter(anchor=Anchor.WEATHER, until=None, is_on=True, since__lte=day)
    return frozenset(kind for of in rows.values_list("of", flat=True) for kind in of)


def regions() -> Sequence[tuple[Text, Sequence[tuple[str, Text]]]]:
    """Return the provinces, each whole and by its cities, to choose from."""
    found: list[tuple[Text, Sequence[tuple[str, Text]]]] = [("", [("", _("Wherever they live"))])]
    for province in divisions.of(""):
        cities = [] if province.code in divisions.DIRECT else divisions.of(province.code)
        named = [(city.code, divisions.shown(city)) for city in cities if not divisions.gathers(city)]
        found.append((province.name, [(province.code, province.name), *named]))
    return found
