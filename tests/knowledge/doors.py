"""The doors of knowledge, for the walk with every role: see tests/architecture/walk.py."""

from tests.architecture.matrix import ANYWHERE, EVERYWHERE, Door, call, post

from guanxi.foundation import clock
from guanxi.knowledge.models import Article, Demand, Question, Reading, Version
from guanxi.knowledge.permissions import Verb

OUTLET = "outlet"
PAGES = {
    "knowledge:find": Door(Verb.VIEW),
    "knowledge:articles": Door(Verb.VIEW),
    "knowledge:write": Door(Verb.WRITE),
    "knowledge:article": Door(Verb.VIEW, OUTLET, args=("known",)),
    "knowledge:change": Door(Verb.WRITE, OUTLET, args=("known",)),
    "knowledge:submit": post(Verb.WRITE, OUTLET, "known"),
    "knowledge:publish": post(Verb.REVIEW, OUTLET, "known"),
    "knowledge:send-back": Door(Verb.REVIEW, OUTLET, args=("known",)),
    "knowledge:confirm": post(Verb.REVIEW, OUTLET, "known"),
    "knowledge:retire": post(Verb.REVIEW, OUTLET, "known"),
    "knowledge:ask-readers": Door(Verb.REVIEW, OUTLET, args=("known",)),
    "knowledge:readers": Door(Verb.VIEW_READINGS, OUTLET, args=("known",)),
    "knowledge:remind-readers": post(Verb.REVIEW, OUTLET, "known"),
    "knowledge:lift-reading": post(Verb.REVIEW, OUTLET, "known"),
    "knowledge:confirm-read": post(Verb.VIEW, OUTLET, "known"),
    "knowledge:to-read": Door(Verb.VIEW),
    "knowledge:readings": Door(Verb.VIEW_READINGS),
    "knowledge:home-panel": Door(Verb.VIEW, args=("zero",)),
    "knowledge:vote": post(Verb.VIEW, OUTLET, "known"),
    "knowledge:solved": post(Verb.VIEW, OUTLET, "known"),
    "knowledge:typed": Door(Verb.VIEW),
    "knowledge:matter": Door(Verb.VIEW, OUTLET, args=("question_kind", "asked_question")),
    "knowledge:questions": Door(Verb.VIEW),
    "knowledge:ask": Door(Verb.ASK),
    "knowledge:question": Door(Verb.VIEW, OUTLET, args=("asked_question",)),
    "knowledge:answer": Door(Verb.ANSWER, OUTLET, args=("asked_question",)),
    "knowledge:settle": post(Verb.VIEW, OUTLET, "asked_question"),
    "knowledge:ask-again": Door(Verb.VIEW, OUTLET, args=("asked_question",)),
    "knowledge:demands": Door(Verb.VIEW),
    "knowledge:ask-for": Door(Verb.ASK),
    "knowledge:demand": Door(Verb.VIEW, args=("demanded",)),
    "knowledge:back": post(Verb.VIEW, ANYWHERE, "demanded"),
    "knowledge:decide": Door(Verb.DECIDE, EVERYWHERE, args=("demanded",)),
    "knowledge:withdraw": post(Verb.VIEW, OUTLET, "asked_question"),
}
_API = "guanxi_knowledge_api_"
SAID = {
    "title_zh": "走", "title_en": "Walk", "answer_zh": "走", "answer_en": "Walk", "valid_from": "2020-01-01",
}  # fmt: skip


def _article(t):
    return SAID | {"node_id": t.outlet, "topic": "PRODUCT"}


def _question(t):
    return {"node_id": t.outlet, "topic": "PRODUCT", "words": "walk", "token": "walk-through"}


def _readers(_t):
    return {"roles": ["service_advisor"], "due_on": clock.today().isoformat()}


OPERATIONS = {
    f"{_API}find_articles": call(Verb.VIEW),
    f"{_API}list_articles": call(Verb.VIEW),
    f"{_API}get_article": call(Verb.VIEW, OUTLET),
    f"{_API}write_article": call(Verb.WRITE, OUTLET, _article),
    f"{_API}change_article": call(Verb.WRITE, OUTLET, lambda _t: SAID),
    f"{_API}submit_article": call(Verb.WRITE, OUTLET),
    f"{_API}publish_article": call(Verb.REVIEW, OUTLET),
    f"{_API}send_back_article": call(Verb.REVIEW, OUTLET, lambda _t: {"note": "walk"}),
    f"{_API}confirm_article": call(Verb.REVIEW, OUTLET),
    f"{_API}retire_article": call(Verb.REVIEW, OUTLET),
    f"{_API}vote_article": call(Verb.VIEW, OUTLET, lambda _t: {"worth": "HELPFUL"}),
    f"{_API}mark_article_solved": call(
        Verb.VIEW, OUTLET, lambda t: {"matter": f"{t.question_kind}:{t.asked_question}"}
    ),
    f"{_API}list_to_read": call(Verb.VIEW),
    f"{_API}confirm_article_read": call(Verb.VIEW, OUTLET, lambda _t: {"version": 1}),
    f"{_API}ask_article_readers": call(Verb.REVIEW, OUTLET, _readers),
    f"{_API}lift_article_reading": call(Verb.REVIEW, OUTLET),
    f"{_API}remind_article_readers": call(Verb.REVIEW, OUTLET),
    f"{_API}count_article_readers": call(Verb.VIEW_READINGS, OUTLET),
    f"{_API}list_article_readers": call(Verb.VIEW_READINGS, OUTLET),
    f"{_API}find_for_matter": call(Verb.VIEW, OUTLET),
    f"{_API}list_questions": call(Verb.VIEW),
    f"{_API}ask_question": call(Verb.ASK, OUTLET, _question),
    f"{_API}answer_question": call(Verb.ANSWER, OUTLET, lambda _t: {"words": "walk"}),
    f"{_API}settle_question": call(Verb.VIEW, OUTLET),
    f"{_API}ask_question_again": call(Verb.VIEW, OUTLET, lambda _t: {"verdict": "walk"}),
    f"{_API}list_demands": call(Verb.VIEW),
    f"{_API}ask_for_demand": call(
        Verb.ASK,
        OUTLET,
        lambda t: {"node_id": t.outlet, "kind": "FAULT", "words": "walk", "token": "walk-through"},
    ),
    f"{_API}back_demand": call(Verb.VIEW),
    f"{_API}decide_demand": call(Verb.DECIDE, EVERYWHERE, lambda _t: {"state": "PLANNED"}),
    f"{_API}withdraw_question": call(Verb.VIEW, OUTLET),
}
INSIDE = frozenset({"knowledge.export", "knowledge.apply_preset"})
PATH = {
    "article_id": "known", "question_id": "asked_question", "matter_type": "question_kind",
    "matter_id": "asked_question", "demand_id": "demanded",
}  # fmt: skip


def things(cast):
    """Return an article kept by the outlet of the cast, and a question asked there."""
    at = clock.now()
    article = Article.objects.create(node_id=cast.outlet_id, topic_id="PRODUCT", made_at=at)
    Version.objects.create(
        article=article, number=1, stage="PUBLISHED", title_zh="走", title_en="Walk", answer_zh="走", answer_en="Walk",
        valid_from=clock.today(), check_on=clock.today(), author="walk", written_at=at, reviewed_at=at, reviewer="walk",
    )  # fmt: skip
    Reading.objects.create(
        article=article, since=1, roles=["service_advisor"], due_on=clock.today(), asked_at=at, asked_by="walk"
    )
    question = Question.objects.create(
        node_id=cast.outlet_id, topic_id="PRODUCT", words="walk", token="walk", asked_by="walk", asked_at=at, due_at=at
    )  # fmt: skip
    demand = Demand.objects.create(
        node_id=cast.outlet_id, kind="FAULT", words="walk", token="walk", asked_by="walk", asked_at=at
    )
    return {
        "demanded": demand.pk,
        "known": article.pk,
        "asked_question": question.pk,
        "question_kind": "knowledge.question",
    }
