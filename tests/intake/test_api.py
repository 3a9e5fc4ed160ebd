"""Imports over the API, as a dealer system sends them by itself."""

import base64
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.apicalls import caller
from tests.intake import arriving
from tests.intake.arriving import owners, vin

from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.intake.models import Run
from guanxi.intake.services import checking, merging, undoing

pytestmark = pytest.mark.django_db
RUNS = "/api/v1/intake/runs"
ROWS = (("C1", "王小明", "13800000001", vin(1)), ("C2", "张三丰", "13800000003", "LVB123"))


def body(cast, **more):
    content = base64.b64encode(owners(*ROWS)).decode()
    return {"place_id": cast.outlet_id, "source": "DMS", "name": "a.csv", "content": content, **more}


def send(client, address, data=None, **headers):
    return client.post(address, json.dumps(data or {}), "application/json", headers=headers)


@pytest.mark.covers("SYS-09")
def test_a_file_goes_all_the_way(cast):
    client = caller(cast.admin)
    run = send(client, RUNS, body(cast)).json()
    assert run["state"] == "CHECKING"
    arriving.as_system(checking.check_run, Run(pk=run["id"]))
    seen = client.get(f"{RUNS}/{run['id']}").json()
    assert (seen["state"], seen["counts"]["good"] + seen["counts"]["warned"], seen["counts"]["rejected"]) == (
        "CHECKED",
        1,
        1,
    )
    found = client.get(f"{RUNS}/{run['id']}/findings?level=reject").json()["items"]
    assert [(item["row"], item["heading"], item["original"]) for item in found] == [(3, "VIN码", "LVB123")]
    assert "LVB123" in client.get(f"{RUNS}/{run['id']}/rejects?kind=csv").content.decode()
    assert send(client, f"{RUNS}/{run['id']}/merge").json()["state"] == "MERGING"
    arriving.as_system(merging.merge_run, Run(pk=run["id"]))
    assert client.get(f"{RUNS}/{run['id']}").json()["counts"]["added"]["customers_customer"] == 1
    assert send(client, f"{RUNS}/{run['id']}/undo").json()["state"] == "UNDOING"
    arriving.as_system(undoing.undo_run, Run(pk=run["id"]))
    assert client.get(f"{RUNS}/{run['id']}").json()["state"] == "UNDONE"


def test_a_file_as_multipart_and_the_same_key_give_one_run(cast):
    client = caller(cast.admin)

    def post(content):
        file = SimpleUploadedFile("a.csv", content)
        return client.post(
            RUNS, {"place_id": cast.outlet_id, "source": "DMS", "file": file}, headers={"Idempotency-Key": "k1"}
        )

    first, again = post(owners(*ROWS)), post(owners(*ROWS))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert again["Idempotent-Replayed"] == "true"
    assert post(owners(ROWS[0])).status_code == 409
    db.set_scope(SYSTEM)
    assert Run.objects.count() == 1


def test_the_list_goes_on_by_its_cursor(cast):
    client = caller(cast.admin)
    for _number in range(3):
        send(client, RUNS, body(cast))
    first = client.get(f"{RUNS}?limit=2").json()
    rest = client.get(f"{RUNS}?limit=2&cursor={first['next']}").json()
    assert len({item["id"] for item in first["items"] + rest["items"]}) == 3
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"content": "not base64!"}, "content"), ({"source": ""}, "source"), ({"kind": "Nothing!"}, "kind"),
        ({"name": "a.exe"}, "file"), ({"unknown": 1}, "unknown"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_a_problem_document(cast, change, field):
    answer = send(caller(cast.admin), RUNS, body(cast) | change)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == field


def test_columns_that_are_missing_wait_for_an_answer(cast):
    client = caller(cast.admin)
    content = base64.b64encode(arriving.csv_of(("甲", "乙"), ("abc", "def"))).decode()
    run = send(client, RUNS, body(cast, content=content)).json()
    assert run["state"] == "UPLOADED"
    answer = send(client, f"{RUNS}/{run['id']}/columns", {"kind": "owners", "mapping": {"name": 0, "vin": 1}})
    assert answer.json()["state"] == "CHECKING"
    assert send(client, f"{RUNS}/{run['id']}/drop").status_code == 409


def test_other_outlets_runs_do_not_exist(cast):
    run = send(caller(cast.admin), RUNS, body(cast)).json()
    other = caller(cast.stranger)
    assert other.get(f"{RUNS}/{run['id']}").status_code == 404
    assert other.get(f"{RUNS}/{run['id']}/findings").status_code == 404
    assert send(other, f"{RUNS}/{run['id']}/merge").status_code == 404
    assert send(other, RUNS, body(cast)).status_code == 403
