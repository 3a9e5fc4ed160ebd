"""What WeChat brings to the official account: signed, sealed, kept once, and what becomes of it."""

import datetime
import json

import pytest
from django.test import Client
from django.urls import reverse
from tests.apicalls import caller
from tests.architecture.conftest import ROOT
from tests.messaging.conftest import AT, consent, states

from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.messaging.channels.wechat import crypt, incoming
from guanxi.messaging.channels.wechat.crypt import Forged
from guanxi.messaging.models import Follower, Message, Reply
from guanxi.messaging.services import wechat
from guanxi.privacy.models import Consent

TOKEN, KEY, APP = "spamtest", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx2c2769f8efd9abc2"
DATA = "shared/data/channels/wechat_messages_events.json"
REAL = next((folder / DATA for folder in ROOT.parents if (folder / DATA).exists()), None)


def xml(openid="o-wang", kind="text", content="TD", number="1", **more):
    held = {"ToUserName": "gh_1", "FromUserName": openid, "CreateTime": "1348831860", "MsgType": kind, "MsgId": number}
    held |= {"Content": content} if kind == "text" else {}
    return "<xml>" + "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in (held | more).items()) + "</xml>"


def event(name, openid="o-wang", **more):
    return xml(openid, "event", number="", Event=name, **more)


@pytest.fixture
def account(settings, quiet):
    settings.WECHAT_TOKEN, settings.WECHAT_AES_KEY, settings.WECHAT_APP_ID = TOKEN, "", APP


def bring(text, *, key="", at=None, token=TOKEN, **wrong):
    """Bring something as WeChat does; the answer."""
    stamp, nonce = str(int((at or clock.now()).timestamp())), "nonce"
    query = {"signature": crypt.signature(token, stamp, nonce), "timestamp": stamp, "nonce": nonce}
    if key:
        sealed = crypt.encrypt(key, APP, text.encode())
        query["msg_signature"] = crypt.signature(token, stamp, nonce, sealed)
        text = f"<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    answer = Client().post(
        reverse("messaging:wechat"), text.encode(), "text/xml", query_params=query | wrong
    )  # fmt: skip
    db.set_scope(SYSTEM)
    return answer


@pytest.mark.covers("CC-39")
def test_who_follows_by_his_code_is_known_and_td_stops_the_channel(account, person, quiet, acting):
    row = person()
    consent(row, quiet.outlet_id, "CARE", "WECHAT")
    scene = wechat.invite(actor=acting(quiet.crm), customer_id=row.pk)
    assert len(scene) <= 64
    assert bring(event("subscribe", EventKey=f"qrscene_{scene}")).content == b"success"
    assert Follower.objects.get().customer_id == row.pk
    bring(xml(content="明天来", number="1"))
    bring(xml(content="明天来", number="1"))
    bring(xml(content="ＴＤ", number="2"))
    assert list(Reply.objects.order_by("pk").values_list("customer_id", "channel", "words", "is_stop")) == [
        (row.pk, "WECHAT", "明天来", False), (row.pk, "WECHAT", "ＴＤ", True),
    ]  # fmt: skip
    assert not Consent.objects.filter(customer=row, medium="WECHAT", standing="GIVEN").exists()
    assert Consent.objects.filter(customer=row, medium="SMS", standing="GIVEN").exists()


def test_who_leaves_is_not_written_to_and_who_comes_back_is_still_known(account, person, quiet, template, write):
    row = person()
    consent(row, quiet.outlet_id, "CARE", "WECHAT")
    template("wx", "first: {customer}您好", channel="WECHAT", carrier_code="T1", body_en="first: Hello")
    Follower.objects.create(openid="o-wang", customer=row, followed_at=AT)
    bring(event("unsubscribe"))
    assert write(row, code="wx").skipped == {"NO_ADDRESS": 1}
    bring(event("subscribe"))
    assert Follower.objects.get().customer_id == row.pk
    assert write(row, code="wx", key="again").queued == 1
    assert Message.objects.get(state="QUEUED").address == "o-wang"


def test_a_forged_scene_names_nobody(account, person):
    row = person()
    bring(event("subscribe", EventKey=f"qrscene_{row.pk}:forged"))
    assert Follower.objects.get().customer_id is None


def test_what_is_not_signed_is_refused(account):
    for answer in (
        bring(xml(), token="other"), bring(xml(), signature=""), bring(xml(), timestamp="x"),
        bring(xml(), at=clock.now() - datetime.timedelta(minutes=11)),
    ):  # fmt: skip
        assert answer.status_code == 400
    assert not Reply.objects.exists()


def test_without_a_token_nothing_is_taken(account, settings):
    settings.WECHAT_TOKEN = ""
    assert bring(xml(), token="").status_code == 400


def test_we_prove_who_we_are(account):
    stamp = str(int(clock.now().timestamp()))
    query = {"signature": crypt.signature(TOKEN, stamp, "n"), "timestamp": stamp, "nonce": "n", "echostr": "<b>7</b>"}
    answer = Client().get(reverse("messaging:wechat"), query)
    assert (answer.content, answer["Content-Type"]) == (b"<b>7</b>", "text/plain")


@pytest.mark.covers("CC-39")
def test_sealed_messages(account, settings, person):
    settings.WECHAT_AES_KEY = KEY
    assert bring(xml(content="谢谢"), key=KEY).status_code == 200
    assert Reply.objects.get().words == "谢谢"
    assert bring(xml(number="2")).status_code == 400  # nothing plain is taken any more
    assert bring(xml(number="3"), key=KEY, msg_signature="0" * 40).status_code == 400
    settings.WECHAT_APP_ID = "wx-other"
    assert bring(xml(number="4"), key=KEY).status_code == 400
    assert Reply.objects.count() == 1


@pytest.mark.parametrize("sealed", ["", "????", "AAAA", "A" * 44])
def test_what_cannot_be_opened_is_forged(sealed):
    with pytest.raises(Forged):
        crypt.decrypt(KEY, APP, sealed)


@pytest.mark.parametrize(
    "text", [b"", b"<xml>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><xml/>", b"<xml><MsgType>text</MsgType></xml>", b"x" * 100_001]
)  # fmt: skip
def test_what_is_no_message_is_forged(text):
    with pytest.raises(Forged):
        incoming.read(text)


def test_a_report_goes_to_its_message(account, person, template, write, quiet):
    row = person()
    write(row)
    Message.objects.update(state="SENT", carrier="wechat", parts=["200163836"], sent_at=AT)
    bring(event("TEMPLATESENDJOBFINISH", MsgID="200163836", Status="failed:user block"))
    made = Message.objects.get()
    assert (states(), made.error) == ([("FAILED", "")], "failed:user block")


@pytest.mark.skipif(REAL is None, reason="the shared data lies beside the checkout")
def test_all_recorded_messages_are_taken(account, quiet):
    """Each becomes an answer, or is an event; none breaks anything."""
    texts = {case["test"]: case["xml"] for case in json.loads(REAL.read_text())}
    assert len(texts) > 60
    for number, (name, text) in enumerate(texts.items()):
        assert bring(text.replace("1234567890123456", str(number))).status_code == 200, name
    words = set(Reply.objects.values_list("words", flat=True))
    assert {"this is a test", "[image]", "[location] 位置信息", "[link] 公众平台官网链接"} <= words
    assert Reply.objects.filter(words__contains="event").count() == 0
    assert Follower.objects.get(openid="otAzGjrS4AYCmeJM1GhEOcHXXTAo").customer_id is None


def test_an_invitation_over_the_api(account, person, quiet):
    row = person()
    client = caller(quiet.crm)
    found = client.post(f"/api/v1/messaging/customers/{row.pk}/scene").json()
    assert wechat.SEALED.unsign(found["scene"]) == str(row.pk)
    assert caller(quiet.stranger).post(f"/api/v1/messaging/customers/{row.pk}/scene").status_code == 404
