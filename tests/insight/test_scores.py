"""What customers say of consultants and advisors, by month and quarter, outlet and person (FUP-24, FUP-25, FUP-28)."""

import datetime
import json
import uuid

import pytest
from tests import garage
from tests.apicalls import caller
from tests.counting import queries_of

from guanxi.contact_centre.models import Call, Rated, Rating, Script
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.insight.policy import periods
from guanxi.insight.queries import scores as queries

pytestmark = pytest.mark.django_db
DAY = datetime.date
PATH = "/insight/scores/"


@pytest.fixture(autouse=True)
def none_yet(cast):
    """Without those of the demonstration."""
    db.set_scope(SYSTEM)
    Rating.objects.all().delete()


@pytest.fixture
def answer(cast):
    """Return a function that writes one answered questionnaire of an outlet about somebody."""
    who = garage.customer("打分客户", "13600007791", cast.outlet_id)

    def write(name="王师傅", *, outlet=None, judged="ADVISOR", node=None, day=None, **points):
        db.set_scope(SYSTEM)
        code = "after_service" if judged == "ADVISOR" else "sales_callback"
        script, at = Script.objects.get(code=code, until=None), clock.now()
        place = outlet or cast.outlet_id
        call = Call.objects.create(
            token=uuid.uuid4(), customer=who, node_id=node or place, agent_name="问", script=script, started_at=at,
            ended_at=at, outcome="REACHED", disposition="1.1",
        )  # fmt: skip
        rated, _new = Rated.objects.get_or_create(outlet_id=place, judged=judged, person_id=None, name=name)
        for key, many in points.items():
            Rating.objects.create(
                call=call, rated=rated, outlet_id=place, script=script, key=key, points=many, day=day or clock.today()
            )
        return rated

    return write


def asked(day=None, **more):
    return queries.Asked(*periods.days_of(f"{day or clock.today():%Y-%m}"), **more)


def found(actor, **more):
    return {row.name: (row.answered, row.score) for row in queries.by_person(actor, asked(**more))}


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[-1500:]
    return response.content.decode()


def test_months_and_quarters_have_their_days():
    assert periods.days_of("2026-Q1") == (DAY(2026, 1, 1), DAY(2026, 3, 31))
    assert periods.days_of("2026-Q4") == (DAY(2026, 10, 1), DAY(2026, 12, 31))
    assert periods.days_of("2026-02") == (DAY(2026, 2, 1), DAY(2026, 2, 28))
    offered = periods.offered(DAY(2026, 1, 31))
    assert offered[:6] == ["2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2", "2025-Q1", "2026-01"]
    assert offered[-1] == "2025-01"


@pytest.mark.covers("FUP-24", "FUP-25", "FUP-28")
def test_questionnaires_and_the_average_of_a_hundred_by_person_and_question(answer):
    answer(service=70, satisfied=80)
    last = answer(service=100, bill=0)
    answer("陈顾问", judged="CONSULTANT", delivery=90, satisfied=85)
    old = clock.today() - datetime.timedelta(days=500)
    answer(service=10, day=old)
    assert found(SYSTEM) == {"王师傅": (2, 63), "陈顾问": (1, 88)}
    assert found(SYSTEM, judged="CONSULTANT") == {"陈顾问": (1, 88)}
    assert found(SYSTEM, day=old) == {"王师傅": (1, 10)}
    assert queries.in_sum(SYSTEM, asked()) == {"people": 2, "answered": 3, "score": 71}
    own = queries.ratings(SYSTEM, asked()).filter(rated=last)
    assert [(row.key, row.answers, row.score) for row in queries.by_question(own)] == [
        ("bill", 1, 0), ("satisfied", 1, 80), ("service", 2, 85),
    ]  # fmt: skip


@pytest.mark.covers("FUP-24", "FUP-25")
def test_an_outlet_sees_its_own_people_a_branch_its_outlets_headquarters_all(cast, acting, answer):
    answer("本店", service=90)
    answer("外店", outlet=cast.other_outlet_id, service=50)
    for actor, names in (
        (cast.gm, {"本店"}), (cast.stranger, {"外店"}), (cast.branch, {"本店"}), (cast.hq, {"本店", "外店"}),
    ):  # fmt: skip
        assert set(found(acting(actor))) == names
    acting(cast.hq)
    assert set(found(cast.hq, branch=cast.other_branch_id)) == {"外店"}
    assert set(found(cast.hq, outlet=cast.outlet_id)) == {"本店"}


def test_what_the_call_centre_asked_counts_at_the_outlet_but_its_call_stays_out_of_sight(cast, acting, answer):
    row = answer(service=60, node=cast.agent.home_id)
    for actor, sees in ((cast.gm, False), (cast.hq, True)):
        own = queries.ratings(acting(actor), asked()).filter(rated=row)
        (sheet,) = queries.sheets(actor, own)
        assert (sheet.score, sheet.call_id is not None) == (60, sees)


@pytest.mark.covers("FUP-24")
@pytest.mark.parametrize(("language", "word", "few"), [("en", "Scores from call-backs", "fewer than 5"),
                                                       ("zh-hans", "回访评分", "不足5份")])  # fmt: skip
def test_the_page_marks_few_answers_and_leads_to_each_question(signed_in, answer, language, word, few):
    row = answer("少答卷", service=70)
    for _time in range(5):
        answer("多答卷", service=80)
    page = text(signed_in("gm", language).get(PATH))
    assert word in page
    assert page.index("多答卷") < page.index("少答卷")
    part = page[page.index(">少答卷") :]
    assert few in part
    assert few not in page[page.index(">多答卷") : page.index(">少答卷")]
    one = text(signed_in("gm", language).get(f"{PATH}{row.pk}/"))
    assert 'data-question="service"' in one
    assert one.count("data-sheet") == 1
    assert "/contact-centre/calls/" in one


def test_a_period_narrows_what_the_page_counts_and_nonsense_is_the_present_quarter(signed_in, answer):
    answer("老师傅", service=70, day=clock.today() - datetime.timedelta(days=500))
    answer("新师傅", service=70)
    client = signed_in("gm")
    assert "新师傅" in text(client.get(f"{PATH}?period=nonsense"))
    assert "老师傅" not in text(client.get(PATH))
    this = f"{clock.today():%Y-%m}"
    assert "新师傅" in text(client.get(f"{PATH}?period={this}&judged=ADVISOR"))
    assert "新师傅" not in text(client.get(f"{PATH}?period={this}&judged=CONSULTANT"))
    file = client.get(f"{PATH}?period={this}&export=csv")
    assert "新师傅" in file.content.decode("utf-8-sig")


def test_another_outlet_finds_nobody_behind_the_address(signed_in, cast, answer):
    row = answer(outlet=cast.other_outlet_id, service=70)
    text(signed_in("gm").get(f"{PATH}{row.pk}/"), 404)
    text(signed_in("sales").get(PATH), 403)


def test_the_list_costs_the_same_for_one_and_for_three(signed_in, answer):
    client = signed_in("gm")
    answer("甲", service=70)
    few = queries_of(lambda: client.get(PATH))
    answer("乙", service=70)
    answer("丙", service=80, bill=100)
    assert queries_of(lambda: client.get(PATH)) == few


@pytest.mark.covers("FUP-24", "SYS-22")
def test_scores_over_the_api(cast, answer):
    answer(service=70, bill=100)
    answer("陈顾问", judged="CONSULTANT", delivery=90)
    client = caller(cast.gm)
    items = json.loads(text(client.get("/api/v1/insight/scores?judged=ADVISOR")))["items"]
    (row,) = [item for item in items if item["name"] == "王师傅"]
    assert (row["answered"], row["score"], row["is_few"], row["outlet_id"]) == (1, 85, True, cast.outlet_id)
    assert [(item["key"], item["score"]) for item in row["questions"]] == [("service", 70), ("bill", 100)]
    assert "陈顾问" not in {item["name"] for item in items}
    assert text(client.get("/api/v1/insight/scores?first=2020-01-01&last=2020-01-31")) == '{"items": [], "next": null}'
