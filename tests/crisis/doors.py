"""The doors of crises, for the walk with every role: see tests/architecture/walk.py."""

from tests import garage
from tests.architecture.matrix import Door, call, post

from guanxi.complaints.services import intake
from guanxi.complaints.services.intake import NewComplaint
from guanxi.crisis.models import Affected, Alarm
from guanxi.crisis.permissions import Verb
from guanxi.crisis.services import media, opening, statements
from guanxi.crisis.services.opening import NewCrisis
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM

OUTLET = "outlet"


def _at(verb, *more):
    return Door(verb, OUTLET, args=("crisis", *more))


PAGES = {
    "crisis:crises": Door(Verb.VIEW),
    "crisis:open": Door(Verb.OPEN),
    "crisis:complaint-panel": Door(Verb.VIEW, OUTLET, args=("crisis_complaint",)),
    "crisis:room": _at(Verb.VIEW),
    "crisis:note": _at(Verb.HANDLE),
    "crisis:assess": _at(Verb.HANDLE),
    "crisis:put-in-charge": _at(Verb.HANDLE),
    "crisis:give-work": _at(Verb.HANDLE),
    "crisis:link": _at(Verb.HANDLE),
    "crisis:unlink": _at(Verb.HANDLE, "crisis_complaint"),
    "crisis:allow-contact": _at(Verb.HANDLE),
    "crisis:restrict": _at(Verb.HANDLE),
    "crisis:lift": _at(Verb.HANDLE),
    "crisis:calm": _at(Verb.HANDLE),
    "crisis:close": _at(Verb.HANDLE),
    "crisis:reopen": _at(Verb.OPEN),
    "crisis:draft": _at(Verb.HANDLE),
    "crisis:care-list": _at(Verb.VIEW),
    "crisis:add-owners": _at(Verb.HANDLE),
    "crisis:ask-calls": _at(Verb.HANDLE),
    "crisis:mark": Door(Verb.HANDLE, OUTLET, args=("affected",)),
    "crisis:reports": Door(Verb.VIEW),
    "crisis:register": Door(Verb.HANDLE),
    "crisis:report": Door(Verb.VIEW, OUTLET, args=("media_report",)),
    "crisis:attach": Door(Verb.HANDLE, OUTLET, args=("media_report",)),
    "crisis:answer": Door(Verb.HANDLE, OUTLET, args=("media_report",)),
    "crisis:close-report": Door(Verb.HANDLE, OUTLET, args=("media_report",)),
    "crisis:alarms": Door(Verb.VIEW),
    "crisis:alarm": Door(Verb.VIEW, OUTLET, args=("alarm",)),
    "crisis:dismiss": Door(Verb.HANDLE, OUTLET, args=("alarm",)),
    "crisis:approve": post(Verb.APPROVE, OUTLET, "statement"),
    "crisis:say": Door(Verb.HANDLE, OUTLET, args=("statement",)),
}
_API = "guanxi_crisis_api_"
SAID = {"words": "walk"}
KNOWN = {"title": "walk", "types": ["SAFETY"], "risk": "LOW"}


def _step(verb, data):
    return call(verb, OUTLET, lambda _t: data)


def _open(t):
    return KNOWN | SAID | {"place_id": t.outlet}


def _register(t):
    said = {"source": "walk", "title": "walk", "day": "2026-01-01", "medium": "SITE"}
    return SAID | said | {"place_id": t.outlet}


OPERATIONS = {
    f"{_API}list_crises": call(Verb.VIEW),
    f"{_API}get_crisis": call(Verb.VIEW, OUTLET),
    f"{_API}open_crisis": call(Verb.OPEN, OUTLET, _open),
    f"{_API}note_in_crisis": _step(Verb.HANDLE, SAID | {"act": "HEARD"}),
    f"{_API}assess_crisis": _step(Verb.HANDLE, KNOWN | {"reason": "walk"}),
    f"{_API}put_in_charge": call(Verb.HANDLE, OUTLET, lambda t: {"person_id": t.crisis_leader, "reason": "walk"}),
    f"{_API}give_work_in_crisis": call(
        Verb.HANDLE, OUTLET, lambda t: SAID | {"person_id": t.crisis_leader, "due_at": "2035-01-01T10:00:00+08:00"}
    ),
    f"{_API}link_complaint": call(Verb.HANDLE, OUTLET, lambda t: {"complaint_id": t.complained}),
    f"{_API}unlink_complaint": call(
        Verb.HANDLE, OUTLET, lambda t: {"complaint_id": t.crisis_complaint, "reason": "walk"}
    ),
    f"{_API}allow_contact": _step(Verb.HANDLE, {"is_allowed": True, "reason": "walk"}),
    f"{_API}restrict_crisis": call(Verb.HANDLE, OUTLET, lambda t: {"person_ids": [t.crisis_leader], "reason": "walk"}),
    f"{_API}lift_crisis": _step(Verb.HANDLE, {"reason": "walk"}),
    f"{_API}calm_crisis": _step(Verb.HANDLE, SAID),
    f"{_API}close_crisis": _step(Verb.HANDLE, SAID),
    f"{_API}reopen_crisis": _step(Verb.OPEN, {"reason": "walk"}),
    f"{_API}draft_statement": _step(Verb.HANDLE, SAID),
    f"{_API}approve_statement": call(Verb.APPROVE, OUTLET),
    f"{_API}list_reports": call(Verb.VIEW),
    f"{_API}register_report": call(Verb.HANDLE, OUTLET, _register),
    f"{_API}attach_report": _step(Verb.HANDLE, {}),
    f"{_API}answer_report": _step(Verb.HANDLE, SAID),
    f"{_API}close_report": _step(Verb.HANDLE, SAID),
    f"{_API}list_alarms": call(Verb.VIEW),
    f"{_API}dismiss_alarm": _step(Verb.HANDLE, {"reason": "walk"}),
    f"{_API}open_crisis_from_alarm": call(Verb.OPEN, OUTLET, _open),
    f"{_API}list_affected": call(Verb.VIEW, OUTLET),
    f"{_API}add_affected": _step(Verb.HANDLE, {"vin_from": "LYT"}),
    f"{_API}ask_calls": _step(Verb.HANDLE, SAID | {"role": "service_advisor"}),
    f"{_API}mark_affected": _step(Verb.HANDLE, {"state": "CONTACTED"}),
    f"{_API}say_statement": _step(Verb.HANDLE, {"said_to": "walk", "said_at": "2026-01-01T10:00:00+08:00"}),
}
INSIDE = frozenset({"crisis.export", "crisis.apply_preset"})
PATH = {"crisis_id": "crisis", "statement_id": "statement", "alarm_id": "alarm", "affected_id": "affected",
        "report_id": "media_report"}  # fmt: skip


def things(cast):
    """Return a crisis at the outlet of the cast with its complaint and a draft of its statement."""
    at = clock.now()
    who = garage.customer("危机客户", "13700000602", cast.outlet_id)
    new = NewComplaint(cast.outlet_id, "SERVICE", "刹车失灵", "walk-crisis", customer_id=who.pk)
    complaint = intake.open_complaint(actor=SYSTEM, new=new, at=at)
    known = NewCrisis(cast.outlet_id, "walk", ["SAFETY"], complaint_id=complaint.pk)
    row = opening.open_crisis(actor=SYSTEM, new=known, at=at)
    held = statements.draft(actor=SYSTEM, crisis_id=row.pk, words="walk", at=at)
    car = garage.car(who, 6021, plate="")
    owner = Affected.objects.create(
        crisis=row, vehicle=car, customer=who, outlet_id=cast.outlet_id, since=at, by="walk"
    )
    alarm = Alarm.objects.create(
        cell="OUTLET", key="walk", label="walk", place_id=cast.outlet_id, day=clock.day_of(at), seen=5, before=1,
        exposure=7, exposure_before=84, expected=0.1, chance=1e-6, limit=1e-4, cells=3, window_days=7, base_days=84,
    )  # fmt: skip
    report = media.register(
        actor=SYSTEM, at=at, new=media.NewReport(cast.outlet_id, "SITE", "walk", "walk", clock.day_of(at), "walk")
    )
    return {
        "media_report": report.pk,
        "affected": owner.pk, "alarm": alarm.pk, "crisis": row.pk, "crisis_complaint": complaint.pk, "statement": held.pk, "crisis_leader": cast.gm.user_id,
    }  # fmt: skip
