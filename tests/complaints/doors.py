"""The doors of complaints, for the walk with every role: see tests/architecture/walk.py."""

import base64
import io

from tests import garage
from tests.architecture.matrix import EVERYWHERE, Door, call

from guanxi.complaints.models import Breach, Complaint, Recheck
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries.cases import SUBJECT
from guanxi.complaints.services import cautioning, intake, meeting, questions
from guanxi.complaints.services.cautioning import NewCaution
from guanxi.complaints.services.intake import NewComplaint
from guanxi.complaints.services.meeting import Measure, Minutes
from guanxi.contact_centre.permissions import Verb as Scripts
from guanxi.customers.permissions import Verb as Customers
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.records.services import attaching

OUTLET, PICTURE = "outlet", b"\x89PNG\r\n\x1a\n walk"


def _at(verb):
    return Door(verb, OUTLET, args=("complained",))


PAGES = {
    "complaints:complaints": Door(Verb.VIEW),
    "complaints:board": Door(Verb.VIEW),
    "complaints:rechecks": Door(Verb.RECHECK),
    "complaints:recheck": Door(Verb.RECHECK, OUTLET, args=("rechecked",)),
    "complaints:open": Door(Verb.OPEN),
    "complaints:customer-panel": Door(Verb.VIEW, OUTLET, args=("complainer",)),
    "complaints:week": Door(Verb.VIEW),
    "complaints:vehicle-panel": Door(Verb.VIEW, OUTLET, args=("complained_car",)),
    "complaints:limits": Door(Verb.VIEW),
    "complaints:answer-limit": Door(Verb.ASSIGN, OUTLET, args=("breached",)),
    "complaints:meetings": Door(Verb.VIEW),
    "complaints:call-meeting": Door(Verb.MEET),
    "complaints:meeting": Door(Verb.VIEW, OUTLET, args=("weekly",)),
    "complaints:minutes": Door(Verb.VIEW, OUTLET, args=("weekly",)),
    "complaints:write-minutes": Door(Verb.MEET, OUTLET, args=("weekly",)),
    "complaints:decide-measure": Door(Verb.MEET, OUTLET, args=("weekly", "agenda_point")),
    "complaints:strike": Door(Verb.MEET, OUTLET, args=("weekly", "agenda_point")),
    "complaints:want-question": Door(Verb.MEET, OUTLET, args=("weekly",)),
    "complaints:file-meeting": Door(Verb.MEET, OUTLET, args=("weekly",)),
    "complaints:questions": Door(Verb.VIEW),
    "complaints:question": Door(Verb.VIEW, OUTLET, args=("wanted",)),
    "complaints:take-question": Door(Scripts.WRITE_SCRIPT, EVERYWHERE, args=("wanted",)),
    "complaints:decline-question": Door(Scripts.WRITE_SCRIPT, EVERYWHERE, args=("wanted",)),
    "complaints:figures": Door(Verb.VIEW),
    "complaints:gaps": Door(Verb.VIEW),
    "complaints:cautions": Door(Verb.VIEW_CAUTIONS),
    "complaints:propose-caution": Door(Verb.PROPOSE_CAUTION, OUTLET, args=("complainer",)),
    "complaints:caution": Door(Verb.VIEW_CAUTIONS, OUTLET, args=("cautioned",)),
    "complaints:review-caution": Door(Verb.REVIEW_CAUTION, OUTLET, args=("cautioned",)),
    "complaints:keep-caution": Door(Verb.REVIEW_CAUTION, OUTLET, args=("cautioned",)),
    "complaints:lift-caution": Door(Verb.REVIEW_CAUTION, OUTLET, args=("cautioned",)),
    "complaints:judge": _at(Verb.JUDGE),
    "complaints:complaint": _at(Verb.VIEW),
    "complaints:sheet": _at(Verb.VIEW),
    "complaints:join": _at(Verb.OPEN),
    "complaints:link-visit": _at(Verb.OPEN),
    "complaints:record-contact": _at(Verb.HANDLE),
    "complaints:decide-validity": _at(Verb.HANDLE),
    "complaints:name-cause": _at(Verb.HANDLE),
    "complaints:decide-inside": _at(Verb.HANDLE),
    "complaints:agree-plan": _at(Verb.HANDLE),
    "complaints:approve": _at(Verb.APPROVE),
    "complaints:resolve": _at(Verb.HANDLE),
    "complaints:record-revisit": _at(Verb.REVISIT),
    "complaints:answer": _at(Verb.HANDLE),
    "complaints:raise-complaint": _at(Verb.HANDLE),
    "complaints:escalate": _at(Verb.HANDLE),
    "complaints:hand-over": _at(Verb.HANDLE),
    "records:attach": Door(
        Verb.OPEN, OUTLET, "post", ("complaint_kind", "complained"), lambda _t: {"file": io.BytesIO(PICTURE)}
    ),
    "records:attachment": Door(Verb.VIEW, OUTLET, args=("evident",)),
    "records:withdraw-attachment": Door(Verb.OPEN, OUTLET, args=("evident",)),
}
_API = "guanxi_complaints_api_"
SAID = {"words": "walk"}


def _step(verb, **more):
    return call(verb, OUTLET, lambda _t: SAID | more)


def _open(t):
    return {"outlet_id": t.outlet, "angle": "SALES", "words": "walk", "token": "walk-api-1", "caller_name": "walk"}


def _hand_over(t):
    return {"reason": "walk", "person_id": t.complaint_handler}


OPERATIONS = {
    f"{_API}list_complaints": call(Verb.VIEW),
    f"{_API}list_gaps": call(Verb.VIEW),
    f"{_API}get_complaint": call(Verb.VIEW, OUTLET),
    f"{_API}open_complaint": call(Verb.OPEN, OUTLET, _open),
    f"{_API}join_complaint": _step(Verb.OPEN),
    f"{_API}link_visit": call(Verb.OPEN, OUTLET, lambda _t: {"visit_id": None}),
    f"{_API}record_contact": _step(Verb.HANDLE),
    f"{_API}decide_validity": _step(Verb.HANDLE, is_valid=True),
    f"{_API}name_cause": _step(Verb.HANDLE, cause="SERVICE", category="OTHER"),
    f"{_API}decide_inside": _step(Verb.HANDLE, is_inside=True),
    f"{_API}agree_plan": _step(Verb.HANDLE),
    f"{_API}approve_compensation": _step(Verb.APPROVE, amount=0),
    f"{_API}resolve_complaint": _step(Verb.HANDLE),
    f"{_API}record_revisit": _step(Verb.REVISIT, is_satisfied=True),
    f"{_API}answer_customer": _step(Verb.HANDLE),
    f"{_API}raise_complaint": call(Verb.HANDLE, OUTLET, lambda _t: {"reason": "walk"}),
    f"{_API}escalate_complaint": call(Verb.HANDLE, OUTLET, lambda _t: {"reason": "walk"}),
    f"{_API}hand_over_complaint": call(Verb.HANDLE, OUTLET, _hand_over),
    f"{_API}judge_complaint": _step(Verb.JUDGE, liability="NOT_RESPONSIBLE"),
}


def _caution(t):
    return {"customer_id": t.complainer, "place_id": t.outlet, "reason": "THREAT", "words": "walk"}


OPERATIONS |= {
    f"{_API}list_cautions": call(Verb.VIEW_CAUTIONS),
    f"{_API}list_warnings": call(Customers.VIEW, OUTLET),
    f"{_API}propose_caution": call(Verb.PROPOSE_CAUTION, OUTLET, _caution),
    f"{_API}get_caution": call(Verb.VIEW_CAUTIONS, OUTLET),
    f"{_API}review_caution": _step(Verb.REVIEW_CAUTION, is_needed=False),
    f"{_API}keep_caution": _step(Verb.REVIEW_CAUTION, plan="walk", owner_id=1, review_on="2099-01-01"),
    f"{_API}lift_caution": call(Verb.REVIEW_CAUTION, OUTLET, lambda _t: {"reason": "walk"}),
    f"{_API}list_rechecks": call(Verb.RECHECK),
    f"{_API}record_recheck": call(Verb.RECHECK, OUTLET, lambda _t: {"result": "CONFIRMED", "words": "walk"}),
    "guanxi_records_api_list_attachments": call(Verb.VIEW, OUTLET),
    "guanxi_records_api_attach": call(
        Verb.OPEN, OUTLET, lambda _t: {"name": "walk.png", "content": base64.b64encode(PICTURE).decode()}
    ),
    "guanxi_records_api_get_attachment": call(Verb.VIEW, OUTLET),
    "guanxi_records_api_withdraw_attachment": call(Verb.OPEN, OUTLET, lambda _t: {"reason": "walk"}),
}
OPERATIONS |= {
    f"{_API}list_meetings": call(Verb.VIEW),
    f"{_API}get_meeting": call(Verb.VIEW, OUTLET),
    f"{_API}call_meeting": call(Verb.MEET, OUTLET, lambda t: {"place_id": t.outlet, "week": clock.today().isoformat()}),
    f"{_API}write_minutes": call(
        Verb.MEET, OUTLET, lambda _t: {"held_on": clock.today().isoformat(), "chair": "walk", "attendants": "walk"}
    ),
    f"{_API}decide_measure": call(Verb.MEET, OUTLET, lambda _t: {"measure": "walk"}),
    f"{_API}want_question": call(Verb.MEET, OUTLET, lambda _t: {"text": "walk?"}),
    f"{_API}file_meeting": call(Verb.MEET, OUTLET, lambda _t: {}),
    f"{_API}strike_point": call(Verb.MEET, OUTLET, lambda _t: {"reason": "walk"}),
    f"{_API}list_breaches": call(Verb.VIEW),
    f"{_API}answer_breach": call(Verb.ASSIGN, OUTLET, lambda _t: {"words": "walk"}),
    f"{_API}list_wanted": call(Verb.VIEW),
    f"{_API}take_question": call(
        Scripts.WRITE_SCRIPT, EVERYWHERE,
        lambda _t: {"script": "manager_call", "kind": "YES_NO", "text_zh": "走?", "text_en": "walk?"},
    ),
    f"{_API}decline_question": call(Scripts.WRITE_SCRIPT, EVERYWHERE, lambda _t: {"reason": "walk"}),
}  # fmt: skip
INSIDE = frozenset({"complaints.export", "complaints.apply_preset"})
PATH = {
    "complaint_id": "complained", "held_by": "complaint_kind", "held_id": "complained", "evidence_id": "evident",
    "recheck_id": "rechecked", "meeting_id": "weekly", "agenda_id": "agenda_point", "wanted_id": "wanted",
    "breach_id": "breached", "caution_id": "cautioned",
}  # fmt: skip


def things(cast):
    """Return a complaint at the outlet of the cast, and who complained; nobody is responsible for it yet."""
    row = garage.customer("投诉人", "13700000601", cast.outlet_id)
    new = NewComplaint(cast.outlet_id, "SERVICE", "walk", "walk-complaint", customer_id=row.pk)
    made = intake.open_complaint(actor=SYSTEM, new=new, at=clock.now())
    Complaint.objects.filter(pk=made.pk).update(owner=None, owner_name="")
    file = attaching.attach(
        actor=SYSTEM, subject_type=SUBJECT, subject_id=made.pk, file=attaching.File("walk.pdf", b"%PDF-walk"),
        at=clock.now(),
    )  # fmt: skip
    drawn = Recheck.objects.create(complaint=made, place_id=cast.outlet_id, drawn_on=clock.today(), due_at=clock.now())
    met = meeting.call_meeting(
        actor=SYSTEM, place_id=cast.outlet_id, week=clock.today(), angle="SERVICE", at=clock.now()
    )  # fmt: skip
    minutes = Minutes(clock.today(), "walk", "walk")
    meeting.write_minutes(actor=SYSTEM, meeting_id=met.pk, minutes=minutes, at=clock.now())
    for point in met.points.all():
        meeting.decide_measure(actor=SYSTEM, meeting_id=met.pk, point_id=point.pk, measure=Measure("walk", "walk"))
    wanted = questions.want_question(actor=SYSTEM, meeting_id=met.pk, text="walk?", at=clock.now())
    breach = Breach.objects.create(
        limit_id="MONTHLY", outlet_id=cast.outlet_id, place_id=cast.outlet_id, category_id="OTHER",
        since=clock.today().replace(day=1), many=4, found_at=clock.now(),
    )  # fmt: skip
    asked = NewCaution(row.pk, cast.outlet_id, "THREAT", "walk", made.pk, is_by_rule=True)
    caution = cautioning.write(actor=SYSTEM, new=asked, at=clock.now())
    return {
        "breached": breach.pk, "weekly": met.pk, "agenda_point": met.points.get(complaint=made).pk, "wanted": wanted.pk,
        "rechecked": drawn.pk, "complained": made.pk, "complainer": row.pk, "complaint_handler": cast.service.user_id,
        "complained_car": garage.car(row, 7701, plate="沪D77001").pk, "cautioned": caution.pk, "complaint_kind": SUBJECT, "evident": file.pk,
    }  # fmt: skip
