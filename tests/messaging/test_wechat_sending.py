"""Messages over WeChat, to an interface on this machine that answers as WeChat does."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from tests.messaging.conftest import AT, consent, send

from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid
from guanxi.messaging import policy
from guanxi.messaging.models import Follower, Message
from guanxi.messaging.services import queueing, sending, templates
from guanxi.messaging.services.queueing import FreeWords
from guanxi.messaging.services.templates import Words


@pytest.fixture
def interface(settings):
    """The interface; ``answers`` says what it answers to the next messages, else that all is well."""

    class Handler(BaseHTTPRequestHandler):
        asked, answers = [], []

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.asked.append((self.path, body))
            if self.path == "/cgi-bin/stable_token":
                found = (
                    {"access_token": "pass", "expires_in": 7200} if body["secret"] == "secret" else {"errcode": 40125}
                )
            else:
                found = self.answers.pop(0) if self.answers else {"errcode": 0, "msgid": 200}
            if found is None:
                self.close_connection = True
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WECHAT_URL = f"http://127.0.0.1:{server.server_port}"
    settings.WECHAT_APP_ID, settings.WECHAT_SECRET = "app", "secret"
    settings.MESSAGE_CARRIERS = {"SMS": "browser", "WECHAT": "wechat", "EMAIL": "browser"}
    yield Handler
    server.shutdown()
    server.server_close()


@pytest.fixture
def waiting(person, template, write, quiet):
    """A template message that waits."""
    row = person()
    consent(row, quiet.outlet_id, "CARE", "WECHAT")
    Follower.objects.create(openid="o-wang", customer=row, followed_at=AT)
    template("wx", "first: {customer}您好\nkeyword1：保养", channel="WECHAT", carrier_code="T1", body_en="first: Hello")
    write(row, code="wx")
    return row


@pytest.mark.covers("CC-39")
def test_a_template_message_with_its_fields(interface, waiting):
    assert send() == {"SENT": 1}
    (_token, (path, body)) = interface.asked
    assert path == "/cgi-bin/message/template/send?access_token=pass"
    assert body == {
        "touser": "o-wang", "template_id": "T1", "data": {"first": {"value": "王雪您好"}, "keyword1": {"value": "保养"}},
    }  # fmt: skip
    made = Message.objects.get()
    assert (made.carrier, made.reference, made.parts) == ("wechat", "200", ["200"])


def test_own_words_go_as_an_answer(interface, person, quiet):
    row = person()
    consent(row, quiet.outlet_id, "CARE", "WECHAT")
    Follower.objects.create(openid="o-wang", customer=row, followed_at=AT)
    words = FreeWords("WECHAT", "CARE", "明天见")
    queueing.queue_words(
        actor=SYSTEM, words=words, node_id=quiet.outlet_id, customer_ids=[row.pk], key="k", at=AT
    )  # fmt: skip
    interface.answers.append({"errcode": 45015, "errmsg": "response out of time limit"})
    assert send() == {"FAILED": 1}
    path, body = interface.asked[-1]
    assert path.startswith("/cgi-bin/message/custom/send?")
    assert body == {"touser": "o-wang", "msgtype": "text", "text": {"content": "明天见"}}
    assert Message.objects.get().error == "45015 response out of time limit"


@pytest.mark.parametrize(
    ("answer", "state"),
    [({"errcode": 43004, "errmsg": "require subscribe"}, "FAILED"), ({"errcode": 42001}, "QUEUED"), (None, "UNCERTAIN")],
)  # fmt: skip
def test_each_way_to_say_no(interface, waiting, answer, state):
    interface.answers.append(answer)
    assert send() == {state: 1}


def test_who_is_not_known_there_waits(interface, waiting, settings):
    settings.WECHAT_SECRET = "wrong"
    assert send() == {"QUEUED": 1}
    settings.WECHAT_SECRET = "secret"
    assert send(AT + sending.PAUSE) == {"SENT": 1}


@pytest.mark.parametrize(
    ("text", "fits"),
    [("first: a\nkeyword1：b", True), ("first: a\n\nremark: b", True), ("您好", False), ("first: a\nfirst: b", False), ("first:", False)],
)  # fmt: skip
def test_each_line_is_a_field(text, fits):
    assert policy.is_named(text) is fits


def test_a_template_of_wechat_is_checked_when_saved(quiet, acting):
    words = Words("WECHAT", "CARE", "问候", "Greeting", "您好", "first: Hello", AT.date())
    with pytest.raises(Invalid) as refusal:
        templates.write_template(actor=acting(quiet.planner), code="wx", words=words, at=AT)
    assert [problem.field for problem in refusal.value.problems] == ["carrier_code", "body_zh"]
