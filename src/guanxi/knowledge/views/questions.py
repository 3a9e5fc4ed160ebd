"""Forms and buttons of questions: one verb each."""

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.knowledge.forms import AgainForm, AskForm, ReplyForm
from guanxi.knowledge.models import Question
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.queries import articles as queries
from guanxi.knowledge.services import asking
from guanxi.knowledge.services.asking import NewQuestion
from guanxi.knowledge.views.reading import told_of

LONGEST = 2000


def _address(pk: int) -> str:
    return reverse("knowledge:question", args=[pk])


def _crumbs(row: Question | None = None) -> list[tuple[Text, str]]:
    crumbs: list[tuple[Text, str]] = [
        (_("Knowledge"), reverse("knowledge:find")), (_("Questions to experts"), reverse("knowledge:questions")),
    ]  # fmt: skip
    return [*crumbs, (row.number, _address(row.pk))] if row else crumbs


def ask(request: Request) -> HttpResponseBase:
    """A question to the expert of its topic, perhaps with the words that found nothing (``?q=``) or of a matter
    (``?matter=``).
    """
    actor = request.actor
    check(actor, Verb.ASK)
    choices = {"node": queries.keepers(actor, Verb.ASK, clock.today()), "topic": queries.topics()}
    told = told_of(request)
    start = {"node": actor.home_id, "words": told.words[:LONGEST], "models_of": list(told.models)}
    form = AskForm(request.POST or None, choices=choices, initial=start)

    def act() -> str:
        values = form.cleaned_data
        asked = NewQuestion(
            int(values["node"]),
            values["topic"],
            values["words"],
            values["token"],
            values["models_of"],
            values["faults"],
        )
        return _address(asking.ask(actor=actor, question=asked, at=clock.now()).pk)

    note = _("The expert of the topic gets it with a deadline; you get the answer among your tasks.")
    page = FormPage(form, _("Ask an expert"), _("Ask"), reverse("knowledge:questions"), note, _crumbs())
    return answer(request, page, act, message=_("Asked; the expert has it."))


def reply(request: Request, pk: int) -> HttpResponseBase:
    """Answer a question."""
    row = queries.question(request.actor, pk)
    check(request.actor, Verb.ANSWER, row.node_id)
    form = ReplyForm(request.POST or None)

    def act() -> None:
        asking.answer(actor=request.actor, question_id=pk, words=form.cleaned_data["words"], at=clock.now())

    page = FormPage(form, _("Answer the question"), _("Answer"), _address(pk), row.words, _crumbs(row))
    return answer(request, page, act, message=_("Answered; whoever asked is told."))


@require_POST
def settle(request: Request, pk: int) -> HttpResponseBase:
    """Say that the answer helped."""
    asking.settle(actor=request.actor, question_id=pk, at=clock.now())
    return pages.done(request, _address(pk), _("Good: the question is closed."))


def ask_again(request: Request, pk: int) -> HttpResponseBase:
    """Say what is still open after an answer."""
    row = asking.own(request.actor, queries.question(request.actor, pk))
    form = AgainForm(request.POST or None)

    def act() -> None:
        asking.ask_again(actor=request.actor, question_id=pk, verdict=form.cleaned_data["verdict"], at=clock.now())

    page = FormPage(form, _("Ask again"), _("Ask again"), _address(pk), row.words, _crumbs(row))
    return answer(request, page, act, message=_("Asked again; the expert has it."))


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponseBase:
    """Withdraw a question that nobody has answered."""
    asking.withdraw(actor=request.actor, question_id=pk, at=clock.now())
    return pages.done(request, _address(pk), _("Withdrawn."))
