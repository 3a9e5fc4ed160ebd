"""The pages of contact rules, without JavaScript, and the API."""

import pytest
from tests import garage
from tests.care.conftest import consent, days
from tests.counting import queries_of

from guanxi.care.models import Rule
from guanxi.care.services import nightly
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM

FORM = {
    "name_zh": "试一试", "name_en": "Try", "anchor": "BIRTHDAY", "months": "0", "opens": "0", "due": "1", "unit": "DAYS",
    "channel": "SMS", "purpose": "CARE", "where": "OUTLET", "role": "follow_up_agent", "priority": "3", "cap": "greeting",
    "coverage": "100", "control": "0", "script": "祝生日快乐 | Happy birthday",
}  # fmt: skip


def current(code):
    db.set_scope(SYSTEM)
    return Rule.objects.get(code=code, until=None)


@pytest.mark.covers("CARE-33")
@pytest.mark.parametrize(("language", "sentence"), [("en", "Delivery of the car"), ("zh-hans", "交车")])
def test_the_list_says_each_rule_as_a_sentence(signed_in, language, sentence):
    page = signed_in("gm", language).get("/care/rules/").content.decode()
    assert page.count("data-row") == Rule.objects.filter(until=None).count()
    assert sentence in page or language != "en"


def test_the_list_costs_the_same_whatever_the_number_of_rules(signed_in, cast):
    client = signed_in("hq")
    few = queries_of(lambda: client.get("/care/rules/"))
    db.set_scope(SYSTEM)
    base = current("birthday")
    for number in range(3):
        values = {
            name: getattr(base, name)
            for name in ("name_zh", "name_en", "anchor", "channel", "role_id", "cap_id", "audience")
        }
        Rule.objects.create(code=f"x_more{number}", since=base.since, made_at=clock.now(), **values)
    assert queries_of(lambda: client.get("/care/rules/")) == few


@pytest.mark.covers("LIFE-17", "CARE-33")
def test_the_page_shows_twelve_months_and_whom_it_finds(signed_in):
    page = signed_in("gm").get(f"/care/rules/{current('insurance_renewal').pk}/").content.decode()
    assert page.count('class="bar"') == 12
    assert "Next twelve months" in page
    assert "Assumed" in page
    past = signed_in("gm").get(f"/care/rules/{current('repair_call').pk}/").content.decode()
    assert "Last twelve months" in past


def test_a_preview_counts_only_where_one_may_see(signed_in):
    def total(name):
        client = signed_in(name)
        context = client.get(f"/care/rules/{current('birthday').pk}/").content.decode()
        return sum(int(part.split("</td>")[0]) for part in context.split('<td class="num">')[1:13])

    assert 0 < total("gm") < total("hq")


def test_the_editor_previews_before_it_saves(signed_in):
    client = signed_in("hq")
    condition = {"fact_0": "age_months", "op_0": "between", "value_0": "12-36"}
    shown = client.post("/care/rules/add/", FORM | condition | {"code": "x_try", "preview": "1"})
    assert shown.status_code == 200
    assert "Age of the car in months: 12 to 36" in shown.content.decode()
    assert not Rule.objects.filter(code="x_try").exists()
    saved = client.post("/care/rules/add/", FORM | condition | {"code": "x_try"})
    assert saved.status_code == 302
    row = current("x_try")
    assert row.audience == [{"fact": "age_months", "op": "between", "values": ["12", "36"]}]
    assert row.script == [{"zh": "祝生日快乐", "en": "Happy birthday"}]


def test_choices_are_written_as_people_say_them(signed_in):
    client = signed_in("hq")
    client.post(
        "/care/rules/add/",
        FORM | {"code": "x_try", "fact_0": "kind", "op_0": "any", "value_0": "Private person, Company"},
    )
    assert current("x_try").audience[0]["values"] == ["PERSON", "COMPANY"]


def test_a_refusal_stands_at_its_field(signed_in):
    answer = signed_in("hq").post("/care/rules/add/", FORM | {"code": "x_try", "opens": "5"})
    assert answer.status_code == 422
    assert "A rule is due after it opens." in answer.content.decode()
    answer = signed_in("hq").post(
        "/care/rules/add/", FORM | {"code": "x_try", "fact_0": "age_months", "op_0": "between", "value_0": "old"}
    )
    assert "This condition cannot be read." in answer.content.decode()


def test_changing_and_switching(signed_in):
    client, row = signed_in("planner"), current("birthday")
    page = client.get(f"/care/rules/{row.pk}/change/").content.decode()
    assert "Private person" in page
    assert client.post(f"/care/rules/{row.pk}/switch/", {"is_on": "no"}).status_code == 302
    assert not current("birthday").is_on
    assert client.post(f"/care/rules/{current('birthday').pk}/change/", FORM | {"due": "2"}).status_code == 302
    assert current("birthday").due == 2


def test_a_manager_sees_no_button_he_may_not_press(signed_in):
    page = signed_in("gm").get(f"/care/rules/{current('birthday').pk}/").content.decode()
    assert f"/care/rules/{current('birthday').pk}/change/" not in page
    assert "/switch/" not in page


@pytest.mark.covers("LIFE-19")
def test_why_not_and_the_panel_of_a_customer(signed_in, cast, acting):
    acting(SYSTEM)
    today = clock.today()
    owner = garage.customer("欧阳试", "13311113333", cast.outlet_id)
    garage.car(owner, 77, insured_until=today + days(60), sold_on=today - days(600))
    consent(owner, cast.outlet_id)
    row = current("insurance_renewal")
    client = signed_in("gm")
    found = client.get(f"/care/rules/{row.pk}/why/?q=13311113333").content.decode()
    assert f"?customer={owner.pk}" in found
    why = client.get(f"/care/rules/{row.pk}/why/?customer={owner.pk}").content.decode()
    assert "End of the insurance" in why
    panel = client.get(f"/care/rules/planned/{owner.pk}/").content.decode()
    assert "Insurance-renewal reminder" in panel
    assert "No consent" in panel  # the festivals go by WeChat, which nobody agreed to
    db.set_scope(SYSTEM)
    Rule.objects.filter(code="insurance_renewal").update(since=today - days(90))
    nightly.make_tasks(actor=SYSTEM, day=today + days(30), at=clock.now())
    again = client.get(f"/care/rules/planned/{owner.pk}/").content.decode()
    assert "Task written" in again
    stranger = signed_in("stranger").get(f"/care/rules/planned/{owner.pk}/").content.decode()
    assert "Insurance-renewal reminder" not in stranger
