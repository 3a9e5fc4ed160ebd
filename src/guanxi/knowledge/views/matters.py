"""Articles where they are needed: beside a matter, and while somebody types what a customer tells (KM-02)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.pages import Request
from guanxi.knowledge import states
from guanxi.knowledge.models import Version
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.queries import articles as queries
from guanxi.knowledge.states import Case

MOST, LONGEST = 5, 400


@dataclass(frozen=True)
class MatterPanel:
    """A matter, the articles that fit it, and which of them solved it."""

    case: Case
    matter: str
    found: Sequence[Version]
    solvers: set[int]
    can_ask: bool
    can_write: bool


@dataclass(frozen=True)
class TypedPanel:
    found: Sequence[Version]


def matter(request: Request, subject_type: str, subject_id: int) -> HttpResponseBase:
    """The articles that fit a matter."""
    actor = request.actor
    check(actor, Verb.VIEW)
    case = states.matter(actor, subject_type, subject_id)
    found = queries.fitting(actor, case.searched, case.models, clock.today(), MOST)
    page = MatterPanel(
        case, f"{subject_type}:{subject_id}", found, queries.solvers(subject_type, subject_id), actor.can(Verb.ASK),
        actor.can(Verb.WRITE),
    )  # fmt: skip
    return pages.render(request, "knowledge/matter.html", page)


def typed(request: Request) -> HttpResponseBase:
    """The articles that fit what is being typed (``?words=``)."""
    check(request.actor, Verb.VIEW)
    words = request.GET.get("words", "")[:LONGEST].replace("\x00", "")
    return pages.render(
        request, "knowledge/typed.html", TypedPanel(queries.fitting(request.actor, words, (), clock.today(), MOST))
    )  # fmt: skip
