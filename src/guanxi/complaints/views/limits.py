"""Where the same problem came up too often, and what comes of it."""

from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.complaints import tables
from guanxi.complaints.forms import OutcomeForm
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import limits
from guanxi.complaints.services import limits as answering
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.records import services as records


@dataclass(frozen=True)
class LimitsPage:
    listing: Listing
    can_export: bool


def show_limits(request: Request) -> HttpResponseBase:
    """The limits that were passed, the newest first."""
    actor, asked = request.actor, request.GET
    check(actor, Verb.VIEW)
    rows = limits.visible_to(actor).select_related("outlet", "category", "limit")
    if asked.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.BREACHES, rows=rows, asked=asked)
        return pages.download(file)
    page = LimitsPage(listing(tables.BREACHES, rows, asked, actor), actor.can(Verb.EXPORT))
    return pages.render(request, "complaints/limits.html", page, block="list")


def answer_limit(request: Request, pk: int) -> HttpResponseBase:
    """Say what comes of it."""
    actor = request.actor
    row = limits.breach(actor, pk)
    check(actor, Verb.ASSIGN, row.place_id)
    form = OutcomeForm(request.POST or None)
    back = reverse("complaints:limits")
    if row.answered_at and request.method == "GET":
        return pages.done(request, back)

    def act() -> None:
        answering.answer(actor=actor, breach_id=pk, at=clock.now(), **form.cleaned_data)

    note = _("%(outlet)s: %(many)s complaints about %(what)s since %(since)s; %(limit)s allows %(most)s.") % {
        "outlet": row.outlet.name, "many": row.many, "what": row.category.name, "since": row.since.isoformat(),
        "limit": row.limit.name, "most": row.limit.most,
    }  # fmt: skip
    page = FormPage(form, _("The same problem too often"), _("Save"), back, note, [(_("Limits passed"), back)])
    return answer(request, page, act, message=_("Saved."))
