"""Pages that show calls: the list, one call, those to a customer; and the scripts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse

from guanxi.codelists.queries import in_language
from guanxi.contact_centre.forms.calls import choices
from guanxi.contact_centre.models import Script, ScriptDraft
from guanxi.contact_centre.panels import as_moments
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.policy.scripts import Question
from guanxi.contact_centre.queries import calls as queries
from guanxi.contact_centre.queries import scripting
from guanxi.contact_centre.states import Judged
from guanxi.contact_centre.tables import CALLS
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Text
from guanxi.foundation.pages import Request
from guanxi.foundation.slots import Moment
from guanxi.foundation.tables import Listing, listing
from guanxi.records import services as records

FEW = 5


@dataclass(frozen=True)
class CallsPage:
    listing: Listing
    can_export: bool
    is_team: bool


@dataclass(frozen=True)
class CallPage:
    """One call: who, how it ended, and each answer beside its question."""

    sheet: queries.Sheet
    answers: list[tuple[str, str]]


@dataclass(frozen=True)
class Panel:
    moments: list[Moment]
    more: bool
    log: str


@dataclass(frozen=True)
class Asked:
    """A question as it is read: its words, its answers, when it is asked."""

    question: Question
    text: str
    hint: str
    answers: list[str]
    only_if: str
    judged: Text | None


@dataclass(frozen=True)
class ScriptsPage:
    scripts: Sequence[tuple[Script, list[Asked]]]
    drafts: Sequence[ScriptDraft]
    can_write: bool


def calls(request: Request) -> HttpResponseBase:
    """The list of calls, newest first: the own ones, and those of the team."""
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = queries.listed(actor).select_related("script")
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=CALLS, rows=rows, asked=request.GET)
        return pages.download(file)
    page = CallsPage(listing(CALLS, rows, request.GET, actor), actor.can(Verb.EXPORT), actor.can(Verb.VIEW_TEAM))
    return pages.render(request, "contact_centre/calls.html", page, block="list")


def call(request: Request, pk: int) -> HttpResponseBase:
    """One call with its answers."""
    check(request.actor, Verb.VIEW)
    sheet = queries.sheet(request.actor, pk)
    given = sheet.call.answers
    answers = [
        (in_language(question.text_zh, question.text_en), dict(choices(question)).get(answer, answer))
        for question in (sheet.call.script.asked if sheet.call.script else ())
        if (answer := given.get(question.key))
    ]
    page = CallPage(sheet, [(text, str(answer)) for text, answer in answers])
    return pages.render(request, "contact_centre/call.html", page)


def customer_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The panel of a customer: the calls to him, newest first."""
    check(request.actor, Verb.VIEW)
    found = queries.of_customer(request.actor, subject_id, FEW + 1)
    log = reverse("contact_centre:log-call", args=[subject_id]) if request.actor.can(Verb.CALL) else ""
    page = Panel(as_moments(found[:FEW]), len(found) > FEW, log)
    return pages.render(request, "contact_centre/panel.html", page)


def scripts(request: Request) -> HttpResponseBase:
    """The scripts that hold today, with their questions; and the drafts, for those who write or approve them."""
    rows = queries.scripts_seen(request.actor, clock.today())
    shown = [(row, [_asked(item, row) for item in row.asked]) for row in rows]
    page = ScriptsPage(shown, scripting.drafts(request.actor), scripting.may_write(request.actor))
    return pages.render(request, "contact_centre/scripts.html", page)


def _asked(question: Question, script: Script) -> Asked:
    when = question.when
    before = next((item for item in script.asked if when and item.key == when.question), None)
    words = dict(choices(before)) if before else {}
    only_if = ""
    if when and before:
        told = "、".join(str(words[answer]) for answer in when.answers)
        only_if = f"{in_language(before.text_zh, before.text_en)} → {told}"
    answers = [str(label) for _value, label in choices(question)]
    text, hint = in_language(question.text_zh, question.text_en), in_language(question.hint_zh, question.hint_en)
    judged = Judged(question.judges).label if question.judges else None
    return Asked(question, text, hint, answers, only_if, judged)
