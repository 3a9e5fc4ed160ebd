"""Pages of lectures: the proposals, one of them with its list, the counters of all outlets, and one counter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase, QueryDict
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.care.models import Gathering, Proposal, Tally
from guanxi.care.panels import gatherings as panels
from guanxi.care.permissions import Verb
from guanxi.care.policy import gatherings as policy
from guanxi.care.queries import gatherings as queries
from guanxi.care.services.inviting import reveal_invited
from guanxi.care.states.gatherings import SOFT, State
from guanxi.care.tables.gatherings import COUNTS, MEMBERS, PROPOSALS, with_whole
from guanxi.customers import queries as customers
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Text
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, Rows, Table, listing
from guanxi.records import services as records

FEW = 8


@dataclass(frozen=True)
class Counter:
    """One counter with what explains it."""

    tally: Tally
    explain: str


@dataclass(frozen=True)
class ProposalsPage:
    """The list; ``counters`` are those of the outlet in sight, none if there are several."""

    listing: Listing
    counters: list[Counter]
    tones: dict[Any, str]
    can_export: bool


@dataclass(frozen=True)
class ProposalPage:
    """A proposal with its list: how it stands, what it is about, what may be done with it."""

    row: Proposal
    told: str
    tone: str
    standing: queries.Standing
    parts: list[tuple[Text, Any]]
    listing: Listing
    tally: Tally | None
    can_decide: bool
    is_living: bool
    soft: tuple[str, ...]
    can_export: bool
    can_reveal: bool


@dataclass(frozen=True)
class CountsPage:
    listing: Listing
    can_export: bool


@dataclass(frozen=True)
class CountPage:
    """One counter: its figures, the kind, and why a customer is or is not among them."""

    tally: Tally
    explain: str
    lines: list[tuple[Text, int]]
    latest: Proposal | None
    told: str
    parts: list[tuple[Text, Any]]
    q: str
    hits: Sequence[tuple[int, str]]
    name: str
    steps: list[panels.Step]


def _export(request: Request, table: Table, rows: Rows, of: str = "") -> HttpResponseBase:
    """Answer with the list as a file; the trail keeps of what it is."""
    file = records.export(
        actor=request.actor, verb=Verb.EXPORT_GATHERINGS, table=table, rows=rows, asked=request.GET, of=of
    )
    return pages.download(file)


def _parts(row: Gathering) -> list[tuple[Text, Any]]:
    """Return what a kind of lecture says."""
    wanted = _("%(channel)s; consent: %(purpose)s") % {
        "channel": row.get_channel_display(), "purpose": row.get_purpose_display(),
    }  # fmt: skip
    return [
        (_("Aim"), row.aim), (_("Whom"), "; ".join(queries.conditions(row))), (_("Proposed from"), row.threshold),
        (_("Invitation"), wanted), (_("Who decides"), row.role.name), (_("Pause in days"), row.pause),
        (_("Holds from"), row.since.isoformat()),
    ]  # fmt: skip


def proposals(request: Request) -> HttpResponseBase:
    """The proposals of lectures, the newest first; at one outlet with its counters."""
    actor = request.actor
    check(actor, Verb.VIEW_GATHERINGS)
    rows = queries.visible_to(actor).select_related("gathering", "outlet")
    if request.GET.get("export"):
        return _export(request, PROPOSALS, rows)
    near = list(queries.tallies(actor).order_by("outlet_id", "code")[:FEW])
    is_one = len({tally.outlet_id for tally in near}) == 1
    page = ProposalsPage(
        listing=listing(PROPOSALS, rows, request.GET, actor),
        counters=[Counter(tally, panels.counted_explained(tally)) for tally in near if is_one],
        tones=dict(panels.TONES), can_export=actor.can(Verb.EXPORT_GATHERINGS),
    )  # fmt: skip
    return pages.render(request, "care/gatherings.html", page, block="list")


def proposal(request: Request, pk: int) -> HttpResponseBase:
    """One proposal: who is invited, who is not and why."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.VIEW_GATHERINGS)
    row = queries.proposal(actor, pk)
    rows = queries.members(row)
    if request.GET.get("export"):
        check(actor, Verb.EXPORT_GATHERINGS, row.outlet_id)
        return _export(request, MEMBERS, rows, f"proposal={pk}&")
    page = ProposalPage(
        row=row, told=queries.told(row, today), tone=panels.TONES[State(row.state)], standing=queries.standing(row),
        parts=_parts(row.gathering), listing=listing(MEMBERS, rows, request.GET, actor),
        tally=queries.tallies(actor).filter(outlet=row.outlet, code=row.code).first(),
        can_decide=actor.can(Verb.DECIDE_GATHERINGS, row.outlet_id),
        is_living=policy.is_living(row.state, row.planned_on, today), soft=SOFT,
        can_export=actor.can(Verb.EXPORT_GATHERINGS, row.outlet_id), can_reveal=queries.may_reveal(actor, row, today),
    )  # fmt: skip
    return pages.render(request, "care/gathering.html", page, block="list")


@require_POST
def export_invited(request: Request, pk: int) -> HttpResponseBase:
    """The invitation list as a file with whole numbers, for who may see them; an act of its own on the trail."""
    actor = request.actor
    found = reveal_invited(actor=actor, proposal_id=pk, at=clock.now())
    numbers = {item.customer_id: item.phone for item in found}
    rows = queries.members(queries.proposal(actor, pk)).filter(customer_id__in=list(numbers)).order_by("pk")
    file = records.export(
        actor=actor, verb=Verb.EXPORT_GATHERINGS, table=with_whole(numbers), rows=rows, asked=QueryDict("export=xlsx"),
        of=f"proposal={pk}&invited=yes&numbers=whole&",
    )  # fmt: skip
    return pages.download(file)


def counts(request: Request) -> HttpResponseBase:
    """How many have gathered at each outlet for each kind of lecture."""
    actor = request.actor
    check(actor, Verb.VIEW_GATHERINGS)
    rows = queries.tallies(actor)
    if request.GET.get("export"):
        return _export(request, COUNTS, rows)
    page = CountsPage(listing(COUNTS, rows, request.GET, actor), actor.can(Verb.EXPORT_GATHERINGS))
    return pages.render(request, "care/gathering_counts.html", page, block="list")


def count(request: Request, pk: int) -> HttpResponseBase:
    """One counter: how it is made, and why a customer is, or is not, among those who have gathered."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.VIEW_GATHERINGS)
    row = queries.tally(actor, pk)
    q, chosen = request.GET.get("q", "").strip()[:80], request.GET.get("customer", "")
    name, steps = "", []
    if chosen.isdecimal():
        customer = customers.customer(actor, int(chosen))
        name, steps = customer.name, panels.why(actor, row, customer.pk, today)
    latest = queries.latest([row]).get((row.outlet_id, row.code))
    hits = [(hit.customer.pk, hit.customer.name) for hit in customers.find(actor, q, FEW)] if q else []
    page = CountPage(
        tally=row, explain=panels.counted_explained(row), lines=panels.reckoned(row), latest=latest,
        told=queries.told(latest, today), parts=_parts(row.gathering), q=q, hits=hits, name=name, steps=steps,
    )  # fmt: skip
    return pages.render(request, "care/gathering_count.html", page)
