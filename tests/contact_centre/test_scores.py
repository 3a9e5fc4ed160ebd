"""What the listening samples of a month come to: by agent, by item, against the month before; and samples over the API."""

import datetime
import json
import uuid

import pytest
from tests.apicalls import caller
from tests.contact_centre.conftest import AT
from tests.counting import queries_of

from guanxi.contact_centre.models import Call, Review
from guanxi.contact_centre.queries import scores as queries
from guanxi.contact_centre.services import reviewing
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM

pytestmark = pytest.mark.django_db
MARCH, APRIL = datetime.date(2026, 3, 2), datetime.date(2026, 4, 6)  # Mondays
FIRST = datetime.date(2026, 4, 1)
ITEMS = ("opening", "verified", "script", "listened", "answered", "recorded")
SCORES = dict.fromkeys(ITEMS, 10)
PATH = "/contact-centre/reviews/scores/"


@pytest.fixture
def sample(cast, acting, owner):
    """Return a function that has one call of an agent drawn in a week, and judged if there are points."""

    def new(agent, week=APRIL, scores=None):
        db.set_scope(SYSTEM)
        at = clock.start_of(week) + datetime.timedelta(hours=9)
        call = Call.objects.create(
            token=uuid.uuid4(), customer=owner, node_id=cast.outlet_id, agent_id=agent.user_id, agent_name=agent.name,
            started_at=at, ended_at=at, outcome="REACHED", disposition="1.1",
        )  # fmt: skip
        row = Review.objects.create(
            call=call, node_id=cast.outlet_id, agent_id=agent.user_id, agent_name=agent.name, week=week, drawn_at=AT
        )
        if scores:
            reviewing.review(actor=acting(cast.supervisor), review_id=row.pk, scores=scores, note="", at=AT)
        db.set_scope(SYSTEM)
        return row

    return new


@pytest.mark.covers("CC-41", "CC-33")
def test_a_month_is_summed_by_agent_and_item_and_compared_with_the_one_before(cast, acting, sample):
    sample(cast.callback, MARCH, SCORES)
    sample(cast.callback, APRIL, SCORES | {"script": 0})
    sample(cast.callback, APRIL, SCORES | {"script": 4})
    sample(cast.callback, APRIL)
    sample(cast.sales, MARCH, SCORES)
    found = queries.scores(acting(cast.crm), cast.outlet_id, FIRST, clock.today())
    (score,) = found
    assert (score.name, score.drawn, score.judged, score.points, score.most) == (cast.callback.name, 3, 2, 104, 200)
    assert (score.share, score.change) == (52, -8)
    assert (score.weakest.code, score.weakest.points) == ("script", 4)
    assert next((item.code, item.points) for item in queries.by_item(found)) == ("script", 4)
    assert sum(item.points for item in score.items) == score.points
    assert sum(item.most for item in score.items) == score.most


def test_nothing_judged_has_no_share_and_a_full_score_no_weakest_item(cast, acting, sample):
    sample(cast.callback)
    (score,) = queries.scores(acting(cast.crm), cast.outlet_id, FIRST, clock.today())
    assert (score.drawn, score.judged, score.share, score.change, score.weakest) == (1, 0, None, None, None)
    full = queries.Score(1, "a", 1, 1, 10, 10, 0, 0, [queries.ItemScore("x", "x", 10, 10)])
    assert (full.share, full.weakest) == (100, None)


def test_an_agent_sees_his_own_month_and_other_places_nothing(cast, acting, sample):
    sample(cast.callback, APRIL, SCORES)
    sample(cast.callback)  # not judged: not yet his to see
    sample(cast.sales, APRIL, SCORES)
    (own,) = queries.scores(acting(cast.callback), None, FIRST, clock.today())
    assert (own.agent_id, own.drawn, own.points) == (cast.callback.user_id, 1, 60)
    assert queries.scores(acting(cast.stranger), cast.outlet_id, FIRST, clock.today()) == []
    assert queries.places(acting(cast.callback), clock.today()) == []


def test_the_page_says_what_its_figures_are_of(signed_in, cast, sample):
    sample(cast.callback, APRIL, SCORES)
    client = signed_in("crm")
    page = client.get(f"{PATH}?month=2026-04&place={cast.outlet_id}").content.decode()
    for word in ("In 1 judged calls the agents got 60 of 100 points: 60 of a hundred.", cast.callback.name, "60 %"):
        assert word in page, word
    assert page.count("data-agent") == 1
    assert page.count("data-item") == len(ITEMS)
    assert "No call of this month was drawn" in client.get(f"{PATH}?month=2026-05").content.decode()
    own = signed_in("callback").get(f"{PATH}?month=2026-04").content.decode()
    assert (own.count("data-agent"), 'name="place"' in own) == (1, False)
    for odd in ("month=x", "month=2026-13", "place=x", "month=0000-00"):
        assert client.get(f"{PATH}?{odd}").status_code == 200
    assert PATH in client.get("/contact-centre/reviews/").content.decode()


def test_it_costs_the_same_for_one_agent_and_for_three(signed_in, cast, sample):
    sample(cast.callback, APRIL, SCORES)
    address = f"{PATH}?month=2026-04&place={cast.outlet_id}"
    client = signed_in("crm")
    client.get(address)
    one = queries_of(lambda: client.get(address))
    for agent in (cast.sales, cast.advisor):
        sample(agent, APRIL, SCORES)
    client = signed_in("crm")
    client.get(address)
    assert queries_of(lambda: client.get(address)) == one
    assert client.get(address).content.decode().count("data-agent") == 3


@pytest.mark.covers("SYS-22", "CC-40")
def test_samples_are_drawn_judged_and_summed_over_the_api(cast, sample):
    row, base = sample(cast.callback), "/api/v1/contact-centre"
    crm = caller(cast.crm)

    def send(path, body, who=crm):
        return who.post(f"{base}/{path}", json.dumps(body), "application/json")

    drawn = send("samples/draw", {"node_id": cast.outlet_id, "week": APRIL.isoformat()})
    assert (drawn.status_code, drawn.json()) == (201, {"drawn": 0})
    wrong = send(f"samples/{row.pk}/judge", {"scores": SCORES | {"opening": 99}})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "scores.opening")
    assert send(f"samples/{row.pk}/judge", {"scores": SCORES}, caller(cast.callback)).status_code in {403, 404}
    judged = send(f"samples/{row.pk}/judge", {"scores": SCORES, "note": "好"}).json()
    assert (judged["points"], judged["most"], judged["note"]) == (60, 100, "好")
    found = crm.get(f"{base}/samples?judged=true&agent_id={cast.callback.user_id}").json()["items"]
    assert [item["id"] for item in found] == [row.pk]
    assert crm.get(f"{base}/samples?judged=false").json()["items"] == []
    (score,) = crm.get(f"{base}/scores?month=2026-04-15&node_id={cast.outlet_id}").json()
    assert (score["points"], score["share"], len(score["items"])) == (60, 60, len(ITEMS))
    assert crm.get(f"{base}/scores?month=2026-04-15&node_id={cast.other_outlet_id}").status_code == 403
    assert [line["points"] for line in caller(cast.callback).get(f"{base}/scores?month=2026-04-15").json()] == [60]
