"""The list of what customers said of wanting to buy."""

from dataclasses import dataclass

from django.http import HttpResponseBase

from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.queries import intentions as queries
from guanxi.contact_centre.tables import INTENTIONS
from guanxi.foundation import pages
from guanxi.foundation.actor import check
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.records import services as records


@dataclass(frozen=True)
class IntentionsPage:
    listing: Listing
    can_export: bool


def listed(request: Request) -> HttpResponseBase:
    """Who wants to buy, how, and how it is followed, newest first."""
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = queries.visible_to(actor)
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=INTENTIONS, rows=rows, asked=request.GET)
        return pages.download(file)
    page = IntentionsPage(listing(INTENTIONS, rows, request.GET, actor), actor.can(Verb.EXPORT))
    return pages.render(request, "contact_centre/intentions.html", page, block="list")
