"""Letters: what waits to be printed, the dispatch log, one batch, and its sheets for the printer."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.messaging.models import Message, PrintBatch
from guanxi.messaging.permissions import Verb
from guanxi.messaging.queries import letters as queries
from guanxi.messaging.queries import messages
from guanxi.messaging.services import letters as services
from guanxi.messaging.tables import BATCHES
from guanxi.network.models import OutletProfile
from guanxi.records import services as records


@dataclass(frozen=True)
class LettersPage:
    waiting: Sequence[queries.Waiting]
    listing: Listing
    can_export: bool


@dataclass(frozen=True)
class Sheet:
    """One letter as it is printed."""

    row: Message
    name: str
    to: queries.Postal


@dataclass(frozen=True)
class BatchPage:
    row: PrintBatch
    letters: Sequence[Sheet]
    can_print: bool


@dataclass(frozen=True)
class SheetsPage:
    row: PrintBatch
    letters: Sequence[Sheet]
    address: str


def letters(request: Request) -> HttpResponseBase:
    """What waits to be printed, and the dispatch log."""
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = queries.batches_visible_to(actor).select_related("node")
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=BATCHES, rows=rows, asked=request.GET)
        return pages.download(file)
    found = listing(BATCHES, rows, request.GET, actor)
    page = LettersPage(queries.waiting(actor) if actor.can(Verb.PRINT_LETTERS) else [], found, actor.can(Verb.EXPORT))
    return pages.render(request, "messaging/letters.html", page, block="list")


def batch(request: Request, pk: int) -> HttpResponseBase:
    """One batch: its letters, who printed it, when it was handed to the post."""
    check(request.actor, Verb.VIEW)
    row = queries.batch(request.actor, pk)
    page = BatchPage(row, _sheets(row), request.actor.can(Verb.PRINT_LETTERS, row.node_id))
    return pages.render(request, "messaging/batch.html", page)


def sheets(request: Request, pk: int) -> HttpResponseBase:
    """The letters of a batch for the printer, one a page."""
    row = queries.batch(request.actor, pk)
    check(request.actor, Verb.PRINT_LETTERS, row.node_id)
    profile = OutletProfile.objects.filter(node_id=row.node_id).first()
    return pages.render(
        request, "messaging/sheets.html", SheetsPage(row, _sheets(row), profile.address if profile else "")
    )


def _sheets(row: PrintBatch) -> list[Sheet]:
    found = queries.letters_of(row)
    names = messages.names([letter.customer_id for letter in found])
    return [Sheet(item, names.get(item.customer_id, ""), queries.postal(item.address)) for item in found]


@require_POST
def print_letters(request: Request, node_id: int) -> HttpResponseBase:
    """Put what waits at a place into a batch."""
    made = services.print_letters(actor=request.actor, node_id=node_id, at=clock.now())
    return pages.done(request, _url(made.pk), _("The batch is ready: print it, then say when it goes to the post."))


@require_POST
def post_letters(request: Request, pk: int) -> HttpResponseBase:
    """Say that a batch was handed to the post."""
    services.post_letters(actor=request.actor, batch_id=pk, at=clock.now())
    return pages.done(request, _url(pk), _("Written down as handed to the post."))


def _url(pk: int) -> str:
    return reverse("messaging:batch", args=[pk])
