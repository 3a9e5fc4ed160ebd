"""The doors of messaging, for the walk with every role: see tests/architecture/walk.py."""

from tests import garage
from tests.architecture.matrix import EVERYWHERE, OPEN, Door, call, post
from tests.messaging.conftest import consent

from guanxi.foundation import clock
from guanxi.messaging.models import Message, PrintBatch, Template
from guanxi.messaging.permissions import Verb

OUTLET = "outlet"
PAGES = {
    "messaging:messages": Door(Verb.VIEW),
    "messaging:message": Door(Verb.VIEW, OUTLET, args=("sent_message",)),
    "messaging:send-again": post(Verb.SEND_AGAIN, OUTLET, "failed_message"),
    "messaging:replies": Door(Verb.VIEW),
    "messaging:strays": Door(Verb.VIEW),
    "messaging:customer-panel": Door(Verb.VIEW, args=("written_to",)),
    "messaging:send": Door(Verb.SEND, OUTLET, args=("written_to",)),
    "messaging:send-words": Door(Verb.SEND_WORDS, OUTLET, args=("written_to",)),
    "messaging:wechat": Door(OPEN),
    "messaging:letters": Door(Verb.VIEW),
    "messaging:print-letters": post(Verb.PRINT_LETTERS, OUTLET, "outlet"),
    "messaging:batch": Door(Verb.VIEW, OUTLET, args=("letter_batch",)),
    "messaging:sheets": Door(Verb.PRINT_LETTERS, OUTLET, args=("letter_batch",)),
    "messaging:post-letters": post(Verb.PRINT_LETTERS, OUTLET, "letter_batch"),
    "messaging:templates": Door(Verb.VIEW),
    "messaging:write-template": Door(Verb.WRITE_TEMPLATE, EVERYWHERE),
    "messaging:template": Door(Verb.VIEW, args=("message_template",)),
    "messaging:change-template": Door(Verb.WRITE_TEMPLATE, EVERYWHERE, args=("message_draft",)),
    "messaging:approve-template": post(Verb.APPROVE_TEMPLATE, EVERYWHERE, "message_draft"),
    "messaging:retire-template": post(Verb.APPROVE_TEMPLATE, EVERYWHERE, "message_template"),
}
_API = "guanxi_messaging_api_"
REPLY = {"channel": "SMS", "address": "13700000301", "words": "谢谢", "reference": "walk"}


def _queue(t):
    return {"template": "birthday", "node_id": t.outlet, "customer_ids": [t.written_to], "key": "walk"}


def _words(t):
    whom = {"node_id": t.outlet, "customer_ids": [t.written_to], "key": "walk-words"}
    return {"channel": "SMS", "purpose": "CARE", "body": "您好", **whom}


OPERATIONS = {
    f"{_API}list_templates": call(Verb.VIEW),
    f"{_API}list_messages": call(Verb.VIEW),
    f"{_API}queue_messages": call(Verb.SEND, OUTLET, _queue),
    f"{_API}queue_words": call(Verb.SEND_WORDS, OUTLET, _words),
    f"{_API}send_again": call(Verb.SEND_AGAIN, OUTLET),
    f"{_API}invite": call(Verb.SEND, OUTLET),
    f"{_API}list_stray_mails": call(Verb.VIEW),
    f"{_API}receive_reply": call(
        Verb.RECEIVE_REPLY, EVERYWHERE, lambda _t: {**REPLY, "received_at": clock.now().isoformat()}
    ),
}
INSIDE = frozenset({"messaging.export", "messaging.apply_terms"})
PATH = {"written_id": "written_to", "message_id": "failed_message"}


def things(cast):
    """Return the things of messaging that stand in paths, all at the outlet of the cast."""
    at, row = clock.now(), garage.customer("收信人", "13700000301", cast.outlet_id)
    common = {
        "version": 1, "channel": "SMS", "purpose": "CARE", "body_zh": "您好", "body_en": "Hello", "written_by": "test",
        "written_at": at, "valid_from": garage.DAY,
    }  # fmt: skip
    approved = Template.objects.create(code="walk", name_zh="走", state="APPROVED", approved_at=at, **common)
    draft = Template.objects.create(code="walk_draft", name_zh="稿", **common)
    message = Message.objects.create(
        customer=row, node_id=cast.outlet_id, template=approved, purpose="CARE", channel="SMS", address="13700000301",
        body="您好", key="walk-1", state="QUEUED", written_by="test", queued_at=at, not_before=at,
    )  # fmt: skip
    batch = PrintBatch.objects.create(node_id=cast.outlet_id, letters=1, printed_by="test", printed_at=at)
    for number, held in enumerate((batch, None)):
        Message.objects.create(
            customer=row, node_id=cast.outlet_id, purpose="CARE", channel="LETTER", address="310115|世纪大道1号|200120",
            body="您好", key=f"letter-{number}", state="SENDING" if held else "QUEUED", batch=held, written_by="test", queued_at=at,
            not_before=at,
        )  # fmt: skip
    consent(row, cast.outlet_id, "CARE", "LETTER")
    failed = Message.objects.create(
        customer=row, node_id=cast.outlet_id, purpose="CARE", channel="SMS", address="13700000301", body="您好", key="walk-2",
        state="FAILED", written_by="test", queued_at=at, not_before=at,
    )  # fmt: skip
    return {
        "failed_message": failed.pk,
        "letter_batch": batch.pk,
        "sent_message": message.pk, "written_to": row.pk, "message_template": approved.pk, "message_draft": draft.pk,
    }  # fmt: skip
