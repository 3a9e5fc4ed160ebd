"""The small world of the tests, looked at: what later figures are made of is plausible, and the few defects are meant."""

import re

import pytest
from tests import database

from guanxi.config.demo.world import lists
from guanxi.config.demo.world.loading import RUN
from guanxi.customers.models import Customer
from guanxi.foundation import clock, readings, sealing
from guanxi.vehicles.models import Vehicle
from guanxi.workshop.models import Visit

WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
LETTERS = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), 1, 2, 3, 4, 5, 7, 9, *range(2, 10)), strict=True))
OFFICE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]"
SERIAL = r"(?=(?:[^A-Z]*[A-Z]){0,2}[^A-Z]*$)[A-HJ-NP-Z0-9]{5}"  # GA 36: two letters at most
GREEN = "[A-HJK][A-HJ-NP-Z0-9][0-9]{4}"


def _one(rows):
    return rows[0][0]


def _none(ask, condition):
    """Assert that a statement finds nothing."""
    assert ask(condition) == []


@pytest.mark.covers("SYS-21")
def test_there_are_as_many_as_asked_and_the_cast_sees_life(ask):
    assert _one(ask("SELECT count(*) FROM customers_customer WHERE run_id = %s", RUN)) == database.CUSTOMERS
    home = "FROM {} t JOIN network_node n ON n.id = t.outlet_id WHERE n.code = 'YLHD001'"
    assert _one(ask(f"SELECT count(*) {home}".format("customers_relation"))) >= 40
    assert _one(ask(f"SELECT count(*) {home}".format("workshop_visit"))) >= 200
    assert _one(ask(f"SELECT count(*) {home}".format("vehicles_sale"))) >= 30
    kinds = dict(ask("SELECT category, count(*) FROM customers_relation WHERE ended_on IS NULL GROUP BY 1"))
    assert set(kinds) == {"OWNER", "POTENTIAL", "BASE", "LOST"}
    assert 0.13 <= kinds["POTENTIAL"] / database.CUSTOMERS <= 0.2
    share = _one(ask("SELECT avg((kind = 'COMPANY')::int)::float FROM customers_customer"))
    assert 0.14 <= share <= 0.22
    cars = _one(ask("SELECT count(*) FROM vehicles_vehicle"))
    assert 5 <= _one(ask("SELECT count(*) FROM workshop_visit")) / cars <= 6.5


def test_each_of_the_cast_sees_the_own_part_of_it(acting, cast):
    acting(cast.advisor)
    here = {customer.pk for customer in Customer.objects.all()}
    assert 40 <= len(here) < database.CUSTOMERS / 2
    assert set(Visit.objects.values_list("outlet_id", flat=True)) == {cast.outlet_id}
    assert Vehicle.objects.count() > 20
    acting(cast.stranger)
    there = {customer.pk for customer in Customer.objects.all()}
    assert len(there) >= 15
    assert not here & there
    acting(cast.branch)
    assert here < {customer.pk for customer in Customer.objects.all()}


def test_every_vin_has_its_check_digit_and_every_plate_its_form(ask):
    for vin, plate, powertrain in ask(
        "SELECT v.vin, v.plate, m.powertrain FROM vehicles_vehicle v JOIN vehicles_trim t ON t.id = v.trim_id"
        " JOIN vehicles_carmodel m ON m.id = t.model_id"
    ):
        rest = sum((LETTERS.get(sign) or int(sign)) * weight for sign, weight in zip(vin, WEIGHTS, strict=True)) % 11
        assert vin[8] == "0123456789X"[rest], vin
        form = f"{OFFICE}{GREEN}" if powertrain in {"ELECTRIC", "PLUG_IN"} else f"{OFFICE}{SERIAL}"
        assert not plate or re.fullmatch(form, plate), plate
    _none(ask, "SELECT number FROM vehicles_plate GROUP BY 1 HAVING count(*) > 1")
    _none(
        ask,
        "SELECT v.id FROM vehicles_vehicle v LEFT JOIN vehicles_plate p ON p.vehicle_id = v.id AND p.until IS NULL"
        " WHERE v.plate <> coalesce(p.number, '')",
    )
    assert len({plate[:2] for (plate,) in ask("SELECT plate FROM vehicles_vehicle WHERE plate <> ''")}) > 10


def test_names_are_spelt_and_numbers_are_in_use(ask):
    found = ask("SELECT name, reading, initials FROM customers_customer")
    assert [(name, spelt) for name, *spelt in found if tuple(spelt) != readings.spell(name)] == []
    assert len({name for name, *_ in found}) > 400
    prefixes = set(lists.read("words")["words"]["prefix"].split())
    junk = set(lists.read("words")["words"]["junk_phone"].split())
    numbers = [value for (value,) in ask("SELECT value FROM customers_contactpoint WHERE channel = 'MOBILE'")]
    assert [n for n in numbers if n not in junk and (n[:3] not in prefixes or not re.fullmatch(r"\d{11}", n))] == []
    landlines = [value for (value,) in ask("SELECT value FROM customers_contactpoint WHERE channel = 'LANDLINE'")]
    assert len(landlines) > 20
    assert [value for value in landlines if not re.fullmatch(r"0\d{2,3}-[2-8]\d{6,7}", value)] == []


def test_identity_numbers_are_sealed_and_check(ask):
    rows = ask(
        "SELECT identity_kind, identity_sealed, identity_digest, identity_tail, born_on, gender FROM customers_customer"
        " WHERE identity_digest IS NOT NULL"
    )
    assert {kind for kind, *_ in rows} == {"ID_CARD", "CREDIT_CODE"}
    for kind, sealed, digest, tail, born, gender in rows:
        number = sealing.open_sealed(sealed)
        assert (sealing.digest(number), number[-4:]) == (bytes(digest), tail)
        if kind == "CREDIT_CODE":
            signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
            assert number[17] == signs[-sum(signs.index(s) * 3**at % 31 for at, s in enumerate(number[:17])) % 31]
        else:
            assert number[17] == "10X98765432"[sum(int(s) * 2 ** (17 - at) for at, s in enumerate(number[:17])) % 11]
            assert born is None or number[6:14] == f"{born:%Y%m%d}"
            assert not gender or (int(number[16]) % 2 == 1) == (gender == "M")


def test_ages_and_addresses_are_plausible(ask):
    today = clock.today()
    for (born,) in ask("SELECT born_on FROM customers_customer WHERE born_on IS NOT NULL"):
        assert 17 <= (today - born).days / 365.25 <= 75
    _none(
        ask,
        "SELECT a.id FROM customers_address a JOIN customers_relation r ON r.customer_id = a.customer_id AND r.ended_on IS NULL"
        " JOIN network_outletprofile p ON p.node_id = r.outlet_id GROUP BY a.id, a.province"
        " HAVING NOT bool_or(p.province = a.province)",
    )
    assert _one(ask("SELECT avg((district <> '')::int)::float FROM customers_address")) == 1


def test_consultants_and_advisors_work_at_the_outlet(ask):
    _none(
        ask,
        "SELECT r.id FROM customers_relation r WHERE consultant_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
        " access_membership m WHERE m.user_id = r.consultant_id AND m.node_id = r.outlet_id AND m.role_id = 'sales_consultant')",
    )
    _none(
        ask,
        "SELECT v.id FROM workshop_visit v WHERE NOT EXISTS (SELECT 1 FROM access_membership m JOIN access_user u"
        " ON u.id = m.user_id WHERE m.node_id = v.outlet_id AND u.name = v.advisor_name)",
    )
    assert _one(ask("SELECT count(DISTINCT source) FROM customers_relation WHERE source <> ''")) > 8
    _none(
        ask,
        "SELECT source FROM customers_relation WHERE source <> '' AND source NOT IN (SELECT c.code FROM codelists_code c"
        " JOIN codelists_codelist l ON l.id = c.list_id WHERE l.code = 'lead_sources')",
    )


def test_people_belong_together(ask):
    ties = dict(ask("SELECT tie, count(*) FROM customers_association GROUP BY 1"))
    assert set(ties) == {"HOUSEHOLD", "CONTACT", "REFERRER"}
    _none(
        ask,
        "SELECT a.id FROM customers_association a JOIN customers_customer c ON c.id = a.customer_id"
        " JOIN customers_customer o ON o.id = a.other_id WHERE tie = 'CONTACT' AND (c.kind, o.kind) <> ('COMPANY', 'PERSON')",
    )
    two = _one(
        ask(
            "SELECT count(*) FROM (SELECT 1 FROM customers_relation WHERE ended_on IS NULL GROUP BY customer_id HAVING count(*) > 1) t"
        )
    )
    assert 0.02 <= two / database.CUSTOMERS <= 0.09


def test_consent_is_given_by_most_and_withdrawn_by_some(ask):
    standing = dict(ask("SELECT standing, count(*) FROM privacy_consent GROUP BY 1"))
    assert standing["GIVEN"] > standing["REFUSED"] > standing["WITHDRAWN"] > 0
    _none(ask, "SELECT 1 FROM privacy_consent WHERE text_id IS NULL OR given_at > now() OR withdrawn_at < given_at")


def test_the_defects_that_are_meant_are_there(ask):
    doubts = {doubt for (doubt,) in ask("SELECT DISTINCT unnest(doubts) FROM customers_quality")}
    assert doubts >= {"NO_PHONE", "JUNK_PHONE", "NO_ADDRESS", "NO_BIRTHDAY", "SHARED_PHONE", "UNPROVEN", "STALE"}
    assert _one(ask("SELECT count(*) FROM customers_quality")) == database.CUSTOMERS
    assert 70 <= _one(ask("SELECT avg(score)::float FROM customers_quality")) <= 92
    assert _one(ask("SELECT count(*) FROM customers_outletquality")) > 20
    states = {state for (state,) in ask("SELECT DISTINCT state FROM customers_contactpoint")}
    assert states == {"VALID", "WRONG", "UNREACHABLE", "DO_NOT_CONTACT"}
    same = "SELECT value FROM customers_contactpoint WHERE channel = 'MOBILE' GROUP BY 1 HAVING count(*) = 2"
    assert len(ask(same)) >= 2


def test_everybody_is_found_by_name_number_and_car(ask):
    words = dict(ask("SELECT left(token, 1), count(DISTINCT customer_id) FROM customers_token GROUP BY 1"))
    assert words["n"] == words["r"] == words["i"] == database.CUSTOMERS
    assert words["t"] > 0.9 * database.CUSTOMERS
    assert words["v"] == _one(ask("SELECT count(DISTINCT customer_id) FROM vehicles_participant WHERE until IS NULL"))


def test_nothing_of_it_lies_in_the_future(ask):
    for table, column in (
        ("customers_customer", "touched_at"), ("customers_customer", "created_at"), ("customers_contactpoint", "proven_at"),
        ("customers_note", "at"), ("workshop_visit", "touched_at"), ("vehicles_vehicle", "touched_at"),
    ):  # fmt: skip
        _none(ask, f"SELECT 1 FROM {table} WHERE {column} > now()")
    _none(ask, "SELECT 1 FROM customers_customer WHERE touched_at < created_at OR verified_at < created_at")
    _none(ask, "SELECT 1 FROM customers_relation WHERE since > CURRENT_DATE + 1")
