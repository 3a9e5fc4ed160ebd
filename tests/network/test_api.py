"""The network over the API: the same verbs, the same refusals."""

import base64
import datetime

import pytest
from django.test import Client
from tests.apicalls import caller

from guanxi.network.models import Node

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/network/nodes"


@pytest.fixture
def call(cast):
    """Return a function that calls the API as somebody."""

    def send(name, method, path="", body=None, verbs=None):
        request = getattr(caller(getattr(cast, name), verbs), method)
        return request(ROOT + path) if body is None else request(ROOT + path, body, "application/json")

    return send


def new(cast, **changes):
    values = {
        "parent_id": cast.office_id, "kind": "OUTLET", "code": "T-1", "name_zh": "甲", "valid_from": "2020-01-01",
        "sells": True,
    }  # fmt: skip
    return values | changes


@pytest.mark.covers("ORG-35", "SYS-22")
def test_a_list_holds_the_places_of_the_reader(call):
    codes = [item["code"] for item in call("gm", "get", "?kind=OUTLET").json()["items"]]
    assert codes == ["YLHD001"]
    assert [item["code"] for item in call("stranger", "get", "?kind=OUTLET").json()["items"]] == ["YLHN001"]


def test_a_list_is_asked_for_a_day_and_below_a_place(call, cast):
    everything = call("hq", "get", f"?kind=OUTLET&under={cast.office_id}&limit=200").json()["items"]
    assert [item["code"] for item in everything] == ["YLHD001", "YLHD002", "YLHD003", "YLHD004"]
    assert call("hq", "get", f"?kind=OUTLET&under={cast.office_id}&on=2001-01-01").json()["items"] == []


def test_pages_continue_by_cursor(cast):
    client, seen, cursor = caller(cast.hq), [], ""
    while cursor is not None:
        page = client.get(f"{ROOT}?limit=200" + (f"&cursor={cursor}" if cursor else "")).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert seen == sorted(Node.objects.values_list("pk", flat=True))


def test_one_place_with_its_way_and_history(call, cast):
    body = call("advisor", "get", f"/{cast.outlet_id}").json()
    assert [step["code"] for step in body["above"]] == ["YUNLING", "YL", "YL-HD", "YL-HD-31"]
    assert body["placements"][0]["parent_id"] == cast.office_id
    assert body["placements"][0]["until_before"] is None
    assert body["profile"]["sells"] is True
    assert call("hq", "get", f"/{cast.branch_id}").json()["profile"] is None


@pytest.mark.covers("ORG-35")
def test_a_foreign_place_is_not_found(call, cast):
    for answer in (
        call("stranger", "get", f"/{cast.outlet_id}"),
        call("gm", "get", "/999999999999999999999"),
        call("stranger", "patch", f"/{cast.outlet_id}", {"name_zh": "x"}),
    ):
        assert (answer.status_code, answer.json()["type"]) == (404, "not-found")


@pytest.mark.covers("ORG-10", "SYS-22")
def test_add_rename_move_close(call, cast, place):
    answer = call("hq", "post", "", new(cast))
    assert answer.status_code == 201
    path = f"/{answer.json()['id']}"
    renamed = call("hq", "patch", path, {"name_zh": "乙", "name_en": "B"}).json()
    assert (renamed["name_zh"], renamed["name_en"]) == ("乙", "B")
    moved = call("hq", "post", f"{path}/move", {"parent_id": place("YL-HN-44"), "effective_on": "2026-01-01"}).json()
    assert [row["parent_id"] for row in moved["placements"]] == [place("YL-HN-44"), cast.office_id]
    closed = call("hq", "post", f"{path}/close", {"on": "2026-02-01"}).json()
    assert closed["valid_to"] == "2026-02-01"


def test_hours_are_replaced(call, cast):
    body = {"desk": "SALES", "intervals": [{"weekday": 0, "opens": "08:00", "closes": "12:00"}]}
    assert call("outlet_admin", "put", f"/{cast.outlet_id}/hours", body).status_code == 200
    body["intervals"] *= 2
    answer = call("outlet_admin", "put", f"/{cast.outlet_id}/hours", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "SALES_hours")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"kind": "GROUP"}, 422),
        ({"kind": "BRAND"}, 422),
        ({"kind": "CASTLE"}, 422),
        ({"code": "a"}, 422),
        ({"code": "YLHD001"}, 422),
        ({"name_zh": ""}, 422),
        ({"name_zh": "a\x00b"}, 422),
        ({"parent_id": 999_999}, 404),
        ({"parent_id": 2**40}, 422),
        ({"valid_from": "1999-01-01"}, 422),
        ({"colour": "red"}, 422),
        ({"kind": "PARTNER"}, 422),
        ({"sells": False}, 422),
    ],
)
def test_what_cannot_be_is_a_problem_document(call, cast, changes, status):
    answer = call("hq", "post", "", new(cast, **changes))
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert set(answer.json()) == {"type", "title", "status", "detail", "errors"}
    assert answer.json()["status"] == status
    assert not Node.objects.filter(code="T-1").exists()


def test_a_conflict_is_409(call, cast):
    answer = call("hq", "post", f"/{cast.branch_id}/close", {"on": "2026-01-01"})
    assert (answer.status_code, answer.json()["type"]) == (409, "conflict")


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize("name", ["branch", "outlet_admin", "advisor", "rescue"])
def test_without_the_right_nothing_is_built(call, cast, name):
    assert call(name, "post", "", new(cast)).status_code in {403, 404}


@pytest.mark.covers("NFR-01")
def test_a_narrow_token_does_less_than_its_owner(call, cast):
    assert call("hq", "post", "", new(cast), verbs=["network.view"]).status_code == 403
    assert call("hq", "get", verbs=["access.view_people"]).status_code == 403


def test_without_a_token_nothing(db):
    answer = Client().get(ROOT)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_days_at_the_edge_of_the_calendar(call, cast):
    for day in (datetime.date.min, datetime.date.max):
        assert call("hq", "get", f"?on={day.isoformat()}").status_code == 200


@pytest.mark.covers("SYS-23")
def test_a_workbook_is_checked_and_written_over_the_api(cast, workbook):
    client, imports = caller(cast.hq), "/api/v1/network/imports"
    content = base64.b64encode(workbook(("API-1", "网点", "甲", "YL-HD-31", "2020-01-01", "是", "否"))).decode()
    run = client.post(imports, {"name": "a.xlsx", "content": content}, "application/json").json()
    assert (run["state"], run["problems"]) == ("CHECKED", [])
    done = client.post(f"{imports}/{run['id']}/apply").json()
    assert (done["state"], done["added"]) == ("APPLIED", 1)
    assert client.post(imports, {"name": "a.xlsx", "content": "AAAA"}, "application/json").status_code == 422


def test_a_profile_is_changed_in_part(call, cast):
    before = call("hq", "get", f"/{cast.outlet_id}").json()["profile"]
    changed = call("admin", "patch", f"/{cast.outlet_id}/profile", {"phone": "021-5555", "services": ["PARTS"]}).json()
    assert changed["profile"] == before | {"phone": "021-5555", "services": ["PARTS"]}
    assert call("admin", "patch", f"/{cast.outlet_id}/profile", {"is_key": False}).status_code == 403
