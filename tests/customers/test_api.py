"""What hangs on a customer, over the API: the same services as the pages, refusals as problem documents."""

import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.apicalls import caller
from tests.customers.conftest import relation_of

from guanxi.customers.models import Address, Association, Attachment, Customer, Note, Relation
from guanxi.foundation.actor import SYSTEM
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a small paper"
ROOT = "/api/v1/customers"
JSON = "application/json"


@pytest.fixture
def client(cast):
    return caller(cast.admin)


def address(row, *rest):
    return "/".join(map(str, (ROOT, row.pk, *rest)))


def test_an_address_is_written_and_read(add, client, acting):
    row = add()
    place = {"province": "31", "city": "3101", "line": "云岭路 1 号", "postcode": "200000"}
    answer = client.put(address(row, "addresses", "WORK"), place, JSON)
    assert answer.status_code == 200, answer.content
    assert [(held["kind"], held["city"], held["line"]) for held in client.get(address(row, "addresses")).json()] == [
        ("WORK", "3101", "云岭路 1 号")
    ]
    client.put(address(row, "addresses", "WORK"), {**place, "line": "云岭路 2 号"}, JSON)
    acting(SYSTEM)
    assert Address.objects.get(customer=row).line == "云岭路 2 号"
    wrong = client.put(address(row, "addresses", "HOME"), {"province": "31", "city": "4401"}, JSON)
    assert (wrong.status_code, wrong["Content-Type"], wrong.json()["errors"][0]["field"]) == (
        422, "application/problem+json", "address",
    )  # fmt: skip
    assert client.put(address(row, "addresses", "MOON"), place, JSON).status_code == 422


@pytest.mark.covers("INFO-04")
def test_a_file_goes_in_by_form_or_json_and_comes_out_as_it_was(add, client, acting):
    row = add()
    by_form = client.post(address(row, "attachments"), {"file": SimpleUploadedFile("合同.pdf", PDF)})
    assert by_form.status_code == 201, by_form.content
    in_json = {"name": "b.pdf", "content": base64.b64encode(PDF).decode()}
    assert client.post(address(row, "attachments"), in_json, JSON).status_code == 201
    held = client.get(address(row, "attachments")).json()
    assert {(file["name"], file["size"], file["content_type"]) for file in held} == {
        ("合同.pdf", len(PDF), "application/pdf"), ("b.pdf", len(PDF), "application/pdf"),
    }  # fmt: skip
    file = client.get(f"{ROOT}/attachments/{by_form.json()['id']}")
    assert (file.content, file["Content-Type"], "attachment" in file["Content-Disposition"]) == (
        PDF, "application/pdf", True,
    )  # fmt: skip
    assert client.delete(f"{ROOT}/attachments/{by_form.json()['id']}").status_code == 204
    acting(SYSTEM)
    assert Attachment.objects.get(customer=row).name == "b.pdf"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.exe", b"MZ"), ("a.pdf", b"MZ no paper"), ("a.pdf", b""), ("a.pdf", PDF + b"x" * 5 * 1024 * 1024)],
)
def test_what_the_page_refuses_the_api_refuses(add, client, acting, name, content):
    row = add()
    answer = client.post(address(row, "attachments"), {"file": SimpleUploadedFile(name, content)})
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["field"] == "file"
    acting(SYSTEM)
    assert not Attachment.objects.filter(customer=row).exists()


@pytest.mark.parametrize("body", [{"name": "a.pdf", "content": "%"}, {"name": "a.pdf"}, {"content": "JVBERi0xLjc="}])
def test_json_that_is_no_file_is_refused(add, client, body):
    assert client.post(address(add(), "attachments"), body, JSON).status_code == 422


def test_a_repeated_upload_with_its_key_is_one_file(add, client, acting):
    row = add()

    def send(content=PDF):
        file = {"file": SimpleUploadedFile("a.pdf", content)}
        return client.post(address(row, "attachments"), file, headers={"Idempotency-Key": "once"})

    first, second = send(), send()
    assert (first.json(), second["Idempotent-Replayed"]) == (second.json(), "true")
    assert send(PDF + b"!").status_code == 409
    acting(SYSTEM)
    assert Attachment.objects.filter(customer=row).count() == 1


@pytest.mark.covers("INFO-11")
def test_ties_are_said_read_and_taken_back(add, client, acting):
    company, driver = add("云顶物流有限公司", "13500000001"), add("司机", "13500000002")
    made = client.post(address(company, "associations"), {"other_id": driver.pk, "tie": "CONTACT"}, JSON)
    assert made.status_code == 201, made.content
    for row in (company, driver):
        assert [tie["other_id"] for tie in client.get(address(row, "associations")).json()] == [driver.pk]
    again = client.post(address(company, "associations"), {"other_id": driver.pk, "tie": "CONTACT"}, JSON)
    assert again.status_code == 409
    assert client.delete(address(company, "associations", made.json()["id"])).status_code == 204
    acting(SYSTEM)
    assert not Association.objects.filter(customer=company).exists()


def test_notes_are_written_and_read(add, client, acting):
    row = add()
    assert client.post(address(row, "notes"), {"body": "喜欢钓鱼"}, JSON).status_code == 201
    assert [note["body"] for note in client.get(address(row, "notes")).json()] == ["喜欢钓鱼"]
    acting(SYSTEM)
    assert Note.objects.get(customer=row).body == "喜欢钓鱼"


def test_a_relation_is_changed_and_ended_as_on_the_page(add, client, cast, acting):
    row = add(category="POTENTIAL")
    held = f"{ROOT}/relations/{relation_of(row, cast.outlet_id).pk}"
    answer = client.patch(held, {"category": "BASE", "tags": ["VIP"], "knows_location": True}, JSON)
    assert (answer.status_code, answer.json()["category"], answer.json()["tags"]) == (200, "BASE", ["VIP"])
    assert client.post(f"{held}/end", {"on": "2000-01-01"}, JSON).status_code == 422
    assert client.post(f"{held}/end", {"on": "2030-01-01"}, JSON).status_code == 204
    acting(SYSTEM)
    assert str(Relation.objects.get(customer=row).ended_on) == "2030-01-01"


def test_points_verification_and_identity_as_on_the_page(add, cast, acting):
    row = add(identity_number="11010519491231002X")
    hq = caller(cast.hq)
    point = hq.get(address(row)).json()["points"][0]["id"]
    assert hq.put(address(row, "points", point, "state"), {"state": "REACHED"}, JSON).json()["proven_at"]
    assert hq.post(address(row, "points", point, "main")).json()["points"][0]["is_primary"]
    assert hq.post(address(row, "verify"), {"verification": "VALID"}, JSON).json()["verification"] == "VALID"
    assert hq.post(address(row, "identity", "reveal")).json() == {"value": "11010519491231002X"}
    acting(SYSTEM)
    assert AuditEntry.objects.filter(verb="customers.reveal_identity", subject_id=str(row.pk)).exists()
    assert Customer.objects.get(pk=row.pk).verification == "VALID"


def test_what_belongs_to_another_outlet_is_not_there(elsewhere, client, cast, acting):
    row = elsewhere()
    for part in ("addresses", "attachments", "associations", "notes"):
        assert client.get(address(row, part)).status_code == 404
    assert client.post(address(row, "attachments"), {"file": SimpleUploadedFile("a.pdf", PDF)}).status_code == 404
    file = caller(cast.stranger).post(address(row, "attachments"), {"file": SimpleUploadedFile("a.pdf", PDF)}).json()
    assert client.get(f"{ROOT}/attachments/{file['id']}").status_code == 404
    assert client.delete(f"{ROOT}/attachments/{file['id']}").status_code == 404
    acting(SYSTEM)
    assert Attachment.objects.filter(pk=file["id"]).exists()


def test_an_address_of_mail_is_one(add, client):
    row = add()
    assert client.post(address(row, "points"), {"channel": "EMAIL", "value": "no mail"}, JSON).status_code == 422
    made = client.post(address(row, "points"), {"channel": "EMAIL", "value": "Wang@Example.com"}, JSON)
    assert (made.status_code, made.json()["value"]) == (201, "w***@example.com")
