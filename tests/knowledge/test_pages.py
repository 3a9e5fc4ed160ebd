"""The pages of knowledge without JavaScript."""

import datetime
from functools import partial

import pytest
from tests.counting import queries_of
from tests.knowledge.conftest import AT, WORDS

from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.knowledge.models import Question, Use, Version
from guanxi.knowledge.services import asking, reviewing
from guanxi.records.models import AuditEntry

FORM = {
    "topic": "PRODUCT", "title_zh": "离合器异响", "title_en": "Noisy clutch", "answer_zh": "先听", "answer_en": "Listen",
    "question_zh": "", "question_en": "", "keywords": "异响、clutch", "models_of": "", "faults": "P0810",
    "valid_from": "2020-01-01", "valid_until": "",
}  # fmt: skip


def page_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("Sent to review", "Nothing found")), ("zh-hans", ("送审", "未找到"))]
)
def test_an_article_goes_all_the_way_on_pages(signed_in, cast, language, words):
    hq = signed_in("hq", language)
    assert "P0301" in page_of(hq, "/knowledge/articles/write/")
    bad = hq.post("/knowledge/articles/write/", FORM | {"node": str(cast.group_id), "answer_en": " "})
    assert bad.status_code == 422
    told = hq.post("/knowledge/articles/write/", FORM | {"node": str(cast.group_id)})
    assert told.status_code == 302
    db.set_scope(SYSTEM)
    row = Version.objects.get(title_zh="离合器异响")
    assert (row.keywords, row.faults) == (["异响", "clutch"], ["P0810"])
    address = f"/knowledge/articles/{row.article_id}/"
    hq = signed_in("hq", language)
    shown = hq.post(f"{address}submit/", follow=True).content.decode()
    assert words[0] in shown
    assert f"{address}publish/" not in shown  # he wrote it
    planner = signed_in("planner", language)
    assert planner.post(f"{address}publish/").status_code == 302
    agent = signed_in("agent", language)
    assert address in page_of(agent, "/knowledge/?q=离合器")
    assert words[1] in page_of(agent, "/knowledge/?q=挡风玻璃")
    assert agent.post(f"{address}vote/", {"worth": "HELPFUL"}).status_code == 302
    db.set_scope(SYSTEM)
    assert Use.objects.get().worth == "HELPFUL"


@pytest.mark.covers("FORM-75")
def test_a_question_goes_all_the_way_on_pages(signed_in, cast):
    service = signed_in("service")
    start = page_of(service, "/knowledge/questions/ask/?q=离合器")
    assert "离合器" in start
    form = {"node": str(cast.outlet_id), "topic": "PRODUCT", "words": "离合器吱吱响", "token": "page-form", "models_of": "",
            "faults": ""}  # fmt: skip
    assert service.post("/knowledge/questions/ask/", form | {"words": ""}).status_code == 422
    told = service.post("/knowledge/questions/ask/", form)
    address = told["Location"]
    db.set_scope(SYSTEM)
    row = Question.objects.get()
    assert f"{address}answer/" not in page_of(signed_in("service"), address)
    planner = signed_in("planner")
    assert planner.post(f"{address}answer/", {"words": "检查轴承"}).status_code == 302
    service = signed_in("service")
    assert "检查轴承" in page_of(service, address)
    assert service.post(f"{address}ask-again/", {"verdict": "已经换过"}).status_code == 302
    assert "已经换过" in page_of(signed_in("planner"), address)
    assert signed_in("planner").post(f"{address}answer/", {"words": "检查总泵"}).status_code == 302
    assert signed_in("service").post(f"{address}settle/").status_code == 302
    start = page_of(signed_in("hq"), f"/knowledge/articles/write/?question={row.pk}")
    assert "检查总泵" in start
    db.set_scope(SYSTEM)
    row.refresh_from_db()
    assert row.state == "SOLVED"


def test_a_matter_is_marked_solved_from_the_page(signed_in, published, ask):
    question, row = ask(), published()
    address, matter = f"/knowledge/articles/{row.article_id}/", f"knowledge.question:{question.pk}"
    service = signed_in("service")
    assert question.number in page_of(service, f"{address}?matter={matter}")
    assert page_of(service, f"{address}?matter=nonsense").count("/solved/") == 0
    assert service.post(f"{address}solved/", {"matter": matter}).status_code == 302
    assert service.post(f"{address}solved/", {"matter": "x"}).status_code == 422
    db.set_scope(SYSTEM)
    assert Use.objects.get().subject_id == question.pk


def test_lists_are_filtered_and_searched(signed_in, cast, acting, published, write, ask):
    row, draft = published(), write(words=WORDS)
    client = signed_in("hq")
    for query, found in (("stage=DRAFT", draft), (f"q={row.article.number}", row)):
        page = page_of(client, f"/knowledge/articles/?{query}")
        assert (page.count("data-row"), found.article.number in page) == (1, True), query
    assert draft.article.number not in page_of(signed_in("agent"), "/knowledge/articles/")
    late, fresh = ask(), ask(words="另一个", at=AT.replace(year=2099))
    client = signed_in("hq")
    for query, found in (("late=yes", late), ("late=no", fresh), (f"q={late.number}", late), ("q=另一个", fresh)):
        page = page_of(client, f"/knowledge/questions/?{query}")
        assert (page.count("data-row"), found.number in page) == (1, True), query


@pytest.mark.covers("KM-05", "CC-21")
def test_what_is_to_be_checked_again_is_found_and_confirmed(signed_in, published):
    row = published()
    address, listed = f"/knowledge/articles/{row.article_id}/", "/knowledge/articles/?holds=check"
    db.set_scope(SYSTEM)
    Version.objects.filter(pk=row.pk).update(check_on=clock.today() + datetime.timedelta(days=1))
    assert row.article.number not in page_of(signed_in("planner"), listed)
    db.set_scope(SYSTEM)
    Version.objects.filter(pk=row.pk).update(check_on=clock.today())
    client = signed_in("planner")
    assert row.article.number in page_of(client, listed)
    assert f"{address}confirm/" in page_of(client, address)
    assert client.post(f"{address}confirm/").status_code == 302
    assert row.article.number not in page_of(signed_in("planner"), listed)


def test_lists_cost_the_same_for_one_and_for_three(signed_in, published, ask):
    published(), ask()
    counts = []
    for round_ in range(2):
        client = signed_in("hq")
        for address in ("/knowledge/articles/", "/knowledge/questions/", "/knowledge/?q=离合器"):
            page_of(client, address)
            counts.append(queries_of(partial(page_of, client, address)))
        if not round_:
            published(), published(), ask(words="二"), ask(words="三")
    assert counts[:3] == counts[3:]
    assert max(counts) <= 20


def test_exports_need_the_right_and_leave_a_line(signed_in, published):
    row = published()
    text = signed_in("gm").get("/knowledge/articles/?export=csv").content.decode("utf-8-sig")
    assert row.article.number in text
    assert signed_in("agent").get("/knowledge/articles/?export=csv").status_code == 403
    db.set_scope(SYSTEM)
    assert AuditEntry.objects.filter(verb="knowledge.export").count() == 1


def test_versions_are_read_and_sent_back_on_pages(signed_in, cast, acting, published):
    row = published()
    client = signed_in("hq")
    form = FORM | {"title_en": "New title"}
    assert client.post(f"/knowledge/articles/{row.article_id}/change/", form).status_code == 302
    client = signed_in("hq")
    client.post(f"/knowledge/articles/{row.article_id}/submit/")
    planner = signed_in("planner")
    assert planner.post(f"/knowledge/articles/{row.article_id}/send-back/", {"note": "再核对"}).status_code == 302
    page = page_of(signed_in("hq"), f"/knowledge/articles/{row.article_id}/?version=2")
    assert "再核对" in page
    assert "New title" not in page_of(signed_in("agent"), f"/knowledge/articles/{row.article_id}/?version=2")
    reviewing.submit(actor=acting(cast.hq), article_id=row.article_id)
    reviewing.publish(actor=acting(cast.planner), article_id=row.article_id, at=AT)
    assert "New title" in page_of(signed_in("agent"), f"/knowledge/articles/{row.article_id}/")
    assert signed_in("planner").post(f"/knowledge/articles/{row.article_id}/retire/").status_code == 302


def test_the_expert_finds_his_question_in_his_day(signed_in, cast, ask, acting):
    row = ask()
    asking.answer(actor=acting(cast.planner), question_id=row.pk, words="检查轴承", at=AT)
    assert row.number in page_of(signed_in("service"), "/worklist/tasks/")
