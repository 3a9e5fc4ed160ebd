"""Knowledge over the API: finding, articles with their review, questions with their answers."""

import datetime
from typing import Annotated

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, Plain
from guanxi.knowledge import states
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.queries import articles as queries
from guanxi.knowledge.services import asking, reviewing, using, writing
from guanxi.knowledge.states import State

router = Router()
Key = Annotated[int, Field(ge=1, lt=2**31)]
BigKey = Annotated[int, Field(ge=1, lt=2**63)]
Code = Annotated[str, Field(max_length=24, pattern=Plain)]
Kind = Annotated[str, Field(max_length=61, pattern=Plain)]
MATTER, FEW = r"^[a-z_]{1,30}\.[a-z_]{1,30}:[0-9]{1,18}$", 5
Part = Annotated[str, Field(min_length=1, max_length=40, pattern=Plain)]
Parts = Annotated[tuple[Part, ...], Field(max_length=30)]
Said = Annotated[str, Field(min_length=1, max_length=10000, pattern=Plain)]
Short = Annotated[str, Field(min_length=1, max_length=400, pattern=Plain)]
Asked = Annotated[str, Field(max_length=1000, pattern=Plain)]


class KnowledgeVersionOut(Schema):
    """One version of an article."""

    article_id: int
    number: int
    stage: str
    title_zh: str
    title_en: str
    question_zh: str
    question_en: str
    answer_zh: str
    answer_en: str
    keywords: list[str]
    models: list[str] = Field(alias="models_of")
    faults: list[str]
    valid_from: datetime.date
    valid_until: datetime.date | None
    check_on: datetime.date | None
    note: str


class KnowledgePage(Schema):
    items: list[KnowledgeVersionOut]
    next: str | None


class KnowledgeIn(Input):
    """What a version says, in both languages."""

    title_zh: Annotated[str, Field(min_length=1, max_length=120, pattern=Plain)]
    title_en: Annotated[str, Field(min_length=1, max_length=200, pattern=Plain)]
    answer_zh: Said
    answer_en: Said
    valid_from: datetime.date
    question_zh: Asked = ""
    question_en: Asked = ""
    keywords: Parts = ()
    models: Parts = ()
    faults: Parts = ()
    valid_until: datetime.date | None = None

    def words(self) -> writing.Words:
        """Return what the services take."""
        values = self.dict(include=set(KnowledgeIn.model_fields) - {"models"})
        return writing.Words(**values, models_of=self.models)


class ArticleIn(KnowledgeIn):
    node_id: Key
    topic: Code
    question_id: BigKey | None = Field(None, description="The question from which it is written")


class SentBackIn(Input):
    note: Short


class WorthIn(Input):
    worth: Annotated[str, Field(max_length=9, pattern=Plain, description="HELPFUL or UNHELPFUL")]


class SolvedIn(Input):
    matter: Annotated[str, Field(pattern=MATTER, description="Kind and number, such as complaints.complaint:12")]


class QuestionOut(Schema):
    """A question to the expert of its topic."""

    id: int
    number: str
    node_id: int
    topic: str = Field(alias="topic_id")
    words: str
    models: list[str] = Field(alias="models_of")
    faults: list[str]
    state: str
    asked_at: datetime.datetime
    due_at: datetime.datetime
    rounds: int
    ended_at: datetime.datetime | None
    article_id: int | None


class QuestionPage(Schema):
    items: list[QuestionOut]
    next: str | None


class QuestionIn(Input):
    """``token``: your own name for this question; the same one again is answered with the question that it made."""

    node_id: Key
    topic: Code
    words: Annotated[str, Field(min_length=1, max_length=2000, pattern=Plain)]
    token: str = Field(min_length=8, max_length=64, pattern=Plain)
    models: Parts = ()
    faults: Parts = ()


class ExpertAnswerIn(Input):
    words: Said


class ExpertAnswerOut(Schema):
    number: int
    words: str
    answered_at: datetime.datetime


class KnowledgeVerdictIn(Input):
    verdict: Short


class FindQuery(Schema):
    q: Annotated[str, Field(max_length=200, pattern=Plain, description="Left out: what was published last")] = ""
    limit: int = Field(20, ge=1, le=50)


class QuestionQuery(PageQuery):
    state: State | None = None
    topic: Code | None = None


@router.get("/find", response={200: list[KnowledgeVersionOut], **REFUSALS}, summary="Find articles for some words")
def find_articles(request: ApiRequest, query: Query[FindQuery]) -> object:
    check(request.actor, Verb.VIEW)
    actor, today = request.actor, clock.today()
    return (
        queries.find(actor, query.q, today, query.limit)
        if query.q
        else queries.newest_published(actor, today, query.limit)
    )


@router.get("/articles", response={200: KnowledgePage, **REFUSALS}, summary="List articles by their newest version")
def list_articles(request: ApiRequest, query: Query[PageQuery]) -> object:
    check(request.actor, Verb.VIEW)
    found = paging.take(queries.newest(request.actor), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.get("/articles/{article_id}", response={200: list[KnowledgeVersionOut], **REFUSALS}, summary="Its versions")
def get_article(request: ApiRequest, article_id: int) -> object:
    check(request.actor, Verb.VIEW)
    return queries.versions(request.actor, queries.article(request.actor, article_id))


@router.post("/articles", response={201: KnowledgeVersionOut, **REFUSALS}, summary="Write a new article as a draft")
def write_article(request: ApiRequest, body: ArticleIn) -> object:
    made = writing.write_article(
        actor=request.actor, node_id=body.node_id, topic=body.topic, words=body.words(), at=clock.now(),
        question_id=body.question_id,
    )  # fmt: skip
    return Status(201, made)


@router.put("/articles/{article_id}", response={200: KnowledgeVersionOut, **REFUSALS}, summary="Change it as a draft")
def change_article(request: ApiRequest, article_id: int, body: KnowledgeIn) -> object:
    return writing.change_article(actor=request.actor, article_id=article_id, words=body.words(), at=clock.now())


@router.post(
    "/articles/{article_id}/submit", response={200: KnowledgeVersionOut, **REFUSALS}, summary="Send the draft to review"
)
def submit_article(request: ApiRequest, article_id: int) -> object:
    return reviewing.submit(actor=request.actor, article_id=article_id)


@router.post(
    "/articles/{article_id}/publish",
    response={200: KnowledgeVersionOut, **REFUSALS},
    summary="Publish what is reviewed",
)
def publish_article(request: ApiRequest, article_id: int) -> object:
    return reviewing.publish(actor=request.actor, article_id=article_id, at=clock.now())


@router.post(
    "/articles/{article_id}/send-back", response={200: KnowledgeVersionOut, **REFUSALS}, summary="Send it back"
)
def send_back_article(request: ApiRequest, article_id: int, body: SentBackIn) -> object:
    return reviewing.send_back(actor=request.actor, article_id=article_id, note=body.note)


@router.post(
    "/articles/{article_id}/confirm", response={200: KnowledgeVersionOut, **REFUSALS}, summary="Say it is still right"
)
def confirm_article(request: ApiRequest, article_id: int) -> object:
    return reviewing.confirm(actor=request.actor, article_id=article_id, at=clock.now())


@router.post("/articles/{article_id}/retire", response={204: None, **REFUSALS}, summary="Retire an article")
def retire_article(request: ApiRequest, article_id: int) -> object:
    reviewing.retire(actor=request.actor, article_id=article_id)
    return Status(204, None)


@router.post("/articles/{article_id}/vote", response={204: None, **REFUSALS}, summary="Say whether it helps")
def vote_article(request: ApiRequest, article_id: int, body: WorthIn) -> object:
    using.vote(actor=request.actor, article_id=article_id, worth=body.worth, at=clock.now())
    return Status(204, None)


@router.post("/articles/{article_id}/solved", response={204: None, **REFUSALS}, summary="It solved a matter")
def mark_article_solved(request: ApiRequest, article_id: int, body: SolvedIn) -> object:
    kind, _colon, number = body.matter.partition(":")
    using.mark_solved(actor=request.actor, article_id=article_id, subject=(kind, int(number)), at=clock.now())
    return Status(204, None)


@router.get(
    "/matters/{matter_type}/{matter_id}",
    response={200: list[KnowledgeVersionOut], **REFUSALS},
    summary="The articles that fit a matter",
)
def find_for_matter(request: ApiRequest, matter_type: Kind, matter_id: BigKey) -> object:
    check(request.actor, Verb.VIEW)
    case = states.matter(request.actor, matter_type, matter_id)
    return queries.fitting(request.actor, case.searched, case.models, clock.today(), FEW)


@router.get("/questions", response={200: QuestionPage, **REFUSALS}, summary="List questions to experts")
def list_questions(request: ApiRequest, query: Query[QuestionQuery]) -> object:
    check(request.actor, Verb.VIEW)
    rows = queries.questions_visible_to(request.actor)
    if query.state:
        rows = rows.filter(state=query.state)
    if query.topic:
        rows = rows.filter(topic_id=query.topic)
    found = paging.take(rows, query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/questions", response={201: QuestionOut, **REFUSALS}, summary="Ask the expert of a topic")
def ask_question(request: ApiRequest, body: QuestionIn) -> object:
    asked = asking.NewQuestion(body.node_id, body.topic, body.words, body.token, body.models, body.faults)
    return Status(201, asking.ask(actor=request.actor, question=asked, at=clock.now()))


@router.post(
    "/questions/{question_id}/answer", response={200: ExpertAnswerOut, **REFUSALS}, summary="Answer as an expert"
)
def answer_question(request: ApiRequest, question_id: int, body: ExpertAnswerIn) -> object:
    return asking.answer(actor=request.actor, question_id=question_id, words=body.words, at=clock.now())


@router.post("/questions/{question_id}/settle", response={200: QuestionOut, **REFUSALS}, summary="The answer helped")
def settle_question(request: ApiRequest, question_id: int) -> object:
    return asking.settle(actor=request.actor, question_id=question_id, at=clock.now())


@router.post(
    "/questions/{question_id}/ask-again", response={200: QuestionOut, **REFUSALS}, summary="Say what is still open"
)
def ask_question_again(request: ApiRequest, question_id: int, body: KnowledgeVerdictIn) -> object:
    return asking.ask_again(actor=request.actor, question_id=question_id, verdict=body.verdict, at=clock.now())


@router.post(
    "/questions/{question_id}/withdraw", response={200: QuestionOut, **REFUSALS}, summary="Withdraw a question"
)
def withdraw_question(request: ApiRequest, question_id: int) -> object:
    return asking.withdraw(actor=request.actor, question_id=question_id, at=clock.now())
