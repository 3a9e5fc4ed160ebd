"""Writing a campaign with its count beside it, and repeating one."""

import datetime
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.campaigns import forms
from guanxi.campaigns.models import Campaign, Kind
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.queries import checks, counting
from guanxi.campaigns.services import planning, repeating
from guanxi.care.queries import audiences
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import DomainError, Text
from guanxi.foundation.forms import FormPage, answer, refuse
from guanxi.foundation.pages import Request
from guanxi.foundation.values.months import later

QUARTER, ONE_DAY = 3, datetime.timedelta(days=1)


@dataclass(frozen=True)
class EditorPage:
    """The editor, and what the campaign as it stands in the form would come to."""

    form: forms.CampaignForm
    title: Text
    back: str
    whom: list[str]
    counted: counting.Counted | None


def _address(pk: int) -> str:
    return reverse("campaigns:campaign", args=[pk])


def _choices(actor: Actor) -> dict[str, forms.Choices]:
    today = clock.today()
    return {"node": queries.places(actor, today), "template": queries.texts(today), "role": queries.roles()}


def _show(request: Request, page: EditorPage, row: Campaign | None) -> HttpResponseBase:
    """Show the editor with the count of what stands in it, if that can be asked for."""
    if row is not None and audiences.faulty(row.audience) is None:
        page = EditorPage(
            page.form, page.title, page.back, audiences.sentences(row.audience),
            counting.count(request.actor, row, clock.now()),
        )  # fmt: skip
    return pages.render(request, "campaigns/editor.html", page, status=422 if page.form.errors else 200)


def _counts(request: Request, page: EditorPage, kind: Kind, held: Campaign | None = None) -> HttpResponseBase:
    """Show what the campaign in the form would come to; what is wrong with it is said beside."""
    plan = page.form.plan()
    row = Campaign(kind=kind, **plan.values)
    if held is not None:
        row.previous_id, row.skips_previous = held.previous_id, held.skips_previous
    wrong = checks.unfit(row, plan.waves, clock.today())
    if wrong is not None:
        page.form.add_error(wrong.field if wrong.field in page.form.fields else None, str(wrong.message))
    return _show(request, page, row)


def add_campaign(request: Request, code: str) -> HttpResponseBase:
    """Write a new campaign of a ready-made kind."""
    actor = request.actor
    check(actor, Verb.PLAN)
    kind = queries.kind(code)
    form = forms.CampaignForm(
        request.POST or None, choices=_choices(actor), rows=len(kind.audience),
        initial=forms.begins(kind, actor.home_id),
    )  # fmt: skip
    page = EditorPage(form, _("New campaign: %(kind)s") % {"kind": kind.name}, reverse("campaigns:kinds"), [], None)
    if request.method != "POST" or not form.is_valid():
        return _show(request, page, None)
    if "preview" in request.POST:
        return _counts(request, page, kind)
    try:
        made = planning.add_campaign(actor=actor, kind=code, plan=form.plan(), at=clock.now())
    except DomainError as error:
        refuse(form, error)
        return _show(request, page, None)
    return pages.done(request, _address(made.pk), _("Saved as a draft; submit it when it says what it should."))


def change_campaign(request: Request, pk: int) -> HttpResponseBase:
    """Change a draft, or what was sent back."""
    actor = request.actor
    row = queries.campaign(actor, pk)
    check(actor, Verb.PLAN, row.node_id)
    form = forms.CampaignForm(
        request.POST or None, choices=_choices(actor), rows=len(row.audience),
        initial=forms.initial(row, queries.waves(row)),
    )  # fmt: skip
    page = EditorPage(form, row.name, _address(pk), [], None)
    if request.method != "POST":
        return _show(request, page, row)
    if not form.is_valid():
        return _show(request, page, None)
    if "preview" in request.POST:
        return _counts(request, page, row.kind, row)
    try:
        planning.change_campaign(actor=actor, campaign_id=pk, plan=form.plan(), at=clock.now())
    except DomainError as error:
        refuse(form, error)
        return _show(request, page, None)
    return pages.done(request, _address(pk), _("Changed."))


def repeat(request: Request, pk: int) -> HttpResponseBase:
    """Repeat a campaign whose waves have gone out."""
    actor, today = request.actor, clock.today()
    row = queries.campaign(actor, pk)
    check(actor, Verb.PLAN, row.node_id)
    first_on = max(later(queries.waves(row)[0].on, row.every_months or QUARTER), today + ONE_DAY)
    initial = {"first_on": first_on, "skips_previous": row.skips_previous}
    form = forms.RepeatForm(request.POST or None, initial=initial)

    def act() -> str:
        made = repeating.repeat(actor=actor, campaign_id=pk, at=clock.now(), **form.cleaned_data)
        return _address(made.pk)

    crumbs: list[tuple[Text, str]] = [
        (_("Campaigns"), reverse("campaigns:campaigns")), (row.name, _address(pk)),
    ]  # fmt: skip
    note = _("The next one is a draft that says the same, with a fresh audience; a second person approves it.")
    page = FormPage(form, _("Repeat the campaign"), _("Repeat"), _address(pk), note, crumbs)
    return answer(request, page, act, message=_("Written as a draft; submit it when it says what it should."))
