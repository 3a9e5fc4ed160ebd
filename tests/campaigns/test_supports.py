"""An outlet asks for support, the branch gives it, who asked says what came of it."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from tests.apicalls import caller
from tests.counting import queries_of

from guanxi.campaigns.models import Campaign, Support
from guanxi.campaigns.queries import supports as reading
from guanxi.campaigns.services import supporting
from guanxi.campaigns.services.supporting import NewSupport
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Task

WORDS = "请提供半年未回厂的保有客户名单，用于夏季检测活动"


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def asked(cast, acting, now):
    """A function that asks for a support as one of the cast."""

    def make(who="gm", **more):
        values = {
            "node_id": cast.outlet_id, "desk": "SERVICE", "kind": "INFORMATION", "words": WORDS,
            "wanted_by": clock.today() + datetime.timedelta(days=7), "token": f"form-{who}-{Support.objects.count()}",
        } | more  # fmt: skip
        return supporting.ask_support(actor=acting(getattr(cast, who)), support=NewSupport(**values), at=now)

    return make


def task(kind):
    db.set_scope(SYSTEM)
    return Task.objects.get(kind=kind)


@pytest.mark.covers("SUP-15")
def test_it_is_asked_for_given_from_above_and_judged_by_who_asked(cast, acting, asked, now):
    row = asked()
    again = NewSupport(row.node_id, row.desk, row.kind, row.words, row.wanted_by, row.token)
    assert supporting.ask_support(actor=acting(cast.gm), support=again, at=now).pk == row.pk
    todo = task("campaigns.give_support")
    assert (todo.node_id, todo.state, todo.subject_label) == (cast.branch_id, "OPEN", row.number)
    assert todo.role_id is not None
    with pytest.raises(Conflict):  # nothing is given yet
        supporting.judge_support(actor=acting(cast.gm), support_id=row.pk, score=5, outcome="x", at=now)
    given = supporting.give_support(actor=acting(cast.branch), support_id=row.pk, answer="名单见活动", at=now)
    assert (given.state, given.answered_by) == ("GIVEN", cast.branch.name)
    assert task("campaigns.give_support").state == "DONE"
    assert task("campaigns.judge_support").owner_id == cast.gm.user_id
    judged = supporting.judge_support(actor=acting(cast.gm), support_id=row.pk, score=4, outcome="回厂 32 台", at=now)
    assert (judged.state, judged.score, judged.outcome) == ("JUDGED", 4, "回厂 32 台")
    assert task("campaigns.judge_support").state == "DONE"
    told = set(AuditEntry.objects.filter(subject_type="campaigns.support").values_list("verb", flat=True))
    assert told == {"campaigns.ask_support", "campaigns.give_support", "campaigns.judge_support"}
    for act in (supporting.give_support, supporting.decline_support):
        with pytest.raises(Conflict):
            act(actor=acting(cast.branch), support_id=row.pk, answer="x", at=now)


def test_nobody_gives_himself_what_he_asked_for(cast, acting, asked, now):
    row = asked("crm")
    for act in (supporting.give_support, supporting.decline_support):
        with pytest.raises(Conflict):
            act(actor=acting(cast.crm), support_id=row.pk, answer="x", at=now)
        with pytest.raises(NotAllowed):
            act(actor=acting(cast.gm), support_id=row.pk, answer="x", at=now)
    db.set_scope(SYSTEM)
    assert Support.objects.get(pk=row.pk).state == "ASKED"


def test_it_is_declined_with_a_reason(cast, acting, asked, now):
    row = asked()
    with pytest.raises(Invalid) as error:
        supporting.decline_support(actor=acting(cast.branch), support_id=row.pk, answer=" ", at=now)
    assert [problem.field for problem in error.value.problems] == ["answer"]
    declined = supporting.decline_support(actor=acting(cast.branch), support_id=row.pk, answer="本月已有活动", at=now)
    assert (declined.state, declined.answer) == ("DECLINED", "本月已有活动")
    assert task("campaigns.give_support").state == "DONE"


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"words": " "}, "words"), ({"desk": "MOON"}, "desk"), ({"kind": "MONEY"}, "kind"), ({"wanted_by": "past"}, "wanted_by")],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_said_at_its_field(asked, changed, field):
    if "wanted_by" in changed:
        changed = {"wanted_by": clock.today() - datetime.timedelta(days=1)}
    with pytest.raises(Invalid) as error:
        asked(**changed)
    assert [problem.field for problem in error.value.problems] == [field]
    assert not Support.objects.exists()
    assert not Task.objects.filter(kind="campaigns.give_support").exists()


def test_who_asks_gives_judges_and_sees(cast, acting, asked, now):
    with pytest.raises(NotAllowed):
        asked(node_id=cast.other_outlet_id)
    with pytest.raises(Invalid):
        asked("hq", node_id=10**6)  # no such place
    row = asked()
    for who, sees in (("gm", True), ("branch", True), ("hq", True), ("stranger", False)):
        actor = acting(getattr(cast, who))
        assert reading.visible_to(actor).filter(pk=row.pk).exists() is sees, who
        assert Support.objects.exists() is sees, who  # row security alone
    with pytest.raises(NotFound):
        supporting.give_support(actor=acting(cast.stranger), support_id=row.pk, answer="x", at=now)
    with pytest.raises(NotFound):
        supporting.give_support(
            actor=acting(cast.branch), support_id=row.pk, answer="x", campaign_id=10**6, at=now
        )  # fmt: skip
    supporting.give_support(actor=acting(cast.branch), support_id=row.pk, answer="见附件", at=now)
    with pytest.raises(Invalid) as error:
        supporting.judge_support(actor=acting(cast.gm), support_id=row.pk, score=6, outcome="x", at=now)
    assert [problem.field for problem in error.value.problems] == ["score"]
    db.set_scope(SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        Support.objects.filter(pk=row.pk).update(state="JUDGED")  # without a word


@pytest.mark.covers("SUP-15", "SUP-16")
def test_the_pages_lead_from_asking_to_the_outcome(cast, signed_in):
    client = signed_in("gm")
    day = (clock.today() + datetime.timedelta(days=3)).isoformat()
    values = {
        "node": cast.outlet_id, "desk": "SALES", "kind": "VALUE", "words": "增购换购客户名单", "wanted_by": day,
        "token": "page-12345",
    }  # fmt: skip
    made = client.post("/campaigns/supports/ask/", values)
    assert made.status_code == 302, made.content.decode()
    page = made["Location"]
    assert "Give the support" not in client.get(page).content.decode()  # his own
    db.set_scope(SYSTEM)
    campaign = Campaign.objects.order_by("pk").first()
    branch = signed_in("branch")
    assert "Give the support" in branch.get(page).content.decode()
    given = branch.post(f"{page}give/", {"answer": "名单与条件见活动", "campaign": campaign.pk if campaign else ""})
    assert given.status_code == 302, given.content.decode()
    shown = client.get(page).content.decode()
    assert "名单与条件见活动" in shown
    assert "Did it help?" in shown
    assert client.post(f"{page}judge/", {"score": "5", "outcome": ""}).status_code == 422
    assert client.post(f"{page}judge/", {"score": "5", "outcome": "成交 3 台"}).status_code == 302
    listed = branch.get("/campaigns/supports/?state=JUDGED&desk=SALES").content.decode()
    assert "增购换购客户名单" in listed
    file = branch.get("/campaigns/supports/?export=csv&desk=SALES").content.decode("utf-8-sig")
    assert "成交 3 台" in file
    assert "Department: Sales" in file


def test_the_list_costs_the_same_for_one_and_three(asked, signed_in):
    client = signed_in("gm")
    asked()
    one = queries_of(lambda: client.get("/campaigns/supports/"))
    asked()
    asked("crm")
    assert queries_of(lambda: client.get("/campaigns/supports/")) == one


def test_the_api(cast, asked):
    how, day = {"content_type": "application/json"}, clock.today().isoformat()
    client = caller(cast.gm)
    new = {
        "node_id": cast.outlet_id, "desk": "PROMOTION", "kind": "SUGGESTION", "words": "促销建议", "wanted_by": day,
        "token": "api-12345",
    }  # fmt: skip
    made = client.post("/api/v1/campaigns/supports/", new, **how)
    assert made.status_code == 201, made.content
    address = f"/api/v1/campaigns/supports/{made.json()['id']}/"
    branch = caller(cast.branch)
    assert branch.post(f"{address}give", {"answer": "建议见附件"}, **how).json()["state"] == "GIVEN"
    assert branch.post(f"{address}decline", {"answer": "x"}, **how).status_code == 409
    gm = caller(cast.gm)
    assert gm.post(f"{address}judge", {"score": 5, "outcome": "有效"}, **how).json()["score"] == 5
    assert [item["state"] for item in gm.get("/api/v1/campaigns/supports/").json()["items"]] == ["JUDGED"]
