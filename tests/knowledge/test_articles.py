"""Articles: written by one, reviewed by another, found by words, never changed once they are published."""

import dataclasses
import datetime

import pytest
from django.db import DatabaseError, transaction
from tests.knowledge.conftest import AT, DAY, WORDS

from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.knowledge import panels, presets
from guanxi.knowledge.models import Article, Use, Version
from guanxi.knowledge.queries import articles as queries
from guanxi.knowledge.services import reviewing, using, writing


def changed(**values):
    return dataclasses.replace(WORDS, **values)


@pytest.mark.covers("KM-03", "KM-08")
def test_who_wrote_an_article_does_not_publish_it(cast, acting, write):
    row = write()
    assert (row.stage, row.number) == ("DRAFT", 1)
    with pytest.raises(Conflict):
        reviewing.publish(actor=acting(cast.planner), article_id=row.article_id, at=AT)  # nobody sent it to review
    reviewing.submit(actor=acting(cast.hq), article_id=row.article_id)
    with pytest.raises(Conflict, match=r"somebody else|另一人"):
        reviewing.publish(actor=cast.hq, article_id=row.article_id, at=AT)
    made = reviewing.publish(actor=acting(cast.planner), article_id=row.article_id, at=AT)
    assert (made.stage, made.check_on) == ("PUBLISHED", datetime.date(2027, 6, 3))
    assert made.is_in_force(DAY)


@pytest.mark.covers("KM-03", "CC-21")
def test_a_new_version_takes_the_place_of_the_one_before(cast, acting, published):
    first = published()
    with pytest.raises(Conflict):
        reviewing.submit(actor=acting(cast.hq), article_id=first.article_id)  # there is no draft
    second = writing.change_article(
        actor=cast.hq, article_id=first.article_id, words=changed(answer_zh="先看离合液。"), at=AT
    )
    assert (second.number, second.stage) == (2, "DRAFT")
    again = writing.change_article(actor=cast.hq, article_id=first.article_id, words=changed(answer_zh="再看。"), at=AT)
    assert again.pk == second.pk
    reviewing.submit(actor=cast.hq, article_id=first.article_id)
    with pytest.raises(Conflict):
        writing.change_article(actor=cast.hq, article_id=first.article_id, words=WORDS, at=AT)
    reviewing.publish(actor=acting(cast.planner), article_id=first.article_id, at=AT)
    assert list(first.article.versions.order_by("number").values_list("stage", flat=True)) == ["RETIRED", "PUBLISHED"]


def test_what_is_sent_back_is_a_draft_with_a_word(cast, acting, write):
    row = write()
    reviewing.submit(actor=acting(cast.hq), article_id=row.article_id)
    with pytest.raises(Invalid):
        reviewing.send_back(actor=acting(cast.planner), article_id=row.article_id, note=" ")
    back = reviewing.send_back(actor=cast.planner, article_id=row.article_id, note="缺少  图片")
    assert (back.stage, back.note) == ("DRAFT", "缺少 图片")
    assert reviewing.submit(actor=acting(cast.hq), article_id=row.article_id).note == ""


def test_what_was_published_stays_as_it_was_said(acting, published):
    row = published()
    db.set_scope(SYSTEM)
    with pytest.raises(DatabaseError, match="stays as it was said"), transaction.atomic():
        Version.objects.filter(pk=row.pk).update(answer_zh="另一种说法")
    assert Version.objects.filter(pk=row.pk).update(stage="RETIRED") == 1


@pytest.mark.covers("KM-03")
def test_an_article_is_retired_with_its_draft_and_found_no_more(cast, acting, published):
    row = published()
    writing.change_article(actor=acting(cast.hq), article_id=row.article_id, words=WORDS, at=AT)
    reviewing.retire(actor=acting(cast.planner), article_id=row.article_id)
    assert set(row.article.versions.values_list("stage", flat=True)) == {"RETIRED"}
    assert queries.find(cast.planner, "离合器异响", DAY, 5) == []
    with pytest.raises(Conflict):
        reviewing.retire(actor=cast.planner, article_id=row.article_id)
    with pytest.raises(Conflict):
        reviewing.confirm(actor=cast.planner, article_id=row.article_id, at=AT)


def test_what_is_confirmed_is_checked_again_later(cast, acting, published):
    row = published()
    later = AT + datetime.timedelta(days=400)
    assert reviewing.confirm(actor=acting(cast.planner), article_id=row.article_id, at=later).check_on == datetime.date(
        2028, 7, 8
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title_en": " "}, "title_en"), ({"answer_zh": ""}, "answer_zh"), ({"title_zh": "长" * 121}, "title_zh"),
        ({"keywords": ("x" * 41,)}, "keywords"), ({"faults": tuple(str(n) for n in range(31))}, "faults"),
        ({"valid_until": DAY}, "valid_until"),
    ],
)  # fmt: skip
def test_words_that_cannot_be_are_refused_at_their_field(write, values, field):
    with pytest.raises(Invalid) as refusal:
        write(words=changed(**values))
    (problem,) = refusal.value.problems
    assert problem.field == field
    assert not Article.objects.filter(code="").exists()


def test_a_topic_that_is_not_there_is_refused(write):
    with pytest.raises(Invalid) as refusal:
        write(topic="WEATHER")
    assert refusal.value.problems[0].field == "topic"


@pytest.mark.covers("KM-06")
@pytest.mark.parametrize("text", ["离合器异响", "踩离合 吱吱声", "clutch squeaks", "p0810", "ＣＬＵＴＣＨ"])
def test_an_article_is_found_by_what_is_said(cast, acting, published, text):
    row = published()
    acting(cast.agent)
    assert [found.pk for found in queries.find(cast.agent, text, DAY, 5)] == [row.pk]


@pytest.mark.parametrize("text", ["变速箱漏油", "怎么", "", "gearbox oil leak"])
def test_what_is_about_something_else_is_not_found(cast, acting, published, text):
    row = published()
    acting(cast.agent)
    assert row.pk not in [found.pk for found in queries.find(cast.agent, text, DAY, 5)]


def test_the_palette_shows_only_what_holds_every_word(cast, acting, published):
    row = published()
    acting(cast.agent)
    assert [hit.title for hit in panels.find(cast.agent, "离合器异响", 5)] == [row.title]
    assert panels.find(cast.agent, "离合器异响漏油", 5) == []


def test_what_stands_in_the_title_comes_first(cast, acting, published):
    below = published(
        words=changed(title_zh="踏板", title_en="Pedal", keywords=(), answer_zh="离合器异响时检查踏板轴。")
    )
    above = published()
    acting(cast.agent)
    assert [row.pk for row in queries.find(cast.agent, "离合器异响", DAY, 5)] == [above.pk, below.pk]


@pytest.mark.covers("KM-03")
def test_an_article_is_found_only_while_it_holds(cast, acting, published):
    later = DAY + datetime.timedelta(days=10)
    row = published(words=changed(valid_from=later, valid_until=later + datetime.timedelta(days=5)))
    acting(cast.agent)
    for days, found in ((0, []), (10, [row.pk]), (14, [row.pk]), (15, [])):
        day = DAY + datetime.timedelta(days=days)
        assert [item.pk for item in queries.find(cast.agent, "离合器异响", day, 5)] == found, days


def test_an_outlet_keeps_its_own_and_reads_those_above(cast, acting, published, write):
    ours = published("crm", "gm")
    theirs = published()
    draft = write("crm", words=changed(title_zh="草稿"))
    assert {row.pk for row in queries.published(acting(cast.service))} >= {ours.pk, theirs.pk}
    acting(cast.stranger)
    assert {row.pk for row in queries.published(cast.stranger)} & {ours.pk, theirs.pk} == {theirs.pk}
    assert not Version.objects.filter(pk=ours.pk).exists()  # row-level security
    acting(cast.sales)
    with pytest.raises(NotFound):
        queries.article(cast.sales, draft.article_id)
    assert queries.article(acting(cast.gm), draft.article_id).pk == draft.article_id


def test_rights(cast, acting, write, published):
    row = write()
    for who in ("crm", "service", "auditor", "agent"):
        actor = acting(getattr(cast, who))
        with pytest.raises((NotAllowed, NotFound)):
            writing.change_article(actor=actor, article_id=row.article_id, words=WORDS, at=AT)
        with pytest.raises((NotAllowed, NotFound)):
            reviewing.publish(actor=actor, article_id=row.article_id, at=AT)
    with pytest.raises(NotAllowed):
        write("sales")
    with pytest.raises(NotAllowed):
        write("crm", node=cast.group_id)


@pytest.mark.covers("KM-08")
def test_a_reader_says_once_whether_it_helps_and_may_change_his_mind(cast, acting, published):
    row = published()
    for worth in ("HELPFUL", "UNHELPFUL"):
        using.vote(actor=acting(cast.service), article_id=row.article_id, worth=worth, at=AT)
    using.vote(actor=acting(cast.gm), article_id=row.article_id, worth="HELPFUL", at=AT)
    assert queries.worths([row.article_id])[row.article_id] == queries.Worths(helpful=1, unhelpful=1)
    assert queries.vote_of(cast.gm, row.article_id) == "HELPFUL"
    with pytest.raises(Invalid):
        using.vote(actor=cast.gm, article_id=row.article_id, worth="SOLVED", at=AT)


@pytest.mark.covers("KM-08")
def test_an_article_solves_a_matter_once(cast, acting, published, ask):
    question, row = ask(), published()
    for _time in range(2):
        using.mark_solved(
            actor=acting(cast.service), article_id=row.article_id, subject=("knowledge.question", question.pk), at=AT
        )
    assert Use.objects.filter(worth="SOLVED").count() == 1
    with pytest.raises(NotFound):
        using.mark_solved(
            actor=acting(cast.stranger), article_id=row.article_id, subject=("knowledge.question", question.pk), at=AT
        )
    with pytest.raises(NotFound):
        using.mark_solved(actor=acting(cast.gm), article_id=row.article_id, subject=("nothing.at_all", 1), at=AT)


PRESET = {
    "topic": [{"code": "TYRES", "name_zh": "轮胎", "name_en": "Tyres", "expert": "after_sales_expert", "answer_days": 2,
               "check_months": 6}],
    "article": [{"code": "winter", "topic": "TYRES", "title_zh": "冬季胎", "title_en": "Winter tyres",
                 "answer_zh": "低于七度更换。", "answer_en": "Below seven degrees."}],
}  # fmt: skip


def test_a_preset_is_applied_once_and_makes_versions(cast, acting):
    acting(SYSTEM)
    data = presets.KnowledgePreset.model_validate(PRESET)
    assert len(presets.apply(actor=SYSTEM, data=data, source="base/knowledge")) == 2
    assert presets.compare(data) == []
    other = presets.KnowledgePreset.model_validate(
        PRESET | {"article": [PRESET["article"][0] | {"answer_zh": "低于五度更换。"}]}
    )
    presets.apply(actor=SYSTEM, data=other, source="base/knowledge")
    rows = Version.objects.filter(article__code="winter").order_by("number")
    assert list(rows.values_list("stage", "answer_zh")) == [
        ("RETIRED", "低于七度更换。"),
        ("PUBLISHED", "低于五度更换。"),
    ]
    writing.change_article(actor=acting(cast.hq), article_id=rows[0].article_id, words=WORDS, at=AT)
    acting(SYSTEM)
    assert presets.compare(data) == []  # a person has written since


def test_a_preset_waits_for_a_role_that_is_not_there(acting):
    acting(SYSTEM)
    data = presets.KnowledgePreset.model_validate(PRESET | {"topic": [PRESET["topic"][0] | {"expert": "nobody"}]})
    presets.apply(actor=SYSTEM, data=data, source="base/knowledge")
    assert len(presets.compare(data)) == 2
    assert not Article.objects.filter(code="winter").exists()


def test_a_preset_that_says_a_thing_twice_is_refused():
    with pytest.raises(ValueError, match=r"twice|两次"):
        presets.KnowledgePreset.model_validate({"topic": PRESET["topic"] * 2})
