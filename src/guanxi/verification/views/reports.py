"""The reports: information quality with ranking and trend, and the truth of warranty repairs (FORM-31, FORM-32)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import HttpResponseBase

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, Table, listing, narrow
from guanxi.records import services as records
from guanxi.verification.permissions import Verb
from guanxi.verification.policy import Period
from guanxi.verification.queries import reports as queries
from guanxi.verification.queries.reports import Figures
from guanxi.verification.tables import reports as tables


@dataclass(frozen=True)
class ReportPage:
    """A report: its lines, all of them in sum, and which time it is about."""

    listing: Listing
    total: Figures
    period: Period
    can_export: bool


def quality(request: Request) -> HttpResponseBase:
    """How good the records of outlets or branches are in a week or a month."""
    check(request.actor, Verb.VIEW)
    asked = tables.asked(request.GET)
    found = queries.of_quality(request.actor, asked.period, clock.now(), asked.trend)
    return _answer(request, tables.QUALITY, asked, found, "verification/quality.html")


def truth(request: Request) -> HttpResponseBase:
    """How true the warranty repairs of outlets or branches are, by what customers say."""
    check(request.actor, Verb.VIEW)
    asked = tables.asked(request.GET)
    found = queries.of_truth(request.actor, asked.period, asked.trend)
    return _answer(request, tables.TRUTH, asked, found, "verification/truth.html")


def _answer(
    request: Request, table: Table, asked: tables.Asked, by_outlet: Mapping[int, Figures], template: str
) -> HttpResponseBase:
    actor, day = request.actor, min(asked.period.last, clock.today())
    rows = queries.units(actor, asked.kind, day)
    found = queries.rolled(by_outlet, list(rows.values_list("pk", flat=True)), day)
    value = tables.BY[asked.by][1] if table.key == tables.QUALITY.key else lambda one: one.confirmed.percent
    rows = tables.ranked(rows, {pk: value(one) for pk, one in found.items()})
    table = replace(table, prepare=tables.with_figures(found, asked.trend))
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=table, rows=rows, asked=request.GET)
        return pages.download(file)
    total = Figures()
    narrowed = narrow(table, rows, request.GET, actor)[0]
    for pk in narrowed.values_list("pk", flat=True):
        total.add(found[pk])
    page = ReportPage(listing(table, rows, request.GET, actor), total, asked.period, actor.can(Verb.EXPORT))
    return pages.render(request, template, page, block="list")
