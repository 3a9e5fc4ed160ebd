"""What meetings want every customer to be asked: the list, one to put into a script or to decline."""

from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.complaints import tables
from guanxi.complaints.forms import ReasonForm, TakeForm
from guanxi.complaints.models import Question
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import meetings
from guanxi.complaints.services import questions
from guanxi.complaints.services.questions import Asked
from guanxi.complaints.states import ASKING_TONES, Asking
from guanxi.contact_centre.permissions import Verb as Scripts
from guanxi.contact_centre.queries import calls
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check, check_everywhere
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.records import services as records


@dataclass(frozen=True)
class QuestionsPage:
    listing: Listing
    tones: dict[str, str]
    can_export: bool


@dataclass(frozen=True)
class QuestionPage:
    row: Question
    tones: dict[str, str]
    may_decide: bool
    meeting_url: str


def show_questions(request: Request) -> HttpResponseBase:
    """What is wanted, the newest first."""
    actor, asked = request.actor, request.GET
    check(actor, Verb.VIEW)
    rows = meetings.questions(actor).select_related("place", "category")
    if asked.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.QUESTIONS, rows=rows, asked=asked)
        return pages.download(file)
    page = QuestionsPage(listing(tables.QUESTIONS, rows, asked, actor), ASKING_TONES, actor.can(Verb.EXPORT))
    return pages.render(request, "complaints/questions.html", page, block="list")


def show_question(request: Request, pk: int) -> HttpResponseBase:
    """One wanted question, and what became of it."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = meetings.question(actor, pk)
    may = row.state == Asking.WANTED and actor.can_everywhere(Scripts.WRITE_SCRIPT)
    page = QuestionPage(row, ASKING_TONES, may, reverse("complaints:meeting", args=[row.meeting_id]))
    return pages.render(request, "complaints/question.html", page)


def _crumbs(row: Question) -> list[tuple[Text, str]]:
    return [
        (_("Wanted questions"), reverse("complaints:questions")),
        (row.text[:40], reverse("complaints:question", args=[row.pk])),
    ]


def take_question(request: Request, pk: int) -> HttpResponseBase:
    """Put it into a script."""
    actor = request.actor
    check_everywhere(actor, Scripts.WRITE_SCRIPT)
    row = meetings.question(actor, pk)
    offered = [(code, f"{script.name} ({code})") for code, script in sorted(calls.current().items())]
    form = TakeForm(request.POST or None, scripts=offered, initial={"text_zh": row.text})

    def act() -> None:
        questions.take_question(actor=actor, question_id=pk, asked=Asked(**form.cleaned_data), at=clock.now())

    crumbs = _crumbs(row)
    note = _("It comes at the end of the script and has to be answered; it holds once somebody else approved it.")
    page = FormPage(form, _("Put it into a script"), _("Write the draft"), crumbs[-1][1], note, crumbs)
    return answer(request, page, act, message=_("The draft is written; somebody else approves it."))


def decline_question(request: Request, pk: int) -> HttpResponseBase:
    """Say why it is not asked of everybody."""
    actor = request.actor
    check_everywhere(actor, Scripts.WRITE_SCRIPT)
    row = meetings.question(actor, pk)
    form = ReasonForm(request.POST or None)

    def act() -> None:
        questions.decline_question(actor=actor, question_id=pk, at=clock.now(), **form.cleaned_data)

    crumbs = _crumbs(row)
    page = FormPage(form, _("Decline the question"), _("Turn it down"), crumbs[-1][1], row.text, crumbs)
    return answer(request, page, act, message=_("Declined; the outlet sees why."))
