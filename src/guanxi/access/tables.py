"""The list of people."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.access import queries
from guanxi.access.models import Membership, User
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable


def _search(rows: Rows, text: str, _actor: Actor) -> Rows:
    return rows.filter(
        Q(name__icontains=text)
        | Q(username__icontains=text)
        | Q(employee_no__istartswith=text)
        | Q(phone__startswith=text)
    )


def _roles(_actor: Actor) -> Sequence[tuple[str, Text]]:
    return [(role.pk, role.name) for role in queries.roles()]


def _holds(rows: Rows, value: str) -> Rows:
    held = queries.current(Membership.objects.filter(user_id=OuterRef("pk"), role_id=value), clock.today())
    return rows.filter(Exists(held))


def _active(rows: Rows, value: str) -> Rows:
    return rows.filter(is_active=value == "yes")


def add_memberships(rows: list[Any], actor: Actor) -> None:
    """Give each person the visible current memberships; one query for the page."""
    by_id: dict[int, User] = {row.pk: row for row in rows}
    for row in rows:
        row.held = []
    found = queries.current(queries.memberships_visible_to(actor), clock.today())
    for item in found.filter(user_id__in=by_id).select_related("role", "node").order_by("role__position"):
        by_id[item.user_id].held.append(item)  # type: ignore[attr-defined]


def roles_of(row: Any) -> str:
    return ", ".join(dict.fromkeys(item.role.name for item in row.held))


def places_of(row: Any) -> str:
    return ", ".join(dict.fromkeys(item.node.name for item in row.held))


PEOPLE = Table(
    key="access.people",
    title=_("People"),
    columns=(
        Column("name", _("Name"), lambda row: row.name, sort=("name",), cell="person"),
        Column("username", _("User name"), lambda row: row.username, sort=("username",), cell="code"),
        Column("roles", _("Roles"), roles_of),
        Column("places", _("Places"), places_of),
        Column("employee_no", _("Employee number"), lambda row: row.employee_no, sort=("employee_no",)),
        Column("active", _("May sign in"), lambda row: row.is_active, sort=("is_active",), cell="check"),
        Column("seen", _("Last sign-in"), lambda row: row.last_login, sort=("last_login",), cell="ago"),
        Column("email", _("E-mail"), lambda row: row.email, hidden=True, personal=True),
        Column("kind", _("Kind"), lambda row: row.get_kind_display(), hidden=True),
    ),
    filters=(
        Filter("role", _("Role"), _holds, _roles),
        Filter("active", _("May sign in"), _active, selectable((("yes", _("Yes")), ("no", _("No"))))),
    ),
    search=_search,
    search_hint=_("Name, user name, employee number"),
    default_sort="name",
    row_url=lambda row: reverse("access:person", args=[row.pk]),
    prepare=add_memberships,
)
