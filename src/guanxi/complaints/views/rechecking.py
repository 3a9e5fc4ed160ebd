"""The sample of closed complaints, and what a customer says when he is asked once more."""

from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.complaints import tables
from guanxi.complaints.forms import RecheckForm
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import rechecks
from guanxi.complaints.queries.rechecks import Tally
from guanxi.complaints.services import rechecking
from guanxi.complaints.states import CHECKED_TONES
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing, narrow
from guanxi.records import services as records


@dataclass(frozen=True)
class RechecksPage:
    listing: Listing
    tally: Tally
    tones: dict[str, str]
    can_export: bool


def show_rechecks(request: Request) -> HttpResponseBase:
    """The sample, the newest first, and what came of those that the filters keep."""
    actor, asked = request.actor, request.GET
    check(actor, Verb.RECHECK)
    rows = rechecks.visible_to(actor).select_related("complaint__outlet", "complaint__category")
    if asked.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.RECHECKS, rows=rows, asked=asked)
        return pages.download(file)
    kept = narrow(tables.RECHECKS, rows, asked, actor)[0]
    page = RechecksPage(
        listing(tables.RECHECKS, rows, asked, actor), rechecks.tally(kept), CHECKED_TONES, actor.can(Verb.EXPORT)
    )
    return pages.render(request, "complaints/rechecks.html", page, block="list")


def record_recheck(request: Request, pk: int) -> HttpResponseBase:
    """Ask a customer of the sample once more."""
    actor = request.actor
    row = rechecks.one(actor, pk)
    check(actor, Verb.RECHECK, row.place_id)
    if row.result and request.method == "GET":
        return pages.done(request, reverse("complaints:complaint", args=[row.complaint_id]))
    form = RecheckForm(request.POST or None)
    back = reverse("complaints:rechecks")
    about = row.complaint

    def act() -> None:
        rechecking.record_recheck(actor=actor, recheck_id=pk, at=clock.now(), **form.cleaned_data)

    crumbs: list[tuple[Text, str]] = [
        (_("Complaints"), reverse("complaints:complaints")), (_("Asked once more"), back),
        (about.number, reverse("complaints:complaint", args=[about.pk])),
    ]  # fmt: skip
    page = FormPage(form, _("Ask the customer once more"), _("Save"), back, about.words, crumbs)
    return answer(request, page, act, message=_("Saved."))
