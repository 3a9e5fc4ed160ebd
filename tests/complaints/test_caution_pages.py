"""The pages and the API of cautions, and where everybody is warned."""

import datetime

import pytest
from tests import garage
from tests.apicalls import caller
from tests.complaints.test_cautions import PLAN, SAID, now, propose, review  # noqa: F401 -- fixtures of its neighbour
from tests.complaints.test_pages import page_of
from tests.counting import queries_of

from guanxi.complaints.models import Caution
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.records.models import AuditEntry


def ahead():
    return clock.today() + datetime.timedelta(days=30)


@pytest.fixture
def in_force(propose, review):  # noqa: F811
    def make(**more):
        return review(propose(**more), at=clock.now())

    return make


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Meet this customer with care", "Caution lifted")), ("zh-hans", ("请谨慎接待此客户", "警示已解除"))],
)
def test_all_the_way_on_pages_without_scripts(signed_in, cast, customer, take_in, language, words):
    about = take_in(at=clock.now())
    client = signed_in("callback", language)
    address = f"/complaints/cautions/propose/{customer.pk}/?complaint={about.pk}"
    assert f"/complaints/cautions/propose/{customer.pk}/?complaint={about.pk}" in page_of(
        client, f"/complaints/{about.pk}/"
    )
    assert client.post(address, {"reason": "THREAT", "words": " ", "place": cast.outlet_id}).status_code == 422
    told = client.post(address, {"reason": "THREAT", "words": SAID, "place": cast.outlet_id})
    assert (told.status_code, told["Location"]) == (302, f"/customers/{customer.pk}/")  # he reads no cautions
    row = Caution.objects.get(customer=customer)
    assert words[0] not in page_of(client, f"/customers/{customer.pk}/")
    page = f"/complaints/cautions/{row.pk}/"
    crm = signed_in("crm", language)
    assert SAID in page_of(crm, page)
    assert about.number in page_of(crm, page)
    typed = {"is_needed": "yes", "words": "属实", "plan": PLAN, "owner": cast.gm.user_id, "review_on": ""}
    refused = crm.post(f"{page}review/", typed)
    assert (refused.status_code, now(row).state) == (422, "PROPOSED")
    assert crm.post(f"{page}review/", typed | {"review_on": ahead().isoformat()}).status_code == 302
    for who, place in (
        ("advisor", f"/customers/{customer.pk}/"), ("agent", f"/complaints/open/?customer={customer.pk}"),
        ("callback", f"/contact-centre/call-customer/{customer.pk}/"), ("service", f"/complaints/{about.pk}/"), ("agent", f"/contact-centre/inbound/?customer={customer.pk}"),
    ):  # fmt: skip
        shown = page_of(signed_in(who, language), place)
        assert (words[0] in shown, PLAN in shown, cast.gm.name in shown, SAID in shown) == (True, True, True, False)
    gm = signed_in("gm", language)
    kept = {"words": "仍有威胁", "plan": "只由总经理接待", "owner": cast.gm.user_id, "review_on": ahead().isoformat()}
    assert gm.post(f"{page}keep/", kept).status_code == 302
    assert gm.post(f"{page}lift/", {"reason": "已和解"}).status_code == 302
    assert words[1] in page_of(gm, page)
    assert words[0] not in page_of(signed_in("advisor", language), f"/customers/{customer.pk}/")


def test_only_what_may_follow_is_offered_to_whoever_may_do_it(signed_in, cast, propose, review):  # noqa: F811
    row = propose("crm", at=clock.now())
    paths = ("review", "keep", "lift")

    def offered(who):
        page = page_of(signed_in(who), f"/complaints/cautions/{row.pk}/")
        return {path for path in paths if f"/complaints/cautions/{row.pk}/{path}/" in page}

    assert [offered(who) for who in ("gm", "crm", "service", "auditor")] == [{"review"}, set(), set(), set()]
    review(row, "gm", at=clock.now(), owner_id=cast.service.user_id)
    assert [offered(who) for who in ("gm", "service", "auditor")] == [{"keep", "lift"}, {"keep", "lift"}, set()]
    page_of(signed_in("callback"), f"/complaints/cautions/{row.pk}/", 403)
    page_of(signed_in("auditor"), f"/complaints/cautions/{row.pk}/lift/", 403)


def test_it_is_proposed_from_a_complaint_unless_there_is_one_and_the_form_says_what_happened(
    signed_in,
    take_in,
    propose,  # noqa: F811
):
    about = take_in(at=clock.now())
    address = f"/complaints/cautions/propose/{about.customer_id}/?complaint={about.pk}"
    assert address in page_of(signed_in("callback"), f"/complaints/{about.pk}/")
    assert address not in page_of(signed_in("auditor"), f"/complaints/{about.pk}/")
    row = propose(at=clock.now())
    assert address not in page_of(signed_in("callback"), f"/complaints/{about.pk}/")
    assert SAID in page_of(signed_in("crm"), f"/complaints/cautions/{row.pk}/review/")


def test_the_panel_of_a_customer_shows_it_to_those_who_read_cautions(signed_in, customer, in_force):
    row = in_force()
    address = f"/complaints/customer-panel/{customer.pk}/"
    assert f"/complaints/cautions/{row.pk}/" in page_of(signed_in("gm"), address)
    assert f"/complaints/cautions/{row.pk}/" not in page_of(signed_in("callback"), address)
    assert f"/complaints/cautions/propose/{customer.pk}/" in page_of(signed_in("callback"), address)
    assert "/complaints/cautions/propose/" not in page_of(signed_in("auditor"), address)


@pytest.mark.covers("FORM-65")
def test_the_list_its_filters_and_the_export(signed_in, cast, propose, in_force):  # noqa: F811
    held = in_force()
    other = propose(about=garage.customer("别人", "13600007755", cast.outlet_id), reason="OTHER", at=clock.now())
    client = signed_in("gm")
    for query, found in (
        ("state=PROPOSED", other), ("state=IN_FORCE", held), ("reason=OTHER", other), ("q=别人", other),
        (f"q={held.number}", held), (f"owner={cast.gm.user_id}", held), (f"review={ahead().isoformat()}", held),
    ):  # fmt: skip
        page = page_of(client, f"/complaints/cautions/?{query}")
        assert (page.count("data-row"), found.number in page) == (1, True), query
    assert page_of(client, f"/complaints/cautions/?place={cast.branch_id}").count("data-row") == 2
    assert page_of(client, "/complaints/cautions/?state=LIFTED").count("data-row") == 0
    text = client.get("/complaints/cautions/?export=csv").content.decode("utf-8-sig")
    assert held.number in text
    assert SAID not in text
    db.set_scope(SYSTEM)
    assert AuditEntry.objects.filter(verb="complaints.export").exists()
    page_of(signed_in("callback"), "/complaints/cautions/", 403)


def test_the_list_and_the_page_cost_the_same_for_one_and_for_three(signed_in, cast, propose, in_force):  # noqa: F811
    in_force()
    client = signed_in("gm")
    page_of(client, "/complaints/cautions/")
    one = queries_of(lambda: page_of(client, "/complaints/cautions/"))
    for number in (1, 2):
        propose(about=garage.customer(f"别人{number}", f"1360000776{number}", cast.outlet_id), at=clock.now())
    client = signed_in("gm")
    assert page_of(client, "/complaints/cautions/").count("data-row") == 3
    assert queries_of(lambda: page_of(client, "/complaints/cautions/")) == one <= 20


def test_a_warning_costs_a_page_nothing_more_than_none(signed_in, customer, in_force):
    client, address = signed_in("agent"), f"/customers/{customer.pk}/"
    page_of(client, address)
    none = queries_of(lambda: page_of(client, address))
    in_force()
    client = signed_in("agent")
    page_of(client, address)
    assert queries_of(lambda: page_of(client, address)) == none


def test_the_api(cast, customer, take_in):
    about = take_in(at=clock.now())
    agent, crm, gm = caller(cast.callback), caller(cast.crm), caller(cast.gm)
    root, json = "/api/v1/complaints/cautions/", {"content_type": "application/json"}
    body = {
        "customer_id": customer.pk, "place_id": cast.outlet_id, "reason": "THREAT", "words": SAID,
        "complaint_id": about.pk,
    }  # fmt: skip
    made = agent.post(root, body, **json)
    assert made.status_code == 201
    assert "words" not in made.json()
    one = f"{root}{made.json()['id']}"
    assert agent.get(one).status_code == 403
    assert agent.get(f"{root}warnings/{customer.pk}").json() == []
    plan = {"plan": PLAN, "owner_id": cast.gm.user_id, "review_on": ahead().isoformat()}
    told = crm.post(f"{one}/review", {"is_needed": True, "words": "属实"} | plan, **json)
    assert (told.status_code, told.json()["state"]) == (200, "IN_FORCE")
    (warned,) = agent.get(f"{root}warnings/{customer.pk}").json()
    assert warned == {"id": made.json()["id"], "plan": PLAN, "owner_id": cast.gm.user_id, "owner_name": cast.gm.name}
    kept = gm.post(f"{one}/keep", plan | {"words": "仍有威胁", "plan": "只由总经理接待"}, **json)
    assert (kept.status_code, kept.json()["plan"]) == (200, "只由总经理接待")
    assert gm.post(f"{one}/lift", {"reason": "已和解"}, **json).json()["state"] == "LIFTED"
    shown = gm.get(one).json()
    assert [step["act"] for step in shown["history"]] == ["LIFTED", "KEPT", "IN_FORCE", "PROPOSED"]
    assert shown["history"][-1]["words"] == SAID
    (item,) = gm.get(f"{root}?state=LIFTED&customer_id={customer.pk}").json()["items"]
    assert item["id"] == shown["id"]
    assert gm.post(f"{one}/lift", {"reason": "x"}, **json).status_code == 409
