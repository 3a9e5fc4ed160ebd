"""The pages of rounds, without JavaScript, in both languages; the tasks that lead to them; the API."""

import datetime

import pytest
from tests.apicalls import caller
from tests.care.checking import CODE, ITEMS, NOON, days, fine, go, settled, still_open, tasks
from tests.counting import queries_of

from guanxi.care.models import Answer, Round, Shortcoming
from guanxi.care.services import mornings
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.models import SpecialDay

WORDS = {
    "en": ("Electronic board shows the state of repairs", "Waiting for a repair: at opening", "rounds left to do"),
    "zh-hans": ("电子看板显示维修进度", "维修等待关怀（开店）", "维修等待关怀（午间）"),
}


@pytest.fixture
def here(cast):
    """The cast on a day that is worked, whatever today is, with its rounds asked for."""
    settled(cast)
    today = clock.today()
    SpecialDay.objects.create(node_id=None, day=today, hours="00:00-23:59", reason="测试", made_at=clock.now())
    mornings.make_rounds(actor=SYSTEM, day=today, at=clock.start_of(today))
    return cast


def form(items=ITEMS, day=None, **wanting):
    """Return what the form sends: all fulfilled, but for those named."""
    data = {"day": (day or clock.today()).isoformat()} | {f"result_{item}": "FULFILLED" for item in items}
    for item, words in wanting.items():
        data |= {f"result_{item}": "MISSING", f"remark_{item}": words}
    return data


def today_of(cast, code=CODE):
    db.set_scope(SYSTEM)
    return Round.objects.get(outlet_id=cast.outlet_id, day=clock.today(), code=code)


def address(cast, code=CODE):
    return f"/care/rounds/file/{cast.outlet_id}/{code}/"


@pytest.mark.covers("CARE-17")
@pytest.mark.parametrize("language", WORDS)
def test_going_round_in_both_languages_without_a_script(here, signed_in, language):
    item, name, more = WORDS[language]
    client = signed_in("crm", language)
    page = client.get("/care/rounds/").content.decode()
    assert name in page
    assert more in page
    assert address(here) in page
    shown = client.get(address(here)).content.decode()
    assert item in shown
    assert shown.count('type="radio"') == 18
    assert "checked" not in shown
    answer = client.post(address(here), form(board="看板黑屏"))
    assert (answer.status_code, answer["Location"]) == (302, f"/care/rounds/{today_of(here).pk}/")
    sheet = client.get(answer["Location"]).content.decode()
    assert item in sheet
    assert "看板黑屏" in sheet
    assert f"/worklist/{tasks(here.outlet_id)[0].pk}/" in sheet
    assert address(here) in sheet  # whoever filed it corrects it


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(here, signed_in):
    client = signed_in("crm")
    answer = client.post(address(here), form(board=" ", catering="没有茶点") | {"result_media": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("Say what is wrong.") == page.count("Say how it is.") == 1
    assert 'value="没有茶点"' in page
    assert page.count("checked") == 5
    assert today_of(here).filed_at is None


def test_a_form_of_yesterday_is_refused_and_says_why(here, signed_in):
    answer = signed_in("crm").post(address(here), form(day=clock.today() - days(1)))
    assert answer.status_code == 422
    assert "never later" in answer.content.decode()
    assert today_of(here).filed_at is None


def test_filing_twice_is_a_correction_by_the_same_person_and_a_conflict_by_another(here, signed_in):
    client = signed_in("crm")
    client.post(address(here), form(board="看板黑屏"))
    again = client.get(address(here)).content.decode()
    assert "看板黑屏" in again
    assert "Correct the round" in again
    other = signed_in("gm")
    assert other.get(address(here))["Location"] == f"/care/rounds/{today_of(here).pk}/"
    refused = other.post(address(here), form())
    assert refused.status_code == 422
    assert here.crm.name in refused.content.decode()
    assert client.post(address(here), form()).status_code == 302
    assert today_of(here).missing == 0
    assert still_open(here.outlet_id) == []


def test_a_list_that_nobody_asks_for_can_be_gone_through(here, signed_in):
    db.set_scope(SYSTEM)
    Round.objects.filter(day=clock.today(), code="waiting_repair_noon").update(day=clock.today() + days(1))
    client = signed_in("crm")
    assert "Other lists" in client.get("/care/rounds/").content.decode()
    assert client.post(address(here, "waiting_repair_noon"), form(NOON)).status_code == 302
    assert today_of(here, "waiting_repair_noon").due_at is None


def test_the_task_of_a_round_leads_to_its_form(here, signed_in):
    row = today_of(here)
    client = signed_in("crm")
    day = client.get("/worklist/").content.decode()
    assert f'href="/care/rounds/{row.pk}/"' in day
    assert "Waiting for a repair: at opening" in day
    assert client.get(f"/care/rounds/{row.pk}/")["Location"] == address(here)
    (task,) = [task for task in tasks(here.outlet_id, "care.round") if task.subject_id == row.pk]
    sheet = client.get(f"/worklist/{task.pk}/").content.decode()
    assert f"/worklist/{task.pk}/finish/" not in sheet
    assert "Write down an attempt" not in sheet
    refused = client.post(f"/worklist/{task.pk}/finish/", {"outcome": "FILED"})
    assert "This task ends with what is done on its page." in refused.content.decode()


def test_who_only_looks_sees_no_form(here, signed_in):
    client = signed_in("branch")
    page = client.get(f"/care/rounds/?outlet={here.outlet_id}").content.decode()
    assert address(here) not in page
    assert client.get(address(here)).status_code == 403
    shown = client.get(f"/care/rounds/{today_of(here).pk}/").content.decode()
    assert "Not filed yet" in shown
    old = Round.objects.filter(outlet_id=here.outlet_id, filed_at=None, day__lt=clock.today()).first()
    assert "This round was not filed" in client.get(f"/care/rounds/{old.pk}/").content.decode()


@pytest.mark.parametrize("path", ["/care/rounds/?outlet={other}", "/care/rounds/{round}/", "/care/rounds/?outlet=x"])
def test_another_outlet_is_not_there(here, signed_in, path):
    db.set_scope(SYSTEM)
    other = Round.objects.filter(outlet_id=here.other_outlet_id).first()
    answer = signed_in("crm").get(path.format(other=here.other_outlet_id, round=other.pk))
    assert answer.status_code == 404


def test_another_outlet_cannot_be_gone_round(here, signed_in):
    client = signed_in("crm")
    path = f"/care/rounds/file/{here.other_outlet_id}/{CODE}/"
    assert client.get(path).status_code == 403
    assert client.post(path, form()).status_code == 403
    assert client.get(address(here, "no_such_list")).status_code == 404


def test_who_sees_many_outlets_begins_with_the_overview(here, signed_in):
    assert signed_in("hq").get("/care/rounds/")["Location"] == "/care/rounds/overview/"
    page = signed_in("branch").get(f"/care/rounds/?outlet={here.outlet_id}").content.decode()
    assert f'value="{here.outlet_id}" selected' in page


def test_the_page_costs_the_same_for_one_shortcoming_and_for_three(here, signed_in, acting):
    client = signed_in("crm")
    go(here.crm, here.outlet_id, fine(board="一"), day=clock.today(), time="08:00")
    one = queries_of(lambda: client.get("/care/rounds/"))
    go(here.crm, here.outlet_id, fine(NOON, staff="二", catering="三"), code="waiting_repair_noon", day=clock.today())
    assert len(still_open(here.outlet_id)) == 3
    assert queries_of(lambda: client.get("/care/rounds/")) == one


def test_the_form_and_the_sheet_cost_the_same_for_few_items_and_many(here, signed_in):
    client = signed_in("crm")
    many = queries_of(lambda: client.get(address(here)))
    assert queries_of(lambda: client.get(address(here, "waiting_repair_noon"))) == many
    go(here.crm, here.outlet_id, fine(board="一", media="二", staff="三"), day=clock.today())
    go(here.crm, here.outlet_id, fine(NOON, staff="四"), code="waiting_repair_noon", day=clock.today())
    sheets = [f"/care/rounds/{today_of(here, code).pk}/" for code in (CODE, "waiting_repair_noon")]
    costs = {queries_of(lambda path=path: client.get(path)) for path in sheets}
    assert len(costs) == 1


def test_the_panel_of_a_place_tells_how_its_rounds_are_done(here, signed_in):
    client = signed_in("branch")
    outlet = client.get(f"/care/rounds/panel/{here.outlet_id}/").content.decode()
    assert "Rounds done" in outlet
    assert f"/care/rounds/?outlet={here.outlet_id}" in outlet
    branch = client.get(f"/care/rounds/panel/{here.branch_id}/").content.decode()
    assert f"?branch={here.branch_id}" in branch
    assert "care-rounds-panel" in client.get(f"/network/{here.outlet_id}/").content.decode()
    assert client.get(f"/care/rounds/panel/{here.other_outlet_id}/").status_code == 404


def body(items=ITEMS, **changes):
    answers = [{"item": item, "finding": "FULFILLED"} for item in items]
    return {"code": CODE, "day": clock.today().isoformat(), "answers": answers} | changes


def send(client, path, data):
    return client.post(f"/api/v1/care/{path}", data, content_type="application/json")


def test_the_api_lists_files_and_corrects(here, acting):
    client = caller(here.crm)
    lists = {item["code"]: item for item in client.get("/api/v1/care/check-lists").json()}
    assert [item["code"] for item in lists[CODE]["items"]] == list(ITEMS)
    assert (lists[CODE]["by"], lists[CODE]["role"], lists["in_store"]["weekdays"]) == ("09:30", "cr_manager", [1])
    filed = send(client, "rounds", body(outlet_id=here.outlet_id))
    assert filed.status_code == 200, filed.content
    assert (filed.json()["fulfilled"], len(filed.json()["answers"])) == (6, 6)
    number = filed.json()["id"]
    wanting = [{"item": "board", "finding": "MISSING", "remark": "看板黑屏"}]
    wanting += [{"item": item, "finding": "FULFILLED"} for item in ITEMS if item != "board"]
    corrected = send(client, f"rounds/{number}/correct", {"answers": wanting})
    assert (corrected.status_code, corrected.json()["missing"]) == (200, 1)
    sheet = client.get(f"/api/v1/care/rounds/{number}").json()
    assert sheet["answers"][3] == {"item": "board", "finding": "MISSING", "remark": "看板黑屏"}
    found = client.get(f"/api/v1/care/rounds?code={CODE}&day_from={clock.today()}&filed=true").json()["items"]
    assert [item["id"] for item in found] == [number]
    assert client.get("/api/v1/care/rounds?filed=false&limit=1").json()["items"][0]["filed_at"] is None


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"answers": [{"item": "toilets", "finding": "FULFILLED"}]}, 422, "result_toilets"),
        ({"day": "2026-01-01"}, 422, "day"), ({"code": "no_such_list"}, 404, ""), ({"outlet_id": 1}, 403, ""),
        ({"answers": [{"item": "board", "finding": "PERHAPS"}]}, 422, "body.answers.0.finding"),
    ],
)  # fmt: skip
def test_the_api_refuses_what_does_not_fit(here, changes, status, field):
    answer = send(caller(here.crm), "rounds", body(outlet_id=here.outlet_id) | changes)
    assert answer.status_code == status, answer.content
    assert field in [error["field"] for error in answer.json()["errors"]] or not field
    assert today_of(here).filed_at is None


def test_the_api_shows_a_stranger_nothing_of_it(here):
    client = caller(here.stranger)
    number = today_of(here).pk
    assert client.get(f"/api/v1/care/rounds/{number}").status_code == 404
    found = client.get(f"/api/v1/care/rounds?outlet_id={here.outlet_id}").json()["items"]
    assert found == []


def test_the_api_lists_at_the_same_cost(here):
    client = caller(here.crm)
    few = queries_of(lambda: client.get("/api/v1/care/rounds?limit=1"))
    assert queries_of(lambda: client.get("/api/v1/care/rounds?limit=3")) == few


def test_the_demonstration_has_weeks_of_rounds_whole_and_the_same_each_day(cast):
    rows = Round.objects.filter(filed_at__isnull=False)
    assert rows.values("day").distinct().count() >= 15
    assert rows.order_by("day").first().day >= clock.today() - datetime.timedelta(weeks=5)
    assert Round.objects.filter(filed_at=None).exists()
    assert Answer.objects.filter(finding="MISSING").exclude(remark="").count() == sum(
        rows.values_list("missing", flat=True)
    )
    assert Shortcoming.objects.filter(ended_on=None, asked_at=None).exists()
