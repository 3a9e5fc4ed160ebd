"""A campaign and a recall over the API, all the way."""

from tests.apicalls import caller
from tests.campaigns.conftest import days, seen

from guanxi.campaigns.models import Member, RecallCar
from guanxi.campaigns.services import inviting, sending
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.workshop.models import Visit

FORM = {"content_type": "application/json"}
BASE = "/api/v1/campaigns"


def test_a_campaign_goes_all_the_way(world, person):
    who = person()
    crm, gm, advisor = caller(world.crm), caller(world.gm), caller(world.advisor)
    body = {
        "kind": "SERVICE_VISITS", "name": "检测", "aim": "促进入厂", "node_id": world.outlet_id, "channel": "SMS",
        "purpose": "SERVICE", "template": "check_up", "offer_code": "api-1", "unit_cost": "0.10", "budget": "50",
        "audience": [{"fact": "has_mobile", "op": "yes"}],
        "waves": [{"on": clock.today().isoformat(), "share": 100}],
    }  # fmt: skip
    wrong = crm.post(f"{BASE}/campaigns", body | {"waves": [{"on": "2020-01-01", "share": 100}]}, **FORM)
    assert wrong.status_code == 422
    made = crm.post(f"{BASE}/campaigns", body, **FORM)
    assert made.status_code == 201
    pk, address = made.json()["id"], f"{BASE}/campaigns/{made.json()['id']}"
    assert (made.json()["offer_code"], made.json()["waves"][0]["share"]) == ("API-1", 100)
    assert crm.get(f"{address}/count").json()["addressed"] == 1
    changed = {name: value for name, value in body.items() if name != "kind"} | {"name": "改名"}
    assert crm.put(address, changed, **FORM).json()["name"] == "改名"
    assert crm.post(f"{address}/submit", **FORM).json()["state"] == "SUBMITTED"
    assert gm.post(f"{address}/send-back", {"reason": "x"}, **FORM).json()["state"] == "RETURNED"
    assert crm.post(f"{address}/submit", **FORM).status_code == 200
    assert crm.post(f"{address}/approve", **FORM).status_code == 403
    assert gm.post(f"{address}/approve", **FORM).json()["approved_by"] == world.gm.name
    assert gm.get(f"{address}/effect").status_code == 409
    assert gm.post(f"{address}/start", **FORM).json()["state"] == "RUNNING"
    seen()
    noon = clock.start_of(clock.today()) + days(0.5)
    sending.send_due(actor=SYSTEM, now=lambda: noon)
    listed = gm.get(f"{address}/members?arm=TREATED").json()["items"]
    assert [item["customer_id"] for item in listed] == [who.pk]
    assert gm.get(f"{address}/members?arm=CONTROL").json()["items"] == []
    redeemed = advisor.post(f"{BASE}/redeem", {"code": "API-1", "customer_id": who.pk}, **FORM)
    assert redeemed.json()["response"] == "CODE"
    again = advisor.post(f"{BASE}/members/{listed[0]['id']}/respond", {"note": ""}, **FORM)
    assert again.status_code == 409
    effect = gm.get(f"{address}/effect").json()
    assert (effect["addressed"], effect["responded"], effect["visits"]["open"]) == (1, 1, 1)
    assert effect["visits"]["difference"] is None
    assert gm.post(f"{address}/end", **FORM).json()["state"] == "ENDED"
    assert [item["id"] for item in gm.get(f"{BASE}/campaigns?state=ENDED").json()["items"]] == [pk]
    seen()
    assert Member.objects.get().response == "CODE"


def test_a_recall_goes_all_the_way(world, person):
    who, other = person(), person()
    service, advisor = caller(world.service), caller(world.advisor)
    body = {
        "name": "召回", "about": "更换软管", "node_id": world.outlet_id, "is_safety": True, "channel": "LETTER",
        "role": "customer_representative",
    }  # fmt: skip
    made = service.post(f"{BASE}/recalls", body, **FORM)
    assert made.status_code == 201
    address = f"{BASE}/recalls/{made.json()['id']}"
    assert service.post(f"{address}/open", **FORM).status_code == 409
    sent = service.post(f"{address}/cars", {"vins": [who.car.vin, other.car.vin, "X1"]}, **FORM).json()
    assert (sent["added"], [item["finding"] for item in sent["findings"]]) == (2, ["MALFORMED"])
    assert service.post(f"{address}/submit", **FORM).json()["state"] == "SUBMITTED"
    assert caller(world.gm).post(f"{address}/approve", **FORM).json()["state"] == "APPROVED"
    assert service.post(f"{address}/open", **FORM).json()["state"] == "RUNNING"
    seen()
    inviting.invite_due(actor=SYSTEM, now=clock.now)
    assert set(RecallCar.objects.values_list("state", flat=True)) == {"UNREACHABLE"}  # nobody has an address
    cars = {car["customer_id"]: car["id"] for car in advisor.get(f"{address}/cars").json()["items"]}
    seen()
    visit = Visit.objects.create(
        outlet_id=world.outlet_id, vehicle=who.car, customer=who, order_no="R1", entered_on=clock.today(),
        touched_at=clock.now(),
    )  # fmt: skip
    done = advisor.post(f"{BASE}/recall-cars/{cars[who.pk]}/done", {"visit_id": visit.pk}, **FORM)
    assert (done.json()["state"], done.json()["visit_id"]) == ("DONE", visit.pk)
    refused = advisor.post(f"{BASE}/recall-cars/{cars[other.pk]}/refused", {"note": "已卖"}, **FORM)
    assert refused.json()["state"] == "REFUSED"
    completed = advisor.get(f"{address}/completion").json()
    assert completed == [{"outlet_id": world.outlet_id, "cars": 2, "counts": {"DONE": 1, "REFUSED": 1}, "share": 50.0}]
    assert advisor.get(f"{address}/cars?state=DONE").json()["items"][0]["id"] == cars[who.pk]
    assert service.post(f"{address}/close", **FORM).json()["state"] == "ENDED"
    assert [item["name"] for item in advisor.get(f"{BASE}/recalls?state=ENDED").json()["items"]] == ["召回"]
    assert advisor.get(address).json()["reference"] == ""
