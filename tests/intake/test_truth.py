"""The two exports of the shared material, as far as the truth about them goes: every row and every value."""

import pytest
from tests.intake.conftest import Read, rows_of

from guanxi.foundation.columnar import run
from guanxi.intake.services import kinds, normalising, proposing

WHY = {
    "mobile has 10 digits": ("mobile", "phone_length"),
    "no mobile": ("mobile", "empty"),
    "same row again: nothing new is created": ("", "same_row"),
    "purchase date does not exist": ("sold_on", "date_impossible"),
    "VIN check digit does not match": ("vin", "vin_check"),
    "mileage is not a number": ("km", "km_about"),
    "unknown repair category": ("category", "code_unknown"),
    "VIN has 16 characters": ("vin", "vin_length"),
    "VIN holds the letter O, I or Q": ("vin", "vin_letter"),
    "no customer name": ("name", "empty"),
    "no date of entry": ("entered_on", "empty"),
}
ELSEWHERE = "no vehicle with this VIN or plate"  # needs the database


def _normalised(connection, path, name):
    sheet = Read(connection, path, name).sheet
    proposal = proposing.propose(sheet, kinds.kinds())
    counts = normalising.normalise(connection, kinds.kind(proposal.kind_key), proposal.mapping, sheet.header_row)
    return proposal, counts


def _findings(connection, level):
    found = {}
    for row, field, code in run(connection, "SELECT row, field, code FROM findings WHERE level = $1", [level]):
        found.setdefault(row, set()).add((field, code))
    return found


@pytest.fixture
def owners(connection, shared):
    return _normalised(connection, shared("import/owners.xlsx"), "owners.xlsx")


@pytest.fixture
def visits(connection, shared):
    return _normalised(connection, shared("import/visits.csv"), "visits.csv")


def test_the_kinds_and_all_their_columns_are_found(owners):
    proposal, _counts = owners
    assert proposal.kind_key == "owners"
    assert set(proposal.mapping) == {field.key for field in kinds.kind("owners").fields}
    assert proposal.unused == (0,)


def test_every_owner_is_exactly_the_truth(connection, owners, truth):
    expected = truth["owners"]["good"] | truth["owners"]["warn"]
    got = {
        str(row["row"]): {
            "name": row["name"],
            "kind": "company" if row["name_is_company"] else "person",
            "mobile": row["mobile"],
            "vin": row["vin"],
            "plate": row["plate"],
            "sold_on": row["sold_on"] and row["sold_on"].isoformat(),
            "price": row["price"],
            "province": row["province"],
            "city": row["city"],
        }
        for row in rows_of(connection, "clean")
    }
    assert got == {
        row: {key: value for key, value in values.items() if key != "why"} for row, values in expected.items()
    }


def test_every_warning_and_rejection_of_owners_says_why(connection, owners, truth):
    warned = {int(row): {WHY[values["why"]]} for row, values in truth["owners"]["warn"].items()}
    rejected = {int(row): {WHY[why]} for row, why in truth["owners"]["reject"].items()}
    assert _findings(connection, "reject") == rejected
    assert {row: said for row, said in _findings(connection, "warn").items() if row not in rejected} == warned


def test_owners_are_counted_and_the_rest_is_ignored(connection, owners, truth):
    _proposal, counts = owners
    truth = truth["owners"]
    sizes = [len(truth[name]) for name in ("good", "warn", "reject", "ignore")]
    assert [counts.good, counts.warned, counts.rejected, counts.ignored] == sizes
    assert counts.rows == sum(sizes)
    known = {row["row"] for row in rows_of(connection, "clean")} | set(_findings(connection, "reject"))
    below = {row for (row,) in run(connection, "SELECT row FROM raw WHERE row > 3")}
    assert sorted(below - known) == truth["ignore"]


def test_repeated_rows_name_the_first_one(connection, owners, truth):
    again = {row["row"]: row["repeats"] for row in rows_of(connection, "clean") if row["repeats"]}
    same = [int(row) for row, values in truth["owners"]["warn"].items() if values["why"].startswith("same row")]
    assert sorted(again) == same
    assert again[10] == 9


def test_every_visit_is_exactly_the_truth(connection, visits, truth):
    expected = truth["visits"]["good"] | truth["visits"]["warn"]
    later = {order for order, why in truth["visits"]["reject"].items() if why == ELSEWHERE}
    rows = {row["order"]: row for row in rows_of(connection, "clean")}
    assert set(rows) == set(expected) | later
    for order, values in expected.items():
        row = rows[order]
        assert row["category"] == values["category"]
        assert row["entered_on"].isoformat() == values["entered_on"]
        assert [row["km"], row["labour"], row["parts"]] == [values["km"], values["labour"], values["parts"]]
        # a visit without a VIN is led to its car by the plate, which takes the database
        assert row["vin"] == values["vin"] or (row["vin"] is None and row["plate"])


def test_every_warning_and_rejection_of_visits_says_why(connection, visits, truth):
    _proposal, counts = visits
    orders = dict(run(connection, "SELECT row, c0 FROM raw"))
    warned = {order: {WHY[values["why"]]} for order, values in truth["visits"]["warn"].items()}
    rejected = {order: {WHY[why]} for order, why in truth["visits"]["reject"].items() if why != ELSEWHERE}
    assert {orders[row]: said for row, said in _findings(connection, "reject").items()} == rejected
    assert {orders[row]: said for row, said in _findings(connection, "warn").items()} == warned
    later = len(truth["visits"]["reject"]) - len(rejected)
    assert counts.good == len(truth["visits"]["good"]) + later
    assert (counts.warned, counts.rejected, counts.ignored) == (len(warned), len(rejected), 0)


def test_findings_carry_the_cell_and_its_heading(connection, owners):
    found = run(connection, "SELECT heading, original FROM findings WHERE row = 6 AND field = 'mobile'")
    assert found == [("移动电话", "1506028891")]
    assert run(connection, "SELECT field, level, code, original FROM findings WHERE row = 413") == [
        ("", "ignore", "total", "合计")
    ]


def test_further_numbers_and_landlines_are_kept(connection, owners):
    row = next(row for row in rows_of(connection, "clean") if row["row"] == 19)
    assert (row["mobile"], row["mobile_more"]) == ("15045896454", ["15092174451"])
    landlines = run(connection, "SELECT count(telephone_landline), count(telephone) FROM clean")
    assert landlines[0][0] > 60
    assert landlines[0][1] == 0


def test_districts_come_with_their_codes(connection, owners):
    row = next(row for row in rows_of(connection, "clean") if row["row"] == 9)
    assert (row["province_code"], row["city_code"], row["district_code"]) == ("33", "3301", "330106")
    centre = next(row for row in rows_of(connection, "clean") if row["row"] == 8)
    assert (centre["city"], centre["city_code"], centre["district"]) == ("上海市", "3101", "浦东新区")
