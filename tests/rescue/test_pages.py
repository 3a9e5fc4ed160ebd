"""The pages of rescue without JavaScript, the page of whoever waits, and the preset."""

import datetime

import pytest
from django.test import Client
from tests.counting import queries_of
from tests.rescue.conftest import AT, minutes

from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.records.models import AuditEntry
from guanxi.rescue import presets
from guanxi.rescue.models import Provider, Rescue, Tariff, Terms
from guanxi.rescue.queries.following import secret_of

FORM = {
    "is_hurt": "no", "is_safe": "yes", "on_expressway": "yes", "people": "2", "where": "G2高速128公里", "position": "31.2304, 121.4737",
    "caller": "罗秀英", "phone": "13600007701", "plate": "", "help": "TOW", "can_move": "no", "words": "熄火", "token": "page-form",
}  # fmt: skip


def page_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.covers("FORM-20", "RESC-09")
@pytest.mark.parametrize(
    ("language", "words"), [("en", ("On the way", "Called back")), ("zh-hans", ("在途", "已回访"))]
)
def test_a_rescue_goes_all_the_way_on_pages(signed_in, cast, helper, language, words):
    helper(cast.outlet_id)
    agent = signed_in("agent", language)
    assert 'name="is_hurt"' in page_of(agent, "/rescue/take/")
    form = FORM | {"place": str(cast.agent.home_id)}
    assert agent.post("/rescue/take/", form | {"position": "somewhere"}).status_code == 422
    told = agent.post("/rescue/take/", form)
    assert told.status_code == 302
    address = told["Location"]
    assert f'value="{cast.outlet_id}"' in page_of(agent, address)
    assert agent.post(f"{address}send/", {"provider": str(cast.outlet_id)}).status_code == 302
    service = signed_in("service", language)
    assert f"{address}accept/" in page_of(service, address)
    assert (
        service.post(f"{address}accept/", {"minutes": "25", "name": "李师傅", "phone": "", "truck": ""}).status_code
        == 302
    )
    assert words[0] in page_of(service, address)
    assert service.post(f"{address}arrive/").status_code == 302
    ended = {"result": "ON_SITE", "destination": "", "settled": "300", "settled_customer": "300"}
    assert service.post(f"{address}finish/", ended | {"settled_customer": "301"}).status_code == 422
    assert service.post(f"{address}finish/", ended).status_code == 302
    agent = signed_in("agent", language)
    assert agent.post(f"{address}call-back/", {"score": "4", "words": "满意"}).status_code == 302
    page = page_of(agent, address)
    assert words[1] in page
    assert "满意" in page
    assert "李师傅" in page_of(agent, f"{address}sheet/")


def test_reasons_are_given_on_pages(signed_in, cast, on_the_way):
    row = on_the_way("SENT")
    address = f"/rescue/{row.pk}/"
    service = signed_in("service")
    assert service.post(f"{address}refuse/", {"reason": " "}).status_code == 422
    assert service.post(f"{address}refuse/", {"reason": "拖车在外"})["Location"] == "/rescue/"
    assert "拖车在外" in page_of(signed_in("agent"), address)
    assert signed_in("agent").post(f"{address}cancel/", {"reason": "车又能走了"}).status_code == 302
    assert "车又能走了" in page_of(signed_in("agent"), address)


def test_recall_and_failure_on_pages(signed_in, cast, on_the_way):
    row = on_the_way()
    address = f"/rescue/{row.pk}/"
    assert signed_in("agent").post(f"{address}recall/", {"reason": "有更近的"}).status_code == 302
    assert signed_in("agent").post(f"{address}send/", {"provider": str(cast.outlet_id)}).status_code == 302
    service = signed_in("service")
    service.post(f"{address}accept/", {"minutes": "25", "name": "", "phone": "", "truck": ""})
    service.post(f"{address}arrive/")
    assert service.post(f"{address}fail/", {"reason": "需要吊车"}).status_code == 302
    db.set_scope(SYSTEM)
    row.refresh_from_db()
    assert row.state == "TAKEN"


@pytest.mark.parametrize(("language", "words"), [("en", "On the way"), ("zh-hans", "在途")])
def test_whoever_waits_follows_without_signing_in(cast, on_the_way, language, words):
    row = on_the_way()
    client = Client()
    client.cookies["django_language"] = language
    page = page_of(client, f"/rescue/follow/{secret_of(row.pk)}/")
    assert words in page
    assert "沪B12345" in page
    for secret in (row.where, row.words, row.caller, "13600007701"):
        assert secret not in page
    assert client.get(f"/rescue/follow/{row.pk}.x/").status_code == 404
    assert client.get(f"/rescue/{row.pk}/").status_code == 302  # to the sign-in page


def test_whoever_waits_reads_it_in_the_language_of_his_browser(on_the_way):
    address = f"/rescue/follow/{secret_of(on_the_way('ACCEPTED').pk)}/"
    for accepted, words, said in (("en-GB,en;q=0.8", "Your rescue", "en"), ("zh-CN,zh", "您的救援", "zh-Hans"),
                                  ("fr", "您的救援", "zh-Hans")):  # fmt: skip
        answer = Client().get(address, headers={"accept-language": accepted})
        assert words in answer.content.decode()
        assert answer.headers["Content-Language"] == said


def test_the_address_ends_two_days_after_the_rescue(cast, acting, on_the_way):
    row = on_the_way("DONE")
    address = f"/rescue/follow/{secret_of(row.pk)}/"
    db.set_scope(SYSTEM)
    Rescue.objects.filter(pk=row.pk).update(done_at=clock.now() - datetime.timedelta(days=1))
    assert Client().get(address).status_code == 200
    db.set_scope(SYSTEM)
    Rescue.objects.filter(pk=row.pk).update(done_at=clock.now() - datetime.timedelta(days=3))
    assert Client().get(address).status_code == 404


def test_the_list_is_filtered_and_searched(signed_in, take, car):
    late, fresh = take(plate="沪A77777"), take(at=clock.now(), help="TYRE")
    client = signed_in("agent")
    for query, found in (
        ("late=yes", late), ("late=no", fresh), ("help=TYRE", fresh), (f"q={late.number}", late), ("q=沪A77777", late),
        ("help=TOW&state=open", late), ("claim=ENTITLED", late),
    ):  # fmt: skip
        page = page_of(client, f"/rescue/?{query}")
        assert (page.count("data-row"), found.number in page) == (1, True), query
    assert page_of(client, "/rescue/?q=罗秀英").count("data-row") == 1


def test_a_partner_sees_only_what_he_was_sent(signed_in, cast, acting, take, helper, partner_id):
    from guanxi.rescue.services import sending

    helper(partner_id)
    take(), take(at=AT + minutes(1), position=None)
    db.set_scope(SYSTEM)
    row = Rescue.objects.exclude(latitude=None).get()
    sending.send(actor=acting(cast.agent), rescue_id=row.pk, provider_id=partner_id, at=AT + minutes(2))
    page = page_of(signed_in("rescue"), "/rescue/")
    assert (page.count("data-row"), row.number in page) == (1, True)


def test_lists_cost_the_same_for_one_and_for_three(signed_in, cast, take, helper, partner_id):
    take(), helper(cast.outlet_id)
    counts = []
    for round_ in range(2):
        client = signed_in("hq")
        for address in ("/rescue/", "/rescue/providers/", "/rescue/figures/"):
            page_of(client, address)
            counts.append(queries_of(lambda address=address, client=client: page_of(client, address)))
        if not round_:
            take(at=AT + minutes(1)), take(at=AT + minutes(2)), helper(partner_id), helper(cast.other_outlet_id)
    assert counts[:3] == counts[3:]
    assert max(counts) <= 20


def test_providers_are_kept_on_pages(signed_in, cast):
    service = signed_in("service")
    form = {"node": str(cast.outlet_id), "phone": "021-1", "helps": ["TOW", "FUEL"], "position": "31.2, 121.5", "radius_km": "60",
            "is_active": "on"}  # fmt: skip
    assert service.post("/rescue/providers/add/", form | {"helps": []}).status_code == 422
    assert service.post("/rescue/providers/add/", form).status_code == 302
    address = f"/rescue/providers/{cast.outlet_id}/"
    assert "31.200000, 121.500000" in page_of(signed_in("service"), address)
    assert signed_in("service").post(address, form | {"position": "", "phone": "021-2"}).status_code == 302
    db.set_scope(SYSTEM)
    row = Provider.objects.get()
    assert (row.phone, row.latitude) == ("021-2", None)
    assert "021-2" in page_of(signed_in("agent"), "/rescue/providers/")


def test_exports_need_the_right_and_leave_a_line(signed_in, cast, take):
    row = take("crm", place=cast.outlet_id)
    assert row.number in signed_in("gm").get("/rescue/?export=csv").content.decode("utf-8-sig")
    assert signed_in("agent").get("/rescue/?export=csv").status_code == 403
    db.set_scope(SYSTEM)
    assert AuditEntry.objects.filter(verb="rescue.export").count() == 1


def test_measures_and_panel_on_pages(signed_in, on_the_way, car, cast):
    row = on_the_way("DONE", plate="沪A77777")
    page = page_of(signed_in("hq"), "/rescue/figures/?from=2026-06-01&to=2026-06-30")
    assert '100% <span class="muted">1/1' in page
    panel = page_of(signed_in("gm"), f"/rescue/customer-panel/{row.customer_id}/")
    assert row.where in panel


PRESET = {
    "preset": "test", "valid_from": "2001-01-01",
    "help": [{"code": "SNOW", "name_zh": "除雪", "name_en": "Snow", "base": 10, "per_km": 1, "included_km": 0, "night_percent": 0}],
}  # fmt: skip


def test_a_preset_is_applied_once_and_never_rewrites(acting):
    acting(SYSTEM)
    data = presets.RescuePreset.model_validate(PRESET)
    assert len(presets.apply(actor=SYSTEM, data=data, source="test/rescue")) == 2
    assert presets.compare(data) == []
    dearer = presets.RescuePreset.model_validate(PRESET | {"help": [PRESET["help"][0] | {"base": 12}]})
    presets.apply(actor=SYSTEM, data=dearer, source="test/rescue")
    rows = Tariff.objects.filter(help_id="SNOW").order_by("valid_from")
    assert list(rows.values_list("base", "valid_from")) == [(10, datetime.date(2001, 1, 1)), (12, clock.today())]
    assert Terms.objects.count() == 1


def test_a_preset_that_says_a_help_twice_is_refused():
    with pytest.raises(ValueError, match=r"twice|两次"):
        presets.RescuePreset.model_validate(PRESET | {"help": PRESET["help"] * 2})


@pytest.mark.covers("KM-02")
def test_beside_a_rescue_stand_the_articles_that_fit(signed_in, take):
    row = take(words="发动机启动不了，救援电话怎么打，需要道路救援")
    client = signed_in("agent")
    address = f"/knowledge/matters/rescue.rescue/{row.pk}/"
    assert address in page_of(client, f"/rescue/{row.pk}/")
    assert "This solved it" in page_of(client, address)
    assert client.get(f"/knowledge/matters/rescue.rescue/{row.pk + 99}/").status_code == 404
