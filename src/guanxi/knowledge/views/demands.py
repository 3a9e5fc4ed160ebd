"""What people need of this software: the list, one with what becomes of it, the forms (KM-01)."""

from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check, check_everywhere
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.knowledge import tables
from guanxi.knowledge.forms import DecideForm, DemandForm
from guanxi.knowledge.models import Demand
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.queries import articles as queries
from guanxi.knowledge.services import demanding
from guanxi.knowledge.services.demanding import NewDemand
from guanxi.knowledge.states import DEMAND_ENDED, DEMAND_TONES, DemandState
from guanxi.network import queries as network
from guanxi.records import services as records


@dataclass(frozen=True)
class DemandsPage:
    listing: Listing
    tones: dict[str, str]
    can_export: bool
    can_ask: bool


@dataclass(frozen=True)
class DemandPage:
    row: Demand
    tone: str
    place: str
    may_back: bool
    is_backed: bool
    may_decide: bool


def show_demands(request: Request) -> HttpResponseBase:
    """The demands, the newest first."""
    actor, asked = request.actor, request.GET
    check(actor, Verb.VIEW)
    rows = queries.demands(actor)
    if asked.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.DEMANDS, rows=rows, asked=asked)
        return pages.download(file)
    page = DemandsPage(
        listing(tables.DEMANDS, rows, asked, actor), DEMAND_TONES, actor.can(Verb.EXPORT), actor.can(Verb.ASK)
    )
    return pages.render(request, "knowledge/demands.html", page, block="list")


def _crumbs(row: Demand | None = None) -> list[tuple[Text, str]]:
    crumbs: list[tuple[Text, str]] = [
        (_("Knowledge"), reverse("knowledge:find")), (_("Demands on this software"), reverse("knowledge:demands")),
    ]  # fmt: skip
    return [*crumbs, (row.number, reverse("knowledge:demand", args=[row.pk]))] if row else crumbs


def show_demand(request: Request, pk: int) -> HttpResponseBase:
    """One demand, and what becomes of it."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = queries.demand(actor, pk)
    is_open = row.state not in DEMAND_ENDED
    page = DemandPage(
        row, DEMAND_TONES[row.state], network.names(actor, [row.node_id]).get(row.node_id, ""),
        is_open and row.asked_by_id != actor.user_id, actor.user_id in row.backers,
        row.state != DemandState.DONE and actor.can_everywhere(Verb.DECIDE),
    )  # fmt: skip
    return pages.render(request, "knowledge/demand.html", page)


def ask_for(request: Request) -> HttpResponseBase:
    """Ask for something of this software."""
    actor = request.actor
    check(actor, Verb.ASK)
    places = queries.keepers(actor, Verb.ASK, clock.today())
    form = DemandForm(request.POST or None, places=places, initial={"node": actor.home_id})

    def act() -> str:
        values = form.cleaned_data
        new = NewDemand(int(values["node"]), values["kind"], values["words"], values["token"])
        made = demanding.ask_for(actor=actor, demand=new, at=clock.now())
        return reverse("knowledge:demand", args=[made.pk])

    note = _("Look at the list first: if somebody asked for it already, say there that you need it too.")
    page = FormPage(form, _("Ask for something"), _("Send the request"), reverse("knowledge:demands"), note, _crumbs())
    return answer(request, page, act, message=_("Asked; its page says what becomes of it."))


@require_POST
def back(request: Request, pk: int) -> HttpResponseBase:
    """Say that one needs it too, or no longer."""
    demanding.back(actor=request.actor, demand_id=pk)
    return pages.done(request, reverse("knowledge:demand", args=[pk]), _("Saved."))


def decide(request: Request, pk: int) -> HttpResponseBase:
    """Put a demand in order and say what becomes of it."""
    actor = request.actor
    check_everywhere(actor, Verb.DECIDE)
    row = queries.demand(actor, pk)
    initial = {"state": row.state, "urgency": row.urgency, "answer": row.answer}
    form = DecideForm(request.POST or None, initial=initial)

    def act() -> None:
        demanding.decide(actor=actor, demand_id=pk, at=clock.now(), **form.cleaned_data)

    crumbs = _crumbs(row)
    page = FormPage(form, _("What becomes of it?"), _("Save"), crumbs[-1][1], row.words, crumbs)
    return answer(request, page, act, message=_("Saved; whoever asked reads it on its page."))
