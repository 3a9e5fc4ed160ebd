"""Each schedule of the presets against the numbers of the requirements."""

import pytest

from guanxi.care.models import CapGroup, NamedDay, Rule
from guanxi.care.presets.playbooks import LOADER
from guanxi.care.queries import facts, wording
from guanxi.foundation import presets
from guanxi.foundation.actor import SYSTEM

CARMAKERS = ["dexi", "faw_vw", "foton", "svw_dealer", "toyota"]
NODES = [
    "day3", "day7", "month1", "new_mandatory", "new_routine", "new_warranty", "new_body", "in_routine", "in_warranty",
    "in_body", "out_routine", "out_repair", "out_body",
]  # fmt: skip


def part(name):
    return next(part for part in presets.read(name) if part.loader.key == "playbooks")


def rules(name):
    return {entry.code: entry for entry in part(name).data.rule}


def timing(entry):
    return (entry.anchor, entry.months, entry.opens, entry.due, entry.unit)


@pytest.mark.covers("CARE-18")
def test_the_first_letter_within_24_hours():
    entry = rules("base")["thank_you_letter"]
    assert timing(entry) == ("DELIVERY", 0, 0, 24, "HOURS")
    assert entry.channel == "LETTER"


@pytest.mark.covers("CARE-19")
def test_the_letter_of_the_general_manager_within_three_days():
    entry = rules("base")["gm_letter"]
    assert (entry.anchor, entry.due, entry.unit, entry.channel) == ("DELIVERY", 3, "DAYS", "LETTER")


@pytest.mark.covers("CARE-11")
def test_the_call_centre_reminds_new_customers_of_the_mandatory_maintenance_by_sms():
    entry = rules("foton")["centre_mandatory_policy"]
    assert timing(entry) == ("DELIVERY", 0, 10, 20, "DAYS")
    assert (entry.channel, entry.where, entry.purpose) == ("SMS", "CALL_CENTRE", "SERVICE")
    assert entry.name_zh == "强保政策提醒"


@pytest.mark.covers("CARE-20")
def test_the_call_of_the_sales_manager_within_24_hours_with_six_contents():
    entry = rules("base")["manager_call"]
    assert timing(entry) == ("DELIVERY", 0, 0, 24, "HOURS")
    assert (entry.role, entry.channel, len(entry.script)) == ("sales_manager", "PHONE", 6)


@pytest.mark.covers("CARE-21", "CARE-22")
@pytest.mark.parametrize("name", ["base", "dexi"])
def test_the_call_of_the_consultant_within_seven_days(name):
    entry = rules(name)["consultant_call"]
    assert (entry.anchor, entry.due, entry.unit, entry.role) == ("DELIVERY", 7, "DAYS", "sales_consultant")
    assert entry.is_consultants
    assert len(entry.script) == 4


@pytest.mark.covers("CARE-23", "CARE-24")
def test_regular_contact_is_monthly_or_every_two_months():
    base, dexi = rules("base"), rules("dexi")["regular_contact"]
    early, later = base["monthly_contact"], base["regular_contact"]
    assert (early.every, early.first_month, early.last_month) == (1, 1, 3)
    assert (later.every, later.first_month) == (2, 5)
    assert (dexi.every, dexi.first_month) == (1, 1)
    assert "monthly_contact" in part("dexi").data.off


@pytest.mark.covers("LIFE-17", "CARE-06")
def test_the_end_of_the_warranty_is_said_180_days_before():
    assert rules("base")["warranty_end"].opens == -180


@pytest.mark.covers("FUP-01", "FUP-11", "FUP-13", "FUP-14", "FUP-15", "FUP-20")
def test_the_matrix_of_slide_71():
    found = rules("foton")
    outlet = {code.removeprefix("outlet_"): entry for code, entry in found.items() if code.startswith("outlet_")}
    assert list(outlet) == NODES
    assert {(entry.coverage, entry.where) for entry in outlet.values()} == {(100, "OUTLET")}
    centre = {code: entry for code, entry in found.items() if entry.coverage < 100}
    assert {code.removeprefix("centre_") for code in centre} == {
        "day7", "new_mandatory", "new_warranty", "in_warranty", "out_repair",
    }  # fmt: skip
    assert {(entry.coverage, entry.where) for entry in centre.values()} == {(40, "CALL_CENTRE")}
    assert all("AMB-07" in entry.assumed_zh and entry.assumed_en for entry in centre.values())
    assert len(outlet) + len(centre) == 18  # the stars of the slide
    assert [(outlet[node].months, outlet[node].opens) for node in ("day3", "day7", "month1")] == [
        (0, 3),
        (0, 7),
        (1, 0),
    ]
    assert {outlet[node].anchor for node in ("day3", "day7", "month1")} == {"DELIVERY"}
    assert (outlet["new_mandatory"].anchor, outlet["new_mandatory"].of) == ("VISIT", ["FIRST_MAINTENANCE"])
    phases = {node: entry.phase for node, entry in outlet.items() if entry.anchor == "VISIT"}
    prefixes = {"new": "NEW_CAR", "in": "IN_WARRANTY", "out": "OUT_OF_WARRANTY"}
    assert phases == {node: prefixes[node.partition("_")[0]] for node in NODES[3:]}


@pytest.mark.covers("CARE-02")
def test_two_calls_lie_two_days_apart(cast):
    assert CapGroup.objects.get(pk="call").days == 2


@pytest.mark.covers("CARE-29")
def test_the_dealer_sends_a_message_and_a_card_for_the_birthday():
    found = rules("svw_dealer")
    assert (found["birthday"].channel, found["birthday"].opens, found["birthday"].due) == ("SMS", 0, 0)
    assert found["birthday_card"].channel == "LETTER"


@pytest.mark.covers("CARE-07", "CARE-12", "CARE-28")
def test_the_days_are_those_of_the_almanac(cast):
    import json

    from tests.worklist.conftest import SHARED

    path = SHARED / "data" / "calendar" / "solar_terms_and_festivals_2000_2035.json"
    if not path.exists():
        pytest.skip("the shared material is not here")
    known = json.loads(path.read_text())
    terms = {
        day.isoformat(): name for day, name in NamedDay.objects.filter(kind="SOLAR_TERM").values_list("day", "name_zh")
    }
    assert len(terms) == 24 * 12
    assert terms == {day: known["solar_terms_2000_2035"][day] for day in terms}
    springs = {row.day.isoformat() for row in NamedDay.objects.filter(code="SPRING")}
    assert springs == {known["festivals_2000_2035"][str(year)]["春节"] for year in range(2024, 2036)}


@pytest.mark.parametrize("name", ["base", *CARMAKERS])
def test_a_preset_applied_twice_changes_nothing_and_reads_as_sentences(cast, name):
    found = part(name)
    LOADER.apply(actor=SYSTEM, data=found.data, source=f"{name}/playbooks")
    assert LOADER.compare(found.data) == []
    for row in Rule.objects.filter(source=name, until=None).select_related("role"):
        assert row.name_zh
        assert row.name_en
        assert wording.sentence(row)
        assert all(item["fact"] in facts.FACTS for item in row.audience)


def test_what_a_carmaker_replaces_is_off_and_its_history_stays(cast):
    found = part("foton")
    LOADER.apply(actor=SYSTEM, data=found.data, source="foton/playbooks")
    assert not Rule.objects.get(code="manager_call", until=None).is_on
    assert Rule.objects.get(code="birthday", until=None).is_on


def test_an_assumption_says_why():
    for name in ["base", *CARMAKERS]:
        for entry in part(name).data.rule:
            assert bool(entry.assumed_zh) == bool(entry.assumed_en)


@pytest.mark.covers("CARE-36", "LIFE-13")
@pytest.mark.parametrize(
    ("usual", "upgraded", "channels", "role"),
    [
        ("birthday", "birthday_visit", ("WECHAT", "VISIT"), "customer_representative"),
        ("season_change", "season_check", ("WECHAT", "PHONE"), "service_advisor"),
        ("swing_call", "swing_manager_call", ("PHONE", "PHONE"), "service_manager"),
        ("warranty_end", "warranty_end_visit", ("PHONE", "VISIT"), "service_manager"),
    ],
)
def test_care_of_the_highest_tiers_is_upgraded_in_each_stage(usual, upgraded, channels, role):
    found = rules("base")
    first, second = found[usual], found[upgraded]
    assert (first.anchor, first.of) == (second.anchor, second.of)
    assert (first.channel, second.channel, second.role) == (*channels, role)
    tiers = [
        (condition.op, condition.values)
        for entry in (first, second)
        for condition in entry.audience
        if condition.fact == "tier"
    ]
    assert tiers == [("none", ["DIAMOND", "VIP"]), ("any", ["DIAMOND", "VIP"])]
    assert second.assumed_zh
    assert second.assumed_en
