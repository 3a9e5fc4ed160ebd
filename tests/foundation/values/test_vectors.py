"""The rules for single values against published vectors and standards' own examples."""

import csv
import json
import os
import pathlib
from decimal import Decimal

import pytest

from guanxi.foundation.values import identity, money, phones, plates, vins
from guanxi.foundation.values.flaws import Flaw

ROOT = pathlib.Path(__file__).parents[3]
SHARED = pathlib.Path(os.environ.get("GUANXI_SHARED", ROOT.parent / "shared"))


@pytest.fixture
def reference():
    """A function that opens a file of the reference material."""

    def load(name):
        path = SHARED / "data" / "reference" / name
        if not path.exists():
            pytest.skip("the shared material is not here")
        return path.read_text(encoding="utf-8-sig")

    return load


def test_vins(reference):
    for vector in json.loads(reference("vin_vectors.json")):
        vin = vector["vin"]
        assert vins.well_formed(vin) == vector["charset_ok"], vector
        if vector["charset_ok"]:
            assert vins.check_digit(vin) == vector["check_digit_expected"]
            # a wrong check digit is said and never blocks
            assert vins.clean(vin) == (vin, Flaw.NONE if vector["check_digit_ok"] else Flaw.VIN_CHECK)


def test_world_manufacturer_identifiers(reference):
    for row in csv.DictReader(reference("wmi_china.csv").splitlines()):
        vin = row["wmi"].ljust(vins.LENGTH, "0")
        assert vins.clean(vin).value == vin


def test_plates(reference):
    for vector in json.loads(reference("cn_plate_vectors.json")):
        if vector["valid"] is not None:
            assert (plates.clean(vector["plate"]).value is not None) == vector["valid"], vector


def test_identity_numbers(reference):
    # the strict form also asks when an area code was given out; ours does not (a past code stays good)
    vectors = [vector for vector in json.loads(reference("cn_id_number_vectors.json")) if not vector["strict"]]
    for vector in vectors:
        assert (identity.clean(vector["id"]).value is not None) == vector["valid"], vector
    said = {vector["note"]: identity.clean(vector["id"]).flaw for vector in vectors if not vector["valid"]}
    assert said["验证码不合法"] == Flaw.ID_CHECK
    assert said["号码位数不合法"] == Flaw.ID_FORM
    assert said["地址码不合法"] == Flaw.ID_AREA
    assert said["出生日期码不合法"] == Flaw.ID_BIRTH


def test_mobile_prefixes(reference):
    for row in csv.DictReader(reference("cn_mobile_prefixes_2023-12.csv").splitlines()):
        number = f"{row['prefix3']}12345678"
        assert phones.clean(number).value == phones.Phones(number, None, ())


def test_money(reference):
    vectors = json.loads(reference("cn_money_parse_jionlp.json"))
    assert len(vectors) > 50
    for text, answer in vectors:
        value, flaw = money.clean(text)
        if answer["case"] != "元":
            assert (value, flaw) == (None, Flaw.MONEY_FOREIGN), text
        elif isinstance(answer["num"], list):
            assert (value, flaw) == (None, Flaw.MONEY_RANGE), text
        else:
            exact = answer["definition"] == "accurate"
            assert (value, flaw) == (Decimal(answer["num"]), Flaw.NONE if exact else Flaw.MONEY_ABOUT), text


def test_the_standards_own_examples():
    assert identity.check_digit("11010519491231002") == "X"  # GB 11643-1999
    assert identity.credit_check("91350100M000100Y4") == "3"  # GB 32100-2015
    assert vins.check_digit("1M8GDM9A_KP042788".replace("_", "0")) == "X"  # 49 CFR 565
