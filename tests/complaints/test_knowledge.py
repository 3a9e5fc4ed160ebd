"""Knowledge meets complaints: found while one is typed, what solved it, gaps mined from those without (KM-02)."""

import datetime
import re

import pytest
from tests import garage
from tests.apicalls import caller
from tests.complaints.conftest import AT
from tests.counting import queries_of
from tests.knowledge.conftest import DAY, published, write  # noqa: F401 -- fixtures of the neighbour

from guanxi.complaints import panels
from guanxi.complaints.queries import figures
from guanxi.complaints.queries import gaps as mined
from guanxi.complaints.queries.cases import SUBJECT
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotFound
from guanxi.knowledge.models import Use, Version
from guanxi.knowledge.queries import articles as knowledge
from guanxi.knowledge.services import using
from guanxi.knowledge.services.writing import Words

COOLING = Words(
    "空调不凉的检查", "When the air conditioner does not cool", "先查冷媒压力，再查压缩机离合器。", "Check the pressure first.", DAY,
    keywords=("空调", "不凉"),
)  # fmt: skip


def words(title, **more):
    return Words(title, title, "答", "answer", DAY, **more)


def titles(page):
    return re.findall(r"\?matter=[^\"]+\">([^<]+)</a>", page)


@pytest.fixture
def cooling(published):  # noqa: F811 -- the fixture of the neighbour
    return published(words=COOLING)


@pytest.mark.covers("KM-02")
@pytest.mark.parametrize(("language", "button"), [("en", "This solved it"), ("zh-hans", "就是它解决的")])
def test_the_article_that_fits_is_beside_the_complaint_and_marked_once(signed_in, take_in, cooling, language, button):
    row = take_in()  # the words: the air conditioner was repaired twice and does not cool
    client = signed_in("service", language)
    address = f"/knowledge/matters/{SUBJECT}/{row.pk}/"
    assert address in client.get(f"/complaints/{row.pk}/").content.decode()
    panel = client.get(address).content.decode()
    assert COOLING.title_en in panel or COOLING.title_zh in panel
    assert button in panel
    mark = f"/knowledge/articles/{cooling.article_id}/solved/"
    fields = {"matter": f"{SUBJECT}:{row.pk}", "next": f"/complaints/{row.pk}/"}
    for _twice in "ab":
        sent = client.post(mark, fields)
        assert (sent.status_code, sent["Location"]) == (302, f"/complaints/{row.pk}/")
    assert [use.article_id for use in Use.objects.filter(subject_type=SUBJECT, subject_id=row.pk)] == [
        cooling.article_id
    ]
    assert mark not in client.get(address).content.decode()
    away = client.post(mark, fields | {"next": "https://elsewhere.example/"})
    assert away["Location"] == f"/knowledge/articles/{cooling.article_id}/"


def test_an_article_fits_by_words_category_and_model(acting, cast, take_in, published):  # noqa: F811 -- as above
    owner = garage.customer("车主", "13600007799", cast.outlet_id)
    car = garage.car(owner, 78, plate="沪A78787")
    car.model_text = "云岭 L7"
    car.save()
    twice = published(words=words("同一故障反复维修怎么办"))  # found by the category of the complaint
    mine = published(words=words("空调不凉", models_of=("云岭 L7",)))
    published(words=words("空调不凉", models_of=("云岭 X9",)))
    published(words=words("轮胎磨损的判断"))
    row = take_in(customer_id=owner.pk, vehicle_id=car.pk)
    service = acting(cast.service)
    case = panels.case(service, row.pk)
    assert "云岭 L7" in case.models
    found = knowledge.fitting(service, case.searched, case.models, clock.today(), 9)
    ours = {twice.article_id, mine.article_id}
    assert {item.article_id for item in found if item.article_id in ours or "轮胎" in item.title_zh} == ours
    assert not [item for item in found if item.models_of == ["云岭 X9"]]
    assert knowledge.fitting(service, "", (), clock.today(), 9) == []


def test_while_it_is_typed_what_fits_is_found(signed_in, cooling):
    client = signed_in("callback")
    form = client.get("/complaints/open/").content.decode()
    assert 'hx-get="/knowledge/typed/"' in form
    assert "from:#id_words" in form
    found = client.get("/knowledge/typed/", {"words": "我的空调修了两次，还是不凉，怎么回事"}).content.decode()
    assert f"/knowledge/articles/{cooling.article_id}/" in found
    for nothing in ("", "怎么", "轮胎"):
        assert "<a " not in client.get("/knowledge/typed/", {"words": nothing}).content.decode(), nothing


def test_nobody_learns_of_a_matter_that_he_does_not_see(signed_in, acting, cast, take_in, cooling):
    row = take_in()
    assert signed_in("technician").get(f"/knowledge/matters/{SUBJECT}/{row.pk}/").status_code == 403
    assert signed_in("service").get("/knowledge/matters/complaints.other/1/").status_code == 404
    assert signed_in("service").get(f"/knowledge/ask/?matter={SUBJECT}:{row.pk + 99}").status_code == 404
    with pytest.raises(NotFound):
        using.mark_solved(actor=acting(cast.stranger), article_id=cooling.article_id, subject=(SUBJECT, row.pk), at=AT)


@pytest.mark.covers("KM-02", "CC-21")
def test_gaps_are_mined_from_closed_complaints_without_an_article(acting, cast, take_in, bring, cooling):
    first, second, third = (bring(take_in(angle=angle), "CLOSED") for angle in ("SERVICE", "PRODUCT", "SERVICE"))
    take_in()  # open: not counted
    service = acting(cast.service)
    asked = figures.Asked(AT - datetime.timedelta(days=1), AT + datetime.timedelta(days=9))
    rows = figures.asked_for(service, asked, clock.today())
    (gap,) = mined.gaps(rows)
    assert (gap.category.pk, gap.cause.pk, gap.closed, gap.without, gap.newest_id) == (
        "REPEATED", "BADLY_DONE", 3, 3, third.pk,
    )  # fmt: skip
    for row in (third, first):
        using.mark_solved(actor=service, article_id=cooling.article_id, subject=(SUBJECT, row.pk), at=AT)
    (gap,) = mined.gaps(rows)
    assert (gap.closed, gap.without, gap.newest_id) == (3, 1, second.pk)
    using.mark_solved(actor=service, article_id=cooling.article_id, subject=(SUBJECT, second.pk), at=AT)
    assert mined.gaps(rows) == []


def test_from_a_gap_a_question_or_an_article_begins_with_one_click(signed_in, take_in, bring):
    row = bring(take_in(), "CLOSED")
    page = signed_in("crm").get("/complaints/gaps/?from=2026-06-01&to=2026-06-30").content.decode()
    assert f"/complaints/{row.pk}/" in page
    (ask,) = re.findall(r"/knowledge/questions/ask/\?q=[^\"]+", page)
    assert "Repaired again and again" in signed_in("crm").get(ask).content.decode()
    assert "No gap in these days" in signed_in("gm").get("/complaints/gaps/?from=2026-07-01&to=x").content.decode()
    for who, status in (("technician", 403), ("stranger", 403)):
        assert signed_in(who).get("/complaints/gaps/").status_code == status


def test_a_question_and_an_article_begin_with_the_words_of_the_complaint(signed_in, take_in):
    row = take_in()
    matter = f"{SUBJECT}:{row.pk}"
    assert row.words in signed_in("service").get(f"/knowledge/questions/ask/?matter={matter}").content.decode()
    assert row.words in signed_in("hq").get(f"/knowledge/articles/write/?matter={matter}").content.decode()


def test_the_gaps_cost_the_same_for_one_and_for_three(signed_in, take_in, bring):
    address = "/complaints/gaps/?from=2026-06-01&to=2026-06-30"
    bring(take_in(), "CLOSED")
    client = signed_in("gm")
    one = queries_of(lambda: client.get(address))
    bring(take_in(category="ATTITUDE"), "CLOSED")
    bring(take_in(category="WAITING"), "CLOSED")
    client = signed_in("gm")
    assert queries_of(lambda: client.get(address)) == one


def test_the_api_knows_fitting_articles_what_solved_and_gaps(cast, take_in, bring, cooling):
    row = bring(take_in(), "CLOSED")
    service = caller(cast.service)
    found = service.get(f"/api/v1/knowledge/matters/{SUBJECT}/{row.pk}").json()
    assert cooling.article_id in [item["article_id"] for item in found]
    span = "since=2026-06-01&until=2026-06-30"
    (gap,) = service.get(f"/api/v1/complaints/gaps?{span}").json()
    assert (gap["category"], gap["cause"], gap["without"]) == ("REPEATED", "BADLY_DONE", 1)
    solved = service.post(
        f"/api/v1/knowledge/articles/{cooling.article_id}/solved", {"matter": f"{SUBJECT}:{row.pk}"},
        content_type="application/json",
    )  # fmt: skip
    assert solved.status_code == 204
    assert service.get(f"/api/v1/complaints/gaps?{span}").json() == []


def test_the_panel_costs_the_same_for_one_article_and_for_three(signed_in, take_in, published):  # noqa: F811 -- as above
    db.set_scope(SYSTEM)
    Version.objects.all().delete()
    row = take_in()
    published(words=COOLING)
    address = f"/knowledge/matters/{SUBJECT}/{row.pk}/"
    client = signed_in("service")
    one = queries_of(lambda: client.get(address))
    published(words=words("空调不凉的第二个原因"))
    published(words=words("空调不凉的第三个原因"))
    client = signed_in("service")
    assert queries_of(lambda: client.get(address)) == one
    assert len(titles(client.get(address).content.decode())) == 3
