"""Pages of the team, absences, handing over and the list: what they show, what they do, what they cost."""

import datetime
import re

import pytest
from tests.counting import queries_of

from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.models import Absence, Task
from guanxi.worklist.services import working
from guanxi.worklist.services.working import Ending

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def day(add):
    now = clock.now()

    def write(number, hours=1, **more):
        due = now + hours * HOUR
        return add(number, **({"due": due, "opens_at": min(due, now) - HOUR, "at": now} | more))

    return write


def line_of(html, user_id):
    return re.search(rf'id="person-{user_id}".*?</tr>', html, re.DOTALL)[0]


def test_the_team_shows_load_late_and_what_came_of_it(signed_in, cast, acting, day):
    me = cast.callback.user_id
    day(1, -2, owner_id=me)
    day(2, 2, owner_id=me)
    day(3)
    done = day(4, owner_id=me)
    working.finish(actor=acting(cast.callback), task_id=done.pk, ending=Ending("REACHED"), at=clock.now())
    html = signed_in("gm").get("/worklist/team/").content.decode()
    line = re.sub(r"<[^>]+>", " ", line_of(html, me))
    assert re.search(r"2\s+2\s+1\s+", line)  # load, open, late
    assert "100 %" in line
    assert "Share 1 task out evenly" in html
    assert "checked" in line_of(html, me)
    assert "checked" not in line_of(html, cast.parts.user_id)
    assert "Reached, settled" in html


def test_the_team_costs_the_same_for_one_task_and_for_many(signed_in, cast, day):
    client = signed_in("gm")
    day("a", owner_id=cast.callback.user_id)
    one = queries_of(lambda: client.get("/worklist/team/"))
    for number in range(9):
        day(number, owner_id=cast.crm.user_id)
    assert queries_of(lambda: client.get("/worklist/team/")) == one <= 30


def test_work_is_shared_out_by_a_button(signed_in, cast, day):
    for number in range(4):
        day(number)
    client, people = signed_in("gm"), [cast.callback.user_id, cast.crm.user_id]
    answer = client.post(f"/worklist/team/{cast.outlet_id}/share/", {"person": people})
    assert answer.headers["Location"] == f"/worklist/team/?place={cast.outlet_id}"
    found = list(Task.objects.values_list("owner_id", flat=True))
    assert [found.count(person) for person in people] == [2, 2]
    assert client.get(f"/worklist/team/{cast.outlet_id}/share/").status_code == 404


def test_chosen_tasks_are_given_to_people_from_the_list(signed_in, cast, day):
    first, second, third = day(1, owner_id=cast.gm.user_id), day(2), day(3)
    client = signed_in("gm")
    assert "/worklist/assign/" in client.get("/worklist/tasks/").content.decode()
    assert "/worklist/assign/" not in signed_in("callback").get("/worklist/tasks/").content.decode()
    chosen = {"id": [first.pk, second.pk], "next": "/worklist/tasks/?state=live"}
    html = client.post("/worklist/assign/", chosen).content.decode()
    assert "Give 2 tasks to people" in html
    action = re.search(r'action="(/worklist/team/\d+/share/)"', html)[1]
    answer = client.post(action, chosen | {"person": [cast.callback.user_id]})
    assert answer.headers["Location"] == chosen["next"]
    assert [Task.objects.get(pk=row.pk).owner_id for row in (first, second, third)] == [cast.callback.user_id] * 2 + [
        None
    ]


def test_nobody_chosen_is_refused_with_a_sentence(signed_in, cast, day):
    day(1)
    answer = signed_in("gm").post(f"/worklist/team/{cast.outlet_id}/share/", {})
    assert answer.status_code == 422
    assert "at least one person" in answer.content.decode()


def test_a_branch_sees_its_outlets_with_the_latest_first(signed_in, cast, day):
    day(1, -5)
    html = signed_in("branch").get(f"/worklist/team/?place={cast.office_id}").content.decode()
    assert re.search(rf'id="place-{cast.outlet_id}".*?class="tag red">1<', html, re.DOTALL)
    assert signed_in("gm").get(f"/worklist/team/?place={cast.other_outlet_id}").status_code == 404


def test_own_work_is_handed_over(signed_in, cast, day):
    day(1, owner_id=cast.callback.user_id)
    client = signed_in("callback")
    answer = client.post("/worklist/hand-over/", {"person": cast.crm.user_id, "until": ""})
    assert answer.headers["Location"] == "/worklist/"
    assert Task.objects.get().owner_id == cast.crm.user_id
    assert client.get(f"/worklist/hand-over/?person={cast.crm.user_id}").status_code == 403


def test_an_absence_is_entered_shown_and_ended(signed_in, cast):
    client, today = signed_in("callback"), clock.today()
    values = {
        "person": cast.callback.user_id,
        "first_day": today,
        "last_day": today,
        "deputy": cast.crm.user_id,
        "note": "年假",
    }
    assert client.post("/worklist/absences/add/", values).status_code == 302
    again = client.post("/worklist/absences/add/", values)
    assert again.status_code == 422
    assert "away on some of these days already" in again.content.decode()
    page = client.get("/worklist/absences/").content.decode()
    assert "年假" in page
    assert "You stand in for" in signed_in("crm").get("/worklist/").content.decode()
    assert "away until" in signed_in("gm").get("/worklist/team/").content.decode()
    row = Absence.objects.get()
    assert signed_in("stranger").post(f"/worklist/absences/{row.pk}/end/").status_code in {403, 404}
    assert client.post(f"/worklist/absences/{row.pk}/end/").status_code == 302
    assert "Nobody is away" in client.get("/worklist/absences/").content.decode()


def test_one_enters_only_absences_that_one_keeps(signed_in, cast):
    today = clock.today()
    values = {"person": cast.gm.user_id, "first_day": today, "last_day": today, "deputy": ""}
    assert signed_in("callback").post("/worklist/absences/add/", values).status_code == 422
    assert (
        signed_in("gm").post("/worklist/absences/add/", values | {"person": cast.callback.user_id}).status_code == 302
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"test:1", "test:2", "test:3", "test:4"}), ("state=live", {"test:1", "test:2", "test:3"}),
        ("state=DONE", {"test:4"}), ("due=late", {"test:1"}), ("due=week", {"test:1", "test:2", "test:3"}),
        ("whose=nobody", {"test:3"}), ("q=客户2", {"test:2"}), ("priority=1", {"test:2"}),
    ],
)  # fmt: skip
def test_the_list_is_searched_and_filtered(signed_in, cast, day, query, expected):
    me = cast.callback.user_id
    day(1, -1, owner_id=me)
    day(2, 1, owner_id=me, priority=1)
    day(3, 30)
    working.finish(actor=SYSTEM, task_id=day(4, owner_id=me).pk, ending=Ending("DONE"), at=clock.now())
    html = signed_in("gm").get(f"/worklist/tasks/?{query}").content.decode()
    shown = {int(pk) for pk in re.findall(r'id="list-(\d+)"', html)}
    assert set(Task.objects.filter(pk__in=shown).values_list("key", flat=True)) == expected


def test_the_list_costs_the_same_and_is_exported(signed_in, cast, day):
    client = signed_in("gm")
    day("a", owner_id=cast.callback.user_id)
    one = queries_of(lambda: client.get("/worklist/tasks/"))
    for number in range(9):
        day(number, owner_id=cast.crm.user_id)
    assert queries_of(lambda: client.get("/worklist/tasks/")) == one <= 30
    file = client.get("/worklist/tasks/?export=csv").content.decode("utf-8-sig")
    assert "客户3" in file
    assert client.get("/worklist/tasks/?export=xlsx").status_code == 200
    assert signed_in("callback").get("/worklist/tasks/?export=csv").status_code == 403
