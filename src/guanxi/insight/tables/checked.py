"""The list of outlets by what customers say of their follow-ups."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.care.models import Rule
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.insight.permissions import Verb
from guanxi.insight.policy import spans
from guanxi.insight.queries import checked as queries
from guanxi.insight.tables.followups import SPANS, add_branches
from guanxi.network import queries as network

AFTER: Sequence[tuple[str, Text]] = tuple((str(anchor), anchor.label) for anchor in queries.AFTER)


def branches(actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the branches to choose from; one query."""
    return [(str(row.pk), row.name) for row in network.branches(actor, Verb.VIEW_CHECKED, clock.today())]


def roles(_actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the roles that rules give follow-ups to after a delivery or a visit; one query."""
    held = Rule.objects.filter(anchor__in=queries.AFTER).values("role_id")
    return [(row.pk, row.name) for row in Role.objects.filter(pk__in=held).order_by("code")]


def _same(rows: Rows, _value: str) -> Rows:
    """Keep the rows: the view chose what they count by this value already."""
    return rows


CHECKED = Table(
    key="insight.checked",
    title=_("Follow-ups checked with customers"),
    columns=(
        Column("outlet", _("Outlet"), lambda row: row.name, sort=("code",)),
        Column("branch", _("Branch"), lambda row: row.branch, hidden=True),
        Column("customers", _("Customers due"), lambda row: row.customers, sort=("customers",), cell="number"),
        Column("followed", _("Customers followed up"), lambda row: row.followed, sort=("followed",), cell="number"),
        Column("coverage", _("Coverage (%)"), lambda row: row.coverage, sort=("coverage",), cell="share"),
        Column("due", _("Follow-ups due"), lambda row: row.due, sort=("due",), cell="number", hidden=True),
        Column("claimed", _("Claimed"), lambda row: row.claimed, sort=("claimed",), cell="number"),
        Column("confirmed", _("Confirmed"), lambda row: row.confirmed, sort=("confirmed",), cell="number"),
        Column(
            "contradicted", _("Contradicted"), lambda row: row.contradicted, sort=("contradicted",),
            cell="number",
        ),
        Column("not_asked", _("Not asked"), lambda row: row.not_asked, sort=("not_asked",), cell="number"),
        Column("accuracy", _("Accuracy (%)"), lambda row: row.accuracy, sort=("accuracy",), cell="share"),
    ),
    filters=(
        Filter("span", _("Which days"), _same, lambda _actor: SPANS, usual=lambda: spans.USUAL),
        Filter("after", _("After what"), _same, selectable(AFTER)),
        Filter("role", _("Whose task"), _same, roles),
        Filter("branch", _("Branch"), _same, branches),
    ),
    search=lambda rows, text, _actor: rows.filter(
        Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(code__istartswith=text)
    ),
    search_hint=_("Outlet"),
    default_sort="-contradicted",
    row_url=lambda row: reverse("insight:denied", args=[row.pk]),
    prepare=add_branches,
)  # fmt: skip
