"""Pages of what customers say of the work of people: the list of all, and one of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.models import Rated
from guanxi.contact_centre.states import Judged
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Text
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.insight.panels.figures import Figure
from guanxi.insight.permissions import Verb
from guanxi.insight.policy import periods
from guanxi.insight.queries import scores as queries
from guanxi.insight.tables import scores as tables
from guanxi.network import queries as network
from guanxi.records import services as records
from guanxi.worklist.permissions import Verb as Worklist


@dataclass(frozen=True)
class ScoresPage:
    listing: Listing
    period: str
    figures: Sequence[Figure]
    questions: Sequence[queries.QuestionScore]
    few: int
    can_export: bool


@dataclass(frozen=True)
class PersonPage:
    """One of them in a period: each question, each questionnaire."""

    row: Rated
    periods: Sequence[tuple[str, Text]]
    chosen: str
    period: str
    figures: Sequence[Figure]
    questions: Sequence[queries.QuestionScore]
    sheets: Sequence[queries.Sheet]
    few: int
    is_few: bool


def _period(params: dict[str, str]) -> str:
    asked = params.get("period", "")
    return asked if asked in periods.offered(clock.today()) else tables.usual()


def asked_for(actor: Actor, params: dict[str, str]) -> queries.Asked:
    """Return what is asked for; what cannot be chosen counts as not asked, as in every list."""
    judged, branch, outlet = (params.get(name, "") for name in ("judged", "branch", "outlet"))
    return queries.Asked(
        *periods.days_of(_period(params)), judged if judged in Judged.values else "",
        int(branch) if branch and branch in dict(tables.branches(actor)) else None,
        int(outlet) if outlet and outlet in dict(tables.places(actor)) else None,
    )  # fmt: skip


def _figures(found: dict[str, int | None]) -> list[Figure]:
    score = found["score"]
    return [
        Figure(
            _("Questionnaires answered"), f"{found['answered'] or 0:,}",
            _("Calls in which the customer was reached and answered at least one question that judges somebody."),
        ),
        Figure(
            _("Points of a hundred"), "–" if score is None else str(score),
            _("The average of all answers: a number from 1 to 10 counts ten points each, others as the script says."),
        ),
    ]  # fmt: skip


def _completed(actor: Actor, asked: queries.Asked) -> Callable[[list[Any], Actor], None]:
    """Return what gives each row of a page its branch and its weakest question; three queries."""

    def prepare(rows: list[Any], _actor: Actor) -> None:
        names = network.branch_names(actor, [row.outlet_id for row in rows], clock.today())
        own = queries.ratings(actor, asked).filter(rated_id__in=[row.pk for row in rows])
        found = queries.by_question_of(own, by="rated_id")
        for row in rows:
            row.branch, weakest = names.get(row.outlet_id, ""), found[row.pk][0]
            row.weakest, row.weakest_score = weakest.text, weakest.score

    return prepare


def scores(request: Request) -> HttpResponseBase:
    """Consultants and advisors by what customers say of their work, who was judged most often first."""
    actor = request.actor
    check(actor, Worklist.VIEW_TEAM)
    asked = asked_for(actor, request.GET.dict())
    table = replace(tables.SCORES, prepare=_completed(actor, asked))
    rows = queries.by_person(actor, asked)
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=table, rows=rows, asked=request.GET)
        return pages.download(file)
    params, period = request.GET.copy(), _period(request.GET.dict())
    params["period"] = period
    page = ScoresPage(
        listing(table, rows, params, actor), tables.said(period), _figures(queries.in_sum(actor, asked)),
        queries.by_question(queries.ratings(actor, asked)), queries.FEW, actor.can(Verb.EXPORT),
    )  # fmt: skip
    return pages.render(request, "insight/scores.html", page, block="list")


def person(request: Request, pk: int) -> HttpResponseBase:
    """One consultant or advisor: each question, and each questionnaire with its call if it may be seen."""
    actor, row, period = request.actor, queries.rated(request.actor, pk), _period(request.GET.dict())
    asked = queries.Asked(*periods.days_of(period))
    own = queries.ratings(actor, asked).filter(rated=row)
    found = queries.in_sum_of(own)
    answered = found["answered"] or 0
    page = PersonPage(
        row, tables.offered(), period, tables.said(period), _figures(found), queries.by_question(own),
        queries.sheets(actor, own), queries.FEW, 0 < answered < queries.FEW,
    )  # fmt: skip
    return pages.render(request, "insight/person_scores.html", page)
