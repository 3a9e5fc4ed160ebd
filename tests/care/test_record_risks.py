"""A bad record is a reason why an owner is lost: on his page, in the list, in the figures, over the API (INFO-26)."""

import json

import pytest
from tests import garage
from tests.apicalls import caller
from tests.counting import queries_of

from guanxi.care.models import OwnerState
from guanxi.care.queries import states as queries
from guanxi.care.states.owners import Record, State
from guanxi.customers.models import Quality
from guanxi.foundation import clock

pytestmark = pytest.mark.django_db
TODAY = clock.today()


@pytest.fixture
def known(cast, empty_world):
    """Return a function that makes an owner of the outlet of the cast with a state and the doubts about his record."""
    made = []

    def make(state="LOST", *doubts, complete=90, outlet=None):
        place = outlet or cast.outlet_id
        row = garage.customer(f"失联{len(made)}", f"1370000{len(made):04d}", place)
        made.append(row)
        OwnerState.objects.create(
            customer=row, outlet_id=place, state=state, since=TODAY, visits=0, kpi_lost=False, last_visit=None
        )
        Quality.objects.create(
            customer=row, complete=complete, valid=20, fresh=0, unique=100, proven=0, score=40, doubts=list(doubts),
            as_of=TODAY,
        )  # fmt: skip
        return row

    return make


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.covers("INFO-26")
def test_the_page_of_a_customer_says_what_of_the_record_puts_him_at_risk(known, signed_in):
    lost, swing = known("LOST", "PHONE_DEAD", "STALE", complete=40), known("SWING", "NO_PHONE")
    active, fit = known("ACTIVE", "PHONE_DEAD", complete=10), known("LOST", "STALE")
    client = signed_in("crm")
    page = text(client.get(f"/care/customer-panel/{lost.pk}/"))
    for word in ("Risk from the record", "No phone number that works", "Record is incomplete"):
        assert word in page, word
    assert "Not touched for a year" not in page
    assert "No phone number<" in text(client.get(f"/care/customer-panel/{swing.pk}/"))
    for row in (active, fit):
        assert "Risk from the record" not in text(client.get(f"/care/customer-panel/{row.pk}/"))


@pytest.mark.covers("INFO-26")
def test_the_list_of_lost_owners_counts_who_is_out_of_reach(known, signed_in, cast, acting):
    dead, wrong, thin, fit = (
        known("LOST", "PHONE_DEAD"), known("LOST", "FOUND_WRONG", complete=20), known("LOST", complete=59),
        known("LOST", "STALE"),
    )  # fmt: skip
    known("ACTIVE", "PHONE_DEAD")
    elsewhere = known("LOST", "PHONE_DEAD", outlet=cast.other_outlet_id)
    client = signed_in("crm")
    for record, those in (("OUT_OF_REACH", {dead, wrong}), ("INCOMPLETE", {wrong, thin}), ("FIT", {fit})):
        page = text(client.get(f"/care/owners/?state=LOST&record={record}"))
        for row in (dead, wrong, thin, fit, elsewhere):
            assert (f"/customers/{row.pk}/" in page) is (row in those), (record, row)
    lines = text(client.get("/care/owners/?state=LOST&record=OUT_OF_REACH&export=csv"))
    assert "No phone number that works" in lines
    page = text(client.get("/care/"))
    assert "state=LOST&amp;record=OUT_OF_REACH" in page
    rows = queries.listed(acting(cast.crm), None)
    assert queries.out_of_reach(rows).now == 2
    assert queries.out_of_reach(queries.listed(acting(cast.stranger), None)).now == 1


def test_every_standing_of_a_record_is_asked_for_once(known):
    for complete, doubts in ((90, ()), (10, ()), (90, ("NO_PHONE",)), (10, ("NO_PHONE",))):
        known("LOST", *doubts, complete=complete)
    rows = OwnerState.objects.filter(state=State.LOST)
    assert {kind: rows.filter(queries.BY_RECORD[kind]).count() for kind in Record} == {
        Record.OUT_OF_REACH: 2, Record.INCOMPLETE: 2, Record.FIT: 1,
    }  # fmt: skip


@pytest.mark.covers("INFO-26", "SYS-22")
def test_over_the_api(known, cast):
    dead, fit = known("LOST", "PHONE_DEAD"), known("LOST")
    client = caller(cast.crm)
    found = json.loads(client.get("/api/v1/care/owner-states?state=LOST&record=OUT_OF_REACH").content)["items"]
    assert [row["customer_id"] for row in found] == [dead.pk]
    assert len(found[0]["record_risks"]) == 1
    fine = json.loads(client.get("/api/v1/care/owner-states?record=FIT").content)["items"]
    assert [(row["customer_id"], row["record_risks"]) for row in fine] == [(fit.pk, [])]
    assert client.get("/api/v1/care/owner-states?record=NONE").status_code == 422


def test_the_list_costs_the_same(known, signed_in):
    known("LOST", "PHONE_DEAD")
    client = signed_in("crm")
    few = queries_of(lambda: client.get("/care/owners/?record=OUT_OF_REACH"))
    known("LOST", "NO_PHONE")
    known("SWING", "NO_PHONE")
    assert queries_of(lambda: client.get("/care/owners/?record=OUT_OF_REACH")) == few
