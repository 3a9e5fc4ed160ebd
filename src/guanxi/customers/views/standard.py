"""Pages of the standard of customer information: what must I ask for, since when, and what is new."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.customers import policy, queries
from guanxi.customers.forms.standard import StandardForm
from guanxi.customers.models import Standard
from guanxi.customers.permissions import Verb
from guanxi.customers.services import standards
from guanxi.customers.states import Binding, Category, Field, Kind
from guanxi.foundation import clock
from guanxi.foundation.actor import check, check_everywhere
from guanxi.foundation.errors import NotFound, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request, render

LONGEST = 18  # digits of a key
TONES = {Binding.REQUIRED: "red", Binding.EXPECTED: "amber", Binding.OPTIONAL: ""}
FORMATS: Mapping[str, Text] = {
    Field.NAME: _("At most 80 characters"),
    Field.PHONE: _("Mobile: eleven digits; landline with its area code"),
    Field.EMAIL: _("An e-mail address"),
    Field.BIRTHDAY: _("A day since 1900"),
    Field.IDENTITY: _("18 characters with a check digit, passport or permit; of a company its credit code"),
    Field.ADDRESS: _("Divisions of GB/T 2260; a city or a street at least"),
    Field.INDUSTRY: _("At most 40 characters"),
    Field.OCCUPATION: _("At most 40 characters"),
    Field.HOBBIES: _("At most 200 characters"),
    Field.CONSULTANT: _("Somebody of the outlet"),
}
LISTS = {Field.CHANNEL: "contact_channels", Field.SOURCE: "lead_sources"}


@dataclass(frozen=True)
class Line:
    """One field: what it must look like, and how far it is asked for of a person and of a company."""

    field: Field
    format: Text
    code_list: str
    asks: Sequence[policy.Ask | None]


@dataclass(frozen=True)
class StandardPage:
    standard: Standard | None
    versions: list[Standard]
    valid_id: int | None
    lines: list[Line]
    numbers: list[tuple[Text, int]]
    before: Standard | None
    changes: list[tuple[str, str, str]]
    can_publish: bool
    tones: Mapping[str, str]
    bindings: Mapping[str, Text]
    categories: Mapping[str, Text]


def _chosen(request: Request, versions: Sequence[Standard], valid: Standard | None) -> Standard | None:
    """Return the version that is asked for; the one that holds today, or else the first to come.

    :raises NotFound: there is no such version.
    """
    wanted = request.GET.get("version", "")
    if not wanted:
        return valid or (versions[-1] if versions else None)
    found = [row for row in versions if wanted.isdecimal() and len(wanted) <= LONGEST and row.pk == int(wanted)]
    if not found:
        raise NotFound
    return found[0]


def standard(request: Request) -> HttpResponseBase:
    """The standard as it holds today, or one of its versions, with what it changed."""
    actor = request.actor
    check(actor, Verb.VIEW)
    versions = list(queries.standards(actor))
    valid = next((row for row in versions if row.valid_from <= clock.today()), None)
    chosen = _chosen(request, versions, valid)
    before = next((row for row in versions if chosen and row.valid_from < chosen.valid_from), None)
    rules = queries.rules(chosen) if chosen else None
    page = StandardPage(
        standard=chosen,
        versions=versions,
        valid_id=valid.pk if valid else None,
        lines=_lines(rules) if rules else [],
        numbers=[(_label(name), value) for name, value in rules.numbers.items()] if rules else [],
        before=before,
        changes=_changes(rules, queries.rules(before)) if rules and before else [],
        can_publish=actor.can_everywhere(Verb.PUBLISH_STANDARD),
        tones={binding.value: tone for binding, tone in TONES.items()},
        bindings=dict(Binding.choices),
        categories=dict(Category.choices),
    )
    return render(request, "customers/standard.html", page)


def _lines(rules: policy.Rules) -> list[Line]:
    said = {(ask.kind, ask.field): ask for ask in rules.asks}
    return [
        Line(field, FORMATS.get(field, ""), LISTS.get(field, ""), [said.get((kind, field)) for kind in Kind])
        for field in Field
    ]


def _label(name: str) -> Text:
    return str(Standard._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # noqa: SLF001 -- Django's documented reflection


def _changes(new: policy.Rules, old: policy.Rules) -> list[tuple[str, str, str]]:
    return [
        (f"{Field(item.name).label} · {Kind(item.kind).label}" if item.kind else str(_label(item.name)),
         _said(item.before), _said(item.after))
        for item in policy.differences(new, old)
    ]  # fmt: skip


def _said(value: Any) -> str:
    if not isinstance(value, policy.Ask):
        return "–" if value is None else str(value)
    words = [str(Binding(value.binding).label)]
    if value.weight:
        words.append(str(value.weight))
    if value.applies_from != Category.POTENTIAL:
        words.append(str(_("from “%(category)s” on") % {"category": Category(value.applies_from).label}))
    return ", ".join(words)


def publish_standard(request: Request) -> HttpResponseBase:
    """A new version, starting from what the newest says."""
    actor = request.actor
    check_everywhere(actor, Verb.PUBLISH_STANDARD)
    newest = queries.standards(actor).first()
    rules = queries.rules(newest) if newest else policy.Rules({}, ())
    start = {"valid_from": clock.today() + datetime.timedelta(days=1)}
    form = StandardForm(request.POST or None, rules=rules, initial=start)
    back = reverse("customers:standard")

    def act() -> str:
        values = form.cleaned_data
        made = standards.publish_standard(
            actor=actor, rules=form.rules(), valid_from=values["valid_from"], note=values["note"], at=clock.now()
        )
        return f"{back}?version={made.pk}"

    note = _("From its day on it holds for every outlet; records are graded by it in the night.")
    page = FormPage(form, _("New version"), _("Publish"), back, note, [(_("Information standard"), back)])
    return answer(request, page, act, message=_("The version is published."), template="customers/publish.html")
