"""Pages of the audit trail."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase

from guanxi.foundation import pages, slots
from guanxi.foundation.actor import check
from guanxi.foundation.errors import NotFound
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing, narrow
from guanxi.records import queries, services
from guanxi.records.models import AuditEntry
from guanxi.records.permissions import Verb
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
class HistoryPanel:
    entries: list[AuditEntry]


def audit(request: Request) -> HttpResponseBase:
    actor = request.actor
    check(actor, Verb.VIEW_AUDIT)
    rows = queries.visible_to(actor)
    if request.GET.get("export"):
        rows, _chosen, _q, _sort = narrow(AUDIT, rows, request.GET, actor)
        file = services.export(
            actor=actor,
            verb=Verb.EXPORT_AUDIT,
            key=AUDIT.key,
            columns=AUDIT.columns,
            rows=rows,
            kind=request.GET["export"],
            query=request.GET.urlencode(),
        )
        return pages.download(file.name, file.content_type, file.content)
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
    """The home panel: the newest entries of the actor's places."""
    check(request.actor, Verb.VIEW_AUDIT)
    rows = queries.visible_to(request.actor).order_by("-at", "-pk")[:12]
    return pages.render(request, "records/recent.html", HistoryPanel(list(rows)))


def node_history(request: Request, subject_id: int) -> HttpResponse:
    """The panel of a place: what was changed there."""
    check(request.actor, Verb.VIEW_AUDIT, subject_id)
    rows = queries.visible_to(request.actor).filter(node_id=subject_id).order_by("-at", "-pk")[:20]
    return pages.render(request, "records/recent.html", HistoryPanel(list(rows)))
