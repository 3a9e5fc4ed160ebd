"""Pages of the network import: choose a file, see what it would do, do it."""

import io
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import DomainError, NotFound, Problem
from guanxi.foundation.forms import refuse, show
from guanxi.foundation.pages import Request
from guanxi.network import queries
from guanxi.network.forms import ImportForm
from guanxi.network.models import ImportRun
from guanxi.network.permissions import Verb
from guanxi.network.services import importing, rows

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class UploadPage:
    form: forms.Form
    runs: list[ImportRun]


@dataclass(frozen=True)
class RunPage:
    run: ImportRun
    problems: list[Problem]
    rows: list[dict[str, Any]]
    can_apply: bool


def upload(request: Request) -> HttpResponseBase:
    actor = request.actor
    check(actor, Verb.IMPORT_NETWORK)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = importing.check_file(actor=actor, name=file.name, content=file.read(), at=clock.now())
        except DomainError as error:
            refuse(form, error)
        else:
            return pages.done(request, reverse("network:import-run", args=[run.pk]))
    runs = list(ImportRun.objects.filter(person_id=actor.user_id).order_by("-at")[:10])
    return show(request, "network/upload.html", UploadPage(form, runs))


def run(request: Request, pk: int) -> HttpResponseBase:
    found = queries.import_run(request.actor, pk)
    problems = [Problem(**item) for item in found.problems]
    can_apply = found.state == ImportRun.State.CHECKED
    return pages.render(request, "network/run.html", RunPage(found, problems, found.rows[:200], can_apply))


def apply(request: Request, pk: int) -> HttpResponseBase:
    if request.method != "POST":
        raise NotFound
    done = importing.apply_run(actor=request.actor, run_id=pk, at=clock.now())
    message = _("%(added)s places added, %(changed)s changed.") % {
        "added": done.added,
        "changed": done.changed,
    }
    return pages.done(request, reverse("network:import-run", args=[pk]), message)


def drop(request: Request, pk: int) -> HttpResponseBase:
    if request.method != "POST":
        raise NotFound
    importing.drop_run(actor=request.actor, run_id=pk)
    return pages.done(request, reverse("network:import"), _("Dropped."))


def template(request: Request) -> HttpResponseBase:
    """An empty sheet with the headings."""
    check(request.actor, Verb.IMPORT_NETWORK)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in rows.template():
        sheet.append(line)
    file = io.BytesIO()
    book.save(file)
    return pages.download(pages.File("network-template.xlsx", XLSX, file.getvalue()))
