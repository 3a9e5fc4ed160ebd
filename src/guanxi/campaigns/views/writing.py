"""Writing a campaign with its count beside it."""

from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.campaigns import forms
from guanxi.campaigns.models import Campaign, Kind
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.queries import checks, counting
from guanxi.campaigns.services import planning
from guanxi.care.queries import audiences
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import DomainError, Text
from guanxi.foundation.forms import refuse
from guanxi.foundation.pages import Request


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


def _counts(request: Request, page: EditorPage, kind: Kind) -> HttpResponseBase:
    """Show what the campaign in the form would come to; what is wrong with it is said beside."""
    plan = page.form.plan()
    row = Campaign(kind=kind, **plan.values)
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
        return _counts(request, page, row.kind)
    try:
        planning.change_campaign(actor=actor, campaign_id=pk, plan=form.plan(), at=clock.now())
    except DomainError as error:
        refuse(form, error)
        return _show(request, page, None)
    return pages.done(request, _address(pk), _("Changed."))
