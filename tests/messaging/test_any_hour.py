"""What cannot wait for the morning goes in the quiet hours too, and nothing else does."""

from tests.messaging.conftest import consent, send, states
from tests.messaging.test_sending import NIGHT

from guanxi.messaging.models import Message
from guanxi.messaging.services import queueing, templates
from guanxi.messaging.services.queueing import Reader
from guanxi.messaging.services.templates import Words


def test_only_what_goes_at_any_hour_leaves_at_night(person, write, template, carrier, quiet):
    template("urgent", "{customer}：{link}", at_any_hour=True)
    row, other, another = person(), person("李明"), person("赵敏")
    write(other, another, at=NIGHT)
    to = Reader(row.pk, None, "https://crm.example.com/x/")
    made = queueing.queue_link(
        actor=quiet.crm, template="urgent", node_id=quiet.outlet_id, to=to, key="u", at=NIGHT
    )  # fmt: skip
    assert made.queued == 1
    assert send(NIGHT) == {"SENT": 1}
    assert [item.body for item in carrier] == ["王雪：https://crm.example.com/x/"]
    assert states() == [("QUEUED", ""), ("QUEUED", ""), ("SENT", "")]
    assert send(NIGHT) == {}


def test_who_withdrew_is_not_written_to_at_night_either(person, template, carrier, quiet):
    template("urgent", "{customer}", at_any_hour=True)
    row = person(agreed=False)
    consent(row, quiet.outlet_id)
    queueing.queue_messages(
        actor=quiet.crm, template="urgent", node_id=quiet.outlet_id, customer_ids=[row.pk], key="u", at=NIGHT
    )
    row.consents.update(standing="WITHDRAWN", withdrawn_at=NIGHT)
    assert send(NIGHT) == {"dropped": 1}
    assert list(carrier) == []


def test_a_link_without_an_address_says_nothing(person, write, template):
    template("urgent", "{link}")
    outcome = write(person(), code="urgent")
    assert outcome.skipped == {"NO_VALUE": 1}
    assert Message.objects.get().body == ""


def test_a_new_version_goes_at_any_hour_as_the_one_before(template, quiet, acting):
    before = template("urgent", "{link}", at_any_hour=True)
    words = Words("SMS", "CARE", "x", "x", "{link}。", "{link}.", before.valid_from)
    assert templates.write_template(actor=acting(quiet.hq), code="urgent", words=words, at=NIGHT).at_any_hour is True
    assert templates.write_template(actor=acting(quiet.hq), code="new", words=words, at=NIGHT).at_any_hour is False
