"""The pages of consent, through the whole stack, without JavaScript."""

import datetime

import pytest
from tests import garage
from tests.counting import queries_of

from guanxi.foundation import clock, db, slots
from guanxi.foundation.actor import SYSTEM
from guanxi.privacy import panels
from guanxi.privacy.models import Consent, ConsentText

pytestmark = pytest.mark.django_db
TODAY = clock.today()


def text(response, status=200):
    assert response.status_code == status, (response.status_code, response.content.decode()[-1500:])
    return response.content.decode()


def panel(client, customer, query=""):
    return text(client.get(f"/privacy/customer-panel/{customer.pk}/{query}"))


@pytest.mark.covers("NFR-01")
def test_the_panel_shows_how_the_customer_stands_and_the_ledger(signed_in, cast, customer, decide):
    decide()
    decide("REFUSED", purpose="MARKETING", medium="PHONE", to=cast.group_id)
    page = panel(signed_in("advisor"), customer)
    for word in (
        "Given",
        "Declined",
        "2026-05-11",
        "表单 0001",
        "2 lines in the ledger",
        "Withdraw",
        "record/?purpose=CARE",
    ):
        assert word in page
    page = panel(signed_in("stranger"), customer)
    assert "Declined" in page
    assert "Given" not in page
    assert "Record consent" not in panel(signed_in("gm"), customer)


def test_the_reader_of_several_outlets_chooses_one(signed_in, cast, customer, decide):
    decide()
    client = signed_in("hq")
    assert "Given" in panel(client, customer, f"?outlet={cast.outlet_id}").split("ledger")[0]
    assert "Given" not in panel(client, customer, f"?outlet={cast.other_outlet_id}").split('class="ledger"')[0]


def test_a_customer_of_others_shows_nothing(signed_in, cast):
    foreign = garage.customer("李强", "13900139000", cast.other_outlet_id)
    assert "No outlet of yours" in panel(signed_in("advisor"), foreign)
    assert signed_in("advisor").get(f"/privacy/customers/{foreign.pk}/record/").status_code == 404
    assert signed_in("technician").get(f"/privacy/customer-panel/{foreign.pk}/").status_code == 403


def test_the_panel_costs_the_same_for_one_line_and_for_many(signed_in, customer, decide):
    decide()
    client = signed_in("advisor")
    one = queries_of(lambda: panel(client, customer))
    for day in range(1, 8):
        decide("REFUSED" if day % 2 else "GIVEN", day=day)
    assert queries_of(lambda: panel(client, customer)) == one


def values(cast, **more):
    return {
        "purpose": "CARE", "channels": ["SMS", "WECHAT"], "standing": "GIVEN", "recipient": cast.outlet_id,
        "day": TODAY, "proof": "表单 0002", **more,
    }  # fmt: skip


def test_a_decision_is_recorded_for_several_channels_at_once(signed_in, cast, customer):
    client = signed_in("advisor")
    path = f"/privacy/customers/{customer.pk}/record/"
    page = text(client.get(f"{path}?purpose=SURVEY&medium=EMAIL&outlet={cast.outlet_id}"))
    assert 'value="SURVEY" selected' in page
    answer = client.post(path, values(cast))
    assert answer["Location"] == f"/customers/{customer.pk}/"
    db.set_scope(SYSTEM)
    assert {row.medium for row in Consent.objects.filter(customer=customer)} == {"SMS", "WECHAT"}


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"channels": []}, "required"),
        ({"proof": ""}, "required"),
        ({"recipient": "1234567"}, "Select a valid"),
        ({"day": TODAY + datetime.timedelta(days=1)}, "has not come yet"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(signed_in, cast, customer, more, word):
    page = text(signed_in("advisor").post(f"/privacy/customers/{customer.pk}/record/", values(cast, **more)), 422)
    assert word in page
    db.set_scope(SYSTEM)
    assert not Consent.objects.filter(customer=customer).exists()


def test_a_consent_is_withdrawn_by_a_form(signed_in, cast, customer, decide):
    made = decide()
    client = signed_in("advisor")
    path = f"/privacy/consents/{made.pk}/withdraw/"
    assert "Care and greetings" in text(client.get(path))
    assert client.post(path, {"proof": "来电"}).status_code == 302
    assert "Only a consent that stands" in text(client.post(path, {"proof": "来电"}), 422)
    assert "Withdrawn" in panel(client, customer)
    assert signed_in("gm").get(path).status_code == 403
    assert signed_in("stranger").get(path).status_code == 404


def test_headquarters_keeps_the_texts(signed_in):
    client = signed_in("planner")
    for version, day in (("t1", TODAY), ("t2", "2099-01-01")):
        answer = client.post(
            "/privacy/texts/add/",
            {"purpose": "CARE", "version": version, "text_zh": f"同意{version}", "valid_from": day},
        )  # fmt: skip
        assert answer["Location"] == "/privacy/texts/"
    page = text(client.get("/privacy/texts/"))
    later = page[page.index("同意t2") :]
    assert later.index("in use") < later.index("同意t1")
    again = {"purpose": "CARE", "version": "t1", "text_zh": "另一个", "valid_from": "2026-01-01"}
    assert "never changed" in text(client.post("/privacy/texts/add/", again), 422)
    assert ConsentText.objects.filter(version__in=("t1", "t2")).count() == 2
    assert signed_in("gm").get("/privacy/texts/").status_code == 403


def test_the_timeline_tells_of_decisions_once(cast, acting, customer, decide):
    decide()
    decide("REFUSED", day=1)
    found = panels.moments(acting(cast.advisor), customer.pk, 9)
    assert [moment.tone for moment in found] == ["red"]
    assert panels.moments(acting(cast.technician), customer.pk, 9) == []
    assert panels.moments in slots._timelines
