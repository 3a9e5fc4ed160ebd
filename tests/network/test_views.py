"""The pages of the network, through the whole stack."""

import csv
import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from tests.counting import queries_of

from guanxi.foundation import clock
from guanxi.network import queries
from guanxi.network.models import ImportRun, Node, Placement
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
GOOD = ("T-1", "网点", "甲店", "YL-HD-31", "2020-01-01", "是", "是")


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def upload(client, content):
    file = SimpleUploadedFile("network.xlsx", content)
    return client.post("/network/import/", {"file": file})


@pytest.mark.covers("ORG-35")
def test_the_list_shows_own_outlets_alone(signed_in):
    assert "YLHD001" in text(signed_in("gm").get("/network/"))
    page = text(signed_in("stranger").get("/network/?q=YLH"))
    assert "YLHN001" in page
    assert "YLHD001" not in page


def test_the_list_is_narrowed_by_branch_business_and_state(signed_in, cast):
    client = signed_in("hq")
    page = text(client.get(f"/network/?branch={cast.branch_id}&does=both&key=yes&state=open&q=Shanghai"))
    assert "YLHD001" in page
    assert "YLHD002" not in page
    assert "YLHD001" not in text(client.get("/network/?state=closed"))


def test_an_export_names_brand_and_branch_and_needs_the_verb(signed_in):
    answer = signed_in("gm").get("/network/?export=csv")
    heading, row, note = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    told = dict(zip(heading, row, strict=True))
    assert (told["Code"], told["Branch"]) == ("YLHD001", "Yunling East China branch")
    assert "沈建国" in note[0]
    assert signed_in("advisor").get("/network/?export=csv").status_code == 403


@pytest.mark.parametrize(
    "path", ["", "tree/", "tiles/", "home-panel/0/", "tree/{outlet}/", "{outlet}/", "tree/?on=2020-01-01"]
)
@pytest.mark.parametrize("name", ["hq", "branch", "office", "gm", "advisor", "rescue"])
def test_every_page_opens_for_those_who_may_see(signed_in, cast, path, name):
    answer = signed_in(name).get("/network/" + path.format(outlet=cast.outlet_id))
    hidden = name == "rescue" and path == "{outlet}/"
    assert answer.status_code == (404 if hidden else 200)


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize("path", ["", "change/", "hours/", "move/", "close/"])
def test_a_foreign_place_does_not_exist(signed_in, cast, path):
    assert signed_in("stranger").get(f"/network/{cast.outlet_id}/{path}").status_code == 404


@pytest.mark.parametrize(
    "path", ["add/", "import/", "import/template/", "{outlet}/change/", "{outlet}/move/", "{outlet}/close/"]
)
def test_without_the_right_a_page_is_refused(signed_in, cast, path):
    assert signed_in("advisor").get("/network/" + path.format(outlet=cast.outlet_id)).status_code == 403


def test_both_languages(signed_in, cast):
    english, chinese = (text(signed_in("gm", code).get(f"/network/{cast.outlet_id}/")) for code in ("en", "zh-hans"))
    assert "Shanghai Central Yunling dealership" in english
    assert "上海中心云岭4S店" in chinese


@pytest.mark.covers("ORG-17")
def test_a_page_says_which_departments_an_outlet_lacks(signed_in):
    lacking = Node.objects.get(code="YLHD003").pk
    client = signed_in("hq")
    whole = Node.objects.get(code="YLHD001").pk
    assert "CS promotion committee" in text(client.get(f"/network/{lacking}/"))
    assert text(client.get(f"/network/{lacking}/")) != text(client.get(f"/network/{whole}/"))


def test_the_tree_of_another_day(signed_in):
    assert "No place on this day" not in text(signed_in("hq").get("/network/tree/"))
    assert "No place on this day" in text(signed_in("hq").get("/network/tree/?on=2001-01-01"))


@pytest.mark.covers("ORG-10")
def test_add_and_move_and_close_by_form(signed_in, cast, place):
    client = signed_in("hq")
    values = {"kind": "OUTLET", "parent": cast.office_id, "code": "t-1", "name_zh": "甲", "valid_from": "2020-01-01"}
    assert client.post("/network/add/", values).status_code == 422
    answer = client.post("/network/add/", values | {"sells": "on"})
    node = Node.objects.get(code="T-1")
    assert answer["Location"] == f"/network/{node.pk}/"
    target = place("YL-HN-44")
    client.post(f"/network/{node.pk}/move/", {"parent": target, "effective_on": "2026-01-01"})
    assert Placement.objects.filter(child=node, parent_id=target).exists()
    client.post(f"/network/{node.pk}/close/", {"on": "2026-02-01"})
    assert Node.objects.get(pk=node.pk).valid_to == datetime.date(2026, 2, 1)


def test_a_refusal_of_the_service_stands_in_the_form(signed_in, cast):
    client = signed_in("hq")
    answer = client.post(f"/network/{cast.branch_id}/close/", {"on": "2026-01-01"})
    assert answer.status_code == 422
    assert "Places still stand below it" in answer.content.decode()
    values = {"kind": "BRANCH", "parent": cast.brand_id, "code": "YL-HD", "name_zh": "甲", "valid_from": "2020-01-01"}
    assert "This code is taken" in client.post("/network/add/", values).content.decode()


def profile_values(**changes):
    return {
        "name_zh": "上海", "name_en": "Shanghai", "city_zh": "上海", "phone": "021-5", "latitude": "31.2",
        "longitude": "121.4", "province": "31", **changes,
    }  # fmt: skip


@pytest.mark.covers("ORG-12")
def test_an_outlet_administrator_changes_particulars_and_not_what_is_decided_above(signed_in, cast):
    signed_in("admin").post(f"/network/{cast.outlet_id}/change/", profile_values())
    profile = queries.node(cast.hq, cast.outlet_id).profile
    assert (profile.phone, profile.sells, profile.serves, profile.is_key) == ("021-5", True, True, True)
    line = AuditEntry.objects.filter(verb="network.change_node").order_by("pk").last()
    assert (line.person_id, line.channel) == (cast.outlet_admin.user_id, "web")


def test_a_branch_is_renamed(signed_in, cast):
    signed_in("branch").post(f"/network/{cast.branch_id}/change/", {"name_zh": "新名", "name_en": "New"})
    assert Node.objects.get(pk=cast.branch_id).name_en == "New"


def test_opening_hours_by_form(signed_in, cast):
    client = signed_in("admin")
    path = f"/network/{cast.outlet_id}/hours/"
    assert client.post(path, {"SALES_0": "nine to five"}).status_code == 422
    assert client.post(path, {"SALES_0": "08:30-12:00, 13:30-18:00"}).status_code == 302
    assert "08:30-12:00, 13:30-18:00" in text(client.get(path))
    assert "08:30" in text(client.get(f"/network/{cast.outlet_id}/"))
    assert signed_in("hq").get(f"/network/{cast.branch_id}/hours/").status_code == 404


@pytest.mark.covers("ORG-12")
def test_leaving_a_brand_by_button(signed_in, cast, place):
    client = signed_in("hq")
    path = f"/network/{cast.outlet_id}/leave-brand/"
    assert client.get(path).status_code == 404
    assert client.post(path, {"brand": "x"}).status_code == 404
    assert client.post(path, {"brand": cast.brand_id}).status_code == 409
    day = (clock.today() - datetime.timedelta(days=9)).isoformat()
    client.post(f"/network/{cast.outlet_id}/move/", {"parent": place("QC-HD-31"), "effective_on": day})
    assert client.post(path, {"brand": cast.brand_id}).status_code == 302


@pytest.mark.covers("SYS-23")
def test_an_import_from_file_to_network(signed_in, workbook):
    client = signed_in("hq")
    address = upload(client, workbook(GOOD))["Location"]
    assert "T-1" in text(client.get(address))
    assert client.get(address + "apply/").status_code == 404
    assert client.post(address + "apply/").status_code == 302
    assert Node.objects.filter(code="T-1").exists()
    assert client.post(address + "apply/").status_code == 409
    assert "network.xlsx" in text(client.get("/network/import/"))


@pytest.mark.covers("SYS-23")
def test_an_import_with_errors_shows_them_and_can_only_be_dropped(signed_in, workbook):
    client = signed_in("hq")
    address = upload(client, workbook(("T-1", "网点", "甲", "NOWHERE", "2020-01-01", "是", "")))["Location"]
    page = text(client.get(address))
    assert "NOWHERE" in page
    assert "apply/" not in page
    assert client.post(address + "drop/")["Location"] == "/network/import/"
    assert not ImportRun.objects.filter(name="network.xlsx").exists()


def test_a_file_that_is_no_workbook_is_refused_in_the_form(signed_in):
    assert upload(signed_in("hq"), b"text").status_code == 422


def test_the_empty_sheet_can_be_taken_home(signed_in):
    book = load_workbook(io.BytesIO(signed_in("hq").get("/network/import/template/").content))
    assert book.active["A1"].value == "编码"


def test_a_page_costs_the_same_whatever_its_length(signed_in):
    client = signed_in("hq")
    costs = {queries_of(lambda query=query: client.get(f"/network/?{query}")) for query in ("q=YLHD001", "size=100")}
    assert len(costs) == 1


@pytest.mark.parametrize("path", ["", "tree/", "add/", "import/", "1/", "1/move/"])
def test_strangers_are_sent_to_the_sign_in_page(db, path):
    answer = Client().get(f"/network/{path}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/network/")
