"""The pages of the catalogue: read by many, kept by headquarters."""

import datetime

import pytest

from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.vehicles.models import CarModel, MaintenanceStep, Series, Trim, WarrantyTerm
from guanxi.vehicles.queries import catalogue as queries

pytestmark = pytest.mark.django_db


def text(response, status=200):
    assert response.status_code == status, (response.status_code, response.content[:400])
    return response.content.decode()


def test_the_tree_and_the_series_are_read_by_those_who_see_cars(signed_in, trim):
    client = signed_in("advisor")
    assert "Voyage Hybrid" in text(client.get("/vehicles/catalogue/"))
    page = text(client.get(f"/vehicles/catalogue/{trim.model.series_id}/"))
    for word in ("Luxury", "100,000", "Maintenance 2", "No option and no colour yet."):
        assert word in page
    assert f"/trim/{trim.pk}/change/" not in page
    assert signed_in("rescue").get("/vehicles/catalogue/").status_code == 403
    assert client.get("/vehicles/catalogue/0/").status_code == 404


def test_an_empty_catalogue_helps(signed_in, monkeypatch):
    monkeypatch.setattr(queries, "tree", lambda _actor: [])
    assert "The catalogue is empty" in text(signed_in("advisor").get("/vehicles/catalogue/"))


def post(client, path, **values):
    answer = client.post(path, values)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    db.set_scope(SYSTEM)
    return answer["Location"]


def test_headquarters_builds_a_series_with_all_that_belongs_to_it(signed_in, cast):
    client = signed_in("hq")
    base = "/vehicles/catalogue"
    names = {"name_zh": "远航", "code": "YH"}
    to = post(
        client, f"{base}/series/add/{cast.brand_id}/", **names, line="PASSENGER", guarantee="HOUSEHOLD", is_current="on"
    )
    series = Series.objects.get(code="YH")
    assert to == f"{base}/{series.pk}/"
    post(client, f"{base}/model/add/{series.pk}/", name_zh="混动", code="YH-M", powertrain="HYBRID")
    model = CarModel.objects.get(code="YH-M")
    assert post(client, f"{base}/trim/add/{model.pk}/", name_zh="豪华", code="YH-T", list_price="158000") == to
    post(client, f"{base}/feature/add/{series.pk}/", name_zh="红", code="RED", kind="COLOUR", price="2000")
    post(
        client, f"{base}/warranty/add/{series.pk}/", name_zh="整车", code="CAR", months=36, is_whole_car="on",
        valid_from="2020-01-01",
    )  # fmt: skip
    post(client, f"{base}/step/add/{series.pk}/", name_zh="首保", code="FIRST", kind="FIRST", km=5000, position=0)
    assert WarrantyTerm.objects.get(series=series).valid_from == datetime.date(2020, 1, 1)
    page = text(signed_in("hq", "zh-hans").get(to))
    for word in ("混动", "豪华", "158,000", "整车", "首保", "2,000"):
        assert word in page


def test_parts_are_changed_and_taken_out(signed_in, trim):
    client = signed_in("hq")
    base = "/vehicles/catalogue"
    assert "Luxury" in text(client.get(f"{base}/trim/{trim.pk}/change/"))
    post(client, f"{base}/trim/{trim.pk}/change/", name_zh="尊贵版", code="T-T", list_price="", is_current="")
    row = Trim.objects.get(pk=trim.pk)
    assert (row.name_zh, row.is_current) == ("尊贵版", False)
    step = MaintenanceStep.objects.filter(series=trim.model.series).first()
    assert post(client, f"{base}/step/{step.pk}/remove/") == f"{base}/{trim.model.series_id}/"
    assert not MaintenanceStep.objects.filter(pk=step.pk).exists()


def test_what_is_wrong_is_said_at_its_field(signed_in, trim):
    client = signed_in("hq")
    page = text(
        client.post(
            f"/vehicles/catalogue/model/add/{trim.model.series_id}/",
            {"name_zh": "x", "code": "T-M", "powertrain": "HYBRID"},
        ),
        422,
    )  # fmt: skip
    assert "This code is taken." in page
    page = text(
        client.post(f"/vehicles/catalogue/step/add/{trim.model.series_id}/", {"name_zh": "x", "code": "t m"}), 422
    )
    assert "capital letters" in page


@pytest.mark.parametrize("path", ["nothing/add/1/", "nothing/1/change/", "series/0/change/", "series/add/0/"])
def test_what_is_not_there_is_not_found(signed_in, path):
    assert signed_in("hq").get(f"/vehicles/catalogue/{path}").status_code == 404


@pytest.mark.parametrize("name", ["gm", "advisor", "branch"])
def test_others_change_nothing(signed_in, trim, name):
    client = signed_in(name)
    for path in (f"trim/{trim.pk}/change/", f"trim/add/{trim.model_id}/"):
        assert client.get(f"/vehicles/catalogue/{path}").status_code == 403
    assert client.post("/vehicles/catalogue/step/1/remove/").status_code == 403
