"""The pages of check lists and their editor, without JavaScript, in both languages; the API."""

import pytest
from tests.apicalls import caller
from tests.care.checking import CODE, ITEMS, settled
from tests.counting import queries_of

from guanxi.care.models import CheckList
from guanxi.care.queries import checklists as queries
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM

PAGE = "/care/check-lists/"
WORDS = {
    "en": ("Waiting for a repair: at opening", "Gone through by", "Point 6"),
    "zh-hans": ("维修等待关怀（开店）", "电子看板显示维修进度", "电子看板"),
}


@pytest.fixture
def here(cast):
    return settled(cast)


def held(code=CODE):
    db.set_scope(SYSTEM)
    return queries.last(SYSTEM, code)


def form(row, points=None, **more):
    """Return what the editor sends for a list, as it stands."""
    rows = [vars(point) for point in queries.points(row)] if points is None else points
    data = {
        "name_zh": row.name_zh, "name_en": row.name_en, "valid_from": str(clock.today()), "outlets": row.outlets,
        "every": row.every, "by": f"{row.by:%H:%M}", "role": row.role_id, "fixer": row.fixer_id, "within": row.within,
        "unit": row.unit, "is_on": "on", "rows": len(rows),
    }  # fmt: skip
    for place, point in enumerate(rows):
        data |= {f"points.{place}.{part}": value for part, value in point.items()}
    return data | more


@pytest.mark.parametrize("language", WORDS)
def test_a_list_is_changed_in_both_languages_without_a_script(here, signed_in, language):
    name, *more = WORDS[language]
    client, row = signed_in("hq", language), held()
    assert name in client.get(PAGE).content.decode()
    sheet = client.get(f"{PAGE}{row.pk}/").content.decode()
    assert f"{PAGE}{row.pk}/change/" in sheet
    editor = client.get(f"{PAGE}{row.pk}/change/").content.decode()
    assert all(word in sheet + editor for word in more)
    points = [
        {"code": "", "name_zh": "水温", "name_en": "Water is hot"},
        *(vars(item) for item in queries.points(row)[:2]),
    ]
    answer = client.post(f"{PAGE}{row.pk}/change/", form(row, points, by="10:00"))
    made = held()
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}{made.pk}/")
    assert (made.pk != row.pk, f"{made.by:%H:%M}", made.since) == (True, "10:00", clock.today())
    assert [item.code for item in made.items.all()] == ["point_1", "books_games", "media"]
    earlier = client.get(f"{PAGE}{row.pk}/").content.decode()
    assert f"{PAGE}{row.pk}/change/" not in earlier
    assert f'href="{PAGE}{made.pk}/"' in earlier


def test_points_are_added_moved_and_removed_and_nothing_is_saved(here, signed_in):
    client, row = signed_in("hq"), held()
    address = f"{PAGE}{row.pk}/change/"
    page = client.post(address, form(row, do="add", weekdays=["1", "3"])).content.decode()
    assert "points.6.name_zh" in page
    assert 'name="rows" value="7"' in page
    assert page.count(" checked>") == 3  # two days and "switched on"
    page = client.post(address, form(row, do="down.0")).content.decode()
    assert page.index('value="media"') < page.index('value="books_games"')
    page = client.post(address, form(row, do="remove.0")).content.decode()
    assert 'value="books_games"' not in page
    assert page.count('name="points.') == 15
    assert client.post(address, form(row, do="remove.99")).status_code == 200
    assert held().pk == row.pk


def test_what_is_wrong_is_said_and_nothing_is_lost(here, signed_in):
    client, row = signed_in("hq"), held()
    points = [{"code": "board", "name_zh": "看板", "name_en": ""}]
    answer = client.post(f"{PAGE}{row.pk}/change/", form(row, points))
    page = answer.content.decode()
    assert (answer.status_code, page.count("Say it in both languages.")) == (422, 1)
    assert 'value="看板"' in page
    assert client.post(f"{PAGE}{row.pk}/change/", {}).status_code == 422
    assert held().pk == row.pk


def test_an_outlet_writes_a_list_of_its_own_and_only_reads_those_of_the_network(here, signed_in):
    client, row = signed_in("crm"), held()
    assert f"{row.pk}/change/" not in client.get(f"{PAGE}{row.pk}/").content.decode()
    assert client.get(f"{PAGE}{row.pk}/change/").status_code == 403
    assert f"{PAGE}add/" in client.get(PAGE).content.decode()
    points = [{"code": "", "name_zh": "灯", "name_en": "Light"}]
    data = form(row, points, code="x_light", node=here.outlet_id)
    assert client.post(f"{PAGE}add/", data | {"node": ""}).status_code == 422
    assert client.post(f"{PAGE}add/", data | {"node": here.other_outlet_id}).status_code == 422
    assert client.post(f"{PAGE}add/", data).status_code == 302
    assert held("x_light").node_id == here.outlet_id
    page = client.get("/care/rounds/").content.decode()
    assert row.name_en in page
    again = client.post(f"{PAGE}add/", data)
    assert (again.status_code, "of this code already" in again.content.decode()) == (422, True)


def test_who_goes_round_reads_lists_and_writes_none(here, signed_in):
    client = signed_in("callback")
    assert f"{PAGE}add/" not in client.get(PAGE).content.decode()
    assert client.get(f"{PAGE}add/").status_code == 403


def test_the_page_asks_as_often_for_one_list_as_for_all(here, signed_in):
    client = signed_in("hq")
    db.set_scope(SYSTEM)
    many = queries_of(lambda: client.get(PAGE))
    db.set_scope(SYSTEM)
    CheckList.objects.exclude(code=CODE).update(until=clock.today())
    assert queries_of(lambda: client.get(PAGE)) == many


def send(client, path, data, *, put=False):
    act = client.put if put else client.post
    return act(f"/api/v1/care/check-lists{path}", data, content_type="application/json")


def body(**changes):
    items = [{"code": "board", "name_zh": "看板", "name_en": "Board"}, {"name_zh": "水温", "name_en": "Water is hot"}]
    said = {
        "name_zh": "等待", "name_en": "Waiting", "valid_from": str(clock.today()), "by": "10:15", "weekdays": [5, 1],
        "role": "cr_manager", "fixer": "service_manager", "within": 2, "unit": "WORKING_HOURS", "items": items,
    }  # fmt: skip
    return said | changes


def test_over_the_api_a_list_is_written_and_its_versions_read(here):
    api = caller(here.hq)
    changed = send(api, f"/{CODE}", body(), put=True)
    assert changed.status_code == 200, changed.content
    told = changed.json()
    assert (told["by"], told["weekdays"], told["node_id"]) == ("10:15", [1, 5], None)
    assert [item["code"] for item in told["items"]] == ["board", "point_1"]
    versions = api.get(f"/api/v1/care/check-lists/{CODE}").json()
    assert [row["until"] for row in versions] == [None, told["since"]]
    assert [item["code"] for item in versions[1]["items"]] == list(ITEMS)
    added = send(caller(here.crm), "", body(code="x_light", node_id=here.outlet_id))
    assert (added.status_code, added.json()["node_id"]) == (200, here.outlet_id)
    assert "x_light" not in {row["code"] for row in caller(here.stranger).get("/api/v1/care/check-lists").json()}


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"items": [{"name_zh": "灯", "name_en": ""}]}, 422, "points.0.name_en"), ({"items": []}, 422, "points"),
        ({"every": 3}, 422, "every"), ({"role": "nobody"}, 422, "role"), ({"by": "25:00"}, 422, "body.by"),
        ({"weekdays": [9]}, 422, "weekdays"),
    ],
)  # fmt: skip
def test_the_api_refuses_a_list_that_does_not_fit(here, changes, status, field):
    answer = send(caller(here.hq), f"/{CODE}", body(**changes), put=True)
    assert (answer.status_code, field in [error["field"] for error in answer.json()["errors"]]) == (status, True)


def test_over_the_api_an_outlet_changes_no_list_of_the_network(here):
    assert send(caller(here.crm), f"/{CODE}", body(), put=True).status_code == 403
    assert send(caller(here.hq), "/no_such_list", body(), put=True).status_code == 404
