"""What outlets log of their follow-ups against what customers say: outlet by outlet, and what was denied of one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.queries import calls
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.insight.panels.figures import Figure, share
from guanxi.insight.permissions import Verb
from guanxi.insight.policy import spans
from guanxi.insight.queries import checked as queries
from guanxi.insight.tables import checked as tables
from guanxi.insight.tables import followups
from guanxi.network.models import Node
from guanxi.records import services as records
from guanxi.worklist.models import Task


@dataclass(frozen=True)
class CheckedPage:
    listing: Listing
    span: str
    query: str
    figures: Sequence[Figure]
    few: int
    can_export: bool


@dataclass(frozen=True)
class DeniedPage:
    """The contacts that one outlet logged and the customer denied; those calls that the reader may open."""

    outlet: Node
    span: str
    tasks: Sequence[Task]
    seen: frozenset[int]


def asked_for(actor: Actor, params: dict[str, str]) -> tuple[str, queries.Asked]:
    """Return the span that is asked for, and what; what cannot be chosen counts as not asked, as in every list."""
    span = params.get("span", "")
    span = span if span in spans.SPANS else spans.USUAL
    at = clock.now()
    first, last = spans.days_of(span, clock.day_of(at))
    branch, after, role = (params.get(name, "") for name in ("branch", "after", "role"))
    return span, queries.Asked(
        first, last, at, queries.BY_VOICE,
        int(branch) if branch and branch in dict(tables.branches(actor)) else None,
        after if after in dict(tables.AFTER) else "", role if role and role in dict(tables.roles(actor)) else "",
    )  # fmt: skip


def _figures(found: dict[str, int]) -> list[Figure]:
    known = found["confirmed"] + found["contradicted"]
    return [
        Figure(
            _("Coverage"), share(found["followed"], found["customers"]),
            _("Customers with whom contact was tried or made, of those due after a delivery or a visit (FUP-03)."),
        ),
        Figure(
            _("Accuracy"), share(found["confirmed"], known),
            _("Confirmed by the customer, of the claims about which somebody else asked him (FUP-03)."),
        ),
        Figure(_("Claimed"), f"{found['claimed']:,}", _("Logged by the outlet as done with the customer reached.")),
        Figure(_("Confirmed"), f"{found['confirmed']:,}", _("The customer says that the outlet called him.")),
        Figure(_("Contradicted"), f"{found['contradicted']:,}", _("The customer says that nobody called him.")),
        Figure(_("Not asked"), f"{found['claimed'] - known:,}", _("Claimed, and nobody else asked the customer yet.")),
    ]  # fmt: skip


def checked(request: Request) -> HttpResponseBase:
    """The outlets by what customers say of their follow-ups, the most contradicted first."""
    actor = request.actor
    check(actor, Verb.VIEW_CHECKED)
    span, asked = asked_for(actor, request.GET.dict())
    rows = queries.by_outlet(actor, asked)
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.CHECKED, rows=rows, asked=request.GET)
        return pages.download(file)
    found = listing(tables.CHECKED, rows, request.GET, actor)
    page = CheckedPage(
        found, str(dict(followups.SPANS)[span]), found.query, _figures(queries.in_sum(actor, asked)), queries.FEW,
        actor.can(Verb.EXPORT),
    )  # fmt: skip
    return pages.render(request, "insight/checked.html", page, block="list")


def denied(request: Request, pk: int) -> HttpResponseBase:
    """What one outlet logged and its customers denied."""
    actor = request.actor
    check(actor, Verb.VIEW_CHECKED)
    span, asked = asked_for(actor, request.GET.dict())
    outlet = queries.outlet(actor, pk, asked)
    tasks = queries.contradicted(asked, outlet.pk)
    told = [task.told_in for task in tasks]  # type: ignore[attr-defined]  # annotated
    seen = frozenset(calls.visible_to(actor).filter(pk__in=told).values_list("pk", flat=True))
    page = DeniedPage(outlet, str(dict(followups.SPANS)[span]), tasks, seen)
    return pages.render(request, "insight/denied.html", page)
