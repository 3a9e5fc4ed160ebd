"""How outlets follow up: their places by ratio and success, and the sums above them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from guanxi.care.states.rules import FOLLOW_UPS
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.insight.panels.figures import Figure, share
from guanxi.insight.permissions import Verb
from guanxi.insight.policy import spans
from guanxi.insight.queries import followups as queries
from guanxi.insight.tables import followups as tables
from guanxi.records import services as records
from guanxi.worklist.permissions import Verb as Worklist


@dataclass(frozen=True)
class FollowUpsPage:
    listing: Listing
    span: str
    figures: Sequence[Figure]
    can_export: bool


def asked_for(actor: Actor, params: dict[str, str]) -> tuple[str, queries.Asked]:
    """Return the span that is asked for, and what; what cannot be chosen counts as not asked, as in every list."""
    span = params.get("span", "")
    span = span if span in spans.SPANS else spans.USUAL
    at = clock.now()
    first, last = spans.days_of(span, clock.day_of(at))
    kind, branch = params.get("kind", ""), params.get("branch", "")
    kinds = [kind] if kind in dict(tables.KINDS) else FOLLOW_UPS
    anchor = params.get("after", "")
    place = int(branch) if branch and branch in dict(tables.branches(actor)) else None
    return span, queries.Asked(first, last, at, kinds, place, anchor if anchor in dict(tables.AFTER) else "")


def figures(found: dict[str, int]) -> list[Figure]:
    """Return the sums, each with how it is made."""
    return [
        Figure(_("Follow-ups due"), f"{found['due']:,}", _("Contacts first due in these days whose moment has come.")),
        Figure(_("Follow-ups made"), f"{found['made']:,}", _("Of those: tried at least once, or done.")),
        Figure(_("Follow-up ratio"), share(found["made"], found["due"]), _("Made, of those due (KPI-08).")),
        Figure(
            _("Success rate"), share(found["reached"], found["due"]),
            _("Done with the customer reached, of those due (KPI-09)."),
        ),
        Figure(
            _("Satisfaction"), share(found["reached"] - found["unhappy"], found["reached"]),
            _("Of those reached, all who neither complained nor named a problem that is to be put right (KPI-26)."),
        ),
        Figure(_("Not in time"), f"{found['late']:,}", _("Not done when they were first due, whatever came later.")),
        Figure(_("Still waiting"), f"{found['waiting']:,}", _("Due and still open.")),
    ]  # fmt: skip


def followups(request: Request) -> HttpResponseBase:
    """The outlets by how they follow up, the best first."""
    actor = request.actor
    check(actor, Worklist.VIEW_TEAM)
    span, asked = asked_for(actor, request.GET.dict())
    rows = queries.by_outlet(actor, asked)
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.FOLLOW_UPS, rows=rows, asked=request.GET)
        return pages.download(file)
    page = FollowUpsPage(
        listing(tables.FOLLOW_UPS, rows, request.GET, actor), str(dict(tables.SPANS)[span]),
        figures(queries.in_sum(actor, asked)), actor.can(Verb.EXPORT),
    )  # fmt: skip
    return pages.render(request, "insight/followups.html", page, block="list")
