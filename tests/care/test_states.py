"""Who sees which states, the pages and their numbers, the panels, the API, the presets."""

import datetime
import tomllib

import pytest
from django.utils import translation
from pydantic import ValidationError
from tests import garage
from tests.apicalls import caller
from tests.counting import queries_of

from guanxi.care.models import CarState, OwnerState, StateChange, StateCount, Terms, TierTerms
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


@pytest.mark.covers("CLASS-36")
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_tiers_are_counted_listed_and_explained(signed_in, owner, cast, language):
    OwnerState.objects.filter(customer=owner, outlet=cast.outlet_id).update(
        tier="GOLD", tier_before="SILVER", tier_since=TODAY, paid=8200
    )
    client = signed_in("crm", language)
    text = client.get("/care/").content.decode()
    start = text.index("/care/owners/?tier=GOLD")
    shown = int(text[start:].split(">", 1)[1].split("<", 1)[0].replace(",", ""))
    listed = client.get("/care/owners/?tier=GOLD&export=csv").content.decode("utf-8-sig").splitlines()
    assert shown == len(listed) - 2 >= 1
    assert any("秦双" in line and "8200" in line for line in listed)
    panel = client.get(f"/care/customer-panel/{owner.pk}/").content.decode()
    words = (
        ("Gold card", "paid 8,200 yuan", "before: Silver card") if language == "en" else ("金卡", "8,200", "此前：银卡")
    )
    assert all(word in panel for word in words)


@pytest.mark.covers("CLASS-36")
def test_the_api_tells_the_tier_and_filters_by_it(owner, cast):
    OwnerState.objects.filter(customer=owner, outlet=cast.outlet_id).update(tier="VIP", paid=99_000)
    client = caller(cast.crm)
    found = client.get(f"/api/v1/care/owner-states?customer_id={owner.pk}&tier=VIP").json()["items"]
    assert [(row["tier"], row["paid"], row["outlet_id"]) for row in found] == [("VIP", 99_000, cast.outlet_id)]
    assert client.get(f"/api/v1/care/owner-states?customer_id={owner.pk}&tier=GOLD").json()["items"] == []


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ('[[tier]]\ntier = "GOLD"\n', "share or an amount"),
        ('[[tier]]\ntier = "GOLD"\npercent = 9\namount = 9\n', "share or an amount"),
        ('[[tier]]\ntier = "GOLD"\npercent = 9\n[[tier]]\ntier = "GOLD"\npercent = 8\n', "named twice"),
        ('[[tier]]\ntier = "GOLD"\npercent = 9\n[[tier]]\ntier = "VIP"\npercent = 9\n', "takes more"),
        ('[[tier]]\ntier = "GOLD"\namount = 9\n[[tier]]\ntier = "VIP"\namount = 8\n', "takes more"),
    ],
)
def test_tiers_that_contradict_each_other_are_refused(rows, reason):
    data = tomllib.loads(f'preset = "x"\nvalid_from = 2026-01-01\nterms = []\n{rows}')
    with translation.override("en"), pytest.raises(ValidationError, match=reason):
        presets.CarePreset(**data)


def test_other_tiers_of_a_preset_hold_from_today_and_the_same_again_change_nothing(cast):
    data = tomllib.loads(
        'preset = "brand"\nvalid_from = 2026-01-01\nterms = []\n[[tier]]\ntier = "GOLD"\npercent = 9\n'
    )
    first = presets.CarePreset(**data)
    assert [change.subject for change in presets.apply(actor=SYSTEM, data=first, source="brand")] == ["brand GOLD"]
    assert presets.apply(actor=SYSTEM, data=first, source="brand") == []
    data["tier"][0]["percent"] = 8
    presets.apply(actor=SYSTEM, data=presets.CarePreset(**data), source="brand")
    rows = TierTerms.objects.filter(source="brand").order_by("valid_from")
    assert [(row.percent, row.valid_from) for row in rows] == [(9, datetime.date(2026, 1, 1)), (8, TODAY)]
