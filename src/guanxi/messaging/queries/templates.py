"""Reads of templates and of the terms in force."""

import datetime
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict, NotFound
from guanxi.messaging import policy
from guanxi.messaging.models import Template, Terms
from guanxi.messaging.permissions import Verb
from guanxi.messaging.states import Draft


def visible_to(actor: Actor) -> QuerySet[Template]:
    """Return all templates for those who see messages; drafts for those who write or approve them."""
    if not actor.can(Verb.VIEW):
        return Template.objects.none()
    if actor.can(Verb.WRITE_TEMPLATE) or actor.can(Verb.APPROVE_TEMPLATE):
        return Template.objects.all()
    return Template.objects.exclude(state=Draft.DRAFT)


def template(actor: Actor, pk: int) -> Template:
    """Return one visible version.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def in_force(day: datetime.date) -> QuerySet[Template]:
    """Return the version of each template that holds on a day: the newest approved one that has begun."""
    rows = Template.objects.filter(state=Draft.APPROVED, valid_from__lte=day)
    return rows.order_by("code", "-version").distinct("code")


def usable(code: str, day: datetime.date) -> Template:
    """Return the version of a template with which may be written on a day.

    :raises NotFound: none is approved and has begun.
    """
    found = in_force(day).filter(code=code).first()
    if found is None:
        raise NotFound(_("No approved version of this template is in force."))
    return found


def choices() -> list[tuple[str, str]]:
    """Return the codes of approved templates with their names, to choose from; one query."""
    rows = Template.objects.filter(state=Draft.APPROVED).order_by("code", "-version").distinct("code")
    return [(row.code, f"{row.name} · {row.get_channel_display()}") for row in rows]


def names(row: Template, variable: str) -> bool:
    """Say whether the Chinese text of a version names a variable: that in which many are written to at once."""
    return variable in policy.named(row.subject_zh, row.body_zh)


def newest(codes: Iterable[str]) -> dict[str, Template]:
    """Return the newest version of each of some templates; one query."""
    rows = Template.objects.filter(code__in=list(codes)).order_by("code", "-version").distinct("code")
    return {row.code: row for row in rows}


def versions(actor: Actor, code: str) -> list[Template]:
    """Return the visible versions of a template, newest first; one query."""
    return list(visible_to(actor).filter(code=code).order_by("-version"))


def terms(day: datetime.date) -> Terms:
    """Return the terms that hold on a day; one query.

    :raises Conflict: none are in force.
    """
    found = Terms.objects.filter(valid_from__lte=day).order_by("-valid_from").first()
    if found is None:
        raise Conflict(_("No terms of messaging are in force: apply the preset base first."))
    return found
