"""The lists of rescues and of those who help."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.foundation import clock, db, numbers
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.personal_data import mask_phone
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.network import queries as network
from guanxi.rescue.models import Help
from guanxi.rescue.permissions import Verb
from guanxi.rescue.queries import providers, rescues
from guanxi.rescue.states import ENDED, OPEN, Claim, State

MOST_FOUND = 1000


def _helps(_actor: Actor) -> Sequence[tuple[str, Text]]:
    return rescues.helps()


def _places(actor: Actor) -> Sequence[tuple[str, Text]]:
    return providers.places(actor, Verb.VIEW, clock.today())


def _is(field: str) -> Callable[[Rows, str], Rows]:
    return lambda rows, value: rows.filter(**{field: value})


def _stands(rows: Rows, value: str) -> Rows:
    return rows.filter(state__in=OPEN) if value == "open" else rows.filter(state=value)


def _late(rows: Rows, value: str) -> Rows:
    late = Q(due_at__lt=clock.now()) & ~Q(state__in=ENDED)
    return rows.filter(late) if value == "yes" else rows.exclude(late)


def _since(rows: Rows, value: str) -> Rows:
    return rows.filter(taken_at__gte=clock.start_of(datetime.date.fromisoformat(value)))


def _search(rows: Rows, text: str, actor: Actor) -> Rows:
    return rows.filter(
        Q(db.among("customer_id", customers.found(actor, text, MOST_FOUND)))
        | Q(plate=text.strip().upper())
        | numbers.matching(text, "JY")
    )


def add_names(rows: list[Any], actor: Actor) -> None:
    """Give each rescue the name of its customer, as far as he is in sight, and that of its place; two queries."""
    ids = {row.customer_id for row in rows if row.customer_id}
    names = dict(customers.visible_to(actor).filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    at, places = clock.now(), network.names(actor, {row.place_id for row in rows})
    for row in rows:
        row.place_name = places.get(row.place_id, "")
        row.who, row.late = names.get(row.customer_id, "") or row.caller, row.is_late(at)


def add_helps(rows: list[Any], _actor: Actor) -> None:
    """Give each provider the names of what he helps with; one query."""
    names = {row.pk: row.name for row in Help.objects.order_by("position", "code")}
    for row in rows:
        row.help_names = [name for code, name in names.items() if code in row.helps]


RESCUES = Table(
    key="rescue.rescues",
    title=_("Rescues"),
    columns=(
        Column("number", _("Number"), lambda row: row.number, sort=("pk",), cell="rescue"),
        Column("help", _("Kind of help"), lambda row: row.help.name, sort=("help_id",)),
        Column("who", _("Who"), lambda row: row.who, personal=True),
        Column("where", _("Where"), lambda row: row.where, personal=True),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("due", _("Next step due"), lambda row: row.due_at, sort=("due_at",), cell="due"),
        Column("provider", _("Provider"), lambda row: row.provider.name if row.provider else ""),
        Column("taken", _("Taken"), lambda row: row.taken_at, sort=("taken_at",), cell="moment"),
        Column("plate", _("Plate"), lambda row: row.plate, hidden=True, personal=True),
        Column("phone", _("Telephone"), lambda row: mask_phone(row.phone), hidden=True, personal=True),
        Column("arrived", _("Arrived"), lambda row: row.arrived_at, cell="moment", hidden=True),
        Column("claim", _("Who pays"), lambda row: row.get_claim_display(), hidden=True),
        Column("settled", _("Settled"), lambda row: row.settled, cell="number", hidden=True),
        Column("score", _("Score"), lambda row: row.score, sort=("score",), cell="number", hidden=True),
        Column("place", _("Taken at"), lambda row: row.place_name, hidden=True),
    ),
    filters=(
        Filter("state", _("State"), _stands, selectable((("open", _("All that are open")), *State.choices))),
        Filter("help", _("Kind of help"), _is("help_id"), _helps),
        Filter("late", _("Overdue"), _late, selectable((("yes", _("yes")), ("no", _("no"))))),
        Filter("since", _("Taken since"), _since, kind="date"),
        Filter("provider", _("Provider"), _is("provider_id"), _places, primary=False),
        Filter("claim", _("Who pays"), _is("claim"), selectable(Claim.choices), primary=False),
    ),
    search=_search,
    search_hint=_("Number, name, pinyin, phone, plate"),
    default_sort="-taken",
    row_url=lambda row: reverse("rescue:rescue", args=[row.pk]),
    prepare=add_names,
    empty=_("A call from the road is taken with “Take a rescue”: safety first, then where the car stands."),
)
PROVIDERS = Table(
    key="rescue.providers",
    title=_("Who helps on the road"),
    columns=(
        Column("name", _("Provider"), lambda row: row.node.name, sort=("node__code",), cell="provider"),
        Column("phone", _("Telephone"), lambda row: row.phone),
        Column("helps", _("Helps with"), lambda row: ", ".join(map(str, row.help_names))),
        Column("reach", _("Reach (km)"), lambda row: row.radius_km, sort=("radius_km",), cell="number"),
        Column("always", _("Day and night"), lambda row: row.is_day_and_night, cell="check"),
        Column("active", _("In use"), lambda row: row.is_active, cell="check"),
        Column("changed", _("Changed"), lambda row: row.changed_at, sort=("changed_at",), cell="moment", hidden=True),
    ),
    filters=(
        Filter("help", _("Kind of help"), lambda rows, value: rows.filter(helps__contains=[value]), _helps),
        Filter("active", _("In use"), lambda rows, value: rows.filter(is_active=value == "yes"),
               selectable((("yes", _("yes")), ("no", _("no"))))),
    ),
    search=lambda rows, text, _actor: rows.filter(Q(node__name_zh__icontains=text) | Q(node__name_en__icontains=text)),
    search_hint=_("Name"),
    default_sort="name",
    row_url=lambda row: reverse("rescue:change-provider", args=[row.pk]),
    prepare=add_helps,
    empty=_("Add who can come: the workshops of outlets and partners, with their skills, hours and reach."),
)  # fmt: skip
