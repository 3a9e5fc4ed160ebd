"""Headquarters asks a random sample of those whose complaint was closed once more: only their word verifies it."""

import datetime

import pytest
from tests.apicalls import caller
from tests.complaints.conftest import AT, fresh
from tests.complaints.test_handling import process
from tests.complaints.test_pages import page_of
from tests.counting import queries_of

from guanxi.complaints import tasks
from guanxi.complaints.events import ComplaintRefuted
from guanxi.complaints.models import Complaint, Deed, Recheck
from guanxi.complaints.queries import rechecks
from guanxi.complaints.services import rechecking
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.network.models import Node
from guanxi.worklist.models import Task

NIGHT = AT + datetime.timedelta(days=2, hours=12)


@pytest.fixture
def closed(take_in, bring):
    """A function that takes complaints in and brings them to their end, the sample drawn in full."""

    def make(many=1, share=100):
        process(recheck_share=share, recheck_role="call_centre_agent")
        return [bring(take_in(), "CLOSED") for _number in range(many)]

    return make


def drawn(at=NIGHT):
    db.set_scope(SYSTEM)
    return rechecking.draw(actor=SYSTEM, at=at)


def say(actor, row, result="CONFIRMED", words="确实好了"):
    return rechecking.record_recheck(
        actor=actor, recheck_id=row.pk, result=result, words=words, at=NIGHT + datetime.timedelta(hours=1)
    )  # fmt: skip


def test_a_night_draws_what_was_closed_and_gives_the_call_centre_its_task(closed):
    (row,) = closed()
    db.set_scope(SYSTEM)
    Complaint.objects.filter(pk=row.pk).update(customer=None)  # whose customer it was does not matter
    assert drawn(AT) == 0  # today is not over
    assert drawn() == 1
    held = Recheck.objects.get(complaint=row)
    task = Task.objects.get(key=f"complaints.recheck:{held.pk}")
    centre = Node.objects.get(kind="CALL_CENTRE")
    assert (held.place_id, task.node_id, task.role_id, task.due_at) == (
        centre.pk, centre.pk, "call_centre_agent", held.due_at,
    )  # fmt: skip
    assert drawn() == 0
    assert drawn(NIGHT + datetime.timedelta(days=3)) == 0  # a night later draws none twice
    assert drawn(NIGHT + datetime.timedelta(days=30)) == 0


def test_a_night_costs_the_same_for_one_and_for_three(closed, django_assert_max_num_queries):
    def cost():
        with django_assert_max_num_queries(60) as found:
            drawn(NIGHT)
        return len(found)

    closed()
    drawn()
    closed()
    one = cost()
    closed(3)
    assert cost() == one
    assert Recheck.objects.count() == 5


def test_a_night_that_was_missed_is_caught_up_for_a_week(closed):
    closed()
    assert drawn(NIGHT + datetime.timedelta(days=5)) == 1


def test_a_share_is_drawn_by_chance_and_the_same_however_often_it_is_asked(closed):
    rows = closed(12, share=40)
    many = drawn()
    first = set(Recheck.objects.values_list("complaint_id", flat=True))
    assert 0 <= many == len(first) <= 12
    Recheck.objects.all().delete()
    drawn(NIGHT + datetime.timedelta(days=1))
    assert set(Recheck.objects.values_list("complaint_id", flat=True)) == first <= {row.pk for row in rows}


def test_nothing_is_drawn_of_a_process_without_a_share_nor_of_what_was_explained(closed, take_in, bring, cast, acting):
    closed(2, share=0)
    process(recheck_share=0, recheck_role="")
    assert drawn() == 0
    with pytest.raises(NotAllowed):
        rechecking.draw(actor=acting(cast.gm), at=NIGHT)


def test_what_the_customer_says_once_more_verifies_it(closed, cast, acting):
    (row,) = closed()
    drawn()
    held = Recheck.objects.get(complaint=row)
    say(acting(cast.agent), held)
    db.set_scope(SYSTEM)
    held.refresh_from_db()
    assert (held.result, held.words, held.checked_by) == ("CONFIRMED", "确实好了", cast.agent.name)
    task = Task.objects.get(key=f"complaints.recheck:{held.pk}")
    assert (task.state, task.outcome) == ("DONE", "CONFIRMED")
    assert Deed.objects.get(complaint=row, act="RECHECKED").words.endswith("确实好了")
    tally = rechecks.tally(Recheck.objects.all())
    assert (tally.drawn, tally.confirmed, tally.share) == (1, 1, 100)
    with pytest.raises(Conflict, match="already"):
        say(acting(cast.agent), held)


def test_what_is_not_settled_is_taken_in_anew_once_and_the_old_one_stays_closed(closed, cast, acting, published):
    (row,) = closed()
    drawn()
    held = Recheck.objects.get(complaint=row)
    say(acting(cast.agent), held, "REFUTED", "第二天又坏了")
    (news,) = [event for event in published if isinstance(event, ComplaintRefuted)]
    for _time in range(2):
        db.set_scope(SYSTEM)
        tasks.follow_refuted(**vars(news))
    (again,) = Complaint.objects.exclude(pk=row.pk)
    assert (again.state, again.outlet_id, again.customer_id) == ("RECEIVED", row.outlet_id, row.customer_id)
    assert again.words == f"{row.number}: 第二天又坏了"
    assert fresh(row).state == "CLOSED"
    assert rechecks.tally(Recheck.objects.all()).share == 0


def test_whoever_handled_it_does_not_ask_and_bad_input_changes_nothing(closed, cast, acting):
    (row,) = closed()
    drawn()
    held = Recheck.objects.get(complaint=row)
    for result, words in (("NONE", "x"), ("CONFIRMED", "  ")):
        with pytest.raises(Invalid):
            say(acting(cast.agent), held, result, words)
    db.set_scope(SYSTEM)
    Complaint.objects.filter(pk=row.pk).update(owner_id=cast.agent.user_id)
    with pytest.raises(Conflict, match="somebody else"):
        say(acting(cast.agent), held)
    with pytest.raises(NotFound):
        say(acting(cast.gm), held)
    db.set_scope(SYSTEM)
    held.refresh_from_db()
    assert held.result == ""


def test_a_tally_of_nobody_reached_has_no_share():
    assert rechecks.Tally(3, 0, 0, 1).share is None
    assert rechecks.Tally(3, 2, 1, 0).share == 67


@pytest.mark.parametrize(("language", "words"), [("en", "Not asked yet"), ("zh-hans", "尚未询问")])
def test_the_list_the_form_and_the_export(signed_in, closed, language, words):
    (row,) = closed()
    drawn()
    held = Recheck.objects.get(complaint=row)
    client = signed_in("agent", language)
    page = page_of(client, "/complaints/rechecks/")
    assert row.number in page
    assert words in page
    form = page_of(client, f"/complaints/rechecks/{held.pk}/")
    assert row.words in form
    refused = client.post(f"/complaints/rechecks/{held.pk}/", {"result": "CONFIRMED", "words": ""})
    assert refused.status_code == 422
    told = client.post(f"/complaints/rechecks/{held.pk}/", {"result": "UNREACHED", "words": "三次无人接听"})
    assert told.status_code == 302
    assert client.get(f"/complaints/rechecks/{held.pk}/").headers["Location"] == f"/complaints/{row.pk}/"
    assert page_of(client, "/complaints/rechecks/?result=none").count("data-row") == 0
    assert page_of(client, "/complaints/rechecks/?result=UNREACHED").count("data-row") == 1
    text = signed_in("hq", language).get("/complaints/rechecks/?export=csv").content.decode("utf-8-sig")
    assert "三次无人接听" in text
    assert signed_in("gm").get("/complaints/rechecks/").status_code == 403


def test_the_list_costs_the_same_for_one_and_for_three(signed_in, closed):
    closed()
    drawn()
    client = signed_in("agent")
    one = queries_of(lambda: page_of(client, "/complaints/rechecks/"))
    closed(2)
    assert drawn() == 2
    client = signed_in("agent")
    assert page_of(client, "/complaints/rechecks/").count("data-row") == 3
    assert queries_of(lambda: page_of(client, "/complaints/rechecks/")) == one <= 20


def test_the_api_lists_and_records(closed, cast):
    (row,) = closed()
    drawn()
    agent = caller(cast.agent)
    (item,) = agent.get("/api/v1/complaints/rechecks/").json()["items"]
    assert (item["complaint_id"], item["result"], item["drawn_on"]) == (row.pk, "", clock.day_of(NIGHT).isoformat())
    body = {"result": "CONFIRMED", "words": "好了"}
    told = agent.post(f"/api/v1/complaints/rechecks/{item['id']}", body, content_type="application/json")
    assert (told.status_code, told.json()["result"]) == (200, "CONFIRMED")
