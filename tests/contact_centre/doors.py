"""The doors of the contact centre, for the walk with every role: see tests/architecture/walk.py."""

import uuid

from tests import garage
from tests.architecture.matrix import EVERYWHERE, Door, call, post

from guanxi.contact_centre.models import Call, Review, Script, ScriptDraft
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.services import enquiring
from guanxi.contact_centre.services.enquiring import NewEnquiry
from guanxi.customers.models import ContactPoint
from guanxi.customers.permissions import Verb as Customers
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.services import adding
from guanxi.worklist.services.adding import NewTask
from guanxi.worklist.services.deadlines import Term

OUTLET = "outlet"
PAGES = {
    "contact_centre:calls": Door(Verb.VIEW),
    "contact_centre:intentions": Door(Verb.VIEW),
    "contact_centre:scripts": Door(Verb.VIEW),
    "contact_centre:write-script": Door(Verb.WRITE_SCRIPT, EVERYWHERE),
    "contact_centre:script-draft": Door(Verb.VIEW, args=("script_draft",)),
    "contact_centre:approve-script": post(Verb.APPROVE_SCRIPT, EVERYWHERE, "script_draft"),
    "contact_centre:discard-script": post(Verb.WRITE_SCRIPT, EVERYWHERE, "script_draft"),
    "contact_centre:customer-panel": Door(Verb.VIEW, args=("called",)),
    "contact_centre:call": Door(Verb.VIEW, OUTLET, args=("call",)),
    "contact_centre:make-call": Door(Verb.CALL, OUTLET, args=("call_task",)),
    "contact_centre:reveal-number": post(Verb.CALL, OUTLET, "call_task", "call_point"),
    "contact_centre:log-call": Door(Verb.CALL, OUTLET, args=("called",)),
    "contact_centre:reveal-by-hand": post(Verb.CALL, OUTLET, "called", "call_point"),
    "contact_centre:reviews": Door(Verb.VIEW),
    "contact_centre:draw-calls": Door(Verb.REVIEW_CALLS),
    "contact_centre:review": Door(Verb.REVIEW_CALLS, OUTLET, args=("reviewed",)),
    "contact_centre:scores": Door(Verb.VIEW),
    "contact_centre:supervision": Door(Verb.VIEW_TEAM),
    "contact_centre:inbound": Door(Verb.TAKE_ENQUIRY),
    "contact_centre:enquiries": Door(Verb.VIEW_ENQUIRIES),
    "contact_centre:enquiry-figures": Door(Verb.VIEW_ENQUIRIES),
    "contact_centre:enquiries-panel": Door(Verb.VIEW_ENQUIRIES, args=("called",)),
    "contact_centre:enquiry": Door(Verb.VIEW_ENQUIRIES, OUTLET, args=("enquiry",)),
    "contact_centre:reveal-caller": post(Customers.REVEAL_PHONE, OUTLET, "enquiry"),
    "contact_centre:answer-enquiry": Door(Verb.ANSWER_ENQUIRY, OUTLET, args=("enquiry",)),
    "contact_centre:transfer-enquiry": Door(Verb.ANSWER_ENQUIRY, OUTLET, args=("enquiry",)),
    "contact_centre:reply-enquiry": post(Verb.TAKE_ENQUIRY, OUTLET, "enquiry"),
}
_API = "guanxi_contact_centre_api_"


def _asked(t):
    return {
        "token": str(uuid.uuid4()), "category": "OTHER", "words": "walk", "answer": "walk", "is_resolved": True,
        "outlet_id": t.outlet,
    }  # fmt: skip


ITEMS = ("opening", "verified", "script", "listened", "answered", "recorded")
QUESTION = {"key": "hello", "kind": "NOTICE", "text_zh": "您好", "text_en": "Hello"}


def _script(_t):
    day = clock.today().isoformat()
    return {"name_zh": "走", "name_en": "Walk", "fits": ["x_walk"], "questions": [QUESTION], "valid_from": day}


OPERATIONS = {
    f"{_API}list_intentions": call(Verb.VIEW),
    f"{_API}list_scripts": call(Verb.VIEW),
    f"{_API}write_script": call(Verb.WRITE_SCRIPT, EVERYWHERE, _script),
    f"{_API}approve_script": call(Verb.APPROVE_SCRIPT, EVERYWHERE),
    f"{_API}discard_script": call(Verb.WRITE_SCRIPT, EVERYWHERE),
    "guanxi_contact_centre_api_list_calls": call(Verb.VIEW),
    "guanxi_contact_centre_api_record_call": call(
        Verb.CALL, OUTLET, lambda t: {"task_id": t.call_task, "token": str(uuid.uuid4()), "outcome": "BUSY"}
    ),
    f"{_API}list_samples": call(Verb.VIEW),
    f"{_API}draw_samples": call(Verb.REVIEW_CALLS, OUTLET, lambda t: {"node_id": t.outlet, "week": "2026-03-02"}),
    f"{_API}judge_sample": call(Verb.REVIEW_CALLS, OUTLET, lambda _t: {"scores": dict.fromkeys(ITEMS, 0)}),
    f"{_API}list_scores": call(Verb.VIEW),
    f"{_API}list_callers": call(Verb.TAKE_ENQUIRY),
    f"{_API}list_enquiries": call(Verb.VIEW_ENQUIRIES),
    f"{_API}get_enquiry": call(Verb.VIEW_ENQUIRIES, OUTLET),
    f"{_API}take_enquiry": call(Verb.TAKE_ENQUIRY, OUTLET, _asked),
    f"{_API}answer_enquiry": call(Verb.ANSWER_ENQUIRY, OUTLET, lambda _t: {"words": "walk"}),
    f"{_API}transfer_enquiry": call(Verb.ANSWER_ENQUIRY, OUTLET, lambda _t: {"department": "PARTS", "reason": "walk"}),
    f"{_API}reply_to_enquiry": call(Verb.TAKE_ENQUIRY, OUTLET),
}
INSIDE = frozenset({"contact_centre.export", "contact_centre.change_scripts"})
PATH = {"enquiry_id": "enquiry", "sample_id": "reviewed", "draft_id": "script_draft", "script_code": "new_script"}


def things(cast):
    """Return the things of the contact centre that stand in paths, all at the outlet of the cast."""
    at = clock.now()
    who = garage.customer("接电话", "13700000301", cast.outlet_id)
    new = NewTask(
        kind="care.call", key="walk:call", node_id=cast.outlet_id, reason="Walk", due=Term(days=3),
        role="follow_up_agent", subject_type="customer", subject_id=who.pk, subject_label=who.name,
    )  # fmt: skip
    task = adding.add_task(actor=SYSTEM, task=new, at=at)
    made = Call.objects.create(
        token=uuid.uuid4(), customer=who, task_id=task.pk, node_id=cast.outlet_id, agent_name="walk",
        script=Script.objects.get(code="plain", until=None), started_at=at, ended_at=at, outcome="BUSY",
        disposition="2.2",
    )  # fmt: skip
    drawn = Review.objects.create(
        call=made, node_id=cast.outlet_id, agent_id=0, agent_name="walk", week=clock.today(), drawn_at=at
    )
    point = ContactPoint.objects.get(customer=who)
    draft = ScriptDraft.objects.create(
        code="walk", name_zh="走", name_en="Walk", fits=["x_walk"], questions=[QUESTION], valid_from=clock.today(),
        written_by="walk", written_at=at,
    )  # fmt: skip
    new = NewEnquiry(uuid.uuid4(), "OTHER", "walk", False, number="13700000301", outlet_id=cast.outlet_id)
    asked = enquiring.take(actor=SYSTEM, enquiry=new, at=at)
    return {"call": made.pk, "call_task": task.pk, "call_point": point.pk, "called": who.pk, "enquiry": asked.pk,
        "reviewed": drawn.pk, "script_draft": draft.pk, "new_script": "walk_two",
    }  # fmt: skip
