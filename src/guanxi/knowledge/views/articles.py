"""Forms and buttons of articles: one verb each."""

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid, NotFound, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.knowledge.forms import ArticleForm, SendBackForm, VersionForm
from guanxi.knowledge.models import Article, Question, Version
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.queries import articles as queries
from guanxi.knowledge.services import reviewing, using, writing
from guanxi.knowledge.services.writing import Words
from guanxi.knowledge.views.reading import matter_of, told_of

SAID = (
    "title_zh", "title_en", "question_zh", "question_en", "answer_zh", "answer_en", "keywords", "models_of", "faults",
    "valid_from", "valid_until",
)  # fmt: skip
DIGITS = 18


def _address(pk: int) -> str:
    return reverse("knowledge:article", args=[pk])


def _crumbs() -> list[tuple[Text, str]]:
    return [(_("Knowledge"), reverse("knowledge:find")), (_("Articles"), reverse("knowledge:articles"))]


def _words(values: dict[str, Any]) -> Words:
    return Words(**{name: values[name] for name in SAID})


def write(request: Request) -> HttpResponseBase:
    """A new article, perhaps from a question (``?question=``), a matter (``?matter=``) or words (``?q=``)."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.WRITE)
    asked = _question(actor, request.GET.get("question", ""))
    places = queries.keepers(actor, Verb.WRITE, today)
    start: dict[str, object] = {"valid_from": today, "node": actor.home_id}
    told = told_of(request)
    if told.words:
        start |= {"question_zh": told.words[:1000], "models_of": list(told.models)}
    if asked is not None:
        said = "\n\n".join(row.words for row in queries.answers(asked)[::-1])
        start |= {
            "topic": asked.topic_id, "question_zh": asked.words[:1000], "models_of": asked.models_of,
            "faults": asked.faults, "answer_zh": said,
        }  # fmt: skip
    form = ArticleForm(request.POST or None, choices={"node": places, "topic": queries.topics()}, initial=start)

    def act() -> str:
        values = form.cleaned_data
        made = writing.write_article(
            actor=actor, node_id=int(values["node"]), topic=values["topic"], words=_words(values), at=clock.now(),
            question_id=asked.pk if asked else None,
        )  # fmt: skip
        return _address(made.article_id)

    note = _("A draft first: it is found by nobody until somebody else has reviewed it.")
    page = FormPage(form, _("Write an article"), _("Save the draft"), reverse("knowledge:articles"), note, _crumbs())
    return answer(request, page, act, message=_("Saved as a draft."))


def _question(actor: Actor, text: str) -> Question | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > DIGITS:
        raise NotFound
    return queries.question(actor, int(text))


def _about(request: Request, pk: int, verb: Verb) -> Article:
    """Return a visible article where the actor has a right, before a form is shown."""
    row = queries.article(request.actor, pk)
    check(request.actor, verb, row.node_id)
    return row


def change(request: Request, pk: int) -> HttpResponseBase:
    """Change the draft of an article, or begin its next version."""
    row = _about(request, pk, Verb.WRITE)
    last = queries.versions(request.actor, row)[0]
    start = {name: getattr(last, name) for name in SAID}
    form = VersionForm(request.POST or None, initial=start)

    def act() -> str:
        made = writing.change_article(
            actor=request.actor, article_id=pk, words=_words(form.cleaned_data), at=clock.now()
        )  # fmt: skip
        return f"{_address(pk)}?version={made.number}"

    note = _("What is published stays until the new version is reviewed.")
    crumbs = [*_crumbs(), (last.title, _address(pk))]
    page = FormPage(form, _("Change the article"), _("Save the draft"), _address(pk), note, crumbs)
    return answer(request, page, act, message=_("Saved as a draft."))


def _shown(request: Request, row: Version, message: Text) -> HttpResponseBase:
    return pages.done(request, f"{_address(row.article_id)}?version={row.number}", message)


@require_POST
def submit(request: Request, pk: int) -> HttpResponseBase:
    """Send the draft to review."""
    row = reviewing.submit(actor=request.actor, article_id=pk)
    return _shown(request, row, _("Sent to review: somebody else reads it."))


@require_POST
def publish(request: Request, pk: int) -> HttpResponseBase:
    """Publish what is being reviewed."""
    row = reviewing.publish(actor=request.actor, article_id=pk, at=clock.now())
    return _shown(request, row, _("Published."))


@require_POST
def confirm(request: Request, pk: int) -> HttpResponseBase:
    """Confirm that what is published is still right."""
    row = reviewing.confirm(actor=request.actor, article_id=pk, at=clock.now())
    return _shown(request, row, _("Confirmed."))


@require_POST
def retire(request: Request, pk: int) -> HttpResponseBase:
    """Retire an article."""
    reviewing.retire(actor=request.actor, article_id=pk)
    return pages.done(request, _address(pk), _("Retired: it is found no more."))


def send_back(request: Request, pk: int) -> HttpResponseBase:
    """Send what is being reviewed back with a word."""
    row = _about(request, pk, Verb.REVIEW)
    last = queries.versions(request.actor, row)[0]
    form = SendBackForm(request.POST or None)

    def act() -> None:
        reviewing.send_back(actor=request.actor, article_id=pk, note=form.cleaned_data["note"])

    crumbs = [*_crumbs(), (last.title, _address(pk))]
    page = FormPage(form, _("Send back to the author"), _("Send back"), _address(pk), "", crumbs)
    return answer(request, page, act, message=_("Sent back."))


@require_POST
def vote(request: Request, pk: int) -> HttpResponseBase:
    """Say whether an article helps."""
    using.vote(actor=request.actor, article_id=pk, worth=request.POST.get("worth", ""), at=clock.now())
    return pages.done(request, _address(pk), _("Thank you."))


@require_POST
def solved(request: Request, pk: int) -> HttpResponseBase:
    """Mark that an article solved a matter, and go back to it."""
    queries.article(request.actor, pk)
    matter = matter_of(request.POST.get("matter", ""))
    if matter is None:
        raise Invalid(_("Say which matter it solved."), field="matter")
    using.mark_solved(actor=request.actor, article_id=pk, subject=matter, at=clock.now())
    return pages.done(request, pages.next_url(request, _address(pk)), _("Marked: this article solved it."))
