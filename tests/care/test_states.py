"""Who sees which states, the pages and their numbers, the panels, the API, the presets."""

import datetime

import pytest
from tests import garage
from tests.counting import queries_of

from guanxi.care.models import CarState, OwnerState, StateChange, StateCount, Terms
from guanxi.care.presets import terms as presets
from guanxi.care.queries import states as queries
from guanxi.foundation import clock
from guanxi.foundation import presets as files
from guanxi.foundation.actor import SYSTEM

pytestmark = pytest.mark.django_db
TODAY = clock.today()


@pytest.fixture
def owner(cast):
    """An owner who is lost to the outlet of the cast, and active in the network since he goes elsewhere."""
    row = garage.customer("秦双", "13700000601", cast.outlet_id, cast.other_outlet_id)
    car = garage.car(row, 601, plate="沪S60101", trim=garage.trim("S"))
    for outlet, state in ((cast.outlet_id, "LOST"), (cast.other_outlet_id, "ACTIVE"), (None, "ACTIVE")):
        OwnerState.objects.create(
            customer=row, outlet_id=outlet, state=state, since=TODAY, before="SWING", visits=3, last_visit=TODAY,
            kpi_lost=False,
        )  # fmt: skip
        StateChange.objects.create(
            customer=row, outlet_id=outlet, was="SWING", became=state, on=TODAY, noticed_on=TODAY
        )
    CarState.objects.create(
        vehicle=car, phase="IN_WARRANTY", phase_since=TODAY, metres=40_000, metres_least=30_000, metres_most=50_000,
        base_km=10_000, base_on=TODAY - datetime.timedelta(days=10), readings=4, due_on=TODAY, due_by="MILEAGE",
        due_earliest=TODAY, due_latest=TODAY + datetime.timedelta(days=9),
    )  # fmt: skip
    return row


@pytest.mark.covers("NFR-06", "ORG-35")
def test_an_outlet_learns_nothing_of_other_outlets_from_the_network(cast, acting, owner):
    for name, wanted in (("crm", {"LOST"}), ("hq", {"LOST", "ACTIVE"})):
        actor = acting(getattr(cast, name))
        assert {row.state for row in queries.of_customer(actor, owner.pk)} == wanted
        acting(actor)
        assert set(OwnerState.objects.filter(customer=owner).values_list("state", flat=True)) == wanted
    acting(cast.crm)
    assert {row.outlet_id for row in StateChange.objects.filter(customer=owner)} == {cast.outlet_id}
    assert set(StateCount.objects.values_list("outlet_id", flat=True)) <= {cast.outlet_id}
    acting(cast.branch)
    assert set(OwnerState.objects.filter(customer=owner).values_list("outlet_id", flat=True)) == {cast.outlet_id}


def test_the_state_of_a_car_goes_with_the_car(cast, acting, owner):
    car = CarState.objects.get(vehicle__plate="沪S60101")
    acting(cast.stranger)
    assert not CarState.objects.filter(pk=car.pk).exists() or cast.other_outlet_id in cast.stranger.scope.outlets
    acting(cast.crm)
    assert CarState.objects.filter(pk=car.pk).exists()


@pytest.mark.parametrize(("name", "network"), [("crm", False), ("branch", False), ("hq", True)])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_numbers_open_lists_of_as_many(signed_in, name, network, language):
    client = signed_in(name, language)
    page = client.get("/care/")
    assert page.status_code == 200
    text = page.content.decode()
    for state in ("ACTIVE", "LOST", "OBSERVE"):
        start = text.index(f"/care/owners/?state={state}")
        shown = int(text[start:].split(">", 1)[1].split("<", 1)[0].replace(",", ""))
        listed = client.get(f"/care/owners/?state={state}&export=csv").content.decode("utf-8-sig").splitlines()
        assert shown == len(listed) - 2, state  # the headings, and who exported it
    assert language != "en" or ("Each owner once" in text) is network


def test_lists_cost_the_same_queries_for_any_number_of_rows(signed_in):
    client = signed_in("crm")
    few, many = (queries_of(lambda q=q: client.get(f"/care/owners/?{q}")) for q in ("state=NEW&size=25", "size=100"))
    assert abs(few - many) <= 1
    few, many = (queries_of(lambda q=q: client.get(f"/care/cars/?{q}")) for q in ("phase=SCRAPPED", "size=100"))
    assert abs(few - many) <= 1


@pytest.mark.parametrize(
    "query",
    [
        "?state=LOST&kpi=yes&phase=OUT_OF_WARRANTY&since=2020-01-01&until=2030-01-01&before=SWING",
        "?q=wang",
        "?sort=-since",
    ],
)
def test_the_list_of_owners_is_narrowed(signed_in, query):
    assert signed_in("crm").get(f"/care/owners/{query}").status_code == 200


@pytest.mark.parametrize(
    "query", ["?phase=NEW_CAR&due=30&by=TIME&since=2020-01-01", "?due=past", "?q=wang", "?sort=due"]
)
def test_the_list_of_cars_is_narrowed(signed_in, query):
    assert signed_in("crm").get(f"/care/cars/{query}").status_code == 200


def test_an_outlet_of_others_is_no_choice(cast, signed_in):
    assert signed_in("crm").get(f"/care/?outlet={cast.other_outlet_id}").status_code == 404
    assert signed_in("hq").get(f"/care/?outlet={cast.other_outlet_id}").status_code == 200


def test_the_panels_say_why(cast, signed_in, owner):
    client = signed_in("crm")
    text = client.get(f"/care/customer-panel/{owner.pk}/").content.decode()
    assert "Has not come since" in text
    assert "Swing → Lost" in text
    assert "Active" not in text
    assert "Whole network" in signed_in("hq").get(f"/care/customer-panel/{owner.pk}/").content.decode()
    car = CarState.objects.get(vehicle__plate="沪S60101")
    text = client.get(f"/care/vehicle-panel/{car.pk}/").content.decode()
    assert "10,400" in text
    assert "40.0 (30.0 to 50.0)" in text
    assert "Rests on 4 readings" in text


@pytest.mark.parametrize("name", files.names())
def test_every_preset_says_limits_that_hold_together(name):
    found = [part for part in files.read(name) if part.loader.key == "care"]
    assert all(part.data.preset == name for part in found)
    if name in {"base", "toyota", "foton"}:
        assert len(found) == 1


def test_limits_are_versions_and_the_carmakers_go_first(cast):
    (part,) = (part for part in files.read("foton") if part.loader.key == "care")
    assert queries.terms_of(TODAY, "PASSENGER").lost_months == 12
    assert [change.kind for change in presets.compare(part.data)] == ["add"]
    presets.apply(actor=SYSTEM, data=part.data, source="foton/care")
    assert presets.compare(part.data) == []
    held = queries.terms_of(TODAY, "PASSENGER")
    assert (held.source, held.lost_months, held.new_as, held.observe_months) == ("foton", 6, "SWING", None)
    changed = part.data.model_copy(update={"terms": [part.data.terms[0].model_copy(update={"lost_months": 5})]})
    presets.apply(actor=SYSTEM, data=changed, source="foton/care")
    rows = Terms.objects.filter(source="foton").order_by("valid_from")
    assert [(row.lost_months, row.valid_from) for row in rows] == [(6, datetime.date(2000, 1, 1)), (5, TODAY)]


@pytest.mark.parametrize(
    "wrong", [{"lost_months": 13}, {"swing_visits": 4}, {"observe_months": 13}, {"line": "SHIPS"}, {"unknown": 1}]
)
def test_limits_that_contradict_each_other_are_refused(wrong):
    (part,) = (part for part in files.read("base") if part.loader.key == "care")
    with pytest.raises(ValueError, match=r"."):
        presets.TermsEntry(**(part.data.terms[0].model_dump() | wrong))
