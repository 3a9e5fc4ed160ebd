"""The doors of complaints, for the walk with every role: see tests/architecture/walk.py."""

import base64
import io

from tests import garage
from tests.architecture.matrix import Door, call

from guanxi.complaints.models import Complaint, Recheck
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries.cases import SUBJECT
from guanxi.complaints.services import cautioning, intake
from guanxi.complaints.services.cautioning import NewCaution
from guanxi.complaints.services.intake import NewComplaint
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
INSIDE = frozenset({"complaints.assign", "complaints.export", "complaints.apply_preset"})
PATH = {
    "complaint_id": "complained", "held_by": "complaint_kind", "held_id": "complained", "evidence_id": "evident",
    "recheck_id": "rechecked", "caution_id": "cautioned",
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
    asked = NewCaution(row.pk, cast.outlet_id, "THREAT", "walk", made.pk, is_by_rule=True)
    caution = cautioning.write(actor=SYSTEM, new=asked, at=clock.now())
    return {
        "cautioned": caution.pk, "rechecked": drawn.pk, "complained": made.pk, "complainer": row.pk, "complaint_handler": cast.service.user_id,
        "complaint_kind": SUBJECT, "evident": file.pk,
    }  # fmt: skip
