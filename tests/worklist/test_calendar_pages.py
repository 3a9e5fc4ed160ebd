"""Pages and the API of the working calendar, its services, its presets."""

import datetime
import json
import re

import pytest
from tests.counting import queries_of
from tests.worklist.conftest import AT

from guanxi.foundation import clock, presets
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.worklist import presets as own
from guanxi.worklist.models import HolidayYear, PublicHoliday, Rung, SpecialDay, WorkingWeek
from guanxi.worklist.policy.calendar import plan
from guanxi.worklist.policy.hours import write_day
from guanxi.worklist.queries import calendars as queries
from guanxi.worklist.services import calendars

D = datetime.date
WEEK = ["08:30-18:30"] * 6 + [""]


def on(node_id, day):
    return plan(queries.calendar(node_id, day, since=day), day)


def cell(html, day):
    return re.search(rf'<span class="date ([^"]*)" title="({day}[^"]*)">(.*?)</td>', html, re.DOTALL).groups()


def test_the_preset_says_what_the_papers_say(cast, announcements):
    published = {day["date"]: day["isOffDay"] for year in announcements.values() for day in year["days"]}
    assert {str(day): off for day, off in PublicHoliday.objects.values_list("day", "is_off")} == published
    assert set(HolidayYear.objects.values_list("pk", flat=True)) == set(range(2007, 2027))


def test_a_preset_shows_its_difference_and_is_applied_once(cast):
    part = next(part for part in presets.read("base") if part.loader.key == "worklist")
    assert presets.compare(part) == []
    PublicHoliday.objects.filter(day=D(2026, 10, 1)).delete()
    Rung.objects.filter(kind="", level=4).update(minutes=5)
    WorkingWeek.objects.filter(node=None).update(keeps_holidays=False)
    assert {(change.kind, change.subject) for change in presets.compare(part)} == {
        ("change", "2026"), ("change", "week"), ("change", "* 4"),
    }  # fmt: skip
    assert len(presets.apply(cast.hq, part)) == 3
    assert presets.compare(part) == []
    with pytest.raises(NotAllowed):
        presets.apply(cast.gm, part)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"week": {"since": "2026-01-01", "hours": ["x"] * 7}}, {"week": {"since": "2026-01-01", "hours": []}},
        {"years": [{"year": 2026, "holidays": [{"name_zh": "x", "name_en": "x", "off": ["2026-02-01/2026-01-01"]}]}]},
        {"rungs": [{"level": 1, "minutes": 5, "to": "OWNER"}, {"level": 2, "minutes": 1, "to": "OUTLET"}]},
        {"rungs": [{"level": 1, "minutes": 5, "to": "NOBODY"}]},
        {"week": {"since": "2026-01-01", "hours": ["22:00-06:00", "05:00-09:00", "", "", "", "", ""]}},
    ],
    ids=str,
)  # fmt: skip
def test_a_preset_with_nonsense_is_refused(nonsense):
    with pytest.raises(ValueError):
        own.WorklistPreset.model_validate(nonsense)


def test_a_week_is_inherited_until_a_place_writes_its_own_and_gives_it_back(cast, acting):
    friday = D(2026, 11, 27)
    assert (on(cast.outlet_id, friday).node_id, write_day(on(cast.outlet_id, friday).hours)) == (
        None,
        "09:00-12:00,13:30-18:00",
    )
    calendars.set_week(
        actor=acting(cast.branch), node_id=cast.branch_id, since=D(2026, 11, 25), days=WEEK, keeps_holidays=True, at=AT
    )
    acting(SYSTEM)
    assert on(cast.outlet_id, friday).node_id == cast.branch_id
    assert on(cast.other_outlet_id, friday).node_id is None
    values = {"actor": acting(cast.gm), "node_id": cast.outlet_id, "at": AT}
    calendars.set_week(since=D(2026, 11, 26), days=["10:00-16:00"] * 7, keeps_holidays=False, **values)
    calendars.inherit_week(since=D(2026, 11, 30), **values)
    found = [on(cast.outlet_id, D(2026, 11, 25) + datetime.timedelta(number)).node_id for number in range(7)]
    assert found == [cast.branch_id, *[cast.outlet_id] * 4, *[cast.branch_id] * 2]


def test_what_cannot_be_is_refused(cast, acting):
    gm, at = acting(cast.gm), {"at": AT}
    own_place = {"actor": gm, "node_id": cast.outlet_id, **at}
    day = D(2026, 12, 1)
    with pytest.raises(Invalid):
        calendars.set_week(since=day, days=["nine to five"] * 7, keeps_holidays=True, **own_place)
    with pytest.raises(Invalid):
        calendars.set_week(since=day, days=["22:00-06:00", "05:00-09:00"] + [""] * 5, keeps_holidays=True, **own_place)
    with pytest.raises(Invalid):
        calendars.set_days(first=day, last=D(2026, 11, 30), hours="", reason="x", **own_place)
    with pytest.raises(Invalid):
        calendars.set_days(first=day, last=day, hours="", reason=" ", **own_place)
    with pytest.raises(NotFound):
        calendars.drop_day(actor=gm, node_id=cast.outlet_id, day=day)
    for node_id in (cast.branch_id, cast.other_outlet_id, None):
        with pytest.raises(NotAllowed):
            calendars.set_days(actor=gm, node_id=node_id, first=day, last=day, hours="", reason="x", **at)
    acting(cast.hq)
    with pytest.raises(Conflict):
        calendars.drop_week(actor=cast.hq, node_id=None, since=WorkingWeek.objects.get(node=None).since)


def test_the_year_says_each_day_in_words_and_colour(signed_in, cast, acting):
    calendars.set_days(
        actor=acting(cast.branch), node_id=cast.branch_id, first=D(2026, 6, 3), last=D(2026, 6, 3), hours="",
        reason="年会", at=AT,
    )  # fmt: skip
    html = signed_in("gm").get(f"/worklist/calendar/{cast.outlet_id}/?year=2026").content.decode()
    tone, label, inside = cell(html, "2026-10-01")
    assert tone.startswith("holiday")
    assert "National Day" in label
    assert "hol." in inside
    assert cell(html, "2026-10-10")[0].startswith("made-up")
    assert cell(html, "2026-06-03")[:2] == ("special", "2026-06-03 · closed · 年会")
    assert cell(html, "2026-06-04")[0] == "open"
    assert "have not been announced" not in html
    assert "From: the whole network" in html


def test_an_unknown_year_says_that_it_is_assumed(signed_in, cast):
    html = signed_in("gm").get("/worklist/calendar/?year=2027").content.decode()
    assert "The holidays of 2027 have not been announced" in html
    assert "assumed" in cell(html, "2027-03-01")[0]
    assert cell(html, "2027-10-01")[0] == "holiday assumed"


def test_a_year_costs_the_same_whatever_is_in_it(signed_in, cast, acting):
    client = signed_in("gm")
    one = queries_of(lambda: client.get("/worklist/calendar/"))
    calendars.set_days(
        actor=acting(cast.gm), node_id=cast.outlet_id, first=D(2026, 6, 3), last=D(2026, 7, 3), hours="10:00-12:00",
        reason="装修", at=AT,
    )  # fmt: skip
    assert queries_of(lambda: client.get("/worklist/calendar/")) <= one <= 30


def test_a_manager_changes_the_calendar_by_forms(signed_in, cast):
    client, path = signed_in("gm"), f"/worklist/calendar/{cast.outlet_id}"
    week = {f"day_{number}": text for number, text in enumerate(WEEK)}
    assert client.post(f"{path}/week/", {"since": "2026-11-30", **week}).headers["Location"] == f"{path}/"
    row = WorkingWeek.objects.get(node_id=cast.outlet_id)
    assert (row.hours, row.keeps_holidays) == ("|".join(WEEK), False)
    wrong = client.post(f"{path}/week/", {"since": "2026-11-30", **week, "day_2": "9-5"})
    assert wrong.status_code == 422
    assert "Write hours like" in wrong.content.decode()
    soon = clock.today() + datetime.timedelta(days=24)
    days = {"first": str(soon), "last": "", "hours": "", "reason": "盘点"}
    assert client.post(f"{path}/days/", days).status_code == 302
    assert SpecialDay.objects.get(node_id=cast.outlet_id).day == soon
    page = client.get(f"{path}/").content.decode()
    assert "盘点" in page
    assert client.post(f"{path}/drop-day/", {"day": str(soon)}).status_code == 302
    assert client.post(f"{path}/drop-day/", {"day": "nonsense"}).status_code == 404
    assert client.post(f"{path}/inherit/", {"since": "2026-12-01"}).status_code == 302
    assert client.post(f"{path}/drop-week/", {"day": "2026-12-01"}).status_code == 302
    assert client.get("/worklist/calendar/0/week/").status_code == 403
    assert signed_in("hq").get("/worklist/calendar/0/").status_code == 200


@pytest.fixture
def api(cast, client):
    from guanxi.access.models import Token
    from guanxi.access.services import people
    from guanxi.worklist.permissions import Verb

    Token.objects.create(
        user_id=cast.gm.user_id, name="t", digest=people.digest("gx_cal"), start="gx_cal", created_at=clock.now(),
        verbs=[str(verb) for verb in Verb], expires_at=clock.now() + datetime.timedelta(1),
    )  # fmt: skip

    def send(method, path, body=None):
        answer = client.generic(
            method, f"/api/v1/worklist/{path}", json.dumps(body or {}), "application/json",
            headers={"authorization": "Bearer gx_cal"},
        )  # fmt: skip
        return answer.status_code, json.loads(answer.content or b"null")

    return send


def test_the_calendar_over_the_api(cast, api):
    place = f"places/{cast.outlet_id}"
    status, found = api("GET", f"{place}/calendar?first=2026-10-01&last=2026-10-10")
    assert status == 200
    assert [day["source"] for day in found["days"]] == ["HOLIDAY"] * 7 + ["WEEK", "WEEK", "MADE_UP"]
    assert 2027 not in found["announced_years"]
    status, found = api("GET", f"{place}/deadline?start=2026-09-30T09:30:00Z&minutes=60")
    assert (status, found["due_at"], found["is_assumed"]) == (200, "2026-10-08T01:30:00Z", False)
    status, found = api("GET", f"{place}/deadline?start=2026-12-31T09:30:00Z&days=1")
    assert found["is_assumed"] is True
    assert api("PUT", f"{place}/week", {"since": "2026-11-30", "days": WEEK})[0] == 200
    assert api("PUT", f"{place}/days", {"first": "2026-12-24", "last": "2026-12-24", "reason": "盘点"})[0] == 200
    assert api("DELETE", f"{place}/days/2026-12-24")[0] == 204
    assert api("DELETE", f"{place}/days/2026-12-24")[0] == 404
    assert api("POST", f"{place}/inherit", {"since": "2026-12-01"})[0] == 200
    assert api("DELETE", f"{place}/week/2026-12-01")[0] == 204
    assert api("PUT", "places/0/week", {"since": "2026-11-30", "days": WEEK})[0] == 403
    assert api("GET", f"{place}/calendar?first=2026-10-01&last=2020-10-10")[0] == 422
    assert api("GET", f"{place}/deadline?minutes=5&days=1")[0] == 422
    assert api("GET", f"places/{cast.other_outlet_id}/calendar")[0] == 404


def test_tasks_over_the_api(cast, api, add):
    task = add(1)
    _status, found = api("GET", "tasks?state=LIVE&subject_type=")
    assert [item["id"] for item in found["items"]] == [task.pk]
    made = api(
        "POST",
        "tasks",
        {"node_id": cast.outlet_id, "owner_id": cast.callback.user_id, "note": "x", "due_at": "2030-01-01T00:00:00Z"},
    )
    assert made[0] == 201
    assert made[1]["owner_id"] == cast.callback.user_id
    path = f"tasks/{task.pk}"
    assert api("POST", f"{path}/claim")[1]["state"] == "CLAIMED"
    assert api("POST", f"{path}/attempt", {"outcome": "BUSY"})[1]["attempts"][0]["outcome"] == "BUSY"
    assert api("POST", f"{path}/release")[1]["owner_id"] is None
    assert api("POST", f"{path}/assign", {"person_id": cast.callback.user_id})[1]["owner_id"] == cast.callback.user_id
    assert api("POST", f"{path}/finish", {"outcome": "REACHED", "note": "好"})[1]["state"] == "DONE"
    assert api("POST", f"{path}/finish", {"outcome": "REACHED"})[0] == 409
    assert api("POST", f"places/{cast.outlet_id}/share", {"person_ids": [cast.crm.user_id]})[1] == {"count": 0}
    over = {"from_id": cast.callback.user_id, "to_id": cast.crm.user_id}
    assert api("POST", "hand-over", over)[1] == {"count": 1}
