"""The pages, through the whole stack: middleware, row security, templates."""

import datetime

import pytest
from django.test import Client

from guanxi.codelists.models import Code
from guanxi.foundation import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(signed_in):
    """Return a function that gives a browser signed in as somebody, in Chinese unless said otherwise."""
    return lambda name, language="zh-hans": signed_in(name, language)


def form(**changes):
    day = clock.today().isoformat()
    return {"code": "new", "name_zh": "新", "name_en": "new", "position": 3, "valid_from": day, **changes}


def text(response):
    return response.content.decode()


def test_the_list_of_lists_shows_numbers(flat, enter):
    response = enter("advisor").get("/codelists/?q=t_flat")
    assert response.status_code == 200
    assert "t_flat" in text(response)


def test_a_flat_list_is_a_table(flat, enter):
    page = text(enter("advisor").get("/codelists/t_flat/"))
    assert "旧ONE" in page
    assert "/codelists/t_flat/add/" not in page
    assert "/codelists/t_flat/extend/" not in page


def test_english_readers_read_english(flat, enter):
    assert "old ONE" in text(enter("advisor", "en").get("/codelists/t_flat/"))


def test_a_tree_shows_counts_beside_what_is_expected(tree, enter):
    page = text(enter("hq").get("/codelists/t_tree/"))
    assert "1 / 2" in page
    assert "/codelists/t_tree/add/" in page


@pytest.mark.parametrize("list_code", ["t_flat", "t_tree"])
def test_a_list_of_another_day(flat, tree, enter, list_code):
    client = enter("hq")
    before = text(client.get(f"/codelists/{list_code}/?on=2019-01-01"))
    assert "/codelists/" + list_code in before
    assert "旧ONE" not in before
    shown = text(client.get(f"/codelists/{list_code}/?on=2019-01-01&show=all"))
    assert ("旧ONE" in shown) or list_code == "t_tree"
    assert client.get(f"/codelists/{list_code}/?on=nonsense").status_code == 200


def test_only_those_who_may_see_the_buttons(flat, enter):
    assert "/codelists/t_flat/add/" in text(enter("hq").get("/codelists/t_flat/"))
    page = text(enter("admin").get("/codelists/t_flat/"))
    assert "/codelists/t_flat/extend/" in page
    assert "/codelists/t_flat/add/" not in page


def test_add_a_code(flat, enter):
    client = enter("hq")
    assert client.get("/codelists/t_flat/add/").status_code == 200
    assert client.post("/codelists/t_flat/add/", form()).status_code == 302
    assert "NEW" in text(client.get("/codelists/t_flat/"))


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(flat, enter):
    response = enter("hq").post("/codelists/t_flat/add/", form(code="one"))
    assert response.status_code == 422
    assert 'id="id_code_error"' in text(response)


def test_htmx_gets_the_form_alone_and_is_sent_on(flat, enter):
    client = enter("hq")
    part = client.post("/codelists/t_flat/add/", form(code="one"), headers={"hx-request": "true"})
    assert part.status_code == 422
    assert "<html" not in text(part)
    done = client.post("/codelists/t_flat/add/", form(), headers={"hx-request": "true"})
    assert done.headers["HX-Redirect"] == "/codelists/t_flat/"


def test_extend_a_list(flat, enter, cast):
    client = enter("admin")
    assert client.get("/codelists/t_flat/extend/").status_code == 200
    values = form(node_id=cast.outlet_id, code="own")
    assert client.post("/codelists/t_flat/extend/", values).status_code == 302
    assert "X_OWN" in text(client.get("/codelists/t_flat/"))
    assert "X_OWN" not in text(enter("stranger").get("/codelists/t_flat/"))


def test_a_place_of_others_cannot_be_chosen(flat, enter, cast):
    values = form(node_id=cast.outlet_id, code="own")
    assert enter("stranger").post("/codelists/t_flat/extend/", values).status_code == 422


def test_rename_move_retire_reinstate(tree, enter):
    client = enter("hq")
    row = Code.objects.get(list=tree, code="C")
    base, day = f"/codelists/t_tree/{row.pk}/", clock.today().isoformat()
    for action, values in (
        ("rename", {"name_zh": "改名", "name_en": "renamed", "on": day}),
        ("move", {"parent": "A", "position": 4}),
        ("retire", {"on": day}),
    ):
        assert client.get(f"{base}{action}/").status_code == 200
        assert client.post(f"{base}{action}/", values).status_code == 302
    page = text(client.get(base))
    assert "改名" in page
    assert "codelists.retire_code" in page
    assert client.get(f"{base}reinstate/").status_code == 404
    assert client.post(f"{base}reinstate/").status_code == 302
    row.refresh_from_db()
    assert (row.level, row.valid_to) == (2, None)


def test_a_past_day_is_refused_in_the_form(flat, enter):
    row = Code.objects.get(list=flat, code="ONE")
    past = (clock.today() - datetime.timedelta(days=1)).isoformat()
    response = enter("hq").post(f"/codelists/t_flat/{row.pk}/retire/", {"on": past})
    assert response.status_code == 422


@pytest.mark.parametrize("path", ["add/", "extend/", "{pk}/rename/", "{pk}/retire/", "{pk}/move/"])
def test_staff_may_not_change(flat, enter, path):
    row = Code.objects.get(list=flat, code="ONE")
    assert enter("advisor").get("/codelists/t_flat/" + path.format(pk=row.pk)).status_code == 403


@pytest.mark.parametrize("path", ["nothing/", "t_flat/0/", "t_tree/{pk}/", "t_tree/{pk}/rename/"])
def test_what_is_not_there_is_not_found(flat, tree, enter, path):
    row = Code.objects.get(list=flat, code="ONE")
    assert enter("hq").get("/codelists/" + path.format(pk=row.pk)).status_code == 404


@pytest.mark.usefixtures("flat", "tree")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("path", ["", "t_flat/", "t_tree/"])
def test_export_for_those_who_may(enter, path, kind):
    response = enter("hq").get(f"/codelists/{path}?export={kind}")
    assert response.status_code == 200
    assert f".{kind}" in response.headers["Content-Disposition"]
    assert enter("advisor").get(f"/codelists/{path}?export={kind}").status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_costs_the_same_whatever_its_length(flat, enter, django_assert_max_num_queries, number):
    for i in range(number):
        Code.objects.create(list=flat, code=f"M{i}", name_zh="甲", name_en="a", valid_from=datetime.date(2020, 1, 1))
    client = enter("hq")
    client.get("/codelists/t_flat/")
    with django_assert_max_num_queries(25):
        client.get("/codelists/t_flat/")


def test_strangers_are_sent_to_the_sign_in_page(db):
    assert Client().get("/codelists/").status_code == 302
