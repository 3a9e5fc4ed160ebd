"""Pages of files that are said to be false: the list, one, marking, deciding, undoing (INFO-33)."""

from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import NotAllowed, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.records import services as records
from guanxi.verification.forms import DecideForm, MarkForm, ReasonForm
from guanxi.verification.models import FalseFile
from guanxi.verification.permissions import Verb
from guanxi.verification.queries import files
from guanxi.verification.services import marking
from guanxi.verification.states import FALSE_TONES, Falsity
from guanxi.verification.tables import lists as tables


@dataclass(frozen=True)
class FilesPage:
    listing: Listing
    tones: dict[str, str]
    can_export: bool


@dataclass(frozen=True)
class FilePage:
    row: FalseFile
    tone: str
    customer: str
    is_late: bool
    acts: frozenset[str]


def false_files(request: Request) -> HttpResponseBase:
    """The files that are said to be false, the newest first."""
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = files.visible_to(actor).select_related("outlet")
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.FALSE_FILES, rows=rows, asked=request.GET)
        return pages.download(file)
    page = FilesPage(listing(tables.FALSE_FILES, rows, request.GET, actor), FALSE_TONES, actor.can(Verb.EXPORT))
    return pages.render(request, "verification/false_files.html", page, block="list")


def _acts(actor: Actor, row: FalseFile) -> frozenset[str]:
    """Return what an actor may do with a mark as it stands."""
    if not actor.can(Verb.DECIDE_FALSE, row.outlet_id):
        return frozenset()
    if row.state == Falsity.MARKED:
        return frozenset() if row.marked_by_id == actor.user_id else frozenset({"decide"})
    return frozenset({"undo"}) if row.state == Falsity.CONFIRMED else frozenset()


def false_file(request: Request, pk: int) -> HttpResponseBase:
    """One file that is said to be false."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = files.one(actor, pk)
    found = customers.visible_to(actor).filter(pk=row.customer_id).first()
    page = FilePage(
        row, FALSE_TONES[row.state], found.name if found else "", row.is_late(clock.now()), _acts(actor, row)
    )  # fmt: skip
    return pages.render(request, "verification/false_file.html", page)


def mark_false(request: Request, customer_id: int) -> HttpResponseBase:
    """Mark the file of a customer as false."""
    actor = request.actor
    check(actor, Verb.MARK_FALSE)
    row = customers.customer(actor, customer_id)
    outlets = files.outlets_to_mark(actor, customer_id)
    if not outlets:
        raise NotAllowed
    form = MarkForm(request.POST or None, outlets=outlets, checks=files.checks_to_show(actor, customer_id))

    def act() -> str:
        values = form.cleaned_data
        made = marking.mark(
            actor=actor, customer_id=customer_id, outlet_id=int(values["outlet"]), evidence=values["evidence"],
            check_id=int(values["check"]) if values["check"] else None, at=clock.now(),
        )  # fmt: skip
        return reverse("verification:false-file", args=[made.pk])

    note = _("Nothing is deleted. Another person decides; until then the file is only marked.")
    back = reverse("customers:customer", args=[customer_id])
    page = FormPage(form, _("Mark the file as false"), _("Mark it"), back, note, [(row.name, back)])
    return answer(request, page, act, message=_("Marked; another person decides."))


def _decides(request: Request, pk: int) -> FalseFile:
    row = files.one(request.actor, pk)
    check(request.actor, Verb.DECIDE_FALSE, row.outlet_id)
    return row


def _page(row: FalseFile, form: DecideForm | ReasonForm, title: Text, submit: Text) -> FormPage:
    address = reverse("verification:false-file", args=[row.pk])
    crumbs: list[tuple[Text, str]] = [
        (_("False files"), reverse("verification:false-files")), (row.number, address),
    ]  # fmt: skip
    return FormPage(form, title, submit, address, row.evidence, crumbs)


def decide_false(request: Request, pk: int) -> HttpResponseBase:
    """Decide whether a marked file is false."""
    row, form = _decides(request, pk), DecideForm(request.POST or None)

    def act() -> None:
        is_false, words = form.cleaned_data["is_false"] == "yes", form.cleaned_data["words"]
        marking.decide(actor=request.actor, file_id=pk, is_false=is_false, words=words, at=clock.now())

    return answer(request, _page(row, form, _("Decide about the file"), _("Decide")), act, message=_("Decided."))


def undo_false(request: Request, pk: int) -> HttpResponseBase:
    """Undo a confirmed false file."""
    row, form = _decides(request, pk), ReasonForm(request.POST or None)

    def act() -> None:
        marking.undo(actor=request.actor, file_id=pk, reason=form.cleaned_data["reason"], at=clock.now())

    return answer(request, _page(row, form, _("Undo the decision"), _("Undo")), act, message=_("Undone."))
