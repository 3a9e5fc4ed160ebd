"""What a customer suggests in a follow-up is put before the responsible department and followed to its end (FUP-08)."""

import datetime
import json
import uuid

import pytest
from tests.apicalls import caller
from tests.contact_centre.conftest import AT, report

from guanxi.contact_centre.models import Call, Enquiry, EnquiryCategory
from guanxi.contact_centre.services import calling, replying
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid, NotAllowed
from guanxi.worklist.models import Rung, Task

pytestmark = pytest.mark.django_db
WORDS = "休息区希望有儿童座椅"


def said(**more):
    return report(**({"suggestion": WORDS, "suggestion_about": "MAINTENANCE"} | more))


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[-1500:]
    return response.content.decode()


@pytest.mark.covers("FUP-08")
def test_a_suggestion_goes_to_its_department_with_a_deadline_and_comes_back_to_the_customer(
    cast, acting, owner, car, task, record
):
    made = task(values={"rules": ["manager_call"], "cars": [car.pk]})
    told = said(vehicle_id=car.pk)
    call = record(made, said=told)
    assert record(made, said=told).pk == call.pk  # sent twice
    db.set_scope(SYSTEM)
    row = Enquiry.objects.get(customer=owner)
    category = EnquiryCategory.objects.get(pk="MAINTENANCE")
    assert (row.kind, row.words, row.way, row.state) == ("SUGGESTION", WORDS, "PHONE", "WITH_DEPARTMENT")
    assert (row.outlet_id, row.department_id, row.vehicle_id) == (cast.outlet_id, category.department_id, car.pk)
    assert row.due_at > AT + datetime.timedelta(hours=1)
    asked = Task.objects.get(kind="contact_centre.answer", subject_id=row.pk)
    assert (asked.due_at, asked.role_id, asked.node_id) == (row.due_at, category.department.role_id, cast.outlet_id)
    assert Rung.objects.filter(kind__in=("", asked.kind)).exists()  # who is late is urged on
    replying.answer(actor=acting(cast.service), enquiry_id=row.pk, words="已添置", is_told=False, at=AT)
    db.set_scope(SYSTEM)
    back = Task.objects.get(kind="contact_centre.tell", subject_id=row.pk)
    assert back.owner_id == cast.callback.user_id


@pytest.mark.covers("FUP-02", "FUP-08")
def test_what_is_suggested_on_a_visit_came_in_person(task, record, owner):
    record(task(kind="care.visit"), said=said(means="VISIT", met_at="HOME"))
    db.set_scope(SYSTEM)
    assert Enquiry.objects.get(customer=owner).way == "VISIT"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"suggestion_about": ""}, "suggestion_about"), ({"suggestion_about": "NONE"}, "suggestion_about"),
        ({"suggestion": " "}, "suggestion"),
    ],
)  # fmt: skip
def test_a_half_suggestion_is_refused_with_the_call(task, record, owner, more, field):
    made = task()
    with pytest.raises(Invalid) as refused:
        record(made, said=said(**more))
    assert refused.value.problems[0].field == field
    assert not Call.objects.filter(task_id=made.pk).exists()
    assert not Enquiry.objects.filter(customer=owner).exists()


@pytest.mark.covers("ORG-35")
def test_who_takes_no_enquiries_passes_no_suggestion_on(cast, acting, owner, without):
    actor = without(cast.callback, "contact_centre.take_enquiry")
    with pytest.raises(NotAllowed):
        calling.log_call(actor=acting(actor), customer_id=owner.pk, report=said(), at=AT)
    assert not Call.objects.filter(customer=owner).exists()


@pytest.fixture
def without():
    """Return a function that takes one verb from an actor."""
    from dataclasses import replace

    def take_away(actor, verb):
        return replace(actor, grants=tuple(replace(one, verbs=one.verbs - {verb}) for one in actor.grants))

    return take_away


@pytest.mark.covers("FUP-08")
def test_it_is_told_on_the_page_of_a_call_and_found_among_the_enquiries(signed_in, owner, task):
    client, made = signed_in("callback"), task()
    path = f"/contact-centre/call/{made.pk}/"
    page = text(client.get(path))
    for word in ('name="suggestion"', 'name="suggestion_about"', "Suggestion of the customer"):
        assert word in page, word
    typed = {"token": str(uuid.uuid4()), "script": report().script_id, "outcome": "REFUSED", "suggestion": WORDS}
    assert "Say what the suggestion is about." in text(client.post(path, typed), 422)
    assert client.post(path, typed | {"suggestion_about": "MAINTENANCE"}).status_code == 302
    found = text(client.get("/contact-centre/enquiries/?kind=SUGGESTION&state=open"))
    db.set_scope(SYSTEM)
    assert Enquiry.objects.get(customer=owner).code in found


@pytest.mark.covers("FUP-08", "SYS-22")
def test_a_suggestion_over_the_api(cast, owner):
    client = caller(cast.callback)
    body = {"token": str(uuid.uuid4()), "customer_id": owner.pk, "outcome": "REACHED", "suggestion": WORDS}
    base = "/api/v1/contact-centre"
    assert client.post(f"{base}/calls", json.dumps(body), "application/json").status_code == 422
    body["suggestion_about"] = "MAINTENANCE"
    assert client.post(f"{base}/calls", json.dumps(body), "application/json").status_code == 201
    (row,) = json.loads(client.get(f"{base}/enquiries?customer_id={owner.pk}").content)["items"]
    assert (row["kind"], row["words"], row["state"]) == ("SUGGESTION", WORDS, "WITH_DEPARTMENT")


@pytest.mark.covers("FUP-05", "FUP-08", "FUP-10", "LIFE-03")
@pytest.mark.parametrize("aim", ["IMPROVEMENT", "ACTIVITY", "PROMOTION", "PUBLICITY", "TRAINING"])
def test_what_is_suggested_is_kept_by_its_kind_and_goes_to_the_department(cast, owner, task, record, aim):
    record(task(), said=said(suggestion="每季度办一次自驾游", suggestion_aim=aim))
    db.set_scope(SYSTEM)
    row = Enquiry.objects.get(customer=owner)
    assert (row.kind, row.aim, row.state) == ("SUGGESTION", aim, "WITH_DEPARTMENT")
    asked = Task.objects.get(kind="contact_centre.answer", subject_id=row.pk)
    assert asked.role_id == row.department.role_id


@pytest.mark.parametrize(
    ("more", "field"),
    [({"suggestion_aim": "NONE"}, "suggestion_aim"), ({"suggestion": "", "suggestion_aim": "TRAINING"}, "suggestion")],
)
def test_what_is_suggested_is_one_of_five_and_has_words(task, record, owner, more, field):
    with pytest.raises(Invalid) as refused:
        record(task(), said=said(**more))
    assert refused.value.problems[0].field == field
    assert not Enquiry.objects.filter(customer=owner).exists()


def test_only_a_suggestion_says_what_is_suggested(take):
    assert take(kind="SUGGESTION", aim="PUBLICITY").aim == "PUBLICITY"
    for more in ({"kind": "QUESTION", "aim": "PUBLICITY"}, {"kind": "SUGGESTION", "aim": "NONE"}):
        with pytest.raises(Invalid) as refused:
            take(**more)
        assert refused.value.problems[0].field == "aim"


@pytest.mark.covers("FUP-05", "FUP-10")
def test_suggestions_are_filtered_exported_and_counted_by_what_is_suggested(signed_in, owner, task, record):
    record(task(1), said=said(suggestion="给顾问讲讲新车型", suggestion_aim="TRAINING"))
    record(task(2), said=said(suggestion="周末搞个试驾活动", suggestion_aim="ACTIVITY"))
    record(task(3), said=said())
    client, base = signed_in("gm"), "/contact-centre/enquiries/"
    db.set_scope(SYSTEM)
    codes = {row.words: row.code for row in Enquiry.objects.filter(customer=owner)}
    db.set_scope(SYSTEM)
    page = text(client.get(f"{base}?aim=TRAINING&cols=number,aim"))
    assert codes["给顾问讲讲新车型"] in page
    assert codes["周末搞个试驾活动"] not in page
    assert "CS training" in page
    file = client.get(f"{base}?aim=ACTIVITY&export=csv").content.decode("utf-8-sig")
    assert "Activity with customers" in file
    day = AT.date().isoformat()
    figures = text(client.get(f"{base}figures/?from={day}&to={day}"))
    part = figures[figures.index("?aim=") :] if "?aim=" in figures else ""
    assert "aim=TRAINING" in part
    assert "Not said what" in figures


@pytest.mark.covers("FUP-05", "FUP-10", "SYS-22")
def test_what_is_suggested_over_the_api(cast, owner):
    client, base = caller(cast.callback), "/api/v1/contact-centre"
    body = {
        "token": str(uuid.uuid4()), "customer_id": owner.pk, "outcome": "REACHED", "suggestion": WORDS,
        "suggestion_about": "MAINTENANCE", "suggestion_aim": "PROMOTION",
    }  # fmt: skip
    assert client.post(f"{base}/calls", json.dumps(body), "application/json").status_code == 201
    for aim, many in (("PROMOTION", 1), ("TRAINING", 0)):
        items = json.loads(client.get(f"{base}/enquiries?customer_id={owner.pk}&aim={aim}").content)["items"]
        assert [row["aim"] for row in items] == ["PROMOTION"] * many
