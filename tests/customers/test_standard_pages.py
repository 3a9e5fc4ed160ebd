"""The pages of the standard, the entry form that follows it, and its API."""

import datetime
import re

import pytest
from django.urls import reverse
from tests.apicalls import caller
from tests.counting import queries_of

from guanxi.customers import policy, queries
from guanxi.customers.forms.standard import StandardForm
from guanxi.customers.models import Customer, Quality, Standard
from guanxi.customers.policy import Ask
from guanxi.customers.services import standards
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM

pytestmark = pytest.mark.django_db
PAGE, PUBLISH, ADD = (reverse(f"customers:{name}") for name in ("standard", "publish-standard", "add-customer"))
ROOT = "/api/v1/customers"
JSON = "application/json"
NUMBERS = {
    "complete": 100, "valid": 0, "fresh": 0, "unique": 0, "proven": 0, "fresh_days": 100, "stale_days": 200,
}  # fmt: skip
JOB = Ask("PERSON", "OCCUPATION", "REQUIRED", 20)
LATE = Ask("PERSON", "HOBBIES", "REQUIRED", 20, "OWNER")
OF_COMPANIES = Ask("COMPANY", "INDUSTRY", "REQUIRED", 20)
WISH = Ask("PERSON", "EMAIL", "EXPECTED", 20)


@pytest.fixture
def publish(cast, acting):
    def new(*asks, days=0):
        day = clock.today() + datetime.timedelta(days=days)
        rules = policy.Rules(NUMBERS, asks)
        return standards.publish_standard(actor=acting(cast.hq), rules=rules, valid_from=day, at=clock.now())

    return new


def typed(asks=(), **changes):
    """Return what a browser sends that changed some inputs of the form that starts from the newest version."""
    form = StandardForm(None, rules=queries.rules(Standard.objects.order_by("-valid_from").first()), initial={})
    sent = {name: form.get_initial_for_field(field, name) or 0 for name, field in form.fields.items()}
    for ask in asks:
        key = f"{ask.kind}_{ask.field}"
        sent |= {key: ask.binding, f"{key}_weight": ask.weight, f"{key}_from": ask.applies_from}
    return sent | {"note": "新", "valid_from": clock.today() + datetime.timedelta(days=3)} | changes


@pytest.mark.covers("INFO-15")
@pytest.mark.parametrize(("language", "word"), [("en", "Required at entry"), ("zh-hans", "标准")])
def test_everybody_who_sees_customers_reads_what_must_be_asked(signed_in, language, word):
    client = signed_in("sales", language)
    answer = client.get(PAGE)
    text = answer.content.decode()
    assert (answer.status_code, word in text or language != "en") == (200, True)
    assert PUBLISH not in text
    assert client.get(PUBLISH).status_code == 403
    assert signed_in("technician").get(PAGE).status_code == 403


@pytest.mark.covers("INFO-15")
def test_headquarters_publishes_and_sees_what_is_new(signed_in, acting):
    client = signed_in("hq")
    assert PUBLISH in client.get(PAGE).content.decode()
    assert client.get(PUBLISH).status_code == 200
    acting(SYSTEM)
    sent = typed([JOB, LATE], complete=10, valid=45)
    answer = client.post(PUBLISH, sent)
    acting(SYSTEM)
    made = Standard.objects.get(valid_from=sent["valid_from"])
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}?version={made.pk}")
    text = client.get(answer["Location"]).content.decode()
    rows = re.findall(r"<del>(.*?)</del>.*?<ins>(.*?)</ins>", text)
    assert rows == [
        ("30", "10"), ("25", "45"), ("Optional", "Required at entry, 20"),
        ("Optional", "Required at entry, 20, from “Retained customer” on"),
    ]  # fmt: skip
    assert "it is not the one of today" in text
    first = Standard.objects.order_by("valid_from").first()
    assert "<del>" not in client.get(f"{PAGE}?version={first.pk}").content.decode()
    for wrong in ("0", "x", "9" * 30):
        assert client.get(f"{PAGE}?version={wrong}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"complete": 99}, "must sum up to 100"),
        ({"valid_from": "2020-01-01"}, "A version begins today or later"),
        ({"PERSON_HOBBIES_weight": 5}, "that of an optional field 0"),
        ({"PERSON_HOBBIES": "MAYBE"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(signed_in, acting, changes, sentence):
    client = signed_in("hq")
    acting(SYSTEM)
    answer = client.post(PUBLISH, typed(**changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    acting(SYSTEM)
    assert Standard.objects.count() == 1


def sent_by(cast, **more):
    return {"name": "王小明", "mobile": "138 1234 5678", "category": "POTENTIAL", "outlet": cast.outlet_id, **more}


@pytest.mark.covers("INFO-15")
@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "The standard of customer information asks for this."), ("zh-hans", "")]
)
def test_the_form_marks_what_is_required_and_refuses_without_it(publish, signed_in, cast, acting, language, sentence):
    publish(Ask("PERSON", "PHONE", "REQUIRED", 5), JOB, LATE, OF_COMPANIES, WISH)
    client = signed_in("crm", language)
    text = client.get(ADD).content.decode()
    assert re.search(r'<label for="id_occupation">[^<]*<span class="need"', text)
    assert not re.search(r'<label for="id_(hobbies|industry|email)">[^<]*<span class="need"', text)
    answer = client.post(ADD, sent_by(cast))
    assert answer.status_code == 422
    at_field = re.search(r'id="id_occupation_error".*?</p>', answer.content.decode(), re.DOTALL)
    assert at_field
    assert sentence in at_field[0]
    acting(SYSTEM)
    assert not Customer.objects.filter(name="王小明").exists()
    assert client.post(ADD, sent_by(cast, occupation="教师")).status_code == 302
    acting(SYSTEM)
    assert Customer.objects.get(name="王小明").occupation == "教师"


def test_the_form_says_of_whom_and_from_when_on(publish, signed_in):
    publish(JOB, LATE, OF_COMPANIES, WISH)
    text = signed_in("crm").get(ADD).content.decode()
    assert re.search(r'id="id_hobbies_help">Required from “Retained customer” on\.', text)
    assert re.search(r'id="id_industry_help">Required: Company\.', text)
    assert re.search(r'id="id_email_help">Expected\.', text)
    folded = text[text.index('<details class="full ledger">') :]
    assert "id_wechat" in folded
    assert "id_email" not in folded


def test_the_form_refuses_by_category_kind_and_part(publish, signed_in, cast):
    publish(
        Ask("PERSON", "PHONE", "REQUIRED", 5), LATE, OF_COMPANIES, Ask("PERSON", "ADDRESS", "REQUIRED", 5)
    )  # fmt: skip
    client = signed_in("crm")

    def wrong(**more):
        found = re.findall(r'id="id_(\w+)_error"', client.post(ADD, sent_by(cast, **more)).content.decode())
        return set(found)

    assert wrong() == {"city"}
    assert wrong(line="云岭路 1 号", mobile="") == {"mobile"}
    assert wrong(city="上海", category="OWNER") == {"hobbies"}
    assert wrong(city="上海", mobile="1") == {"mobile"}
    assert wrong(name="云顶物流有限公司") == {"industry"}
    assert wrong(city="上海") == set()


@pytest.mark.covers("SYS-22")
def test_the_api_reads_and_publishes(cast, acting):
    hq, sales = caller(cast.hq), caller(cast.sales)
    day = str(clock.today() + datetime.timedelta(days=2))
    body = {**NUMBERS, "valid_from": day, "note": "新", "fields": [
        {"kind": "PERSON", "field": "OCCUPATION", "binding": "REQUIRED", "weight": 20},
    ]}  # fmt: skip
    assert sales.post(f"{ROOT}/standard", body, JSON).status_code == 403
    key = {"Idempotency-Key": "once"}
    made = hq.post(f"{ROOT}/standard", body, JSON, headers=key)
    assert made.status_code == 201, made.content
    assert hq.post(f"{ROOT}/standard", body, JSON, headers=key).json() == made.json()
    assert sales.get(f"{ROOT}/standard").json()["source"] == "base"
    found = sales.get(f"{ROOT}/standard", {"on": day}).json()
    assert (found["complete"], found["note"]) == (100, "新")
    assert {
        "kind": "PERSON",
        "field": "OCCUPATION",
        "binding": "REQUIRED",
        "weight": 20,
        "applies_from": "POTENTIAL",
    } in (found["fields"])
    assert [version["valid_from"] for version in sales.get(f"{ROOT}/standard/versions").json()] == [day, "2000-01-01"]
    assert sales.get(f"{ROOT}/standard", {"on": "1999-12-31"}).status_code == 404
    wrong = hq.post(f"{ROOT}/standard", {**body, "complete": 99}, JSON)
    assert (wrong.status_code, wrong["Content-Type"]) == (422, "application/problem+json")
    assert wrong.json()["errors"][0]["field"] == "complete"
    acting(SYSTEM)
    assert Standard.objects.filter(valid_from=day).count() == 1


@pytest.mark.covers("INFO-15")
def test_the_api_refuses_what_the_page_refuses(publish, cast, acting):
    publish(JOB, Ask("PERSON", "WECHAT", "REQUIRED", 5))
    client = caller(cast.admin)
    new = {"outlet_id": cast.outlet_id, "name": "王小明", "mobile": "13812345678"}
    answer = client.post(ROOT, new, JSON)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert [error["field"] for error in answer.json()["errors"]] == ["wechat", "occupation"]
    made = client.post(ROOT, {**new, "occupation": "教师", "wechat": "wxm"}, JSON)
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    emptied = client.patch(f"{ROOT}/{pk}", {"occupation": ""}, JSON)
    assert (emptied.status_code, emptied.json()["errors"][0]["field"]) == (422, "occupation")
    acting(SYSTEM)
    assert Quality.objects.get(customer_id=pk).complete == 100


def test_the_pages_cost_the_same_for_one_and_for_three_versions(publish, signed_in):
    client = signed_in("sales")
    publish(JOB)
    one = queries_of(lambda: client.get(PAGE))
    publish(JOB, WISH, days=1)
    publish(JOB, WISH, LATE, days=2)
    assert queries_of(lambda: client.get(PAGE)) == one
