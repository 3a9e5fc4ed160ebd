"""What people need of this software: asked for, backed, put in order, answered."""

import pytest
from django.db import IntegrityError, transaction
from tests.apicalls import caller
from tests.counting import queries_of
from tests.knowledge.conftest import AT

from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.knowledge.models import Demand
from guanxi.knowledge.services import demanding
from guanxi.knowledge.services.demanding import NewDemand
from guanxi.records.models import AuditEntry

WORDS = "投诉列表希望能按车型筛选"


@pytest.fixture
def asked(cast, acting):
    """A function that asks for something as one of the cast."""

    def make(who="service", **more):
        values = {"node_id": cast.outlet_id, "kind": "FUNCTION", "words": WORDS, "token": f"form-{who}"} | more
        return demanding.ask_for(actor=acting(getattr(cast, who)), demand=NewDemand(**values), at=AT)

    return make


def decide(actor, row, state, answer="", urgency="NORMAL"):
    return demanding.decide(actor=actor, demand_id=row.pk, state=state, urgency=urgency, answer=answer, at=AT)


@pytest.mark.covers("KM-01", "CC-21")
def test_a_demand_is_registered_backed_put_in_order_and_tracked(cast, acting, asked):
    row = asked()
    assert asked().pk == row.pk  # the same form again
    assert (row.state, row.many) == ("NEW", 1)
    assert demanding.back(actor=acting(cast.crm), demand_id=row.pk).many == 2
    assert demanding.back(actor=acting(cast.agent), demand_id=row.pk).many == 3  # of another place
    assert demanding.back(actor=acting(cast.crm), demand_id=row.pk).many == 2  # no longer
    with pytest.raises(Conflict):
        demanding.back(actor=acting(cast.service), demand_id=row.pk)
    hq = acting(cast.hq)
    assert decide(hq, row, "PLANNED", urgency="HIGH").urgency == "HIGH"
    with pytest.raises(Invalid) as error:
        decide(hq, row, "DONE")
    assert [problem.field for problem in error.value.problems] == ["answer"]
    assert decide(hq, row, "DONE", "十二月版本已有").answer == "十二月版本已有"
    for again in ("PLANNED", "DECLINED", "DONE"):
        with pytest.raises(Conflict):
            decide(hq, row, again, "x")
    with pytest.raises(Conflict):
        demanding.back(actor=acting(cast.crm), demand_id=row.pk)
    db.set_scope(SYSTEM)
    told = AuditEntry.objects.filter(subject_type="knowledge.demand").values_list("verb", flat=True)
    assert set(told) == {"knowledge.ask_for", "knowledge.back", "knowledge.decide"}


def test_what_was_declined_may_be_planned_after_all(cast, acting, asked):
    row, hq = asked(), acting(cast.hq)
    decide(hq, row, "DECLINED", "暂不做")
    assert decide(hq, row, "PLANNED").state == "PLANNED"


@pytest.mark.parametrize(("changed", "field"), [({"words": " "}, "words"), ({"kind": "WISH"}, "kind")])
def test_what_cannot_be_asked_for_is_said_at_its_field(cast, asked, changed, field):
    with pytest.raises(Invalid) as error:
        asked(**changed)
    assert [problem.field for problem in error.value.problems] == [field]
    assert not Demand.objects.exists()


def test_who_may_ask_back_and_decide(cast, acting, asked):
    with pytest.raises(NotAllowed):
        asked(node_id=cast.other_outlet_id)
    row = asked()
    for who in ("service", "crm", "branch"):
        with pytest.raises(NotAllowed):
            decide(acting(getattr(cast, who)), row, "PLANNED")
    for state, urgency, field in (("NEW", "LOW", "state"), ("MAYBE", "LOW", "state"), ("PLANNED", "NEVER", "urgency")):
        with pytest.raises(Invalid) as error:
            decide(acting(cast.hq), row, state, urgency=urgency)
        assert [problem.field for problem in error.value.problems] == [field]
    with pytest.raises(NotFound):
        decide(acting(cast.hq), Demand(pk=row.pk + 99), "PLANNED")
    db.set_scope(SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        Demand.objects.filter(pk=row.pk).update(state="DONE")  # without a word


def test_the_pages_and_the_api(cast, signed_in, asked):
    client = signed_in("service")
    made = client.post(
        "/knowledge/demands/ask/",
        {"node": cast.outlet_id, "kind": "FAULT", "words": "打印排版错位", "token": "page-1234"},
    )
    assert made.status_code == 302
    page = client.get(made["Location"]).content.decode()
    assert "打印排版错位" in page
    assert "I need it too" not in page  # his own
    other = signed_in("crm")
    assert "I need it too" in other.get(made["Location"]).content.decode()
    assert other.post(f"{made['Location']}back/").status_code == 302
    assert "I do not need it any more" in other.get(made["Location"]).content.decode()
    assert other.get(f"{made['Location']}decide/").status_code == 403
    far = signed_in("stranger").get(made["Location"])  # of another outlet, whose people may need the same
    assert (far.status_code, "I need it too" in far.content.decode()) == (200, True)
    hq = signed_in("hq")
    wrong = hq.post(f"{made['Location']}decide/", {"state": "DONE", "urgency": "HIGH", "answer": ""})
    assert (wrong.status_code, "Say what becomes of it." in wrong.content.decode()) == (422, True)
    done = hq.post(f"{made['Location']}decide/", {"state": "PLANNED", "urgency": "HIGH", "answer": "下月"})
    assert done.status_code == 302
    assert "下月" in client.get(made["Location"]).content.decode()
    listed = hq.get("/knowledge/demands/?state=PLANNED&urgency=HIGH").content.decode()
    assert "打印排版错位" in listed
    api = caller(cast.hq)
    (item,) = api.get("/api/v1/knowledge/demands/").json()["items"]
    assert (item["many"], item["state"], item["urgency"]) == (2, "PLANNED", "HIGH")
    how = {"content_type": "application/json"}
    address = f"/api/v1/knowledge/demands/{item['id']}/"
    assert api.post(f"{address}back", {}, **how).json()["many"] == 3
    assert api.post(f"{address}decide", {"state": "DONE", "answer": "有了"}, **how).json()["state"] == "DONE"
    new = {"node_id": cast.group_id, "kind": "CHANGE", "words": "x", "token": "api-12345"}
    assert api.post("/api/v1/knowledge/demands/", new, **how).status_code == 201


def test_the_list_costs_the_same_for_one_and_three(cast, signed_in, asked):
    client = signed_in("gm")
    asked()
    one = queries_of(lambda: client.get("/knowledge/demands/"))
    asked("crm")
    asked("gm")
    assert queries_of(lambda: client.get("/knowledge/demands/")) == one
