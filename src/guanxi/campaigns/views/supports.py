"""Supports: the list, one with what was given and what came of it, the forms (SUP-15)."""

import uuid
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.campaigns import tables
from guanxi.campaigns.forms import AskSupportForm, DeclineSupportForm, GiveSupportForm, JudgeSupportForm
from guanxi.campaigns.models import Support
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import supports
from guanxi.campaigns.services import supporting
from guanxi.campaigns.services.supporting import NewSupport
from guanxi.campaigns.states import SUPPORT_TONES, SupportState
from guanxi.foundation import clock, db, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.network import queries as network
from guanxi.network.states import Kind as Place
from guanxi.records import services as records


@dataclass(frozen=True)
class SupportsPage:
    listing: Listing
    tones: dict[str, str]
    can_ask: bool
    can_export: bool


@dataclass(frozen=True)
class SupportPage:
    row: Support
    tone: str
    may_give: bool
    may_judge: bool


def show_supports(request: Request) -> HttpResponseBase:
    """The supports, what is wanted last first."""
    actor, asked = request.actor, request.GET
    check(actor, Verb.VIEW)
    rows = supports.visible_to(actor).select_related("node")
    if asked.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.SUPPORTS, rows=rows, asked=asked)
        return pages.download(file)
    page = SupportsPage(
        listing(tables.SUPPORTS, rows, asked, actor), SUPPORT_TONES, actor.can(Verb.ASK_SUPPORT),
        actor.can(Verb.EXPORT),
    )  # fmt: skip
    return pages.render(request, "campaigns/supports.html", page, block="list")


def _crumbs(row: Support | None = None) -> list[tuple[Text, str]]:
    crumbs: list[tuple[Text, str]] = [
        (_("Campaigns"), reverse("campaigns:campaigns")), (_("Support"), reverse("campaigns:supports")),
    ]  # fmt: skip
    return [*crumbs, (row.number, reverse("campaigns:support", args=[row.pk]))] if row else crumbs


def show_support(request: Request, pk: int) -> HttpResponseBase:
    """One support."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = supports.support(actor, pk)
    page = SupportPage(
        row, SUPPORT_TONES[row.state],
        row.state == SupportState.ASKED and actor.can(Verb.PLAN, row.node_id) and row.asked_by_id != actor.user_id,
        row.state == SupportState.GIVEN and actor.can(Verb.ASK_SUPPORT, row.node_id),
    )  # fmt: skip
    return pages.render(request, "campaigns/support.html", page)


def _places(actor: Actor) -> list[tuple[str, Text]]:
    """Return the outlets and branches for which an actor asks; one query."""
    where = actor.where(Verb.ASK_SUPPORT)
    rows = network.open_on(network.visible_to(actor), clock.today()).filter(kind__in=[Place.OUTLET, Place.BRANCH])
    rows = rows if where is None else rows.filter(db.among("id", where))
    return [(str(row.pk), row.name) for row in rows.order_by("kind", "code")[: supports.MOST]]


def ask_support(request: Request) -> HttpResponseBase:
    """Ask for a support."""
    actor = request.actor
    check(actor, Verb.ASK_SUPPORT)
    initial = {"node": actor.home_id, "token": uuid.uuid4().hex}
    form = AskSupportForm(request.POST or None, places=_places(actor), initial=initial)

    def act() -> str:
        values = form.cleaned_data
        new = NewSupport(
            int(values["node"]), values["desk"], values["kind"], values["words"], values["wanted_by"], values["token"]
        )
        made = supporting.ask_support(actor=actor, support=new, at=clock.now())
        return reverse("campaigns:support", args=[made.pk])

    note = _("The branch finds it among its work; you say in the end whether it helped.")
    page = FormPage(form, _("Ask for support"), _("Send the request"), reverse("campaigns:supports"), note, _crumbs())
    return answer(request, page, act, message=_("Asked; the branch has it."))


def give_support(request: Request, pk: int) -> HttpResponseBase:
    """Give a support."""
    row = supports.support(request.actor, pk)
    check(request.actor, Verb.PLAN, row.node_id)
    form = GiveSupportForm(request.POST or None, lists=supports.lists(request.actor))

    def act() -> None:
        values = form.cleaned_data
        campaign = int(values["campaign"]) if values["campaign"] else None
        supporting.give_support(
            actor=request.actor, support_id=pk, answer=values["answer"], campaign_id=campaign, at=clock.now()
        )

    crumbs = _crumbs(row)
    page = FormPage(form, _("Give the support"), _("Save"), crumbs[-1][1], row.words, crumbs)
    return answer(request, page, act, message=_("Given; whoever asked says whether it helped."))


def decline_support(request: Request, pk: int) -> HttpResponseBase:
    """Decline a support."""
    row = supports.support(request.actor, pk)
    check(request.actor, Verb.PLAN, row.node_id)
    form = DeclineSupportForm(request.POST or None)

    def act() -> None:
        supporting.decline_support(actor=request.actor, support_id=pk, at=clock.now(), **form.cleaned_data)

    crumbs = _crumbs(row)
    page = FormPage(form, _("Decline the support"), _("Turn it down"), crumbs[-1][1], row.words, crumbs)
    return answer(request, page, act, message=_("Declined; whoever asked reads why."))


def judge_support(request: Request, pk: int) -> HttpResponseBase:
    """Say whether a support helped."""
    row = supports.support(request.actor, pk)
    check(request.actor, Verb.ASK_SUPPORT, row.node_id)
    form = JudgeSupportForm(request.POST or None)

    def act() -> None:
        values = form.cleaned_data
        supporting.judge_support(
            actor=request.actor, support_id=pk, score=int(values["score"]), outcome=values["outcome"], at=clock.now()
        )

    crumbs = _crumbs(row)
    page = FormPage(form, _("Did it help?"), _("Save"), crumbs[-1][1], row.answer, crumbs)
    return answer(request, page, act, message=_("Saved."))
