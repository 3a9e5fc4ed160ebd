"""The list of calls."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre import queries
from guanxi.contact_centre.models import Call
from guanxi.contact_centre.states import Disposition, Outcome
from guanxi.customers import queries as customers
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable

MOST, MOST_FOUND, MOST_AGENTS = 10_000, 200, 200
ONE_DAY = datetime.timedelta(days=1)


def prepare(rows: list[Any], _actor: Actor) -> None:
    """Give each call the names of its customer and place, as far as they are in sight; two queries."""
    people = queries.names_of_customers(row.customer_id for row in rows)
    places = queries.names_of_places(row.node_id for row in rows)
    for row in rows:
        row.customer_name = people.get(row.customer_id, "")
        row.place = places.get(row.node_id, "")


def _written(moment: datetime.datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def _search(rows: Rows, text: str, actor: Actor) -> Rows:
    return rows.filter(customer_id__in=customers.found(actor, text, MOST_FOUND))


def _agents(actor: Actor) -> Sequence[tuple[str, Text]]:
    names = queries.listed(actor).exclude(agent_id=None).order_by("agent_name", "agent_id")
    return [(str(pk), name) for pk, name in names.values_list("agent_id", "agent_name").distinct()[:MOST_AGENTS]]


def _places(actor: Actor) -> Sequence[tuple[str, Text]]:
    return [(str(row.pk), row.name) for row in queries.places(actor)]


def _since(rows: Rows, value: str) -> Rows:
    return rows.filter(ended_at__gte=clock.start_of(datetime.date.fromisoformat(value)))


def _until(rows: Rows, value: str) -> Rows:
    return rows.filter(ended_at__lt=clock.start_of(datetime.date.fromisoformat(value) + ONE_DAY))


def _minutes(row: Call) -> int:
    return row.minutes


CALLS = Table(
    key="contact_centre.calls",
    title=_("Calls"),
    columns=(
        Column("ended", _("When"), lambda row: _written(row.ended_at), sort=("ended_at",), cell="call"),
        Column("customer", _("Customer"), lambda row: row.customer_name, cell="customer", personal=True),
        Column("outcome", _("Outcome"), lambda row: row.get_outcome_display(), sort=("outcome",), cell="outcome"),
        Column("counts", _("Counts as"), lambda row: row.get_disposition_display(), sort=("disposition",)),
        Column("script", _("Script"), lambda row: row.script.name),
        Column("agent", _("Agent"), lambda row: row.agent_name, sort=("agent_name",)),
        Column("place", _("Place"), lambda row: row.place),
        Column("promised", _("Promised for"), lambda row: _written(row.promised_at), sort=("promised_at",)),
        Column("minutes", _("Minutes"), _minutes, cell="number", hidden=True),
        Column("number", _("Number called"), lambda row: row.number, hidden=True, personal=True),
        Column("note", _("Note"), lambda row: row.note, hidden=True, personal=True),
    ),
    filters=(
        Filter(
            "outcome", _("Outcome"), lambda rows, value: rows.filter(outcome=value), selectable(Outcome.choices)
        ),
        Filter("agent", _("Agent"), lambda rows, value: rows.filter(agent_id=int(value)), _agents),
        Filter("since", _("From"), _since, kind="date"),
        Filter("until", _("Until"), _until, kind="date"),
        Filter(
            "counts", _("Counts as"), lambda rows, value: rows.filter(disposition=value),
            selectable(Disposition.choices), primary=False,
        ),
        Filter("place", _("Place"), lambda rows, value: rows.filter(node_id=int(value)), _places, primary=False),
    ),
    search=_search,
    search_hint=_("Name, number or car of the customer"),
    default_sort="-ended",
    row_url=lambda row: reverse("contact_centre:call", args=[row.pk]),
    prepare=prepare,
    most=MOST,
)  # fmt: skip
