"""Which visit to the workshop a complaint is about, and where in the car a fault is (CMP-41, CMP-43)."""

import datetime

import pytest
from tests import garage
from tests.apicalls import caller
from tests.complaints.conftest import AT, LATER, fresh
from tests.complaints.test_handling import process
from tests.complaints.test_pages import FORM, page_of
from tests.counting import queries_of

from guanxi.complaints.models import Complaint, Deed, Round
from guanxi.complaints.queries import figures
from guanxi.complaints.services import handling, visiting
from guanxi.complaints.services.handling import Where
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.workshop.models import Visit

DAY = datetime.timedelta(days=1)


@pytest.fixture
def car(customer):
    return garage.car(customer)


@pytest.fixture
def came(cast, car):
    """A function that writes a visit of the car to the outlet of the cast."""

    def make(number=1, *, day=None, outlet=None, vehicle=None, customer=None):
        db.set_scope(SYSTEM)
        return Visit.objects.create(
            outlet_id=outlet or cast.outlet_id, vehicle=vehicle or car, customer=customer, order_no=f"WO-{number}",
            entered_on=day or clock.today() - DAY, touched_at=clock.now(),
        )  # fmt: skip

    return make


def link(actor, row, visit, at=LATER):
    return visiting.link_visit(actor=actor, complaint_id=row.pk, visit_id=visit and visit.pk, at=at)


def test_a_visit_is_linked_noted_and_taken_off_again(cast, acting, take_in, car, came):
    row, visit = take_in(vehicle_id=car.pk), came()
    callback = acting(cast.callback)
    link(callback, row, visit)
    link(callback, row, visit)  # the same again changes nothing
    assert fresh(row).visit_id == visit.pk
    link(acting(cast.callback), row, None)
    assert fresh(row).visit_id is None
    assert [deed.words.partition(" ")[0] for deed in Deed.objects.filter(act="VISIT").order_by("pk")] == ["WO-1", "–"]
    lines = AuditEntry.objects.filter(verb="complaints.link_visit").order_by("pk")
    assert [(line.before["visit"], line.after["visit"]) for line in lines] == [(None, visit.pk), (visit.pk, None)]


def test_a_visit_of_another_car_or_outlet_is_refused_and_changes_nothing(cast, acting, take_in, car, came):
    row = take_in(vehicle_id=car.pk)
    other = garage.car(garage.customer("他人", "13600007788", cast.outlet_id), 2, plate="沪B00001")
    for visit in (came(1, vehicle=other), came(2, outlet=cast.other_outlet_id)):
        with pytest.raises(Invalid, match="no visit of this car"):
            link(acting(cast.callback), row, visit)
        with pytest.raises(Invalid, match="no visit of this car"):
            take_in(vehicle_id=car.pk, visit_id=visit.pk)
    assert fresh(row).visit_id is None
    assert Complaint.objects.count() == 1


def test_without_a_car_it_is_a_visit_with_the_customer(cast, acting, take_in, customer, came):
    row = take_in(vehicle_id=None)
    with pytest.raises(Invalid):
        link(acting(cast.callback), row, came(1))
    visit = came(2, customer=customer)
    assert link(acting(cast.callback), row, visit).visit_id == visit.pk


def test_only_who_adds_to_it_links_a_visit_while_it_is_open(cast, acting, take_in, bring, car, came):
    row, visit = take_in(vehicle_id=car.pk), came()
    for who, refusal in (("auditor", NotAllowed), ("stranger", NotFound)):
        with pytest.raises(refusal):
            link(acting(getattr(cast, who)), row, visit)
    bring(row, "CLOSED")
    with pytest.raises(Conflict):
        link(acting(cast.callback), row, visit)
    assert fresh(row).visit_id is None


@pytest.mark.parametrize(("language", "words"), [("en", "Visit to the workshop"), ("zh-hans", "入厂记录")])
def test_it_is_chosen_at_the_intake_and_shown_on_the_page_and_the_sheet(
    signed_in, cast, customer, car, came, language, words
):
    visit, older = came(1), came(2, day=clock.today() - 900 * DAY)
    client, address = signed_in("callback", language), f"/complaints/open/?customer={customer.pk}"
    form = page_of(client, address)
    assert f'value="{visit.pk}">' in form
    assert older.order_no not in form
    typed = FORM | {"outlet": str(cast.outlet_id), "vehicle": str(car.pk), "visit": str(visit.pk)}
    told = client.post(address, typed)
    assert told.status_code == 302
    for page in (told["Location"], f"{told['Location']}sheet/"):
        shown = page_of(client, page)
        assert (words in shown, visit.order_no in shown) == (True, True)
    assert f'value="{visit.pk}" selected' in page_of(client, f"{told['Location']}visit/")
    assert client.post(f"{told['Location']}visit/", {"visit": ""}).status_code == 302
    assert f"/workshop/{visit.pk}/" not in page_of(client, told["Location"])
    page_of(signed_in("auditor"), f"{told['Location']}visit/", 403)


def test_the_form_costs_the_same_for_one_and_for_three_visits(signed_in, customer, car, came):
    came(1)
    client, address = signed_in("callback"), f"/complaints/open/?customer={customer.pk}"
    page_of(client, address)
    one = queries_of(lambda: page_of(client, address))
    came(2)
    came(3)
    client = signed_in("callback")
    assert page_of(client, address).count("WO-") == 3
    assert queries_of(lambda: page_of(client, address)) == one


def named(cast, acting, row, cause="MATERIAL", **where):
    return handling.name_cause(
        actor=acting(cast.service), complaint_id=row.pk, cause=cause, words="检查", where=Where(**where), at=LATER
    )


@pytest.mark.covers("CMP-41")
def test_a_product_problem_lies_in_a_system_and_other_causes_may(cast, acting, take_in, bring):
    process(asks_validity=False)
    row = take_in()
    bring(row, "ANALYSING")
    for where in ({}, {"system": "NONE"}):
        with pytest.raises(Invalid) as refused:
            named(cast, acting, row, **where)
        assert refused.value.problems[0].field == "system"
    assert fresh(row).state == "ANALYSING"
    made = named(cast, acting, row, system="ENGINE", part="  火花塞  4 缸 ", fault_code=" p0304 ")
    assert (made.system, made.part, made.fault_code) == ("ENGINE", "火花塞 4 缸", "P0304")
    db.set_scope(SYSTEM)
    line = AuditEntry.objects.get(verb="complaints.name_cause")
    assert (line.after["system"], line.after["part"], line.after["fault_code"]) == ("ENGINE", "火花塞 4 缸", "P0304")
    other = take_in()
    bring(other, "ANALYSING")
    assert named(cast, acting, other, "MISUSE").system == ""


@pytest.mark.covers("CMP-43")
def test_figures_by_system_and_by_part_count_what_is_named(cast, acting, take_in, bring):
    process(asks_validity=False)
    for system, part in (("ENGINE", "火花塞"), ("ENGINE", "火花塞"), ("BRAKES", "")):
        row = take_in()
        bring(row, "ANALYSING")
        named(cast, acting, row, system=system, part=part)
    take_in()  # no cause yet
    gm = acting(cast.gm)
    asked = figures.Asked(AT - DAY, AT + DAY)
    rows = figures.asked_for(gm, asked, clock.day_of(AT))
    by_system = figures.figures(rows, "system", figures.names(gm, "system"))
    assert [(line.name, line.taken_in) for line in by_system] == [("Engine", 2), ("Brakes", 1)]
    by_part = figures.figures(rows, "part", figures.names(gm, "part"))
    assert [(line.name, line.taken_in) for line in by_part] == [("火花塞", 2)]


def test_the_form_of_the_cause_asks_where_and_the_pages_show_it(signed_in, take_in):
    process(asks_validity=False)
    row = take_in(at=clock.now())
    client, root = signed_in("service"), f"/complaints/{row.pk}/"
    assert client.post(f"{root}contact/", {"words": "已致歉"}).status_code == 302
    typed = {"cause": "MATERIAL", "category": "REPEATED", "words": "检查", "part": "火花塞", "fault_code": "P0304"}
    refused = client.post(f"{root}cause/", typed)
    assert (refused.status_code, "say in which" in refused.content.decode()) == (422, True)
    assert client.post(f"{root}cause/", typed | {"system": "ENGINE"}).status_code == 302
    for page in (root, f"{root}sheet/"):
        shown = page_of(client, page)
        assert all(word in shown for word in ("Engine", "火花塞", "P0304")), page
    found = page_of(client, "/complaints/figures/")
    assert ("火花塞" in found, "System of the car" in found) == (True, True)


def test_the_api_takes_both(cast, customer, car, came):
    process(asks_validity=False)
    visit, json = came(), {"content_type": "application/json"}
    callback, service = caller(cast.callback), caller(cast.service)
    body = {
        "outlet_id": cast.outlet_id, "angle": "PRODUCT", "words": "异响", "token": "api-visit-1", "category": "ENGINE",
        "customer_id": customer.pk, "vehicle_id": car.pk, "visit_id": visit.pk,
    }  # fmt: skip
    made = callback.post("/api/v1/complaints/", body, **json)
    assert (made.status_code, made.json()["visit_id"]) == (201, visit.pk)
    one = f"/api/v1/complaints/{made.json()['id']}"
    assert callback.post(f"{one}/visit", {"visit_id": None}, **json).json()["visit_id"] is None
    assert callback.post(f"{one}/visit", {"visit_id": 2**40}, **json).status_code == 422
    assert service.post(f"{one}/contact", {"words": "已致歉"}, **json).status_code == 200
    cause = {"cause": "DESIGN", "words": "检查", "system": "ENGINE", "part": "正时链条", "fault_code": "p0016"}
    told = service.post(f"{one}/cause", cause, **json).json()
    assert (told["system"], told["part"], told["fault_code"]) == ("ENGINE", "正时链条", "P0016")
    assert Round.objects.get(complaint=made.json()["id"]).fault_code == "P0016"
