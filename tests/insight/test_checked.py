"""What outlets log of their follow-ups against what customers say (FUP-03, FUP-04)."""

import datetime
import json
import uuid

import pytest
from tests import garage
from tests.apicalls import caller
from tests.counting import queries_of

from guanxi.care.models import Rule
from guanxi.contact_centre.models import Call, Script
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.insight.queries import checked as queries
from guanxi.worklist.models import Task

pytestmark = pytest.mark.django_db
PATH = "/insight/follow-ups/checked/"
HOUR = datetime.timedelta(hours=1)
NOW = clock.now()


def today():
    return clock.today()


@pytest.fixture(autouse=True)
def nothing_yet(cast):
    db.set_scope(SYSTEM)
    Task.objects.all().delete()


@pytest.fixture
def people(cast):
    return [garage.customer(f"客户{place}", f"1360000778{place}", cast.outlet_id) for place in range(5)]


@pytest.fixture
def task(cast):
    """Return a function that writes a follow-up after a delivery, as the outlet ended it."""
    made = []

    def write(who, outcome="REACHED", *, node=None, role="follow_up_agent", day="2026-05-04", anchor="DELIVERY",
              kind="care.call", before=3):  # fmt: skip
        db.set_scope(SYSTEM)
        made.append(who)
        rule = Rule.objects.filter(anchor=anchor).first()
        ended = clock.now() - before * HOUR
        return Task.objects.create(
            kind=kind, key=f"care:{rule.code}:{who.pk}:{len(made)}:{day}", node_id=node or cast.outlet_id, role_id=role,
            reason="x", values={"day": day}, subject_type="customer", subject_id=who.pk, subject_label=who.name,
            opens_at=ended - HOUR, due_at=ended, first_due_at=ended, made_at=ended - HOUR,
            state="DONE" if outcome else "OPEN", outcome=outcome, tries=1 if outcome else 0,
            finished_at=ended if outcome else None,
        )  # fmt: skip

    return write


@pytest.fixture
def says(cast, task):
    """Return a function that writes what a customer answers in a call of the call centre about an event."""

    def write(who, contacted, *, node=None, day="2026-05-04", before=1, outcome="REACHED"):
        centre = node or cast.agent.home_id
        asked = task(who, node=centre, day=day, role="call_centre_agent", before=before)
        at = clock.now() - before * HOUR
        return Call.objects.create(
            token=uuid.uuid4(), customer=who, task_id=asked.pk, node_id=centre, agent_name="问", started_at=at,
            ended_at=at, outcome=outcome, disposition="1.1" if outcome == "REACHED" else "2.2",
            script=Script.objects.get(code="centre_check", until=None), answers={"contacted": contacted},
        )  # fmt: skip

    return write


def asked(**more):
    day = clock.day_of(NOW - 10 * HOUR)
    return queries.Asked(day, clock.today(), clock.now(), queries.BY_VOICE, **more)


def found(actor=SYSTEM, **more):
    return {row.pk: row for row in queries.by_outlet(actor, asked(**more))}


def counts(row):
    return {name: getattr(row, name) for name in (*queries.COUNTS, "not_asked", "coverage", "accuracy")}


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[-1500:]
    return response.content.decode()


@pytest.mark.covers("FUP-03", "FUP-04")
def test_what_an_outlet_claims_is_confirmed_contradicted_or_not_asked(cast, people, task, says):
    confirmed, contradicted, silent, waiting, missed = people
    for who in (confirmed, contradicted, silent):
        task(who)
    task(waiting, "")
    task(missed, "NOT_REACHED")
    says(confirmed, "yes")
    says(contradicted, "no")
    says(missed, "no")  # the outlet does not claim to have reached him
    assert counts(found()[cast.outlet_id]) == {
        "due": 5, "customers": 5, "followed": 4, "claimed": 3, "confirmed": 1, "contradicted": 1, "not_asked": 1,
        "coverage": 80, "accuracy": 50,
    }  # fmt: skip
    total = queries.in_sum(SYSTEM, asked())
    assert (total["claimed"], total["confirmed"], total["contradicted"]) == (3, 1, 1)
    assert counts(found()[cast.other_outlet_id])["coverage"] is None


@pytest.mark.covers("FUP-04")
def test_only_an_answer_of_another_place_about_the_same_event_after_the_claim_counts(cast, people, task, says):
    for who in people:
        task(who, before=5)
    says(people[0], "no", node=cast.outlet_id)  # asked by the outlet itself
    says(people[1], "no", day="2026-04-01")  # about another event
    says(people[2], "no", before=7)  # before the outlet called
    says(people[3], "", before=1)  # not answered
    says(people[4], "no", before=3)
    says(people[4], "yes", before=2)  # the first answer counts
    row = found()[cast.outlet_id]
    assert (row.confirmed, row.contradicted, row.claimed - row.not_asked) == (0, 1, 1)


@pytest.mark.covers("FUP-03")
def test_a_customer_counts_once_for_coverage_and_other_contacts_do_not(cast, people, task):
    task(people[0])
    task(people[0], "", day="2026-05-11")
    task(people[1], "", anchor="BIRTHDAY")
    task(people[2], "", kind="care.letter")
    task(people[3], "", anchor="VISIT")
    row = found()[cast.outlet_id]
    assert (row.customers, row.followed, row.due, row.coverage) == (2, 1, 3, 50)
    assert found(anchor="VISIT")[cast.outlet_id].customers == 1


@pytest.mark.covers("FUP-04")
def test_each_level_of_staff_is_looked_at_alone(cast, people, task, says):
    task(people[0], role="sales_manager")
    task(people[1], role="sales_consultant")
    says(people[1], "no")
    assert found(role="sales_consultant")[cast.outlet_id].contradicted == 1
    assert counts(found(role="sales_manager")[cast.outlet_id])["contradicted"] == 0
    assert set(found(branch=cast.other_branch_id)) & {cast.outlet_id} == set()


@pytest.mark.covers("FUP-03", "FUP-04")
@pytest.mark.parametrize(("language", "words"), [
    ("en", ("Follow-ups checked with customers", "Contradicted", "fewer than 5 asked", "Nobody called")),
    ("zh-hans", ("回访核查", "不属实", "核查不足5人", "没有接到过")),
])  # fmt: skip
def test_headquarters_sees_what_is_denied_and_takes_it_along(signed_in, cast, people, task, says, language, words):
    task(people[0])
    says(people[0], "no")
    client = signed_in("hq", language)
    page = text(client.get(f"{PATH}?span=this_year"))
    for word in words[:3]:
        assert word in page, word
    one = text(client.get(f"{PATH}{cast.outlet_id}/?span=this_year"))
    assert words[3] in one
    assert "客户0" in one
    assert one.count("data-denied") == 1
    file = client.get(f"{PATH}?span=this_year&export=csv").content.decode("utf-8-sig")
    assert words[1] in file
    assert client.get(f"{PATH}?span=nonsense&branch=0&role=none&after=never").status_code == 200


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize("name", ["gm", "branch", "service"])
def test_who_is_supervised_does_not_see_whom_the_call_centre_asked(signed_in, cast, name):
    for path in (PATH, f"{PATH}{cast.outlet_id}/"):
        text(signed_in(name).get(path), 403)


def test_the_list_costs_the_same_for_one_and_for_three(signed_in, people, task, says):
    client = signed_in("hq")
    task(people[0])
    says(people[0], "no")
    few = queries_of(lambda: client.get(f"{PATH}?span=this_year"))
    for who in people[1:3]:
        task(who)
        says(who, "yes")
    assert queries_of(lambda: client.get(f"{PATH}?span=this_year")) == few


@pytest.mark.covers("FUP-04", "SYS-22")
def test_what_was_checked_over_the_api(cast, people, task, says):
    task(people[0])
    says(people[0], "yes")
    path = "/api/v1/insight/checked-follow-ups?limit=200&first=2026-01-01"
    client = caller(cast.hq)
    items = {row["outlet_id"]: row for row in json.loads(text(client.get(f"{path}&last={today()}")))["items"]}
    row = items[cast.outlet_id]
    assert (row["claimed"], row["confirmed"], row["accuracy"], row["coverage"]) == (1, 1, 100, 100)
    text(caller(cast.gm).get(path), 403)
