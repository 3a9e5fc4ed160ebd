"""What the tests of knowledge share."""

import datetime

import pytest

from guanxi.foundation.actor import SYSTEM
from guanxi.knowledge.services import asking, reviewing, writing
from guanxi.knowledge.services.asking import NewQuestion
from guanxi.knowledge.services.writing import Words

AT = datetime.datetime(2026, 6, 3, 2, 0, tzinfo=datetime.UTC)  # a Wednesday, ten o'clock in Shanghai
DAY = datetime.date(2026, 6, 3)
WORDS = Words(
    "离合器异响的判断", "Judging a noisy clutch", "先冷车试听，再踏下踏板对比。", "Listen cold, then with the pedal down.", DAY,
    question_zh="踩离合时有吱吱声是什么原因？", question_en="What squeaks when the clutch is pressed?",
    keywords=("异响", "clutch"), faults=("P0810",),
)  # fmt: skip


@pytest.fixture
def write(cast, acting):
    """A function that writes a draft as one of the cast."""

    def make(who="hq", *, words=WORDS, topic="PRODUCT", node=None, **more):
        actor = acting(getattr(cast, who))
        place = node or (cast.group_id if who == "hq" else cast.outlet_id)
        return writing.write_article(actor=actor, node_id=place, topic=topic, words=words, at=AT, **more)

    return make


@pytest.fixture
def published(cast, acting, write):
    """A function that writes an article as one of the cast and lets another publish it."""

    def make(who="hq", reviewer="planner", **more):
        row = write(who, **more)
        reviewing.submit(actor=acting(getattr(cast, who)), article_id=row.article_id)
        return reviewing.publish(actor=acting(getattr(cast, reviewer)), article_id=row.article_id, at=AT)

    return make


@pytest.fixture
def ask(cast, acting):
    """A function that asks as one of the cast, at the outlet."""

    def make(who="service", *, words="踩离合时有吱吱声", token=None, at=AT, topic="PRODUCT"):
        question = NewQuestion(cast.outlet_id, topic, words, token or f"form-{who}-{words[:8]}")
        actor = SYSTEM if who == "system" else acting(getattr(cast, who))
        return asking.ask(actor=actor, question=question, at=at)

    return make
