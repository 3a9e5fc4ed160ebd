"""The list of the audit browser."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import slots, verbs
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, parse_date_or_none
from guanxi.records import queries


def _verbs(actor: Actor) -> Sequence[tuple[str, Text]]:
    return [(verb, verbs.label(verb)) for verb in queries.verbs_used(actor)]


def _since(rows: Rows, value: str) -> Rows:
    return rows.filter(at__date__gte=parse_date_or_none(value))


def _until(rows: Rows, value: str) -> Rows:
    return rows.filter(at__date__lte=parse_date_or_none(value))


def _search(rows: Rows, text: str, _actor: Actor) -> Rows:
    return rows.filter(
        Q(person_name__icontains=text) | Q(subject_label__icontains=text) | Q(subject_id=text) | Q(request_id=text)
    )


def _with_places(rows: list[Any], actor: Actor) -> None:
    names = slots.ask("node_names", actor, {row.node_id for row in rows if row.node_id}, default={})
    for row in rows:
        row.place = names.get(row.node_id, "")


AUDIT = Table(
    key="records.audit",
    title=_("Audit trail"),
    columns=(
        Column("at", _("When"), lambda row: row.at, sort=("at",), cell="second"),
        Column("person", _("Who"), lambda row: row.who, sort=("person_name",)),
        Column("verb", _("What"), lambda row: row.verb, sort=("verb",), cell="verb"),
        Column("subject", _("Record"), lambda row: row.subject_label or row.subject_id, cell="subject"),
        Column("kind", _("Kind of record"), lambda row: row.subject_type, hidden=True),
        Column("place", _("Place"), lambda row: getattr(row, "place", row.node_id)),
        Column("channel", _("Channel"), lambda row: row.channel, sort=("channel",)),
        Column("ip", _("Address"), lambda row: row.ip or ""),
        Column("before", _("Before"), lambda row: row.before, hidden=True),
        Column("after", _("After"), lambda row: row.after, hidden=True),
        Column("request", _("Request"), lambda row: row.request_id, hidden=True),
    ),
    filters=(
        Filter("verb", _("What"), lambda rows, value: rows.filter(verb=value), _verbs),
        Filter("since", _("From"), _since, kind="date"),
        Filter("until", _("Until"), _until, kind="date"),
    ),
    search=_search,
    search_hint=_("Person, record, request"),
    default_sort="-at",
    row_url=lambda row: reverse("records:audit-entry", args=[row.pk]),
    prepare=_with_places,
)
