"""Pages of the audit trail, of presets and of attachments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from guanxi.foundation import clock, pages, slots
from guanxi.foundation import presets as presets_
from guanxi.foundation.actor import check, check_everywhere
from guanxi.foundation.errors import DomainError, NotAllowed, NotFound, Problem
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.records import queries, services, states
from guanxi.records.forms import WithdrawForm
from guanxi.records.models import AuditEntry, PresetVersion
from guanxi.records.permissions import Verb
from guanxi.records.services import attaching
from guanxi.records.tables import AUDIT


@dataclass(frozen=True)
class AuditPage:
    listing: Listing
    can_export: bool


@dataclass(frozen=True)
class EntryPage:
    entry: AuditEntry
    place: str
    changes: list[tuple[str, Any, Any]]


@dataclass(frozen=True)
class PresetRow:
    """A preset with what was applied of it."""

    carmaker: str
    titles: Mapping[str, str]
    applied: list[PresetVersion]


@dataclass(frozen=True)
class PresetsPage:
    rows: list[PresetRow]


@dataclass(frozen=True)
class PartDifference:
    """One part of a preset and what applying it would change."""

    part: presets_.Part
    changes: Sequence[presets_.Change]
    applied: PresetVersion | None
    problems: Sequence[Problem] = ()


@dataclass(frozen=True)
class PresetPage:
    carmaker: str
    titles: Mapping[str, str]
    parts: list[PartDifference]


@dataclass(frozen=True)
class HistoryPanel:
    entries: list[AuditEntry]


def audit(request: Request) -> HttpResponseBase:
    actor = request.actor
    check(actor, Verb.VIEW_AUDIT)
    rows = queries.visible_to(actor)
    if request.GET.get("export"):
        file = services.export(actor=actor, verb=Verb.EXPORT_AUDIT, table=AUDIT, rows=rows, asked=request.GET)
        return pages.download(file)
    page = AuditPage(listing(AUDIT, rows, request.GET, actor), actor.can(Verb.EXPORT_AUDIT))
    return pages.render(request, "records/audit.html", page, block="list")


def audit_entry(request: Request, pk: int) -> HttpResponse:
    entry = queries.entry(request.actor, pk)
    if entry is None:
        raise NotFound
    names = slots.ask("node_names", request.actor, {entry.node_id}, default={})
    before, after = entry.before or {}, entry.after or {}
    changes = [(key, before.get(key), after.get(key)) for key in {**before, **after}]
    return pages.render(request, "records/entry.html", EntryPage(entry, names.get(entry.node_id, ""), changes))


def recent(request: Request, subject_id: int) -> HttpResponse:  # noqa: ARG001 -- panels share one URL shape
    """The home panel: what people did last at the actor's places."""
    check(request.actor, Verb.VIEW_AUDIT)
    rows = queries.visible_to(request.actor).filter(person_id__isnull=False).order_by("-at", "-pk")[:12]
    return pages.render(request, "records/recent.html", HistoryPanel(list(rows)))


def node_history(request: Request, subject_id: int) -> HttpResponse:
    """The panel of a place: what was changed there."""
    check(request.actor, Verb.VIEW_AUDIT, subject_id)
    rows = queries.visible_to(request.actor).filter(node_id=subject_id).order_by("-at", "-pk")[:20]
    return pages.render(request, "records/recent.html", HistoryPanel(list(rows)))


def presets(request: Request) -> HttpResponse:
    check_everywhere(request.actor, Verb.APPLY_PRESETS)
    names = presets_.names()
    applied = queries.preset_versions(names)
    rows = [
        PresetRow(name, presets_.title(name), [row for (maker, _part), row in applied.items() if maker == name])
        for name in names
    ]
    return pages.render(request, "records/presets.html", PresetsPage(rows))


def _difference(part: presets_.Part, applied: PresetVersion | None) -> PartDifference:
    try:
        return PartDifference(part, presets_.compare(part), applied)
    except DomainError as error:
        return PartDifference(part, (), applied, error.problems)


def preset(request: Request, carmaker: str) -> HttpResponse:
    check_everywhere(request.actor, Verb.APPLY_PRESETS)
    applied = queries.preset_versions([carmaker])
    parts = [_difference(part, applied.get((carmaker, part.loader.key))) for part in presets_.read(carmaker)]
    return pages.render(request, "records/preset.html", PresetPage(carmaker, presets_.title(carmaker), parts))


def apply_preset(request: Request, carmaker: str, key: str) -> HttpResponseBase:
    if request.method != "POST":
        raise NotFound
    count = services.apply_preset_part(
        actor=request.actor, carmaker=carmaker, key=key, digest=request.POST.get("digest", "")
    )
    message = ngettext("%(num)d change applied.", "%(num)d changes applied.", count) % {"num": count}
    return pages.done(request, reverse("records:preset", args=[carmaker]), message)


@require_POST
def attach(request: Request, subject_type: str, subject_id: int) -> HttpResponseBase:
    """A file for something, as evidence."""
    sent = request.FILES.get("file")
    file = attaching.File(
        str(sent.name) if sent else "", sent.read(attaching.largest() + 1) if sent else b"",
        request.POST.get("note", "").replace("\x00", ""),
    )  # fmt: skip
    attaching.attach(
        actor=request.actor, subject_type=subject_type, subject_id=subject_id, file=file, at=clock.now()
    )  # fmt: skip
    return pages.done(request, states.held(request.actor, subject_type, subject_id).url, _("The file is added."))


def attachment(request: Request, pk: int) -> HttpResponseBase:
    """A file to keep; with ``?small`` a picture beside others on the page of what it belongs to."""
    if "small" in request.GET:
        row = attaching.show_picture(actor=request.actor, attachment_id=pk, at=clock.now())
    else:
        row = attaching.open_attachment(actor=request.actor, attachment_id=pk)
    return pages.download(pages.File(row.name, row.media_type, bytes(row.content)))


def withdraw_attachment(request: Request, pk: int) -> HttpResponseBase:
    """Withdraw a file with a reason."""
    actor, row = request.actor, queries.attachment(pk)
    held = states.held(actor, row.subject_type, int(row.subject_id))
    if not held.may_add:
        raise NotAllowed
    form = WithdrawForm(request.POST or None)

    def act() -> None:
        attaching.withdraw(actor=actor, attachment_id=pk, reason=form.cleaned_data["reason"], at=clock.now())

    page = FormPage(form, _("Withdraw a file"), _("Withdraw"), held.url, row.name, [(held.label, held.url)])
    return answer(request, page, act, message=_("The file is withdrawn."))
