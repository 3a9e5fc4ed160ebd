"""Pages of the effect of contact rules: the list of all, and the panel of one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase, QueryDict

from guanxi.care.permissions import Verb as Care
from guanxi.care.queries import rules
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Text
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.insight.models import Effect, EffectTerms
from guanxi.insight.panels import effects as panels
from guanxi.insight.permissions import Verb
from guanxi.insight.policy.effects import reach
from guanxi.insight.queries import effects as queries
from guanxi.insight.queries.effects import Asked, Found, Month
from guanxi.insight.tables import effects as tables
from guanxi.records import services as records


@dataclass(frozen=True)
class EffectsPage:
    listing: Listing
    figures: Sequence[tuple[Text, Text]]
    can_export: bool
    period: Text


@dataclass(frozen=True)
class RulePanel:
    """The effect of one rule: its arms, what the comparison of visits and of sales comes to, month by month."""

    found: Found | None
    months: Sequence[Month]
    outcomes: Sequence[panels.Line]
    figures: Sequence[tuple[Text, Text]]
    reach: float
    period: Text


def _asked(request: Request) -> Asked:
    """Return what the address asks for, of the last twelve months unless it asks for others; what cannot be chosen
    counts as not asked, as in every list.
    """
    place = request.GET.get("place", "")
    is_known = bool(place) and place in dict(tables.places(request.actor))
    first, last = tables.period(request.GET.get("from", "") or _all(request), request.GET.get("to", ""))
    return Asked(first, last, int(place) if is_known else None)


def _all(request: Request) -> str:
    """Return that all months are asked for, if the choice was emptied."""
    return tables.ALL if "from" in request.GET else ""


def _said(request: Request, asked: Asked) -> QueryDict:
    """Return the address with the months that count, so that filters, links and exports say them."""
    params = request.GET.copy()
    params["from"] = f"{asked.first:%Y-%m}" if asked.first else tables.ALL
    params["to"] = f"{asked.last:%Y-%m}"
    return params


def _compared(seen: QuerySet[Effect], limits: EffectTerms) -> Callable[[list[Any], Actor], None]:
    """Return what gives each row of a page its effect, and how far the drawings of the page go; three queries."""

    def prepare(rows: list[Any], _actor: Actor) -> None:
        found = queries.compared(seen, [row.code for row in rows], limits)
        far = reach(one.came for one in found.values())
        for row in rows:
            row.found, row.reach = found.get(row.code, Found(row.code)), far
            row.line = panels.lines(row.found, limits)[0]

    return prepare


def effects(request: Request) -> HttpResponseBase:
    """All contact rules with what followed of their contacts, against those left out at random."""
    actor = request.actor
    check(actor, Care.VIEW_RULES)
    asked = _asked(request)
    params, period = _said(request, asked), panels.period(asked)
    seen, limits = queries.asked_for(actor, asked, clock.today()), queries.terms()
    table = replace(tables.EFFECTS, prepare=_compared(seen, limits))
    rows = tables.listed(actor, seen)
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=table, rows=rows, asked=params)
        return pages.download(file)
    figures = panels.figures(limits, period)
    page = EffectsPage(listing(table, rows, params, actor), figures, actor.can(Verb.EXPORT), period)
    return pages.render(request, "insight/effects.html", page, block="list")


def rule_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The panel of a rule: what followed of its contacts in the last twelve months."""
    actor = request.actor
    check(actor, Care.VIEW_RULES)
    code = rules.rule(actor, subject_id).code
    asked = Asked(*tables.period("", ""))
    seen, limits = queries.asked_for(actor, asked, clock.today()), queries.terms()
    found = queries.compared(seen, [code], limits).get(code)
    outcomes = panels.lines(found, limits) if found else []
    page = RulePanel(
        found, queries.months(seen, code, tables.USUAL), outcomes, panels.figures(limits, panels.period(asked)),
        reach(one.compared for one in outcomes), panels.period(asked),
    )  # fmt: skip
    return pages.render(request, "insight/rule_panel.html", page)
